"""`python -m chalicelib.openapi` writes openapi.json; with `--check` it fails when the file has drifted."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.api import OPERATIONS
from chalicelib.openapi_document import document

FILE = Path(__file__).parent.parent / "openapi.json"


def main(arguments: Sequence[str]) -> int:
    """Writes or checks the committed document."""
    text = json.dumps(document(OPERATIONS), indent=1, sort_keys=True) + "\n"
    if "--check" not in arguments:
        FILE.write_text(text)
        return 0
    if FILE.exists() and FILE.read_text() == text:
        return 0
    sys.stderr.write("openapi.json has drifted: run `python -m chalicelib.openapi` and look at the change\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
