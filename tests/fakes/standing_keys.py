"""Data keys without KMS: one for each number, always the same."""

import hashlib

NUMBER = 1


class StandingKeys:
    """Implements `DataKeys`."""

    def __init__(self) -> None:
        self.number = NUMBER

    def current(self) -> tuple[int, bytes]:
        return self.number, self.of(self.number)

    def of(self, number: int) -> bytes:
        return hashlib.sha256(f"a data key of tests, {number}".encode()).digest()
