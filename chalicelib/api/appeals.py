"""Appeals: what was decided about somebody is looked at again, by a human who bears a name."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.workers import own_identity_id, own_worker_id
from chalicelib.http import BOTH_SIDES, OPERATOR, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import UNIQUE_PART, Instant, Model, Prose
from marketplace.access.clients import Client
from marketplace.access.principals import Role
from marketplace.appeals import use_cases
from marketplace.appeals.appeal import Appeal, Verdict, what_next
from marketplace.appeals.use_cases import AnswerAppeal, DecideAppeal, MakeAppeal, own_appeal
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound
from marketplace.shared.ids import prefix_of
from marketplace.storage.keys import ALL, APPEALS_AGAINST, APPEALS_BY, OPEN_APPEALS
from marketplace.storage.personal_answers import Person

REASON_MAX = 2_000

routes = Routes()

Words = Annotated[Prose, Field(min_length=1, max_length=REASON_MAX)]
SubjectId = Annotated[str, Field(pattern=rf"^(att|bid|doc|hol|mil|pmb|rat|res|scr|spn)_{UNIQUE_PART}$")]
ContractId = Annotated[str, Field(pattern=rf"^con_{UNIQUE_PART}$")]


class NewAppeal(Model):
    """Against a rejected or reversed result, a declined bid, a request for changes (with its contract), a
    rating about the caller, the removal of one that the caller gave, the caller's suspension, a failed
    document, exam or screening, a qualification that was taken back, being declined by or removed from a
    pool (by the id of the membership)."""

    subject_id: SubjectId
    reason: Words
    contract_id: ContractId | None = None


class NewStatement(Model):
    """What the other side has to say to an appeal."""

    statement: Words


class Deciding(Model):
    """`granted`: the decision was wrong."""

    outcome: Literal["granted", "denied"]
    reason: Words


GrantedEffect = Literal[
    "reinstated",
    "paid",
    "rating_removed",
    "rating_restored",
    "accepted",
    "reopened",
    "given_back",
    "returned",
    "noted",
    "none",
]


class VerdictView(Model):
    """`decided_by` names the human; `effect` is what a granted appeal changed, null with a denied one."""

    decided_by: str
    decided_at: Instant
    reason: str
    effect: GrantedEffect | None


class AnswerView(Model):
    """What the other side has said."""

    statement: str
    answered_at: Instant


class AppealView(Model):
    """An appeal; `reason_code` is that of the decision, `decided_first_by` who made it: a client, an
    operator, null for a machine, a provider and a rating. `respondent_id` may answer while it is open; once
    decided, it is `final`: nobody looks at that decision again. `detail` says what comes next in words."""

    id: str
    object: Literal["appeal"] = "appeal"
    subject_id: str
    contract_id: str | None
    appellant_id: str
    respondent_id: str | None
    decided_first_by: str | None
    reason_code: str
    reason: str
    status: Literal["open", "granted", "denied"]
    answer: AnswerView | None
    verdict: VerdictView | None
    final: bool
    detail: str
    created_at: Instant


class AppealQuery(PageQuery):
    """`role`: appeals that the caller made, or those against what the calling client decided. Operators see
    what waits for them."""

    role: Literal["appellant", "respondent"] = "appellant"


def appeal_view(appeal: Appeal) -> AppealView:
    """An appeal for an answer."""
    said = appeal.answer
    return AppealView(
        id=appeal.id,
        subject_id=appeal.subject_id,
        contract_id=appeal.decision.contract_id,
        appellant_id=appeal.by,
        respondent_id=appeal.decision.respondent,
        decided_first_by=appeal.decision.by or None,
        reason_code=appeal.decision.reason_code,
        reason=appeal.reason,
        status=appeal.status.value,
        answer=AnswerView(statement=said.text, answered_at=said.at) if said else None,
        final=not appeal.is_open,
        detail=what_next(appeal),
        verdict=_verdict_view(appeal.verdict),
        created_at=appeal.created_at,
    )


@routes.add(
    "POST",
    "/v1/appeals",
    who=BOTH_SIDES,
    scope="work",
    body=NewAppeal,
    answer=AppealView,
    status=201,
    open_to_suspended=True,
)
def make_appeal(call: Call[NewAppeal]) -> Reply:
    """Asks for a second look at a decision about the caller; once for each decision."""
    return appealed(call, call.body.subject_id, call.body.reason, call.body.contract_id)


@routes.add(
    "GET",
    "/v1/appeals",
    who=(*BOTH_SIDES, *OPERATOR),
    query=AppealQuery,
    answer=Page,
    row=AppealView,
    open_to_suspended=True,
    shows_personal_data=True,
)
def list_appeals(call: Call[Any]) -> Reply:
    """The caller's appeals; for operators, those that wait for a decision."""
    if call.principal.role == Role.OPERATOR:
        return call.page(OPEN_APPEALS, ALL, appeal_view, lambda appeal: appeal.is_open)
    listing = APPEALS_BY if call.query.role == "appellant" else APPEALS_AGAINST
    return call.page(listing, caller_id(call), appeal_view)


@routes.add(
    "GET",
    "/v1/appeals/{appeal_id}",
    who=(*BOTH_SIDES, *OPERATOR),
    answer=AppealView,
    open_to_suspended=True,
    shows_personal_data=True,
)
def get_appeal(call: Call[Any]) -> Reply:
    """One appeal: the caller's, or against what the calling client decided."""
    found = call.runtime.store.read(Appeal, call.id("appeal_id", "apl"))
    if found is None:
        raise NotFound
    if call.principal.role == Role.OPERATOR:
        return Reply(appeal_view(found[0]))
    return Reply(appeal_view(own_appeal(found[0], caller_id(call))))


@routes.add(
    "POST",
    "/v1/appeals/{appeal_id}/answer",
    who=BOTH_SIDES,
    scope="work",
    body=NewStatement,
    answer=AppealView,
    open_to_suspended=True,
)
def answer_appeal(call: Call[NewStatement]) -> Reply:
    """Says what the other side has to say to an open appeal, once; both sides and the operators read it."""
    command = AnswerAppeal(call.id("appeal_id", "apl"), caller_id(call), call.body.statement)
    return call.commit(
        lambda tx: use_cases.answer_appeal(command, tx),
        appeal_view,
        person=lambda appeal: person_of(call, appeal.by),
    )


@routes.add("POST", "/v1/appeals/{appeal_id}/decide", who=OPERATOR, body=Deciding, answer=AppealView)
def decide_appeal(call: Call[Deciding]) -> Reply:
    """Grants or denies an appeal; whoever decided first may not."""
    command = DecideAppeal(
        appeal_id=call.id("appeal_id", "apl"),
        operator=call.principal.actor,
        identity_id=own_identity_id(call),
        granted=call.body.outcome == "granted",
        reason=call.body.reason,
    )
    return call.commit(
        lambda tx: use_cases.decide_appeal(command, tx),
        appeal_view,
        person=lambda appeal: person_of(call, appeal.by),
    )


def appealed(call: Call[Any], subject_id: str, reason: str, contract_id: str | None = None) -> Reply:
    """Makes the appeal and answers with it."""
    position = call.runtime.new_id("apl")
    command = MakeAppeal(subject_id, caller_id(call), position, reason, contract_id)
    return call.commit(
        lambda tx: use_cases.make_appeal(command, tx),
        appeal_view,
        person=lambda appeal: person_of(call, appeal.by),
    )


def caller_id(call: Call[Any]) -> str:
    """The calling client's or worker's id. Raises NotFound before a worker's profile is made."""
    return call.principal.id if call.principal.role == Role.CLIENT else own_worker_id(call)


def person_of(call: Call[Any], person_id: str) -> Person | None:
    """The client or the worker."""
    kind: type[Any] = Client if prefix_of(person_id) == "cli" else Worker
    found = call.runtime.store.read(kind, person_id)
    return None if found is None else found[0]


def _verdict_view(verdict: Verdict | None) -> VerdictView | None:
    if verdict is None:
        return None
    return VerdictView(
        decided_by=verdict.by,
        decided_at=verdict.at,
        reason=verdict.reason,
        effect=verdict.effect.value if verdict.effect else None,
    )
