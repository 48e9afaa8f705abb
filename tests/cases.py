"""A use case of money, ready to be done as often as one likes, and how a file lists its own."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench import Deed
from tests.money_stage import Stage
from tests.money_use_cases import Name

Ready = Callable[[Stage], Deed]


@dataclass(frozen=True)
class Case:
    """`uses` are the use cases, mostly one, that `ready` makes a deed of."""

    name: str
    uses: tuple[Name, ...]
    ready: Ready


class Cases(list[Case]):
    """Those of one file."""

    def case(self, name: str, module: str, function: str, *others: Name) -> Callable[[Ready], Ready]:
        """Registers a case; `others` are use cases that the same deed runs after the first."""
        uses = tuple(
            (f"marketplace.{module}", function) for module, function in ((module, function), *others)
        )

        def register(ready: Ready) -> Ready:
            self.append(Case(name, uses, ready))
            return ready

        return register
