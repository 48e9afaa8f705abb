"""Clocked work: shifts in lock-step with the frozen clock.

    clock in, all · advance round 1 · heartbeat, each · advance round 2 · heartbeat, each · ... · stop, each

A session stops at the instant of its last heartbeat, so the seconds it proves are the sum of its rounds. One
that falls silent just stops sending, and the clock moves on past the silence that the marketplace allows.
"""

from functools import partial

from sandbox.demo.answers import Session
from sandbox.demo.cast import Cast, WorkedSession
from sandbox.demo.client import Body, Marketplace
from sandbox.demo.controls import Sandbox, rfc3339
from sandbox.demo.progress import Stages, Tick
from sandbox.demo.script import BEYOND_SILENCE_SECONDS, MarketDay, SessionPlan, ShiftPlan


class Work:
    """Runs the shifts of a day, then has the clients approve the minutes."""

    def __init__(self, market: Marketplace, sandbox: Sandbox, cast: Cast, stages: Stages) -> None:
        self._market = market
        self._sandbox = sandbox
        self._cast = cast
        self._stages = stages

    def work(self, day: MarketDay) -> None:
        heartbeats = sum(session.heartbeats for _, session in day.sessions)
        with self._stages.stage("Sessions run, heartbeat by heartbeat", heartbeats) as tick:
            for shift in day.shifts:
                self._cast.sessions += self._run(shift, tick)
        asked = [session for session in self._cast.sessions if session.plan.approval == "client"]
        self._stages.each("Clients approve the minutes", self._approve, asked)

    def _run(self, shift: ShiftPlan, tick: Tick) -> list[WorkedSession]:
        self._sandbox.advance(shift.after_seconds)
        sessions = self._stages.together(self._clock_in, shift.sessions)
        longest = max(session.plan.heartbeats for session in sessions)
        for number, seconds in enumerate(shift.rounds[:longest], start=1):
            self._sandbox.advance(seconds)
            beating = [session for session in sessions if session.plan.heartbeats >= number]
            self._stages.together(partial(self._beat, number), beating, tick)
        if any(session.plan.end == "silence" for session in sessions):
            self._sandbox.advance(BEYOND_SILENCE_SECONDS)
        return sessions

    def _clock_in(self, plan: SessionPlan) -> WorkedSession:
        contract = self._cast.contracts[plan.task, plan.worker]
        path = f"/v1/contracts/{contract.id}/sessions"
        return WorkedSession(plan, self._market.post(path, Session, token=contract.worker.token).id, contract)

    def _beat(self, number: int, session: WorkedSession) -> None:
        """One heartbeat. Its sequence already makes it safe to repeat, so it needs no Idempotency-Key."""
        token = session.contract.worker.token
        body: Body = {"sequence": number, "at": rfc3339(self._sandbox.now)}
        self._market.post(f"/v1/sessions/{session.id}/heartbeat", Session, body, token=token, keyed=False)
        if number == session.plan.heartbeats and session.plan.end == "worker":
            self._market.post(f"/v1/sessions/{session.id}/stop", Session, token=token)

    def _approve(self, session: WorkedSession) -> None:
        token = session.contract.company.api_key
        self._market.post(f"/v1/sessions/{session.id}/approve", Session, token=token)
