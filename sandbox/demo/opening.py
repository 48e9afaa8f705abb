"""The market opens: companies join and top up their wallets, workers onboard."""

from sandbox.demo.answers import Client, PayoutAccount, TopUp
from sandbox.demo.answers import Worker as WorkerAnswer
from sandbox.demo.cast import Cast, Company, Worker
from sandbox.demo.client import Marketplace, UnexpectedAnswer
from sandbox.demo.controls import Sandbox
from sandbox.demo.progress import Stages
from sandbox.demo.script import CompanyPlan, MarketDay, Money, WorkerPlan


class Opening:
    """Brings the companies and workers of a day into the marketplace."""

    def __init__(self, market: Marketplace, sandbox: Sandbox, operator: str) -> None:
        self._market = market
        self._sandbox = sandbox
        self._operator = operator

    def open(self, day: MarketDay, cast: Cast, stages: Stages) -> None:
        companies = stages.each("Companies join and top up", self._join, day.companies)
        cast.companies = {company.plan.key: company for company in companies}
        workers = stages.each("Workers onboard", self._onboard, day.workers)
        cast.workers = {worker.plan.key: worker for worker in workers}
        with stages.stage("Stripe's events arrive", 1) as tick:
            self._sandbox.settle()
            tick()
        stages.each("Stripe confirms the money", self._money_arrived, companies)
        stages.each("Stripe confirms the accounts", self._account_enabled, workers)

    def _join(self, plan: CompanyPlan) -> Company:
        body: dict[str, object] = {"name": plan.name, "country": plan.country, "email": plan.email}
        client = self._market.post("/v1/clients", Client, body, token=self._operator)
        top_ups = tuple(self._top_up(client.api_key, money) for money in plan.top_ups)
        return Company(plan, client.id, client.api_key, top_ups)

    def _top_up(self, api_key: str, money: Money) -> str:
        body: dict[str, object] = {"amount": money.model_dump()}
        top_up = self._market.post("/v1/wallet/top-ups", TopUp, body, token=api_key)
        self._sandbox.pay(top_up.payment_intent)
        return top_up.id

    def _onboard(self, plan: WorkerPlan) -> Worker:
        token = self._sandbox.token(plan.key, "worker", plan.name)
        profile: dict[str, object] = {
            "name": plan.name,
            "country": plan.country,
            "languages": list(plan.languages),
            "skills": [skill.model_dump() for skill in plan.skills],
            "headline": plan.headline,
        }
        worker = self._market.post("/v1/workers", WorkerAnswer, profile, token=token)
        account = self._market.post("/v1/workers/me/payout-account", PayoutAccount, token=token)
        self._sandbox.verify(account.stripe_account)
        return Worker(plan, worker.id, token)

    def _money_arrived(self, company: Company) -> None:
        for top_up in company.top_ups:
            path = f"/v1/wallet/top-ups/{top_up}"
            status = self._market.get(path, TopUp, token=company.api_key).status
            if status != "succeeded":
                raise UnexpectedAnswer(f"GET {path}: paid and settled, yet {status!r}")

    def _account_enabled(self, worker: Worker) -> None:
        path = "/v1/workers/me/payout-account"
        if not self._market.get(path, PayoutAccount, token=worker.token).payouts_enabled:
            raise UnexpectedAnswer(f"GET {path}: {worker.plan.name} is verified, yet payouts are not enabled")
