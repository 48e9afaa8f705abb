"""A use case of money, ready to be done as often as one likes, and how a file lists its own."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench import Deed
from tests.money_stage import Stage
from tests.money_use_cases import Name

Ready = Callable[[Stage], Deed]


@dataclass(frozen=True)
class Case:
    """`uses` is the use case that `ready` makes a deed of."""

    name: str
    uses: Name
    ready: Ready


class Cases(list[Case]):
    """Those of one file."""

    def case(self, name: str, module: str, function: str) -> Callable[[Ready], Ready]:
        """Registers a case."""

        def register(ready: Ready) -> Ready:
            self.append(Case(name, (f"marketplace.{module}", function), ready))
            return ready

        return register
