"""Where each value of a JSON text stands, so that a refusal can name a line.

`json` keeps no positions and the libraries that do are unmaintained or parse YAML; the grammar of JSON is
six tokens, so one regular expression and a stack do it. The text must already have parsed as JSON.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field

DEPTH_MAX = 20

Step = str | int
Path = tuple[Step, ...]

LEXEME = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class RepeatedName(Exception):
    """An object names one member twice; JSON would silently keep the last one."""

    def __init__(self, line: int, name: str) -> None:
        super().__init__(f"{name} is named twice in one object")
        self.line = line


class TooDeep(Exception):
    """The text nests deeper than DEPTH_MAX, which no day needs."""

    def __init__(self, line: int) -> None:
        super().__init__(f"nested deeper than {DEPTH_MAX} levels")
        self.line = line


@dataclass(slots=True)
class Container:
    """An object or array that is still open, and the step to its member under way."""

    path: Path
    is_object: bool
    step: Step
    names: set[str] = field(default_factory=set)
    expects_name: bool = True


class Positions:
    """Line (1-based) of every member and element of one JSON text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._lines: dict[Path, int] = {(): 1}
        self._read(text)

    def line_of(self, location: Path) -> int:
        """Line of the deepest part of `location` that the text has.

        Steps which are not in the text are skipped: validators put the name of a union's branch into theirs.
        """
        found: Path = ()
        for step in location:
            if (*found, step) in self._lines:
                found = (*found, step)
        return self._lines[found]

    def known(self, location: Path) -> Path:
        """The steps of `location` that the text has: what a reader can follow in the file."""
        found: Path = ()
        for step in location:
            if (*found, step) in self._lines:
                found = (*found, step)
        return found

    def _read(self, text: str) -> None:
        open_containers: list[Container] = []
        for match in LEXEME.finditer(text):
            lexeme, line = match.group(), bisect_right(self._starts, match.start())
            if lexeme in "}]":
                open_containers.pop()
            elif lexeme in ",:":
                self._separate(open_containers[-1], lexeme)
            else:
                self._begin(open_containers, lexeme, line)

    def _separate(self, container: Container, lexeme: str) -> None:
        if not container.is_object:
            assert isinstance(container.step, int)
            container.step += 1
        container.expects_name = lexeme == ","

    def _begin(self, open_containers: list[Container], lexeme: str, line: int) -> None:
        path: Path = ()
        if open_containers:
            container = open_containers[-1]
            if container.is_object and container.expects_name:
                self._name(container, lexeme, line)
                return
            path = (*container.path, container.step)
            self._lines.setdefault(path, line)
        if lexeme in "{[":
            if len(open_containers) == DEPTH_MAX:
                raise TooDeep(line)
            open_containers.append(Container(path, lexeme == "{", "" if lexeme == "{" else 0))

    def _name(self, container: Container, lexeme: str, line: int) -> None:
        if lexeme in container.names:
            raise RepeatedName(line, lexeme)
        container.names.add(lexeme)
        container.step = lexeme[1:-1]
        self._lines[(*container.path, container.step)] = line
