"""What a task paid by the minute may say beyond its rate: classes of minutes, a floor, calendar caps."""

from dataclasses import fields
from decimal import Decimal
from enum import StrEnum

from marketplace.shared.records import dataclass

UTC = "UTC"


class MinuteClass(StrEnum):
    """What a worker does with the minute: speaks, has put someone on hold, writes up, waits for a contact."""

    TALK = "talk"
    HOLD = "hold"
    WRAP = "wrap"
    WAIT = "wait"


@dataclass(frozen=True)
class ClassRates:
    """Minor units a minute for each class; one that is None is paid by the contract's own rate, as is time of
    which nobody has said what it was."""

    talk: Decimal | None = None
    hold: Decimal | None = None
    wrap: Decimal | None = None
    wait: Decimal | None = None

    def of(self, name: MinuteClass | None) -> Decimal | None:
        """The class's own rate."""
        own: Decimal | None = getattr(self, name.value) if name else None
        return own

    @property
    def own(self) -> list[Decimal]:
        """All that are set."""
        return [rate for field in fields(self) if (rate := getattr(self, field.name)) is not None]


@dataclass(frozen=True)
class MinuteTerms:
    """`minimum_pay` is minor units, the least for a session that begins a shift; the caps are billable
    seconds of one contract in a local day, and in a week from Monday, of `time_zone` (None: UTC)."""

    classes: ClassRates | None = None
    minimum_pay: int | None = None
    cap_seconds_per_day: int | None = None
    cap_seconds_per_week: int | None = None
    time_zone: str | None = None

    @property
    def zone(self) -> str:
        """Whose calendar the caps go by."""
        return self.time_zone or UTC

    @property
    def has_calendar_caps(self) -> bool:
        """Whether days and weeks are counted."""
        return self.cap_seconds_per_day is not None or self.cap_seconds_per_week is not None
