"""What long tests found, told at the end of the run: worker processes hand over their lines."""

from typing import Any

import pytest

HANDED = "summaries"


class Summaries:
    """A plugin of pytest's."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker hands its lines over."""
        handed: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if handed is not None:
            handed[HANDED] = self.lines

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes a worker's lines."""
        self.lines += getattr(node, "workeroutput", {}).get(HANDED, [])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Shows them."""
        for line in self.lines:
            terminalreporter.write_line(line)


SUMMARIES = Summaries()


def tell(*lines: str) -> None:
    """Lines for the end of the run."""
    SUMMARIES.lines += lines
