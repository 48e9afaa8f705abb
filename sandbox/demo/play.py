"""Plays a market day against a running marketplace, as an outside client over HTTP, and judges it."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from marketplace_client import MarketplaceError
from sandbox.demo.cast import Cast
from sandbox.demo.checks import Check, Outcome, judge
from sandbox.demo.client import Marketplace, open_http
from sandbox.demo.controls import Sandbox, rfc3339
from sandbox.demo.delivery import deliver
from sandbox.demo.evidence import Evidence, Reading
from sandbox.demo.opening import Opening
from sandbox.demo.progress import Stages
from sandbox.demo.report import Report, write_report
from sandbox.demo.script import MarketDay
from sandbox.demo.settlement import Settlement
from sandbox.demo.summary import counts, summarise
from sandbox.demo.tables import show
from sandbox.demo.terms import DayTerms, day_terms
from sandbox.demo.trading import Trading
from sandbox.demo.work import Work

PLAYED = "the day was played to its end"


@dataclass(frozen=True, slots=True)
class Play:
    """One play of one day: what the parts of it share."""

    day: MarketDay
    terms: DayTerms
    cast: Cast
    market: Marketplace
    stages: Stages


def no_extra_checks() -> list[Check]:
    return []


def play_market_day(
    base_url: str,
    day: MarketDay,
    *,
    report: Path,
    console: Console,
    extra_checks: Callable[[], list[Check]] = no_extra_checks,
) -> bool:
    """Plays `day` against the marketplace at `base_url`; True only if every check held.

    `extra_checks` run last, for whoever can see more than HTTP shows. Always leaves a report at `report`; an
    answer that was not expected ends the day with one line on `console`. Needs the sandbox's controls, and
    nobody else moving its clock meanwhile. Raises OSError when the report cannot be written.
    """
    started = time.monotonic()
    cast = Cast()
    with open_http(base_url) as http:
        market = Marketplace(http)
        try:
            with Stages(console) as stages:
                play = Play(day, day_terms(day), cast, market, stages)
                outcome = Outcome(play.terms, cast, _play(play))
        except MarketplaceError as error:
            line = f"the day stopped: {escape(str(error))}"
            console.print(line, style="red", highlight=False, soft_wrap=True)
            checks, summary = [Check(PLAYED, held=False, detail=str(error))], None
        else:
            checks, summary = [Check(PLAYED, held=True), *judge(outcome), *extra_checks()], summarise(outcome)
    seconds = time.monotonic() - started
    counted = counts(day, cast, market.calls)
    write_report(report, Report(day.title, checks, counted, seconds, summary))
    if summary is not None:
        show(console, summary, checks)
    return _verdict(console, checks, counted, seconds)


def _play(play: Play) -> Evidence:
    """The course of the day; what the marketplace says at its end."""
    sandbox = Sandbox(play.market)
    opened = rfc3339(sandbox.now)
    try:
        return _course(play, sandbox, opened)
    finally:
        with suppress(MarketplaceError):
            sandbox.resume()


def _course(play: Play, sandbox: Sandbox, opened: str) -> Evidence:
    market, cast, stages = play.market, play.cast, play.stages
    operator = sandbox.token("demo-operator", "operator", "Opal Operator")
    finance = sandbox.token("demo-finance", "finance", "Finn Finance")
    reading = Reading(market, cast, finance=finance, operator=operator)
    before = reading.trial_balance()
    Opening(market, sandbox, operator).open(play.day, cast, stages)
    Trading(market, cast).trade(play.day, stages)
    deliver(market, cast, stages)
    Work(market, sandbox, cast, stages).work(play.day)
    settlement = Settlement(market, sandbox, cast, stages)
    settlement.let_reviews_lapse()
    settlement.complete()
    settlement.rate()
    settlement.pay_out(play.terms)
    reconciliation = settlement.reconcile(since=opened, finance=finance)
    return reading.read(stages, before, reconciliation)


def _verdict(console: Console, checks: list[Check], counted: dict[str, int], seconds: float) -> bool:
    held = sum(check.held for check in checks)
    calls = f"{counted['http_calls']:,} HTTP calls in {seconds:.1f} s"
    console.print(f"{held} of {len(checks)} checks held; {calls}", style="bold", highlight=False)
    return held == len(checks)
