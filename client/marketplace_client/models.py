"""The API's objects and bodies. infra/client_code.py writes them from openapi.json."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from marketplace_client.model import Model


class Acceptance(Model):
    """The agreements that the worker signs, by id or as `agreements` names them, in the versions that it
    names, under `name`; without one, under the profile's."""

    agreement_ids: list[str] | None = None
    name: str | None = None


class AccountSides(Model):
    """What was posted to an account in one currency, minor units; `balance` is debits less credits."""

    balance: int
    credits: int
    currency: str
    debits: int


class AccountAt(Model):
    """An account's balances with all that was posted in business time up to `at`, that second included."""

    at: datetime
    balances: list[AccountSides]
    id: str
    object: str = Field(default="account")


class AccountBalance(Model):
    """`balance` is debits less credits, minor units."""

    balance: int
    id: str


class AccountPosting(Model):
    """A posting as its account's statement shows it; `against` names the journal's other accounts."""

    about: list[str]
    against: list[str]
    created_at: datetime
    credit: int
    currency: str
    debit: int
    description: str
    event_id: str
    event_type: str
    id: str
    journal_id: str
    references: list[str]
    object: str = Field(default="posting")


class AccountView(Model):
    """An account that was posted to."""

    balances: list[AccountSides]
    id: str
    object: str = Field(default="account")


class AccuracyView(Model):
    """How a contract's results of gold items were: `share` is correct / graded as a decimal, null before any
    was graded."""

    contract_id: str
    correct: int
    graded: int
    share: str | None
    object: str = Field(default="accuracy")


class AgencyMember(Model):
    """`share_basis_points` is what the member gets of contracts accepted now; `offered_basis_points` waits
    for the member's answer."""

    lead: bool
    may_bid: bool
    offered_basis_points: int | None
    share_basis_points: int
    status: str
    worker_id: str


class SkillBody(Model):
    """`level` is 1 (beginner) to 5 (expert)."""

    level: int
    name: str


class WorkerView(Model):
    """The public profile."""

    country: str
    created_at: datetime
    headline: str
    id: str
    languages: list[str]
    name: str
    skills: list[SkillBody]
    object: str = Field(default="worker")


class AgencyProfile(Model):
    """What a client sees of who bids: the name, and the members' public profiles, the lead's first."""

    created_at: datetime
    id: str
    members: list[WorkerView]
    name: str
    object: str = Field(default="agency_profile")


class MemberShareView(Model):
    """Who gets how much of the net."""

    basis_points: int
    worker_id: str


class AgencyShareView(Model):
    """For whom the worker bid, and the members' shares as they were when the offer was accepted."""

    id: str
    shares: list[MemberShareView]
    version: int | None


class AgencyView(Model):
    """An agency; `version` counts the changes of shares, which always add up to 10,000."""

    created_at: datetime
    id: str
    members: list[AgencyMember]
    name: str
    version: int
    object: str = Field(default="agency")


class AgreementLine(Model):
    """An agreement without its text; `version` is in force."""

    client_id: str | None
    created_at: datetime
    id: str
    kind: str
    title: str
    version: int
    object: str = Field(default="agreement")


class AgreementReview(Model):
    """Results of one item are judged once so many `workers` gave the same `field` of their payload."""

    constants: ClassVar[tuple[str, ...]] = ("policy",)

    field: str
    workers: int
    policy: Literal["agreement"] = Field(default="agreement")


class AgreementView(Model):
    """A version of an agreement; `client_id` is null for the platform's, `text_sha256` is of the text in
    UTF-8."""

    client_id: str | None
    created_at: datetime
    id: str
    kind: str
    text: str
    text_sha256: str
    title: str
    version: int
    object: str = Field(default="agreement")


class Money(Model):
    """`amount` is minor units: 12500 of USD is 125 dollars, of JPY 12,500 yen."""

    amount: int
    currency: str


class Amount(Model):
    """How much."""

    amount: Money


class AnswerView(Model):
    """What the other side has said."""

    answered_at: datetime
    statement: str


class Answers(Model):
    """For each question, in order, the places of the choices, counted from 0; what is left out earns
    nothing."""

    answers: list[list[int]]


class ApiKeyView(Model):
    """A key without its secret."""

    client_id: str
    created_at: datetime
    id: str
    revoked_at: datetime | None
    scopes: list[str]
    status: str
    last_used_at: datetime | None = None
    object: str = Field(default="api_key")


class VerdictView(Model):
    """`decided_by` names the human; `effect` is what a granted appeal changed, null with a denied one."""

    decided_at: datetime
    decided_by: str
    effect: str | None
    reason: str


class AppealView(Model):
    """An appeal; `reason_code` is that of the decision, `decided_first_by` who made it: a client, an
    operator, null for a machine, a provider and a rating. `respondent_id` may answer while it is open; once
    decided, it is `final`: nobody looks at that decision again. `detail` says what comes next in words."""

    answer: AnswerView | None
    appellant_id: str
    contract_id: str | None
    created_at: datetime
    decided_first_by: str | None
    detail: str
    final: bool
    id: str
    reason: str
    reason_code: str
    respondent_id: str | None
    status: str
    subject_id: str
    verdict: VerdictView | None
    object: str = Field(default="appeal")


class Application(Model):
    """What a worker says when it joins or applies."""

    note: str | None = None


class ApprovalView(Model):
    """`by` is the person, as the audit log names who acts."""

    at: datetime
    by: str


class AskedQuestion(Model):
    """A question as who answers it sees it; `select` is how many choices are right."""

    choices: list[str]
    points: int
    prompt: str
    select: int


class UploadView(Model):
    """Send the file so, with these headers, before `expires_at` (real time)."""

    expires_at: datetime
    headers: dict[str, str]
    method: str
    url: str


class AttachmentDetail(Model):
    """`upload` is where a pending file goes, for who hands it in; `download_url` is where a ready one comes
    from, for a few minutes."""

    by: str
    content_type: str
    contract_id: str
    created_at: datetime
    download_url: str | None
    id: str
    name: str
    size: int
    status: str
    upload: UploadView | None
    object: str = Field(default="attachment")


class AttachmentView(Model):
    """A file; `by` is the side that hands it in, `size` is bytes. Only what is ready can be referred to."""

    by: str
    content_type: str
    contract_id: str
    created_at: datetime
    id: str
    name: str
    size: int
    status: str
    object: str = Field(default="attachment")


class AttemptLine(Model):
    """An attempt; answers are taken until `ends_at`, and `expired` counts as failed."""

    created_at: datetime
    ended_at: datetime | None
    ends_at: datetime
    id: str
    number: int
    pass_basis_points: int
    qualification_id: str
    score_basis_points: int | None
    started_at: datetime
    status: str
    worker_id: str
    object: str = Field(default="attempt")


class AttemptView(Model):
    """An attempt with its questions."""

    created_at: datetime
    ended_at: datetime | None
    ends_at: datetime
    id: str
    number: int
    pass_basis_points: int
    qualification_id: str
    questions: list[AskedQuestion]
    score_basis_points: int | None
    started_at: datetime
    status: str
    worker_id: str
    object: str = Field(default="attempt")


class ExportTaken(Model):
    """What a file of finance's covers: from `from` on and before `to`."""

    format: str
    from_: datetime = Field(alias="from")
    to: datetime


class AuditEventView(Model):
    """One privileged act. `type` is `personal_data.read` where data was shown, else what happened; `export`
    is told of `finance.exported`, whose subject names the file."""

    actor: str
    created_at: datetime
    export: ExportTaken | None
    id: str
    operation: str
    request_id: str
    subjects: list[str]
    type: str
    object: str = Field(default="audit_event")


class BalanceView(Model):
    """Minor units of `currency`: what may be spent, what contracts hold and the fees on that, what is on its
    way back to cards, and what the client owes after chargebacks. While something is owed nothing can be
    spent."""

    available: int
    currency: str
    fees_held: int
    held: int
    receivable: int
    refunding: int


class DeclinedView(Model):
    """Why a bid was not taken: by its client's word, or because its task, its time or its offer ended."""

    declined_at: datetime
    reason: str
    reason_code: str


class MilestoneProposal(Model):
    """A piece of the work with its price."""

    amount: Money
    title: str
    due_at: datetime | None = None


class Rate(Model):
    """`amount_decimal` is minor units for each `per`, at most four places."""

    constants: ClassVar[tuple[str, ...]] = ("per",)

    amount_decimal: str
    currency: str
    per: Literal["minute"] = Field(default="minute")


class BidView(Model):
    """A bid; `declined` says why one that is declined or expired was not taken."""

    agency_id: str | None
    created_at: datetime
    declined: DeclinedView | None
    id: str
    message: str
    milestones: list[MilestoneProposal]
    price: Money | Rate
    status: str
    task_id: str
    worker_id: str
    object: str = Field(default="bid")


class BonusBody(Model):
    """From this score on, a share of the work's price comes on top, at most the cap."""

    at_least_basis_points: int
    cap: Money
    share_basis_points: int


class BonusView(Model):
    """A bonus, gross of the fee."""

    amount: Money
    contract_id: str
    created_at: datetime
    id: str
    reason: str
    object: str = Field(default="bonus")


class ChangeRequest(Model):
    """What is missing."""

    reason: str
    reason_code: Literal["quality", "incomplete", "instructions", "late", "other"] | None = None


class ChangesView(Model):
    """What the client missed when it sent the milestone back last."""

    reason: str
    reason_code: str
    requested_at: datetime


class TakenView(Model):
    """Where the withdrawn amount came from, minor units: the wallet, what contracts held, and what was owed
    because neither had it (some of it may be paid by now); `written_off` is our loss."""

    frozen_contracts: int
    holds: int
    owed: int
    wallet: int
    written_off: int


class ChargebackView(Model):
    """A dispute of a card payment. An inquiry takes nothing; a chargeback takes its amount at once, and a won
    one brings it back. `evidence` says how far the client's answer has come."""

    amount: Money
    closed_at: datetime | None
    created_at: datetime
    evidence: str | None
    evidence_due_at: datetime | None
    funds_reinstated_at: datetime | None
    funds_withdrawn_at: datetime | None
    id: str
    reason: str
    status: str
    stripe_dispute: str
    taken: TakenView | None
    top_up_id: str
    object: str = Field(default="chargeback")


class ChecklistItem(Model):
    """`needed` is whether anybody asks for it now; `detail` says what to do next, and `subject_ids` with
    what."""

    detail: str
    expires_at: datetime | None
    name: str
    needed: bool
    status: str
    subject_ids: list[str]


class DocumentLine(Model):
    """A document without what stands on it. One whose `file` is `announced` waits for it, and nobody looks at
    it yet. `reason_code` is there while it is failed, and `not_as_promised` where a machine refused its file;
    the worker can [appeal](ratings-and-appeals.md)."""

    created_at: datetime
    expires_at: datetime | None
    file: str
    id: str
    kind: str
    reason: str | None
    reason_code: str | None
    reviewed_at: datetime | None
    status: str
    worker_id: str
    object: str = Field(default="document")


class ChecklistView(Model):
    """What a worker brings before work; `documents` are the newest of each kind."""

    documents: list[DocumentLine]
    items: list[ChecklistItem]
    worker_id: str
    object: str = Field(default="checklist")


class ClassChange(Model):
    """From `at` on, by the phone's clock, the minutes are of this class, until a change with a higher
    `sequence` says otherwise. The sequence is one of class changes alone."""

    at: datetime
    class_: Literal["talk", "hold", "wrap", "wait"] = Field(alias="class")
    sequence: int


class ClassRatesBody(Model):
    """Rates of classes of minutes; one that is left out is paid by the contract's own rate."""

    hold: Rate | None = None
    talk: Rate | None = None
    wait: Rate | None = None
    wrap: Rate | None = None


class ClassSecondsView(Model):
    """Billable seconds of each class, and of none; what rounding up adds is of the class that was last."""

    hold: int
    talk: int
    unclassed: int
    wait: int
    wrap: int


class ClientView(Model):
    """A client company."""

    country: str
    created_at: datetime
    email: str
    id: str
    name: str
    object: str = Field(default="client")


class ClockIn(Model):
    """`at` is the phone's own clock, from which its offset is taken; left out, it keeps our time."""

    at: datetime | None = None


class Closing(Model):
    """`force_reason` closes it whatever stands in the way of that but time and order; it is kept, with the
    caller's name."""

    force_reason: str | None = None


class ContestView(Model):
    """The dispute or outcome that decides about this work, and what of its money the worker got in the end,
    gross minor units: null until it is decided."""

    by: str
    to_worker: int | None


class TierBody(Model):
    """The rate of what is billed above so many minor units, up to the next tier."""

    above: int
    basis_points: int


class FeesView(Model):
    """What both sides pay us, as it was when the contract was offered; minor units. Off what the worker
    earns: `basis_points`, or by `tiers`, and `fixed` and `minimum` for each release. On top, from the client:
    `client_basis_points`; `client_held` is reserved beside the hold, `client_earned` is ours."""

    basis_points: int
    client_basis_points: int
    client_earned: int
    client_held: int
    fixed: int
    minimum: int
    schedule_id: str
    tiers: list[TierBody]


class MilestonePay(Model):
    """A price for the whole of a seat, paid by milestones."""

    constants: ClassVar[tuple[str, ...]] = ("model",)

    budget: Money
    model: Literal["milestone"] = Field(default="milestone")


class MilestoneView(Model):
    """A milestone of a contract."""

    amount: Money
    contest: ContestView | None
    contract_id: str
    due_at: datetime | None
    id: str
    review_ends_at: datetime | None
    status: str
    submitted_at: datetime | None
    title: str
    object: str = Field(default="milestone")


class MinutePay(Model):
    """A rate for clocked time. `cap_seconds` counts for each contract; the caps by day and week, which begins
    on Monday, go by `time_zone`, UTC unless said. `minimum_pay` is the least for a session that begins a
    shift. A class that `classes` leaves out is paid by the rate, as is time that nobody named."""

    constants: ClassVar[tuple[str, ...]] = ("model",)

    rate: Rate
    cap_seconds: int | None = None
    cap_seconds_per_day: int | None = None
    cap_seconds_per_week: int | None = None
    classes: ClassRatesBody | None = None
    increment_seconds: int | None = None
    minimum_pay: Money | None = None
    minimum_seconds: int | None = None
    model: Literal["per_minute"] = Field(default="per_minute")
    time_zone: str | None = None


class PinnedView(Model):
    """A version of an agreement that a contract asks for."""

    agreement_id: str
    version: int


class ResultCountsView(Model):
    """How many results wait for their answer, are paid, are disputed, and may still be handed in."""

    accepted: int
    contested: int
    left: int
    submitted: int


class GoldReview(Model):
    """Results of gold items are judged at once by `field` of their payload; the client judges the others."""

    constants: ClassVar[tuple[str, ...]] = ("policy",)

    field: str
    policy: Literal["gold"] = Field(default="gold")


class ManualReview(Model):
    """The client judges each result; silence accepts it."""

    constants: ClassVar[tuple[str, ...]] = ("policy",)

    policy: Literal["manual"] = Field(default="manual")


class ResultPay(Model):
    """A price for each accepted result."""

    constants: ClassVar[tuple[str, ...]] = ("model",)

    quantity: int
    unit: Money
    model: Literal["per_result"] = Field(default="per_result")
    review: Annotated[ManualReview | GoldReview | AgreementReview, Field(discriminator="policy")] | None = (
        None
    )


class CriterionBody(Model):
    """What is looked at, and how much it counts beside the others."""

    name: str
    weight: int


class DeductionBody(Model):
    """Below this score, a share of the work's price is withheld, at most the cap."""

    below_basis_points: int
    cap: Money
    share_basis_points: int


class ScorecardBody(Model):
    """How work is scored; `version` is the client's own count. A contract keeps the one it was made with."""

    criteria: list[CriterionBody]
    version: int
    bonus: BonusBody | None = None
    deduction: DeductionBody | None = None


class ContractView(Model):
    """A contract; money is integer minor units of `currency`, `released` is gross of the fee. While a
    chargeback is in `frozen_by`, no new paid work begins; what is in review is still approved and paid."""

    accepted_at: datetime | None
    agency: AgencyShareView | None
    agreements: list[str]
    bid_id: str
    charged_back: int
    client_id: str
    created_at: datetime
    currency: str
    ended_at: datetime | None
    fee_basis_points: int
    fees: FeesView | None
    frozen_by: list[str]
    funded: int
    held: int
    id: str
    milestones: list[MilestoneView]
    offer_ends_at: datetime
    outcomes: ScorecardBody | None
    pay: Annotated[MilestonePay | ResultPay | MinutePay, Field(discriminator="model")]
    released: int
    results: ResultCountsView | None
    returned: int
    review_seconds: int
    signs: list[PinnedView]
    status: str
    task_id: str
    title: str
    trainings: list[PinnedView]
    worker_id: str
    object: str = Field(default="contract")


class TurnedDownView(Model):
    """Why the client has not accepted."""

    declined_at: datetime
    reason: str
    reason_code: str


class CorrectionView(Model):
    """What the worker asked for; `class` is null where none was said, `declined` says why the client did not
    accept."""

    asked_at: datetime
    class_: str | None = Field(alias="class")
    declined: TurnedDownView | None
    reason: str
    seconds: int
    status: str


class Counts(Model):
    """Each line inside the window counts once; a pair counts as one."""

    amount_mismatch: int
    duplicate: int
    matched: int
    missing_in_ledger: int
    missing_in_stripe: int
    timing: int


class CreatedApiKey(Model):
    """`api_key` is shown this once."""

    api_key: str | None
    client_id: str
    created_at: datetime
    id: str
    revoked_at: datetime | None
    scopes: list[str]
    status: str
    last_used_at: datetime | None = None
    object: str = Field(default="api_key")


class CreatedClient(Model):
    """`api_key` is shown this once."""

    api_key: str | None
    country: str
    created_at: datetime
    email: str
    id: str
    name: str
    object: str = Field(default="client")


class CurrencyFeesBody(Model):
    """The worker's side in one currency, minor units: `fixed` and `minimum` for each release, never more than
    the release; `tiers` by all that was billed between a client and a worker or an agency."""

    currency: str
    fixed: int | None = None
    minimum: int | None = None
    tiers: list[TierBody] | None = None


class CurrencyTotals(Model):
    """All debits equal all credits, and all balances add up to 0."""

    accounts: list[AccountBalance]
    credits: int
    currency: str
    debits: int


class DaysView(Model):
    """Whole days (UTC), from the first instant `from` on and before `to`."""

    from_: datetime = Field(alias="from")
    to: datetime


class Deciding(Model):
    """`granted`: the decision was wrong."""

    outcome: Literal["granted", "denied"]
    reason: str


class Part(Model):
    """A part of the disputed money: nothing up to all of it, minor units."""

    amount: int
    currency: str


class Decision(Model):
    """What the worker gets of the disputed money, gross; `reason` is told to both sides."""

    to_worker: Part
    reason: str | None = None


class Declining(Model):
    """Why the worker is told no; the worker reads both."""

    reason: str | None = None
    reason_code: Literal["not_selected", "price", "experience", "availability", "other"] | None = None


class DecliningCorrection(Model):
    """Why the worker is told no; the worker reads both."""

    reason: str | None = None
    reason_code: Literal["not_worked", "quality", "incomplete", "instructions", "late", "other"] | None = None


class Sum(Model):
    """Money in an answer, where zero is a fact: minor units."""

    amount: int
    currency: str


class DeductionView(Model):
    """What of the withdrawn money did not go to the bank: `owed` settles what the worker owed, `instant_fee`
    is what an instant payout costs. Both are undone with a payout that is cancelled, or refused at
    `transfer`."""

    amount: Sum
    reason: str


class DeliveryView(Model):
    """One event on its way to one endpoint. `attempts` counts all so far; `response_code` and `error` are of
    the last; `next_attempt_at` is when it is sent again."""

    attempts: int
    created_at: datetime
    endpoint_id: str
    error: str | None
    event_id: str
    id: str
    last_attempt_at: datetime | None
    next_attempt_at: datetime | None
    response_code: int | None
    status: str
    type: str
    object: str = Field(default="webhook_delivery")


class DimensionMean(Model):
    """The plain mean of the scores that ratings gave under one name."""

    count: int
    mean: float
    name: str


class EndingView(Model):
    """How it ended: who got what, gross; `by` is the side, or the operator who decided, `reason` what was
    said. A withdrawn one has divided nothing."""

    at: datetime
    by: str | None
    reason: str | None
    to_client: Sum | None
    to_worker: Sum | None


class EvidenceLineView(Model):
    """What happened, and who did it."""

    at: datetime
    by: str
    details: dict[str, Any]
    what: str


class OfferView(Model):
    """The standing offer: the other side takes it, or makes another, until `lapses_at`."""

    by: str
    lapses_at: datetime
    made_at: datetime
    to_worker: Sum


class DisputeDetail(Model):
    """A dispute with what is known of its subject, oldest first."""

    amount: Sum
    claim: str
    client_id: str
    contract_id: str
    created_at: datetime
    decision_due_at: datetime | None
    ending: EndingView | None
    escalated_at: datetime | None
    evidence: list[EvidenceLineView]
    id: str
    offer: OfferView | None
    opened_by: str
    requested: Sum
    status: str
    subject_id: str
    worker_id: str
    object: str = Field(default="dispute")


class DisputeView(Model):
    """A dispute. All of `amount` is set aside until it ends; money is gross of the fee, and deciding is free
    of charge. `clock` opened what neither side had spoken for; `decision_due_at` is when an alarm is
    raised."""

    amount: Sum
    claim: str
    client_id: str
    contract_id: str
    created_at: datetime
    decision_due_at: datetime | None
    ending: EndingView | None
    escalated_at: datetime | None
    id: str
    offer: OfferView | None
    opened_by: str
    requested: Sum
    status: str
    subject_id: str
    worker_id: str
    object: str = Field(default="dispute")


class Document(Model):
    """The OpenAPI 3.1 document."""


class DocumentDetail(Model):
    """`upload` is where a file that is announced goes, for its worker."""

    content_type: str
    created_at: datetime
    expires_at: datetime | None
    file: str
    id: str
    kind: str
    name: str
    number: str | None
    reason: str | None
    reason_code: str | None
    reviewed_at: datetime | None
    sha256: str
    size_bytes: int
    status: str
    upload: UploadView | None
    worker_id: str
    object: str = Field(default="document")


class DocumentReceipt(Model):
    """`upload` is where the file goes."""

    created_at: datetime
    expires_at: datetime | None
    file: str
    id: str
    kind: str
    reason: str | None
    reason_code: str | None
    reviewed_at: datetime | None
    status: str
    upload: UploadView | None
    worker_id: str
    object: str = Field(default="document")


class DocumentView(Model):
    """A document, for its worker and for operators."""

    content_type: str
    created_at: datetime
    expires_at: datetime | None
    file: str
    id: str
    kind: str
    name: str
    number: str | None
    reason: str | None
    reason_code: str | None
    reviewed_at: datetime | None
    sha256: str
    size_bytes: int
    status: str
    worker_id: str
    object: str = Field(default="document")


class DownloadView(Model):
    """Where the file comes from until `expires_at` (real time), as an attachment that no browser shows or
    runs."""

    document_id: str
    expires_at: datetime
    url: str
    object: str = Field(default="download")


class EarningsRow(Model):
    """Minor units of `currency`, net of the fee: `accruing` in the running session, `in_review` with clients,
    `available` to withdraw, `in_transit` withdrawn and not at the bank yet, `paid` at the bank, `owed` by the
    worker. Of an agency's work it is the worker's own part, whoever of the members does it."""

    accruing: int
    available: int
    currency: str
    in_review: int
    in_transit: int
    owed: int
    paid: int


class EarningsView(Model):
    """One row for each currency."""

    balances: list[EarningsRow]


class ReasonView(Model):
    """`code` is for programs and stays as it is, `detail` is for people."""

    code: str
    detail: str


class EligibilityView(Model):
    """`why_not` is empty for who may bid now. Agreements are signed with the offer, and trainings
    acknowledged before work begins: neither keeps anybody from bidding."""

    eligible: bool
    task_id: str
    why_not: list[ReasonView]
    worker_id: str
    object: str = Field(default="eligibility")


class EndpointChanges(Model):
    """Another place, or another filter; what is left out stays. The secret stays too."""

    events: (
        list[
            Literal[
                "*",
                "appeal.answered",
                "appeal.denied",
                "appeal.granted",
                "appeal.open",
                "bid.awarded",
                "bid.declined",
                "bid.expired",
                "bid.shortlisted",
                "bid.submitted",
                "bid.withdrawn",
                "bonus.paid",
                "chargeback.closed",
                "chargeback.funds_reinstated",
                "chargeback.funds_withdrawn",
                "chargeback.opened",
                "chargeback.updated",
                "contract.active",
                "contract.cancelled",
                "contract.charged_back",
                "contract.completed",
                "contract.funded",
                "contract.paused",
                "contract.resumed",
                "contract.unfrozen",
                "dispute.decided",
                "dispute.escalated",
                "dispute.offered",
                "dispute.open",
                "dispute.settled",
                "dispute.withdrawn",
                "message.sent",
                "milestone.approved",
                "milestone.cancelled",
                "milestone.changes_requested",
                "milestone.planned",
                "milestone.submitted",
                "outcome.applied",
                "outcome.returned",
                "payout.approved",
                "payout.cancelled",
                "payout.due",
                "payout.failed",
                "payout.paid",
                "payout.pending",
                "payout.reversal_asked",
                "payout.reversal_dropped",
                "payout.reversal_refused",
                "payout.reversal_unknown",
                "payout.reversed",
                "payout.sent",
                "payout.unknown",
                "payout.waiting",
                "rating.revealed",
                "refund.canceled",
                "refund.failed",
                "refund.pending",
                "refund.requested",
                "refund.requires_action",
                "refund.succeeded",
                "result.accepted",
                "result.rejected",
                "result.reversed",
                "result.submitted",
                "session.approved",
                "session.corrected",
                "session.correction_asked",
                "session.correction_declined",
                "session.disputed",
                "session.running",
                "session.stopped",
                "task.closed",
                "task.draft",
                "task.open",
                "task.updated",
                "top_up.expired",
                "top_up.failed",
                "top_up.requires_payment",
                "top_up.succeeded",
                "webhook_endpoint.disabled",
                "webhook_endpoint.test",
            ]
        ]
        | None
    ) = None
    url: str | None = None


class EndpointView(Model):
    """An endpoint without its secret. `disabled_reason` is `gone` after a 410, `failing` after days in which
    it took nothing; `failing_since` is when it began to."""

    created_at: datetime
    disabled_reason: str | None
    events: list[str]
    failing_since: datetime | None
    id: str
    previous_secret_until: datetime | None
    status: str
    url: str
    object: str = Field(default="webhook_endpoint")


class EndpointWithSecret(Model):
    """`secret` is shown this once."""

    created_at: datetime
    disabled_reason: str | None
    events: list[str]
    failing_since: datetime | None
    id: str
    previous_secret_until: datetime | None
    secret: str | None
    status: str
    url: str
    object: str = Field(default="webhook_endpoint")


class ErasureView(Model):
    """A wish to be forgotten. It is refused while money or contracts bind us: `reasons` name them. Where
    nothing does, the doors are shut and it is all looked at again, not before `looks_again_at`; they are open
    again should it be refused then. `objects_forgotten` counts what has been worked off since `erasing`."""

    created_at: datetime
    ended_at: datetime | None
    id: str
    looks_again_at: datetime | None
    objects_forgotten: int
    reasons: list[str]
    status: str
    subject_id: str
    object: str = Field(default="erasure")


class SpanView(Model):
    """Heartbeats close enough together to prove the time between them."""

    ended_at: datetime
    heartbeats: int
    started_at: datetime


class EvidenceView(Model):
    """Heartbeats that came after the session's end."""

    seconds: int
    session_id: str
    spans: list[SpanView]
    object: str = Field(default="evidence")


class QuestionBody(Model):
    """`correct` are the places of the right choices, counted from 0; all of them and no other earn the
    points."""

    choices: list[str]
    correct: list[int]
    prompt: str
    points: int | None = None


class ExamBody(Model):
    """A score of at least `pass_basis_points` of all points passes. Who fails waits `wait_seconds`, and may
    try `attempts_max` times in all; each attempt lasts `time_limit_seconds`."""

    questions: list[QuestionBody]
    attempts_max: int | None = None
    pass_basis_points: int | None = None
    time_limit_seconds: int | None = None
    wait_seconds: int | None = None


class ExamTermsView(Model):
    """What is to be known of an exam before it begins."""

    attempts_max: int
    pass_basis_points: int
    time_limit_seconds: int
    version: int
    wait_seconds: int


class ExamView(Model):
    """An exam with its answers, for its owner alone."""

    attempts_max: int
    pass_basis_points: int
    qualification_id: str
    questions: list[QuestionBody]
    time_limit_seconds: int
    version: int
    wait_seconds: int
    object: str = Field(default="exam")


class ExceptionView(Model):
    """What did not match: a journal's id, a balance transaction's, or both; `owner` has to act on it, and
    `suspense` is the journal that holds it in suspense. `reconciliation_id` found it first; where a later one
    saw both sides, it is resolved by `reconciliation`, and `resolved_in` names that one."""

    age_seconds: int
    amount: Sum
    class_: str = Field(alias="class")
    created_at: datetime
    id: str
    ledger: str | None
    owner: str
    reason: str
    reconciliation_id: str
    resolution: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    resolved_in: str | None
    status: str
    stripe: str | None
    suspense: str | None
    object: str = Field(default="exception")


class ExportContent(Model):
    """Objects as the API shows them to whose copy it is."""

    data: list[dict[str, Any]]


class ExportFileView(Model):
    """A file of CSV and what has become of it: `rows` so far, and until when it can be fetched."""

    created_at: datetime
    expires_at: datetime | None
    export: str
    failure: str | None
    from_: datetime = Field(alias="from")
    id: str
    rows: int
    status: str
    to: datetime
    object: str = Field(default="export_file")


class ExportView(Model):
    """The copy that was asked for last: once it is `ready`, `parts` of it can be fetched until `expires_at`;
    while it is `preparing`, `parts_prepared` are done."""

    complete: bool
    created_at: datetime
    expires_at: datetime | None
    id: str
    parts: int
    parts_prepared: int
    status: str
    object: str = Field(default="export")


class FailureView(Model):
    """Why the card provider would not."""

    code: str
    message: str


class FeeScheduleView(Model):
    """A fee schedule; it never changes. Contracts offered while it is the latest in effect keep its terms."""

    basis_points: int
    client_basis_points: int
    created_at: datetime
    currencies: list[CurrencyFeesBody]
    effective_at: datetime
    id: str
    object: str = Field(default="fee_schedule")


class FinanceChargebackView(Model):
    """A chargeback, and whose it is."""

    amount: Money
    client_id: str
    closed_at: datetime | None
    created_at: datetime
    evidence: str | None
    evidence_due_at: datetime | None
    funds_reinstated_at: datetime | None
    funds_withdrawn_at: datetime | None
    id: str
    reason: str
    status: str
    stripe_dispute: str
    taken: TakenView | None
    top_up_id: str
    object: str = Field(default="chargeback")


class PayoutFailureView(Model):
    """At `transfer` the money is available again; at `bank` it waits at Stripe."""

    code: str
    message: str
    stage: str


class ReversalUnderWayView(Model):
    """What is being fetched back, or was to be: `refused` says why nothing came of it."""

    amount: Sum | None
    refused: PayoutFailureView | None
    status: str


class ReversalView(Model):
    """Money that failed at the bank and came back from Stripe: `settled` of it went to what the worker owed,
    the rest is available again."""

    amount: Sum
    at: datetime
    settled: Sum
    transfer_reversal: str


class FinancePayoutView(Model):
    """A payout, whose it is, and who has approved it; `approvals_needed` is 0 below the threshold.
    `at_stripe` is what of it waits in the worker's account there, or is on its way from there."""

    amount: Sum
    approvals: list[ApprovalView]
    approvals_needed: int
    at_stripe: Sum
    created_at: datetime
    deductions: list[DeductionView]
    expected_at: datetime
    failure: PayoutFailureView | None
    id: str
    instant_refused: PayoutFailureView | None
    method: str
    paid_at: datetime | None
    reason: str | None
    requested_at: datetime
    reversal: ReversalUnderWayView | None
    reversals: list[ReversalView]
    status: str
    stripe_payout: str | None
    stripe_transfers: list[str]
    worker_id: str
    object: str = Field(default="payout")


class ForcedView(Model):
    """Why a period was closed although something stood in the way, and what: days that no reconciliation had
    compared, and so many exceptions that were open."""

    open_exceptions: int
    reason: str
    unreconciled: list[DaysView]


class GoldItemView(Model):
    """A gold item, for its client alone."""

    created_at: datetime
    expected: Any
    external_id: str
    id: str
    task_id: str
    object: str = Field(default="gold_item")


class GoldItemsView(Model):
    """What was registered."""

    data: list[GoldItemView]


class Health(Model):
    """That we are up, and which build."""

    version: str
    status: str = Field(default="ok")


class Heartbeat(Model):
    """`sequence` rises with every heartbeat of a session; `at` is the phone's clock as it was made."""

    at: datetime
    sequence: int


class HoldingView(Model):
    """What a worker has of a qualification; `none` while there were only attempts. `by` is `exam`, the client
    or `operator`; `next_attempt_at` is when another attempt may begin; `reason_code` is there while it is
    revoked, and its worker can appeal."""

    attempt_id: str | None
    attempts: int
    by: str | None
    created_at: datetime
    expires_at: datetime | None
    granted_at: datetime | None
    id: str
    next_attempt_at: datetime | None
    qualification_id: str
    reason: str | None
    reason_code: str | None
    status: str
    worker_id: str
    object: str = Field(default="qualification_holding")


class InvitationView(Model):
    """An invitation. It stays `pending` when the worker bids."""

    client_id: str
    created_at: datetime
    id: str
    status: str
    task_id: str
    worker_id: str
    object: str = Field(default="invitation")


class InvitationsView(Model):
    """The invitations of those who were named, in that order."""

    data: list[InvitationView]


class JoinByCode(Model):
    """The pool's code."""

    code: str


class PostingView(Model):
    """One side of a journal, minor units; one of `debit` and `credit` is 0."""

    account: str
    credit: int
    debit: int


class JournalView(Model):
    """A balanced set of postings, and the event that made it. `created_at` is its date in the books,
    `happened_at` that of its event: earlier where the event's month was closed."""

    about: list[str]
    actor: str
    created_at: datetime
    currency: str
    description: str
    event_id: str
    event_type: str
    happened_at: datetime
    id: str
    postings: list[PostingView]
    references: list[str]
    request_id: str
    object: str = Field(default="journal")


class KeyRotation(Model):
    """For how long the old key stays good beside the new one: a day unless said, 0 for not at all."""

    overlap_seconds: int | None = None


class KnownAnswerBody(Model):
    """`expected` is what the compared field of a right payload holds."""

    expected: Any
    external_id: str


class Lifting(Model):
    """Why the person is let in again."""

    reason: str


class LinkView(Model):
    """One step of a chain."""

    at: datetime
    detail: str
    id: str
    kind: str


class ListedMessage(Model):
    """A message, and whether the other side has seen it."""

    attachments: list[str]
    by: str
    contract_id: str
    created_at: datetime
    id: str
    read: bool
    text: str
    object: str = Field(default="message")


class MatchPart(Model):
    """One reason for a score: `points` of at most `points_max`, and why in words."""

    code: str
    detail: str
    points: int
    points_max: int


class MatchView(Model):
    """How well a task fits the caller: 0 to 10,000, the sum of its reasons' points."""

    reasons: list[MatchPart]
    score: int


class RequirementsBody(Model):
    """What a worker must bring. `agreements`, `trainings` and `qualifications` are ids of the client's own or
    of the platform's; the first and the last may be names too. Agreements are signed with the offer,
    trainings acknowledged before work begins; `checks` are items of the worker's checklist."""

    agreements: list[str] | None = None
    checks: list[Literal["identity", "tax_form", "background_check"]] | None = None
    countries: list[str] | None = None
    minimum_rating: float | None = None
    qualifications: list[str] | None = None
    trainings: list[str] | None = None


class ListedTask(Model):
    """A task in a list; `match` is there where the list is by best match."""

    bidding_closes_at: datetime | None
    category: str
    client_id: str
    created_at: datetime
    description: str
    id: str
    languages: list[str]
    outcomes: ScorecardBody | None
    pay: Annotated[MilestonePay | ResultPay | MinutePay, Field(discriminator="model")]
    requirements: RequirementsBody
    seats: int
    seats_left: int
    skills: list[str]
    status: str
    title: str
    visibility: str
    match: MatchView | None = None
    object: str = Field(default="task")


class MatchReason(Model):
    """One reason for a score: `points` of at most `points_max`, and why in words."""

    code: str
    detail: str
    points: int
    points_max: int


class MessageView(Model):
    """A message; `by` is the side that wrote it, `attachments` are ids."""

    attachments: list[str]
    by: str
    contract_id: str
    created_at: datetime
    id: str
    text: str
    object: str = Field(default="message")


class SubmissionView(Model):
    """What was handed in last."""

    attachments: list[str]
    note: str
    submitted_at: datetime


class MilestoneDetail(Model):
    """A milestone with its last submission, and the last request for changes, as far as there were any."""

    amount: Money
    changes: ChangesView | None
    contest: ContestView | None
    contract_id: str
    due_at: datetime | None
    id: str
    review_ends_at: datetime | None
    status: str
    submission: SubmissionView | None
    submitted_at: datetime | None
    title: str
    object: str = Field(default="milestone")


class NewAgency(Model):
    """Whoever makes it leads it, and has the whole until others join."""

    name: str


class NewAgreement(Model):
    """The first version of a client's text, or, by an operator, of the platform's. A `training` is
    acknowledged before work begins; the others are signed with the offer."""

    text: str
    title: str
    kind: Literal["agreement", "nda", "training"] | None = None


class NewApiKey(Model):
    """What the key shall open."""

    scopes: list[Literal["work", "money"]]


class NewAppeal(Model):
    """Against a rejected or reversed result, a declined bid, a request for changes (with its contract), a
    rating about the caller, the removal of one that the caller gave, the caller's suspension, a failed
    document, exam or screening, a qualification that was taken back, being declined by or removed from a pool
    (by the id of the membership)."""

    reason: str
    subject_id: str
    contract_id: str | None = None


class NewAttachment(Model):
    """A file to come; `size` is bytes, exactly."""

    content_type: str
    name: str
    size: int


class NewBid(Model):
    """An offer; milestones must add up to the price. With `agency_id`, the agency's members share the pay."""

    price: Money | Rate
    agency_id: str | None = None
    message: str | None = None
    milestones: list[MilestoneProposal] | None = None


class NewBonus(Model):
    """Money beyond the terms, and why."""

    amount: Money
    reason: str


class NewClient(Model):
    """A company to be."""

    country: str
    email: str
    name: str


class NewCorrection(Model):
    """Seconds of work after the session's end that the phone could not prove in time, all of one class."""

    reason: str
    seconds: int
    class_: Literal["talk", "hold", "wrap", "wait"] | None = Field(default=None, alias="class")


class NewDispute(Model):
    """What is disputed, why, and what the caller wants of its unpaid money: a worker to be paid, a client to
    be given back."""

    claim: str
    requested: Money
    subject_id: str


class NewDocument(Model):
    """A document, whose file comes next: it must have `size_bytes` and `content_type`; `sha256` (hexadecimal)
    lets whoever reads it see that it is the one that was meant. `number` is what stands on it."""

    content_type: Literal["application/pdf", "image/jpeg", "image/png"]
    kind: Literal[
        "identity_document",
        "driving_licence",
        "work_permit",
        "proof_of_address",
        "certificate",
        "insurance",
        "tax_document",
        "other",
    ]
    name: str
    sha256: str
    size_bytes: int
    expires_at: datetime | None = None
    number: str | None = None


class NewEndpoint(Model):
    """Where to, and which types of events; `*` stands for all, those that come later too."""

    events: list[
        Literal[
            "*",
            "appeal.answered",
            "appeal.denied",
            "appeal.granted",
            "appeal.open",
            "bid.awarded",
            "bid.declined",
            "bid.expired",
            "bid.shortlisted",
            "bid.submitted",
            "bid.withdrawn",
            "bonus.paid",
            "chargeback.closed",
            "chargeback.funds_reinstated",
            "chargeback.funds_withdrawn",
            "chargeback.opened",
            "chargeback.updated",
            "contract.active",
            "contract.cancelled",
            "contract.charged_back",
            "contract.completed",
            "contract.funded",
            "contract.paused",
            "contract.resumed",
            "contract.unfrozen",
            "dispute.decided",
            "dispute.escalated",
            "dispute.offered",
            "dispute.open",
            "dispute.settled",
            "dispute.withdrawn",
            "message.sent",
            "milestone.approved",
            "milestone.cancelled",
            "milestone.changes_requested",
            "milestone.planned",
            "milestone.submitted",
            "outcome.applied",
            "outcome.returned",
            "payout.approved",
            "payout.cancelled",
            "payout.due",
            "payout.failed",
            "payout.paid",
            "payout.pending",
            "payout.reversal_asked",
            "payout.reversal_dropped",
            "payout.reversal_refused",
            "payout.reversal_unknown",
            "payout.reversed",
            "payout.sent",
            "payout.unknown",
            "payout.waiting",
            "rating.revealed",
            "refund.canceled",
            "refund.failed",
            "refund.pending",
            "refund.requested",
            "refund.requires_action",
            "refund.succeeded",
            "result.accepted",
            "result.rejected",
            "result.reversed",
            "result.submitted",
            "session.approved",
            "session.corrected",
            "session.correction_asked",
            "session.correction_declined",
            "session.disputed",
            "session.running",
            "session.stopped",
            "task.closed",
            "task.draft",
            "task.open",
            "task.updated",
            "top_up.expired",
            "top_up.failed",
            "top_up.requires_payment",
            "top_up.succeeded",
            "webhook_endpoint.disabled",
            "webhook_endpoint.test",
        ]
    ]
    url: str


class NewEvidence(Model):
    """What the bank shall read."""

    text: str


class NewExportFile(Model):
    """What happened from `from` on and before `to`, business time."""

    export: Literal["journal", "payouts", "fees", "earnings"]
    from_: datetime = Field(alias="from")
    to: datetime


class NewFeeSchedule(Model):
    """`basis_points` comes off what the worker earns: all of it, or what is billed below the first tier.
    `client_basis_points` comes on top, from the client. In effect two minutes later, the least there is,
    unless `effective_at` says when."""

    basis_points: int
    client_basis_points: int | None = None
    currencies: list[CurrencyFeesBody] | None = None
    effective_at: datetime | None = None


class NewGold(Model):
    """Items whose answer the client knows; all of them are new, or none is taken."""

    items: list[KnownAnswerBody]


class NewGrant(Model):
    """Who is granted it, why, and until when if not for as long as the qualification says."""

    reason: str
    worker_id: str
    expires_at: datetime | None = None


class NewInvitations(Model):
    """Whom to ask; whoever was asked before is not asked again."""

    worker_ids: list[str]


class NewMember(Model):
    """A share that somebody is offered; whoever belongs to it already goes on with the old one until they
    accept. `may_bid` lets them bid for the agency."""

    share_basis_points: int
    worker_id: str
    may_bid: bool | None = None


class NewMembers(Model):
    """Workers to add or, where the pool's kind says so, to invite."""

    worker_ids: list[str]
    engagement: Literal["staff", "gig"] | None = None


class NewMessage(Model):
    """What to say, and what to hand over with it: confirmed attachments of the same contract."""

    text: str
    attachments: list[str] | None = None


class NewMilestone(Model):
    """A further piece of the contract."""

    amount: Money
    title: str
    due_at: datetime | None = None


class NewOffer(Model):
    """What the worker should get of the disputed money, gross; the rest is the client's."""

    to_worker: Part


class NewOutcome(Model):
    """`scores` has the points of each criterion, basis points; a deduction needs its reason. `external_id` is
    the client's own name of the evaluation."""

    scores: dict[str, int]
    subject_id: str
    version: int
    external_id: str | None = None
    reason: str | None = None


class NewPayout(Model):
    """Without an amount: everything that is available, if it is in one currency. `instant` is at the bank
    within minutes, where the payout account's `instant_currencies` say so, and costs a fee; what cannot go
    instantly after all goes the standard way, without one."""

    amount: Money | None = None
    method: Literal["standard", "instant"] | None = None


class NewPayoutSchedule(Model):
    """`anchor` is the weekday of a weekly schedule (Monday unless said), or the day of a monthly one (the
    1st; in short months the last day). Less than `minimum` is left to grow; of another currency, less than a
    major unit."""

    interval: Literal["manual", "daily", "weekly", "monthly"]
    anchor: (
        Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] | int | None
    ) = None
    minimum: Money | None = None


class NewPool(Model):
    """The kind says how workers come in, and never changes."""

    kind: Literal["public", "curated", "invited", "private", "customers", "staff_and_gig", "alumni"]
    name: str
    description: str | None = None


class NewQualification(Model):
    """A client's, or, by an operator, the platform's. Without an `exam` it is only granted; what is granted
    lasts `validity_seconds`, or for good."""

    name: str
    description: str | None = None
    exam: ExamBody | None = None
    validity_seconds: int | None = None


class NewRating(Model):
    """`overall` and each of `dimensions`, which bear names of the rater's choice, are 1 to 5."""

    overall: int
    comment: str | None = None
    dimensions: dict[str, int] | None = None


class NewReconciliation(Model):
    """What happened from `from` on and before `to`, business time."""

    from_: datetime = Field(alias="from")
    to: datetime


class NewReferral(Model):
    """The code of who referred the caller."""

    code: str


class NewRefund(Model):
    """How much of which top-up goes back to its card."""

    amount: Money
    top_up_id: str


class NewResult(Model):
    """A piece of work; `external_id` is the client's name of the item it answers, `attachments` are ids of
    confirmed files of the contract."""

    payload: dict[str, Any]
    attachments: list[str] | None = None
    external_id: str | None = None


class NewReversal(Model):
    """Without an amount: all of the payout that is at Stripe."""

    reason: str
    amount: Money | None = None


class NewScreening(Model):
    """What the provider should look at."""

    kind: Literal["background_check", "tax_form"]


class NewSessionDispute(Model):
    """How many billable seconds, from the first one, the client accepts, fewer than there are, and why not
    more."""

    reason: str
    seconds: int
    reason_code: Literal["not_worked", "quality", "incomplete", "instructions", "late", "other"] | None = None


class NewSignature(Model):
    """The signer's name, written out, or the profile's; `version` is what was read, and refused (409) when
    another is in force."""

    name: str | None = None
    version: int | None = None


class NewStatement(Model):
    """What the other side has to say to an appeal."""

    statement: str


class NewSuspension(Model):
    """Why; the person is told both."""

    reason: str
    reason_code: Literal["fraud", "identity", "conduct", "quality", "payment", "legal", "requested", "other"]


class NewTask(Model):
    """A posting, at first a draft."""

    category: str
    description: str
    pay: Annotated[MilestonePay | ResultPay | MinutePay, Field(discriminator="model")]
    title: str
    bidding_closes_at: datetime | None = None
    languages: list[str] | None = None
    outcomes: ScorecardBody | None = None
    requirements: RequirementsBody | None = None
    seats: int | None = None
    skills: list[str] | None = None
    visibility: str | None = None


class NewTopUp(Model):
    """What the card shall pay."""

    amount: Money


class NewVersion(Model):
    """The next version, in force for contracts that are offered from now on."""

    text: str
    title: str | None = None


class NewWorker(Model):
    """The caller's own profile."""

    country: str
    headline: str
    languages: list[str]
    name: str
    skills: list[SkillBody]


class NewWriteOff(Model):
    """Why the client will not pay."""

    reason: str


class Objection(Model):
    """Why the rating should not stand."""

    reason: str


class ScoredView(Model):
    """A criterion's points in basis points, and its part of the bonus or the deduction, minor units."""

    name: str
    part: int
    points: int
    weight: int


class OutcomeView(Model):
    """What work was scored, and what follows: at most one of `bonus` and `deduction` is above 0. The worker
    may dispute a deduction until `objection_ends_at`."""

    bonus: Sum
    contest: ContestView | None
    contract_id: str
    created_at: datetime
    deduction: Sum
    explanation: list[str]
    external_id: str | None
    id: str
    objection_ends_at: datetime | None
    price: Sum
    reason: str | None
    score_basis_points: int
    scores: list[ScoredView]
    status: str
    subject_id: str
    version: int
    object: str = Field(default="outcome")


class Page(Model):
    """`{"data": [...], "next_cursor": ...}`."""

    data: list[Any]
    next_cursor: str | None


class PayoutAccountView(Model):
    """Where the worker is paid through. `onboarding_url` works once, for some minutes; POST gives a fresh
    one. `requirements` names what Stripe still wants to know, `instant_currencies` those in which a payout
    can be at the bank within minutes."""

    created_at: datetime
    id: str
    instant_currencies: list[str]
    onboarding_url: str | None
    payouts_enabled: bool
    requirements: list[str]
    stripe_account: str
    object: str = Field(default="payout_account")


class PayoutScheduleView(Model):
    """`next_at` is when everything available is withdrawn next, in the first hour of a day in UTC."""

    anchor: str | int | None
    created_at: datetime
    id: str
    interval: str
    minimum: Money | None
    next_at: datetime | None
    object: str = Field(default="payout_schedule")


class PayoutView(Model):
    """A withdrawal: `amount` goes to the bank, less what `reversals` took, and with `deductions` it is what
    was withdrawn. `reason` says why one waits; `paid` is at the bank. `method` is how it goes, and
    `instant_refused` why it does not go instantly as it was asked to."""

    amount: Sum
    created_at: datetime
    deductions: list[DeductionView]
    expected_at: datetime
    failure: PayoutFailureView | None
    id: str
    instant_refused: PayoutFailureView | None
    method: str
    paid_at: datetime | None
    reason: str | None
    requested_at: datetime
    reversals: list[ReversalView]
    status: str
    stripe_payout: str | None
    stripe_transfers: list[str]
    object: str = Field(default="payout")


class PeriodTotals(Model):
    """One currency at the period's end, minor units: `debits` and `credits` of all journals up to it (equal),
    and how much of that was `posted` in what was closed with it."""

    credits: int
    currency: str
    debits: int
    posted: int


class PeriodView(Model):
    """A month (UTC), from `starts_at` on and before `ends_at`. `totals` and `fingerprint` (which stands for
    the whole trial balance at its end) are written down a quarter of an hour after it was closed. One that
    was closed as a part of a later period names it, `closed_with`. `unreconciled` are the days of an open
    one, and of those left out before it, that no reconciliation which began after they were over has
    compared."""

    closed_at: datetime | None
    closed_by: str | None
    closed_with: str | None
    created_at: datetime
    ends_at: datetime
    fingerprint: str | None
    forced: ForcedView | None
    id: str
    open_exceptions: int
    starts_at: datetime
    status: str
    totals: list[PeriodTotals] | None
    unreconciled: list[DaysView]
    object: str = Field(default="period")


class PoolChanges(Model):
    """What is left out stays as it is; a closed pool takes nobody in."""

    description: str | None = None
    name: str | None = None
    status: Literal["open", "closed"] | None = None


class PoolMemberView(Model):
    """A worker in a pool; `reason` and `reason_code` say why one was declined or removed: who was can
    appeal."""

    created_at: datetime
    engagement: str | None
    id: str
    note: str | None
    pool_id: str
    reason: str | None
    reason_code: str | None
    status: str
    worker_id: str
    object: str = Field(default="pool_member")


class PoolMembersView(Model):
    """Those who were named, without what was noted of them."""

    data: list[PoolMemberView]


class PoolView(Model):
    """A pool. `visibility` is what a task for it says; `code` is its client's to see, `belonging` the calling
    worker's, with `membership_id`, and why where one was declined or removed."""

    belonging: str | None
    client_id: str
    code: str | None
    created_at: datetime
    description: str
    id: str
    kind: str
    membership_id: str | None
    name: str
    reason: str | None
    reason_code: str | None
    status: str
    visibility: str
    object: str = Field(default="pool")


class Problem(Model):
    """RFC 9457. `code` is stable, and there may be more of them; `errors` stands with 422, `why_not` with
    `not_eligible`, `reasons` with `erasure_refused`, `reason_code` and `reason` with `suspended`,
    `session_id` with `session_already_running`. | status | code | means | | --- | --- | --- | | 400 |
    `idempotency_key_required` | A call that moves money came without a key. | | 400 | `invalid_cursor` | The
    page cursor was not made by us for this list. | | 400 | `invalid_json` | The body is not one JSON object
    in UTF-8. | | 400 | `invalid_signature` | A webhook's signature does not match its body, or is too old. |
    | 400 | `wrong_mode` | A webhook of test mode where money is real, or the reverse. | | 401 |
    `unauthenticated` | No valid credential came with the call. | | 403 | `forbidden` | The caller's role or
    scope may never do this. | | 403 | `suspended` | An operator keeps the caller out, for this reason. | |
    404 | `not_found` | There is no such object, or it belongs to someone else: the two look the same. | | 409
    | `already_approved` | This person has approved it; the next approval is somebody else's. | | 409 |
    `already_exists` | It is there already and may be there only once. | | 409 | `balance_limit_reached` | A
    balance of `account` would grow beyond what one balance may hold. | | 409 | `erasure_refused` | Something
    still binds us to the person: `reasons` name it. | | 409 | `exceptions_open` | Reconciliations found what
    nobody has explained yet: `exceptions` are some of them, as (id, id of the reconciliation, month). | | 409
    | `idempotency_in_progress` | The first call with this key has not finished. | | 409 |
    `illegal_transition` | The state machine has no such step from here. | | 409 |
    `instant_payouts_unsupported` | The worker's bank account takes no instant payouts in that currency. | |
    409 | `insufficient_funds` | `account` would go below zero. | | 409 | `limit_reached` | There are as many
    of these already as there may be. | | 409 | `not_eligible` | The worker lacks what the task requires;
    `why_not` are the reasons, each a code and words. | | 409 | `not_reconciled` | Days that no reconciliation
    has compared: `days` are their stretches, (start, end) in epoch seconds. | | 409 | `payouts_disabled` |
    The worker's payout account is not verified. | | 409 | `seats_filled` | Every seat of the task is awarded.
    | | 409 | `session_already_running` | The worker is clocked in elsewhere, in `session_id`. | | 409 |
    `session_ended` | The session no longer runs; the heartbeat is kept as evidence. | | 409 |
    `version_conflict` | The caller means another version than the one that counts. | | 410 | `erased` | It
    told of a person whose data has been erased since. | | 413 | `body_too_large` | The body is longer than a
    call may send. | | 422 | `currency_mismatch` | An amount is in another currency than what it is for. | |
    422 | `currency_required` | The caller has money in several currencies and named none. | | 422 |
    `idempotency_key_reused` | The key already stands for a call with another body. | | 422 |
    `invalid_request` | The request breaks a rule that its sender can see in the contract. | | 429 |
    `rate_limited` | The caller has made too many calls; `Retry-After` says when the next one is let in. | |
    500 | `internal_error` | Something went wrong on our side. | | 503 | `provider_unavailable` | An outside
    provider did not answer: the outcome is unknown and the same key resumes. |"""

    code: str
    detail: str
    status: int
    title: str
    type: str
    errors: list[dict[str, Any]] | None = None
    reason: str | None = None
    reason_code: str | None = None
    reasons: list[str] | None = None
    session_id: str | None = None
    why_not: list[dict[str, Any]] | None = None


class PromptnessView(Model):
    """Stars for how fast so many `pieces` of work were paid, by recency."""

    pieces: int
    stars: float


class QualificationView(Model):
    """A qualification; `client_id` is null for the platform's."""

    client_id: str | None
    created_at: datetime
    description: str
    exam: ExamTermsView | None
    id: str
    name: str
    validity_seconds: int | None
    object: str = Field(default="qualification")


class RemovalView(Model):
    """Why, when and by which human a rating was taken out."""

    reason: str
    reason_code: str
    removed_at: datetime
    removed_by: str


class RatingDetail(Model):
    """A rating, with its removal if there was one: then it counts for nothing and stands in no list, unless
    it was put back on appeal, at `restored_at`; why it had gone is then told to its sides alone."""

    comment: str
    contract_id: str
    created_at: datetime
    dimensions: dict[str, int]
    from_: str = Field(alias="from")
    id: str
    overall: int
    removal: RemovalView | None
    restored_at: datetime | None
    revealed: bool
    object: str = Field(default="rating")


class RatingView(Model):
    """A rating; `from` is the side that gave it."""

    comment: str
    contract_id: str
    created_at: datetime
    dimensions: dict[str, int]
    from_: str = Field(alias="from")
    id: str
    overall: int
    revealed: bool
    object: str = Field(default="rating")


class ReadMarksView(Model):
    """The newest message that each side has read."""

    client: str | None
    contract_id: str
    worker: str | None
    object: str = Field(default="read_marks")


class ReadUpTo(Model):
    """The newest message that has been read; those before it have been, too."""

    message_id: str


class ReasonGiven(Model):
    """What the worker is told. Without a `reason_code`, a removal is for `other`, and who is declined was
    `not_selected`."""

    reason: str
    reason_code: Literal["not_selected", "quality", "conduct", "inactive", "not_needed", "other"] | None = (
        None
    )


class Received(Model):
    """We have it."""

    received: bool | None = None


class ReconciliationView(Model):
    """A run; its counts are zero until it has finished."""

    counts: Counts
    created_at: datetime
    finished_at: datetime | None
    from_: datetime = Field(alias="from")
    id: str
    status: str
    to: datetime
    object: str = Field(default="reconciliation")


class ReferralCodeView(Model):
    """What a worker passes on."""

    code: str
    created_at: datetime
    worker_id: str
    object: str = Field(default="referral_code")


class ReferralView(Model):
    """`worker_id` was referred by `referrer_id`; both see it, and nobody else."""

    created_at: datetime
    id: str
    referrer_id: str
    worker_id: str
    object: str = Field(default="referral")


class RefundFailureView(Model):
    """Why the card does not get it."""

    code: str
    message: str


class RefundView(Model):
    """Money on its way back to a card. One that has succeeded may still come back: then it has failed, and
    the money is in the wallet again."""

    amount: Money
    created_at: datetime
    failure: RefundFailureView | None
    id: str
    settled_at: datetime | None
    status: str
    stripe_refund: str | None
    top_up_id: str
    object: str = Field(default="refund")


class Removing(Model):
    """Why the rating is taken out; both its sides may read it."""

    reason: str
    reason_code: Literal[
        "abusive", "personal_data", "not_about_the_work", "coerced", "false", "legal", "other"
    ]


class ReputationView(Model):
    """`rating_mean` is the plain mean, null without ratings; `score` is weighed against a common start and by
    recency. `promptness` is how fast a client has paid, null before it has, and for workers."""

    dimensions: list[DimensionMean]
    person_id: str
    promptness: PromptnessView | None
    rating_count: int
    rating_mean: float | None
    score: float
    object: str = Field(default="reputation")


class Resolution(Model):
    """Why nothing more needs to be done."""

    reason: str | None = None


class ResultDetail(Model):
    """A result with what was handed in."""

    amount: Money
    answered_at: datetime | None
    attachments: list[str]
    contest: ContestView | None
    contract_id: str
    created_at: datetime
    external_id: str | None
    id: str
    payload: dict[str, Any]
    reason: str | None
    reason_code: str | None
    reversed_at: datetime | None
    reversible_until: datetime | None
    review_ends_at: datetime
    status: str
    submitted_at: datetime
    task_id: str
    object: str = Field(default="result")


class ResultReason(Model):
    """Why the result is not paid, or not any more: a word for counting, and words for the worker."""

    reason: str
    reason_code: Literal["quality", "incomplete", "instructions", "duplicate", "late", "other"] | None = None


class ResultView(Model):
    """A result; `amount` is gross of the fee. Silence accepts it at `review_ends_at`, unless a contest
    decides; an acceptance can be reversed before `reversible_until`."""

    amount: Money
    answered_at: datetime | None
    contest: ContestView | None
    contract_id: str
    created_at: datetime
    external_id: str | None
    id: str
    reason: str | None
    reason_code: str | None
    reversed_at: datetime | None
    reversible_until: datetime | None
    review_ends_at: datetime
    status: str
    submitted_at: datetime
    task_id: str
    object: str = Field(default="result")


class Review(Model):
    """An operator's verdict; the worker reads the reason, and, of a document that fails, its code."""

    reason: str
    verdict: Literal["pass", "fail"]
    reason_code: (
        Literal["illegible", "incomplete", "out_of_date", "mismatch", "wrong_kind", "not_genuine", "other"]
        | None
    ) = None


class Revocation(Model):
    """From whom it is taken back, and why: the worker reads it."""

    reason: str
    worker_id: str
    reason_code: Literal["quality", "conduct", "fraud", "granted_in_error", "requested", "other"] | None = (
        None
    )


class RotatedApiKey(Model):
    """The new key; `previous` is the one that it replaces, good until its `revoked_at`."""

    api_key: str | None
    client_id: str
    created_at: datetime
    id: str
    previous: ApiKeyView
    revoked_at: datetime | None
    scopes: list[str]
    status: str
    last_used_at: datetime | None = None
    object: str = Field(default="api_key")


class Rotation(Model):
    """How long the old secret signs as well."""

    overlap_seconds: int | None = None


class ScreeningView(Model):
    """A screening; `reason` is the provider's code, `url` where its worker goes while it is pending, null
    where no provider is set up."""

    created_at: datetime
    expires_at: datetime | None
    id: str
    kind: str
    opened_at: datetime
    reason: str | None
    status: str
    url: str | None
    worker_id: str
    object: str = Field(default="screening")


class SessionDisputeView(Model):
    """The first seconds, which the client accepted; the rest stays held."""

    reason: str
    reason_code: str
    seconds: int


class SessionView(Model):
    """A session; `amount` and `paid` are gross of the fee. While it runs, `billable_seconds` and `amount` are
    what is proven so far, and `limit_at` is when the hold or a cap will be used up if the class goes on. The
    first `prepaid_seconds` were billed already, as what rounding up added to the session before;
    `minimum_pay` is its floor; `classes` is null where all minutes are paid alike."""

    amount: Sum
    billable_seconds: int
    classes: ClassSecondsView | None
    contest: ContestView | None
    contract_id: str
    correction: CorrectionView | None
    created_at: datetime
    dispute: SessionDisputeView | None
    end_reason: str | None
    ended_at: datetime | None
    heartbeat_seconds: int
    id: str
    last_proven_at: datetime
    limit_at: datetime
    minimum_pay: Sum | None
    paid: Sum
    prepaid_seconds: int
    review_ends_at: datetime | None
    silence_seconds: int
    started_at: datetime
    status: str
    worker_id: str
    object: str = Field(default="session")


class ShareAcceptance(Model):
    """The share that the caller was shown; left out, whatever is offered by now."""

    share_basis_points: int | None = None


class SignatureReceipt(Model):
    """A signature, as its answer is remembered: without the name and the address under it."""

    agreement_id: str
    contract_id: str | None
    id: str
    signed_at: datetime
    text_sha256: str
    version: int
    worker_id: str
    object: str = Field(default="signature")


class SignatureView(Model):
    """A signature; `address` is the IP address that the call came from."""

    address: str
    agreement_id: str
    contract_id: str | None
    id: str
    name: str
    signed_at: datetime
    text_sha256: str
    version: int
    worker_id: str
    object: str = Field(default="signature")


class StatementPart(Model):
    """One currency of a period, minor units: `opening_balance` + `debits` - `credits` = `closing_balance`."""

    closing_balance: int
    credits: int
    currency: str
    debits: int
    opening_balance: int


class StatementRow(Model):
    """A posting, and the account's `balance` (debits less credits) in its currency after it."""

    about: list[str]
    against: list[str]
    balance: int
    created_at: datetime
    credit: int
    currency: str
    debit: int
    description: str
    event_id: str
    event_type: str
    id: str
    journal_id: str
    references: list[str]
    object: str = Field(default="posting")


class StatementView(Model):
    """What an account did in a period: a part for each currency, and the lines of one page, oldest first,
    which lead from the opening to the closing balances."""

    data: list[StatementRow]
    from_: datetime | None = Field(alias="from")
    id: str
    next_cursor: str | None
    parts: list[StatementPart]
    to: datetime | None
    object: str = Field(default="statement")


class Submission(Model):
    """What the worker hands in."""

    attachments: list[str] | None = None
    note: str | None = None


class SuspenseReason(Model):
    """What is known of it."""

    reason: str


class SuspensionView(Model):
    """The last suspension of a client or a worker. A suspended person is refused with 403 `suspended`, and
    may still see and take out what is theirs."""

    created_at: datetime
    id: str
    lifted_at: datetime | None
    lifted_reason: str | None
    reason: str
    reason_code: str
    status: str
    subject_id: str
    object: str = Field(default="suspension")


class TaskChanges(Model):
    """What is left out stays as it is."""

    bidding_closes_at: datetime | None = None
    category: str | None = None
    description: str | None = None
    languages: list[str] | None = None
    outcomes: ScorecardBody | None = None
    pay: Annotated[MilestonePay | ResultPay | MinutePay, Field(discriminator="model")] | None = None
    requirements: RequirementsBody | None = None
    seats: int | None = None
    skills: list[str] | None = None
    title: str | None = None
    visibility: str | None = None


class TaskView(Model):
    """A task."""

    bidding_closes_at: datetime | None
    category: str
    client_id: str
    created_at: datetime
    description: str
    id: str
    languages: list[str]
    outcomes: ScorecardBody | None
    pay: Annotated[MilestonePay | ResultPay | MinutePay, Field(discriminator="model")]
    requirements: RequirementsBody
    seats: int
    seats_left: int
    skills: list[str]
    status: str
    title: str
    visibility: str
    object: str = Field(default="task")


class TopUpView(Model):
    """Money on its way into the wallet; whoever has the `client_secret` can pay it."""

    amount: Money
    client_secret: str | None
    created_at: datetime
    failure: FailureView | None
    id: str
    payment_intent: str | None
    status: str
    succeeded_at: datetime | None
    object: str = Field(default="top_up")


class Trace(Model):
    """What led to what, the cause first."""

    chain: list[LinkView]
    id: str
    object: str = Field(default="trace")


class TrialBalance(Model):
    """Every account's balance as of an instant, with all journals of business time up to it, that second
    included. What is posted late counts where its own time puts it, from when it is posted."""

    as_of: datetime
    currencies: list[CurrencyTotals]
    object: str = Field(default="trial_balance")


class Upholding(Model):
    """Why the rating stays."""

    reason: str


class WalletEntry(Model):
    """`change` is minor units of `currency`, negative when money left the wallet, and `balance` what was in
    it after that; `about` names what it was for, and `stripe_references` the card payment or refund behind
    it."""

    about: list[str]
    balance: int
    change: int
    created_at: datetime
    currency: str
    description: str
    id: str
    journal_id: str
    stripe_references: list[str]
    type: str
    object: str = Field(default="wallet_entry")


class WalletView(Model):
    """One row for each currency."""

    balances: list[BalanceView]


class WorkerChanges(Model):
    """What is left out stays as it is."""

    country: str | None = None
    headline: str | None = None
    languages: list[str] | None = None
    name: str | None = None
    skills: list[SkillBody] | None = None


class WorkerMatch(Model):
    """How well a worker suits the task: 0 to 10,000, the sum of its reasons' points."""

    reasons: list[MatchReason]
    score: int
    worker: WorkerView
    worker_id: str
    object: str = Field(default="match")
