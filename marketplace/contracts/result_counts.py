"""What a contract knows of the results that were handed in on it."""

from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class ResultCounts:
    """`submitted` wait for their answer, `accepted` are paid; `graded` were held against a known answer, and
    so many of them were `correct`; disputes decide about `contested` ones. `paid_at` is when the last one was
    accepted, epoch seconds; None where that was not kept yet."""

    submitted: int = 0
    accepted: int = 0
    graded: int = 0
    correct: int = 0
    contested: int | None = None
    paid_at: int | None = None

    @property
    def taken(self) -> int:
        """How many places of the contract's quantity they take."""
        return self.submitted + self.accepted + (self.contested or 0)
