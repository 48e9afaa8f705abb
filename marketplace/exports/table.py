"""Tables and how they are written: CSV after RFC 4180, and a workbook.

A spreadsheet takes a text that begins with one of `FORMULA_STARTS` for a formula, and a formula can send
what is around it elsewhere: such a text gets an apostrophe in front (OWASP, "CSV Injection").
Numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import BinaryIO

from marketplace.shared.currencies import exponent
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.records import dataclass

Cell = str | int | Decimal | None

ROWS_MAX = 250_000
"""Of one file. A workbook that is being made lies unpacked on a function's disk, which has 512 MB."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_EXACT_DIGITS = 15
"""Spreadsheets keep numbers to so many digits; longer ones are written as text."""


@dataclass(frozen=True)
class Table:
    """Rows under their columns; rows are made while they are written."""

    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]


def instant(at: int | None) -> str | None:
    """`2026-11-22T03:04:05Z` of epoch seconds."""
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def decimal(minor_units: int, currency: str) -> Decimal:
    """The amount in major units, with as many places as the currency has."""
    return Decimal(minor_units).scaleb(-exponent(currency))


def write_csv(table: Table, file: BinaryIO) -> None:
    """Row by row. Raises InvalidRequest beyond ROWS_MAX."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in _safe(table):
        writer.writerow(["" if cell is None else _written(cell) for cell in row])
    text.detach()  # flushes, and leaves the file open


def write_xlsx(table: Table, file: BinaryIO) -> None:
    """Row by row; what is not packed yet lies in a temporary file. Raises InvalidRequest beyond ROWS_MAX."""
    from xlsxwriter import Workbook  # only this answer needs it

    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(_safe(table)):
            for column, cell in enumerate(row):
                if isinstance(cell, int | Decimal) and len(str(cell).lstrip("-")) <= _EXACT_DIGITS:
                    sheet.write_number(number, column, cell)
                elif cell is not None:
                    sheet.write_string(number, column, str(_written(cell)))


def _safe(table: Table) -> Iterator[list[Cell]]:
    yield list(table.columns)
    for number, row in enumerate(table.rows):
        if number >= ROWS_MAX:
            raise InvalidRequest.at("/to", f"a file holds at most {ROWS_MAX} rows: ask for a shorter span")
        yield [
            f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in row
        ]


def _written(cell: Cell) -> str | int | None:
    return f"{cell:f}" if isinstance(cell, Decimal) else cell
