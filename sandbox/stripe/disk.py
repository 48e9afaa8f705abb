"""Files that are continued from: read whole, or refused in one line that names the file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def file_read(path: Path, what: str) -> Iterator[None]:
    """Around the reading of `path`: raises ValueError, with the path in it, when that is not `what`."""
    try:
        yield
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as refused:
        message = f"{path}: no JSON"
        raise ValueError(message) from refused
    except (LookupError, TypeError, AttributeError) as refused:
        message = f"{path}: not {what}"
        raise ValueError(message) from refused
    except ValueError as refused:
        message = f"{path}: {refused}"
        raise ValueError(message) from refused
