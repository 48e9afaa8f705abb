"""Every use case that moves money, ready to be done, as often as one likes.

A case makes something new that its use case can be done to, and gives the deed; the deed again is the repeat
of whoever asked for it: the same call under the same key, the same message, the timer that still stands.
"""

import uuid

from chalicelib.work import payouts as payouts_queue
from chalicelib.work import results as results_queue
from marketplace.contracts.contract import Contract
from marketplace.outcomes.outcome import Outcome as Scored
from marketplace.payouts.payout import Payout
from marketplace.reconciliation.breaks import Break
from marketplace.results.agreement import ballot_id
from marketplace.shared.events import EventType
from marketplace.shared.outcomes import known
from tests.bench import Deed
from tests.cases import Cases
from tests.doors import knock
from tests.money_stage import DAY_SECONDS, HOUR_SECONDS, PIECE, SMALL, UNEXPLAINED, Stage
from tests.people import usd

CASES = Cases()
case = CASES.case


@case("a card's money arrives", "funding.use_cases", "credit_top_up")
def _(stage: Stage) -> Deed:
    return stage.bench.card_paid(stage.client, 5_000)


@case("Stripe keeps its fee", "funding.use_cases", "post_charge_fee")
def _(stage: Stage) -> Deed:
    top_up = stage.client.post("wallet/top-ups", {"amount": usd(5_000)})
    stage.bench.stripe.pay(top_up["payment_intent"])
    stage.bench.pass_time(60)
    payment = known(stage.bench.runtime.stripe.payments.payment(top_up["payment_intent"]))
    return stage.bench.told_by_stripe("charge.updated", payment.charge)


@case("fund a contract", "contracts.funding", "fund_contract")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"contracts/{stage.minutes}/fund", {"amount": usd(SMALL)})


@case("fund a milestone", "contracts.funding", "fund_milestone")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"{stage.milestone()}/fund")


@case("fund a milestone, with a client's fee", "contracts.funding", "fund_milestone")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"{stage.milestone(contract=stage.cards.dear)}/fund")


@case("a funded milestone's money goes back", "contracts.milestones", "cancel_milestone")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"{stage.milestone('fund')}/cancel")


@case("approve a milestone", "contracts.milestones", "approve_milestone")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"{stage.milestone('fund', 'submit')}/approve")


@case("approve a milestone, with a client's fee", "contracts.milestones", "approve_milestone")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"{stage.milestone('fund', 'submit', contract=stage.cards.dear)}/approve")


@case("silence approves a milestone", "contracts.endings", "wake_contract")
def _(stage: Stage) -> Deed:
    stage.milestone("fund", "submit")
    due_at = stage.bench.read(Contract, stage.milestones).due_at
    assert due_at is not None
    return stage.bench.timer(stage.milestones, due_at)


@case("a contract's end returns what it holds", "contracts.endings", "end_contract")
def _(stage: Stage) -> Deed:
    (contract,) = stage.hired(None, PIECE, stage.worker)
    return stage.call(stage.client, f"contracts/{contract}/complete")


@case("pay a bonus", "contracts.endings", "pay_bonus")
def _(stage: Stage) -> Deed:
    body = {"amount": usd(SMALL), "reason": "thanks"}
    return stage.call(stage.client, f"contracts/{stage.minutes}/bonus", body)


@case("approve a session", "metering.reviews", "approve_session")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"sessions/{stage.session()}/approve")


@case("a dispute pays what is accepted", "metering.reviews", "dispute_session")
def _(stage: Stage) -> Deed:
    body = {"seconds": 30, "reason": "no"}
    return stage.call(stage.client, f"sessions/{stage.session()}/dispute", body)


@case("a correction is paid", "metering.corrections", "accept_correction")
def _(stage: Stage) -> Deed:
    session = stage.session()
    stage.bench.pass_time(120)
    stage.worker.post(f"sessions/{session}/correction", {"seconds": 90, "reason": "offline"})
    return stage.call(stage.client, f"sessions/{session}/correction/accept")


@case("silence approves a session", "metering.use_cases", "wake_session")
def _(stage: Stage) -> Deed:
    return stage.bench.timer(stage.session(), stage.bench.now + 7 * DAY_SECONDS)


@case("accept a result", "results.use_cases", "accept_result")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"results/{stage.result(stage.pieces)}/accept")


@case("silence accepts a result", "results.use_cases", "wake_result")
def _(stage: Stage) -> Deed:
    return stage.bench.timer(stage.result(stage.pieces), stage.bench.now + 7 * DAY_SECONDS)


@case("a known answer pays", "results.use_cases", "submit_result")
def _(stage: Stage) -> Deed:
    item = uuid.uuid4().hex
    known = {"items": [{"external_id": item, "expected": "cat"}]}
    stage.client.post(f"tasks/{stage.task_of(stage.known)}/gold-items", known)
    body = {"payload": {"label": "cat"}, "external_id": item}
    return stage.call(stage.worker, f"contracts/{stage.known}/results", body)


@case("two who agree are paid", "results.consequences", "judge_by_agreement")
def _(stage: Stage) -> Deed:
    item = uuid.uuid4().hex
    body = {"payload": {"label": "cat"}, "external_id": item}
    for contract, worker in zip(stage.agreeing, stage.workers, strict=True):
        worker.post(f"contracts/{contract}/results", body)
    ballot = ballot_id(stage.task_of(contract), item)
    return stage.bench.message(EventType.RESULT_SUBMITTED, results_queue.work, ballot=ballot)


@case("a result that is turned down after the end", "results.use_cases", "reject_result")
def _(stage: Stage) -> Deed:
    (contract,) = stage.hired(None, PIECE, stage.worker)
    result = stage.result(contract)
    stage.worker.post(f"contracts/{contract}/cancel")
    return stage.call(stage.client, f"results/{result}/reject", {"reason": "no"})


@case("an appeal pays a rejected result", "appeals.use_cases", "decide_appeal")
def _(stage: Stage) -> Deed:
    result = stage.result(stage.pieces)
    stage.client.post(f"results/{result}/reject", {"reason": "no"})
    return stage.appealed(result)


@case("an appeal pays what was taken back", "appeals.use_cases", "decide_appeal")
def _(stage: Stage) -> Deed:
    result = stage.result(stage.pieces)
    stage.client.post(f"results/{result}/accept")
    stage.client.post(f"results/{result}/reverse", {"reason": "wrong"})
    return stage.appealed(result)


@case("a worker gives a result up", "results.consequences", "give_up_result")
def _(stage: Stage) -> Deed:
    (contract,) = stage.hired(None, PIECE, stage.worker)
    stage.result(contract)
    stage.worker.post(f"contracts/{contract}/cancel")
    return stage.bench.message(EventType.CONTRACT_CANCELLED, results_queue.work, contract)


@case("an acceptance is taken back", "results.reversal", "reverse_result")
def _(stage: Stage) -> Deed:
    result = stage.result(stage.pieces)
    stage.client.post(f"results/{result}/accept")
    return stage.call(stage.client, f"results/{result}/reverse", {"reason": "wrong"})


@case("withdraw", "payouts.use_cases", "request_payout")
def _(stage: Stage) -> Deed:
    return stage.call(stage.worker, "payouts", {"amount": usd(SMALL)})


@case("a schedule withdraws", "payouts.scheduling", "pay_out_scheduled")
def _(stage: Stage) -> Deed:
    answer = knock(stage.saver.call("workers/me/payout-schedule", {"interval": "daily"}, method="PUT"))
    stage.bonus(stage.savings, PIECE)
    stage.bench.pass_time(1)
    subject = answer.body["id"]
    about, amounts = (subject, stage.saver.id), {"USD": PIECE}
    return stage.bench.message(EventType.PAYOUT_SCHEDULE_DUE, payouts_queue.work, *about, amounts=amounts)


@case("a transfer is confirmed", "payouts.use_cases", "record_transfer")
def _(stage: Stage) -> Deed:
    return stage.carried(stage.payout())


@case("a payout reaches the bank", "payouts.use_cases", "settle_bank_payout")
def _(stage: Stage) -> Deed:
    payout_id = stage.payout()
    stage.carried(payout_id)()
    stage.bench.pass_time(3 * DAY_SECONDS)
    payout = stage.bench.read(Payout, payout_id)
    assert payout.bank.stripe_id is not None, payout
    known = {"account": payout.account, "payout_id": payout_id}
    return stage.bench.told_by_stripe("payout.paid", payout.bank.stripe_id, **known)


@case("an instant payout arrives, and Stripe asks a fee", "payouts.use_cases", "post_instant_fee")
def _(stage: Stage) -> Deed:
    deliver = stage.carried(stage.instant_payout())

    def carry() -> None:
        for _ in range(3):  # the transfer, the arrival, a look back
            deliver()
            stage.bench.pass_time(HOUR_SECONDS)

    return carry


@case("a bank gives an instant payout back, and Stripe its fee", "payouts.use_cases", "settle_bank_payout")
def _(stage: Stage) -> Deed:
    payout_id = stage.instant_payout()
    stage.carried(payout_id)()
    return stage.returned(payout_id)


@case("what cannot go instantly goes the standard way", "payouts.use_cases", "record_bank_payout")
def _(stage: Stage) -> Deed:
    payout = stage.instant_payout()
    stage.takes_instant(stage.hasty, yes=False)
    return stage.carried(payout)


@case("a failed payout is fetched back from Stripe", "payouts.reversing", "record_reversal")
def _(stage: Stage) -> Deed:
    stage.bench.stripe.verify(stage.account_of(stage.mover))  # the last bank account has failed
    payout_id = stage.payout(stage.mover)
    stage.carried(payout_id)()
    stage.returned(payout_id)()
    stage.finance.post(f"finance/payouts/{payout_id}/reverse", UNEXPLAINED)
    return stage.carried(payout_id)


@case("a payout is cancelled", "payouts.oversight", "cancel_payout")
def _(stage: Stage) -> Deed:
    with stage.bench.settings(payout_approval_above=1):
        payout = stage.payout()
    return stage.call(stage.finance, f"finance/payouts/{payout}/cancel")


@case("a dispute's offer is taken", "disputes.use_cases", "accept_offer")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"disputes/{stage.dispute()}/accept")


@case("an operator decides a dispute", "disputes.use_cases", "decide_dispute")
def _(stage: Stage) -> Deed:
    dispute = stage.dispute()
    stage.client.post(f"disputes/{dispute}/escalate")
    body = {"to_worker": usd(SMALL // 4), "reason": "a quarter is done"}
    return stage.call(stage.operator, f"disputes/{dispute}/decide", body)


@case("good work earns a bonus", "outcomes.use_cases", "apply_outcome")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"contracts/{stage.scored}/outcomes", stage.score(10_000))


@case("what was withheld goes back", "outcomes.use_cases", "wake_outcome")
def _(stage: Stage) -> Deed:
    outcome = stage.client.post(f"contracts/{stage.scored}/outcomes", stage.score(0))["id"]
    due_at = stage.bench.read(Scored, outcome).due_at
    assert due_at is not None
    return stage.bench.timer(outcome, due_at)


@case("a line of Stripe's goes into suspense", "reconciliation.suspense", "book_to_suspense")
def _(stage: Stage) -> Deed:
    return stage.call(stage.finance, f"finance/exceptions/{stage.unknown_line()}/suspend", UNEXPLAINED)


@case("a line comes out of suspense", "reconciliation.suspense", "reverse_suspense")
def _(stage: Stage) -> Deed:
    line = stage.unknown_line()
    stage.finance.post(f"finance/exceptions/{line}/suspend", UNEXPLAINED)
    journal = stage.bench.read(Break, line).suspense
    return stage.call(stage.finance, f"finance/journals/{journal}/reverse", UNEXPLAINED)
