"""The stages of the day as they go: bars on a terminal, one line a stage elsewhere."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sandbox.demo.client import CONNECTIONS_MAX

TITLE_WIDTH = 34

T = TypeVar("T")
R = TypeVar("R")
Tick = Callable[[], None]
"""Called once for each piece of a stage that is done; from any thread."""


class Stages:
    """Runs the stages of a day and shows them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._crew = ThreadPoolExecutor(max_workers=CONNECTIONS_MAX, thread_name_prefix="actor")
        self._bars = Progress(
            TextColumn(f"{{task.description:<{TITLE_WIDTH}}}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()
        self._crew.shutdown(cancel_futures=True)

    @contextmanager
    def stage(self, title: str, total: int) -> Iterator[Tick]:
        """A stage of `total` pieces; its line appears elsewhere than on a terminal once it is done."""
        started = time.monotonic()
        bar = self._bars.add_task(title, total=total)
        yield lambda: self._bars.advance(bar)
        if not self._console.is_terminal:
            seconds = time.monotonic() - started
            self._console.print(f"{title:<{TITLE_WIDTH}} {total:>5}  {seconds:6.2f} s", highlight=False)

    def together(self, action: Callable[[T], R], items: Sequence[T], tick: Tick | None = None) -> list[R]:
        """`action` of every item, up to CONNECTIONS_MAX at a time, in the items' order.

        Raises what the first failing action in that order raised; actions that have not begun are dropped.
        """

        def act(item: T) -> R:
            done = action(item)
            if tick is not None:
                tick()
            return done

        return list(self._crew.map(act, items))

    def each(self, title: str, action: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """A stage that is one action for every item, together."""
        with self.stage(title, len(items)) as tick:
            return self.together(action, items, tick)
