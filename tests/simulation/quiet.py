"""What functions log when the outside fails them: nobody wants it in a report."""

from typing import Any


class Quiet:
    """Takes it."""

    def exception(self, *_: Any, **__: Any) -> None: ...

    def error(self, *_: Any, **__: Any) -> None: ...
