"""The API's operations. infra/client_code.py writes them from openapi.json."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Literal
from urllib.parse import quote

from marketplace_client import models
from marketplace_client.core import Caller
from marketplace_client.files import Fetched


def _part(identifier: str) -> str:
    """An id as a part of a path."""
    return quote(identifier, safe="")


class Marketplace(Caller):
    """Every operation of the API, by its operationId. A list is an iterator over all of its pages; an
    `idempotency_key` is made for each POST unless one is given; what is a file is written to one."""

    def health(self) -> models.Health:
        """Whether the service is up, and its version."""
        return self.call("GET", "/health", models.Health)

    def list_agencies(self, *, limit: int | None = None) -> Iterator[models.AgencyView]:
        """The agencies that the caller belongs to, or is invited to."""
        return self.pages("/v1/agencies", models.AgencyView, query={"limit": limit})

    def create_agency(
        self, body: models.NewAgency, *, idempotency_key: str | None = None
    ) -> models.AgencyView:
        """Founds an agency that the caller leads."""
        return self.call(
            "POST", "/v1/agencies", models.AgencyView, body=body, idempotency_key=idempotency_key
        )

    def get_agency(self, agency_id: str) -> models.AgencyView:
        """One agency of the caller's."""
        return self.call("GET", f"/v1/agencies/{_part(agency_id)}", models.AgencyView)

    def join_agency(
        self, agency_id: str, body: models.ShareAcceptance, *, idempotency_key: str | None = None
    ) -> models.AgencyView:
        """Accepts the share that is offered."""
        return self.call(
            "POST",
            f"/v1/agencies/{_part(agency_id)}/accept",
            models.AgencyView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_agency_contracts(
        self, agency_id: str, *, limit: int | None = None
    ) -> Iterator[models.ContractView]:
        """The contracts that were bid for by the agency, for its members; who does the work is
        `worker_id`."""
        return self.pages(
            f"/v1/agencies/{_part(agency_id)}/contracts", models.ContractView, query={"limit": limit}
        )

    def decline_agency(self, agency_id: str, *, idempotency_key: str | None = None) -> models.AgencyView:
        """Declines the share that is offered."""
        return self.call(
            "POST",
            f"/v1/agencies/{_part(agency_id)}/decline",
            models.AgencyView,
            idempotency_key=idempotency_key,
        )

    def leave_agency(self, agency_id: str, *, idempotency_key: str | None = None) -> models.AgencyView:
        """Leaves; contracts that were accepted go on as they are."""
        return self.call(
            "POST",
            f"/v1/agencies/{_part(agency_id)}/leave",
            models.AgencyView,
            idempotency_key=idempotency_key,
        )

    def invite_member(
        self, agency_id: str, body: models.NewMember, *, idempotency_key: str | None = None
    ) -> models.AgencyView:
        """Offers a share to somebody new, or another one to a member."""
        return self.call(
            "POST",
            f"/v1/agencies/{_part(agency_id)}/members",
            models.AgencyView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def remove_member(
        self, agency_id: str, worker_id: str, *, idempotency_key: str | None = None
    ) -> models.AgencyView:
        """Takes a member or an invitation out; contracts that were accepted go on as they are."""
        return self.call(
            "POST",
            f"/v1/agencies/{_part(agency_id)}/members/{_part(worker_id)}/remove",
            models.AgencyView,
            idempotency_key=idempotency_key,
        )

    def get_agency_profile(self, agency_id: str) -> models.AgencyProfile:
        """An agency's public profile: whoever has accepted to belong to it."""
        return self.call("GET", f"/v1/agencies/{_part(agency_id)}/profile", models.AgencyProfile)

    def list_agreements(self, *, limit: int | None = None) -> Iterator[models.AgreementLine]:
        """A client's own agreements; for everybody else the platform's."""
        return self.pages("/v1/agreements", models.AgreementLine, query={"limit": limit})

    def publish_agreement(
        self, body: models.NewAgreement, *, idempotency_key: str | None = None
    ) -> models.AgreementView:
        """Publishes the first version of an agreement."""
        return self.call(
            "POST", "/v1/agreements", models.AgreementView, body=body, idempotency_key=idempotency_key
        )

    def get_agreement(self, agreement_id: str, *, version: int | None = None) -> models.AgreementView:
        """The version in force, or another; workers read whatever they may be asked to sign."""
        return self.call(
            "GET", f"/v1/agreements/{_part(agreement_id)}", models.AgreementView, query={"version": version}
        )

    def list_agreement_signatures(
        self, agreement_id: str, *, limit: int | None = None
    ) -> Iterator[models.SignatureView]:
        """Who has signed it, in every version; for its owner."""
        return self.pages(
            f"/v1/agreements/{_part(agreement_id)}/signatures", models.SignatureView, query={"limit": limit}
        )

    def list_agreement_versions(
        self, agreement_id: str, *, limit: int | None = None
    ) -> Iterator[models.AgreementView]:
        """All versions, the newest first."""
        return self.pages(
            f"/v1/agreements/{_part(agreement_id)}/versions", models.AgreementView, query={"limit": limit}
        )

    def publish_agreement_version(
        self, agreement_id: str, body: models.NewVersion, *, idempotency_key: str | None = None
    ) -> models.AgreementView:
        """Publishes the next version; contracts that were offered keep to theirs."""
        return self.call(
            "POST",
            f"/v1/agreements/{_part(agreement_id)}/versions",
            models.AgreementView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_appeals(
        self, *, limit: int | None = None, role: Literal["appellant", "respondent"] | None = None
    ) -> Iterator[models.AppealView]:
        """The caller's appeals; for operators, those that wait for a decision."""
        return self.pages("/v1/appeals", models.AppealView, query={"limit": limit, "role": role})

    def make_appeal(self, body: models.NewAppeal, *, idempotency_key: str | None = None) -> models.AppealView:
        """Asks for a second look at a decision about the caller; once for each decision."""
        return self.call("POST", "/v1/appeals", models.AppealView, body=body, idempotency_key=idempotency_key)

    def get_appeal(self, appeal_id: str) -> models.AppealView:
        """One appeal: the caller's, or against what the calling client decided."""
        return self.call("GET", f"/v1/appeals/{_part(appeal_id)}", models.AppealView)

    def answer_appeal(
        self, appeal_id: str, body: models.NewStatement, *, idempotency_key: str | None = None
    ) -> models.AppealView:
        """Says what the other side has to say to an open appeal, once; both sides and the operators read
        it."""
        return self.call(
            "POST",
            f"/v1/appeals/{_part(appeal_id)}/answer",
            models.AppealView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def decide_appeal(
        self, appeal_id: str, body: models.Deciding, *, idempotency_key: str | None = None
    ) -> models.AppealView:
        """Grants or denies an appeal; whoever decided first may not."""
        return self.call(
            "POST",
            f"/v1/appeals/{_part(appeal_id)}/decide",
            models.AppealView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_attempt(self, attempt_id: str) -> models.AttemptView:
        """One attempt of the caller's."""
        return self.call("GET", f"/v1/attempts/{_part(attempt_id)}", models.AttemptView)

    def submit_attempt(
        self, attempt_id: str, body: models.Answers, *, idempotency_key: str | None = None
    ) -> models.AttemptLine:
        """Hands the answers in and marks them; a pass grants the qualification."""
        return self.call(
            "POST",
            f"/v1/attempts/{_part(attempt_id)}/submit",
            models.AttemptLine,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_audit_events(
        self, *, limit: int | None = None, actor: str | None = None, subject: str | None = None
    ) -> Iterator[models.AuditEventView]:
        """What staff did, newest first: all of it, by who did it, or by what it was done to."""
        return self.pages(
            "/v1/audit-events",
            models.AuditEventView,
            query={"limit": limit, "actor": actor, "subject": subject},
        )

    def list_own_bids(self, *, limit: int | None = None) -> Iterator[models.BidView]:
        """The calling worker's bids; for a client, the bids on all of its tasks."""
        return self.pages("/v1/bids", models.BidView, query={"limit": limit})

    def get_bid(self, bid_id: str) -> models.BidView:
        """One bid: the worker's own, or one on the client's task."""
        return self.call("GET", f"/v1/bids/{_part(bid_id)}", models.BidView)

    def award(self, bid_id: str, *, idempotency_key: str | None = None) -> models.ContractView:
        """Awards a seat: the answer is the contract that the worker is offered."""
        return self.call(
            "POST", f"/v1/bids/{_part(bid_id)}/award", models.ContractView, idempotency_key=idempotency_key
        )

    def decline_bid(
        self, bid_id: str, body: models.Declining, *, idempotency_key: str | None = None
    ) -> models.BidView:
        """Tells a worker no, and why."""
        return self.call(
            "POST",
            f"/v1/bids/{_part(bid_id)}/decline",
            models.BidView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def shortlist_bid(self, bid_id: str, *, idempotency_key: str | None = None) -> models.BidView:
        """Keeps a bid in the closer choice."""
        return self.call(
            "POST", f"/v1/bids/{_part(bid_id)}/shortlist", models.BidView, idempotency_key=idempotency_key
        )

    def withdraw_bid(self, bid_id: str, *, idempotency_key: str | None = None) -> models.BidView:
        """Takes the caller's bid back."""
        return self.call(
            "POST", f"/v1/bids/{_part(bid_id)}/withdraw", models.BidView, idempotency_key=idempotency_key
        )

    def create_client(
        self, body: models.NewClient, *, idempotency_key: str | None = None
    ) -> models.CreatedClient:
        """Creates a client company and its first API key."""
        return self.call(
            "POST", "/v1/clients", models.CreatedClient, body=body, idempotency_key=idempotency_key
        )

    def get_own_client(self) -> models.ClientView:
        """The calling client's profile."""
        return self.call("GET", "/v1/clients/me", models.ClientView)

    def list_api_keys(self, *, limit: int | None = None) -> Iterator[models.ApiKeyView]:
        """The calling client's keys, without their secrets. `last_used_at` is right to the hour."""
        return self.pages("/v1/clients/me/api-keys", models.ApiKeyView, query={"limit": limit})

    def create_own_api_key(
        self, body: models.NewApiKey, *, idempotency_key: str | None = None
    ) -> models.CreatedApiKey:
        """Makes a further key for the calling client."""
        return self.call(
            "POST",
            "/v1/clients/me/api-keys",
            models.CreatedApiKey,
            body=body,
            idempotency_key=idempotency_key,
        )

    def revoke_api_key(self, key_id: str) -> models.ApiKeyView:
        """Revokes one of the calling client's keys, at once."""
        return self.call("DELETE", f"/v1/clients/me/api-keys/{_part(key_id)}", models.ApiKeyView)

    def rotate_api_key(
        self, key_id: str, body: models.KeyRotation, *, idempotency_key: str | None = None
    ) -> models.RotatedApiKey:
        """Makes a key with the scopes of another and takes that one out of use, at once or a while later."""
        return self.call(
            "POST",
            f"/v1/clients/me/api-keys/{_part(key_id)}/rotate",
            models.RotatedApiKey,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_client_export(self) -> models.ExportView:
        """The copy that was asked for last."""
        return self.call("GET", "/v1/clients/me/export", models.ExportView)

    def request_client_export(self, *, idempotency_key: str | None = None) -> models.ExportView:
        """Asks for a copy of everything that is kept of the calling client."""
        return self.call("POST", "/v1/clients/me/export", models.ExportView, idempotency_key=idempotency_key)

    def get_client_export_content(self, *, part: int | None = None) -> models.ExportContent:
        """One part of the copy."""
        return self.call("GET", "/v1/clients/me/export/content", models.ExportContent, query={"part": part})

    def get_own_client_suspension(self) -> models.SuspensionView:
        """The calling client's last suspension."""
        return self.call("GET", "/v1/clients/me/suspension", models.SuspensionView)

    def get_client(self, client_id: str) -> models.ClientView:
        """A client's profile; that it was looked at is kept."""
        return self.call("GET", f"/v1/clients/{_part(client_id)}", models.ClientView)

    def create_api_key(
        self, client_id: str, body: models.NewApiKey, *, idempotency_key: str | None = None
    ) -> models.CreatedApiKey:
        """Makes a further key for a client."""
        return self.call(
            "POST",
            f"/v1/clients/{_part(client_id)}/api-keys",
            models.CreatedApiKey,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_client_erasure(self, client_id: str) -> models.ErasureView:
        """How far that is."""
        return self.call("GET", f"/v1/clients/{_part(client_id)}/erasure", models.ErasureView)

    def request_client_erasure(
        self, client_id: str, *, idempotency_key: str | None = None
    ) -> models.ErasureView:
        """Has a client's personal data forgotten, and shuts its doors."""
        return self.call(
            "POST",
            f"/v1/clients/{_part(client_id)}/erasure",
            models.ErasureView,
            idempotency_key=idempotency_key,
        )

    def list_client_ratings(self, client_id: str, *, limit: int | None = None) -> Iterator[models.RatingView]:
        """The ratings about a client that are shown."""
        return self.pages(
            f"/v1/clients/{_part(client_id)}/ratings", models.RatingView, query={"limit": limit}
        )

    def reinstate_client(
        self, client_id: str, body: models.Lifting, *, idempotency_key: str | None = None
    ) -> models.SuspensionView:
        """Lets a suspended client in again."""
        return self.call(
            "POST",
            f"/v1/clients/{_part(client_id)}/reinstate",
            models.SuspensionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_client_reputation(self, client_id: str) -> models.ReputationView:
        """A client's reputation."""
        return self.call("GET", f"/v1/clients/{_part(client_id)}/reputation", models.ReputationView)

    def suspend_client(
        self, client_id: str, body: models.NewSuspension, *, idempotency_key: str | None = None
    ) -> models.SuspensionView:
        """Keeps a client out: its keys open nothing but what is its own to see and take out."""
        return self.call(
            "POST",
            f"/v1/clients/{_part(client_id)}/suspend",
            models.SuspensionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_client_suspension(self, client_id: str) -> models.SuspensionView:
        """The last suspension of a client."""
        return self.call("GET", f"/v1/clients/{_part(client_id)}/suspension", models.SuspensionView)

    def list_contracts(self, *, limit: int | None = None) -> Iterator[models.ContractView]:
        """The caller's contracts."""
        return self.pages("/v1/contracts", models.ContractView, query={"limit": limit})

    def get_contract(self, contract_id: str) -> models.ContractView:
        """One contract of the caller's."""
        return self.call("GET", f"/v1/contracts/{_part(contract_id)}", models.ContractView)

    def accept_offer(
        self, contract_id: str, body: models.Acceptance, *, idempotency_key: str | None = None
    ) -> models.ContractView:
        """Takes the offer and signs what the task requires."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/accept",
            models.ContractView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_accuracy(self, contract_id: str) -> models.AccuracyView:
        """How good a contract's results of gold items were."""
        return self.call("GET", f"/v1/contracts/{_part(contract_id)}/accuracy", models.AccuracyView)

    def list_attachments(
        self, contract_id: str, *, limit: int | None = None
    ) -> Iterator[models.AttachmentView]:
        """The files of one contract of the caller's; the other side's once they are ready."""
        return self.pages(
            f"/v1/contracts/{_part(contract_id)}/attachments", models.AttachmentView, query={"limit": limit}
        )

    def add_attachment(
        self, contract_id: str, body: models.NewAttachment, *, idempotency_key: str | None = None
    ) -> models.AttachmentDetail:
        """Announces a file, and tells where to send it."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/attachments",
            models.AttachmentDetail,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_attachment(self, contract_id: str, attachment_id: str) -> models.AttachmentDetail:
        """One file, with where it comes from; an operator sees those of contracts that are or were in
        dispute."""
        return self.call(
            "GET",
            f"/v1/contracts/{_part(contract_id)}/attachments/{_part(attachment_id)}",
            models.AttachmentDetail,
        )

    def confirm_attachment(
        self, contract_id: str, attachment_id: str, *, idempotency_key: str | None = None
    ) -> models.AttachmentView:
        """Looks whether the file has come as it was announced; from then on it can be referred to."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/attachments/{_part(attachment_id)}/confirm",
            models.AttachmentView,
            idempotency_key=idempotency_key,
        )

    def pay_bonus(
        self, contract_id: str, body: models.NewBonus, *, idempotency_key: str | None = None
    ) -> models.BonusView:
        """Pays a bonus straight out of the wallet."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/bonus",
            models.BonusView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def cancel_contract(self, contract_id: str, *, idempotency_key: str | None = None) -> models.ContractView:
        """Ends the contract undone; money still held goes back, less what work in review has reserved."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/cancel",
            models.ContractView,
            idempotency_key=idempotency_key,
        )

    def complete_contract(
        self, contract_id: str, *, idempotency_key: str | None = None
    ) -> models.ContractView:
        """Ends the contract as done; money still held goes back, less what work in review has reserved."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/complete",
            models.ContractView,
            idempotency_key=idempotency_key,
        )

    def decline_offer(self, contract_id: str, *, idempotency_key: str | None = None) -> models.ContractView:
        """Declines the offer; its seat opens again."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/decline",
            models.ContractView,
            idempotency_key=idempotency_key,
        )

    def list_contract_disputes(
        self, contract_id: str, *, limit: int | None = None
    ) -> Iterator[models.DisputeView]:
        """The disputes of one contract of the caller's."""
        return self.pages(
            f"/v1/contracts/{_part(contract_id)}/disputes", models.DisputeView, query={"limit": limit}
        )

    def open_dispute(
        self, contract_id: str, body: models.NewDispute, *, idempotency_key: str | None = None
    ) -> models.DisputeView:
        """Disputes what is not paid of a milestone, a session, a result or an outcome; the claim is the first
        offer."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/disputes",
            models.DisputeView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def fund_contract(
        self, contract_id: str, body: models.Amount, *, idempotency_key: str | None = None
    ) -> models.ContractView:
        """Reserves wallet money for the contract."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/fund",
            models.ContractView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_messages(self, contract_id: str, *, limit: int | None = None) -> Iterator[models.ListedMessage]:
        """The messages of one contract of the caller's."""
        return self.pages(
            f"/v1/contracts/{_part(contract_id)}/messages", models.ListedMessage, query={"limit": limit}
        )

    def send_message(
        self, contract_id: str, body: models.NewMessage, *, idempotency_key: str | None = None
    ) -> models.MessageView:
        """Writes to the other side of a contract."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/messages",
            models.MessageView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def mark_messages_read(
        self, contract_id: str, body: models.ReadUpTo, *, idempotency_key: str | None = None
    ) -> models.ReadMarksView:
        """Says how far the caller has read."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/messages/read",
            models.ReadMarksView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def plan_milestone(
        self, contract_id: str, body: models.NewMilestone, *, idempotency_key: str | None = None
    ) -> models.MilestoneView:
        """Plans a further milestone; it is not funded yet."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/milestones",
            models.MilestoneView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_milestone(self, contract_id: str, milestone_id: str) -> models.MilestoneDetail:
        """One milestone, with what was handed in last."""
        return self.call(
            "GET",
            f"/v1/contracts/{_part(contract_id)}/milestones/{_part(milestone_id)}",
            models.MilestoneDetail,
        )

    def approve_milestone(
        self, contract_id: str, milestone_id: str, *, idempotency_key: str | None = None
    ) -> models.MilestoneView:
        """Pays a submitted milestone out of the hold."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/milestones/{_part(milestone_id)}/approve",
            models.MilestoneView,
            idempotency_key=idempotency_key,
        )

    def cancel_milestone(
        self, contract_id: str, milestone_id: str, *, idempotency_key: str | None = None
    ) -> models.MilestoneView:
        """Drops a milestone that is not submitted; what it held goes back to the wallet."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/milestones/{_part(milestone_id)}/cancel",
            models.MilestoneView,
            idempotency_key=idempotency_key,
        )

    def fund_milestone(
        self, contract_id: str, milestone_id: str, *, idempotency_key: str | None = None
    ) -> models.MilestoneView:
        """Reserves wallet money for one milestone."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/milestones/{_part(milestone_id)}/fund",
            models.MilestoneView,
            idempotency_key=idempotency_key,
        )

    def request_changes(
        self,
        contract_id: str,
        milestone_id: str,
        body: models.ChangeRequest,
        *,
        idempotency_key: str | None = None,
    ) -> models.MilestoneView:
        """Sends a submitted milestone back; its review clock stops."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/milestones/{_part(milestone_id)}/request-changes",
            models.MilestoneView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def submit_milestone(
        self,
        contract_id: str,
        milestone_id: str,
        body: models.Submission,
        *,
        idempotency_key: str | None = None,
    ) -> models.MilestoneView:
        """Hands a funded milestone in; silence for `review_seconds` approves it. What is named by an
        attachment's id is a confirmed one of this contract; other words stand for themselves."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/milestones/{_part(milestone_id)}/submit",
            models.MilestoneView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_contract_outcomes(
        self, contract_id: str, *, limit: int | None = None
    ) -> Iterator[models.OutcomeView]:
        """The outcomes of one contract of the caller's."""
        return self.pages(
            f"/v1/contracts/{_part(contract_id)}/outcomes", models.OutcomeView, query={"limit": limit}
        )

    def apply_outcome(
        self, contract_id: str, body: models.NewOutcome, *, idempotency_key: str | None = None
    ) -> models.OutcomeView:
        """Scores a piece of work: a bonus out of the wallet, or its pay less a capped deduction."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/outcomes",
            models.OutcomeView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def pause_contract(self, contract_id: str, *, idempotency_key: str | None = None) -> models.ContractView:
        """Stops new work and funding until resumed."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/pause",
            models.ContractView,
            idempotency_key=idempotency_key,
        )

    def give_rating(
        self, contract_id: str, body: models.NewRating, *, idempotency_key: str | None = None
    ) -> models.RatingView:
        """Rates the other side, once; hidden until both have rated or the window has closed."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/ratings",
            models.RatingView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_contract_results(
        self,
        contract_id: str,
        *,
        limit: int | None = None,
        status: Literal["submitted", "accepted", "rejected", "reversed"] | None = None,
    ) -> Iterator[models.ResultView]:
        """The results of one contract of the caller's; `status=submitted` are those that wait for the
        client."""
        return self.pages(
            f"/v1/contracts/{_part(contract_id)}/results",
            models.ResultView,
            query={"limit": limit, "status": status},
        )

    def submit_result(
        self, contract_id: str, body: models.NewResult, *, idempotency_key: str | None = None
    ) -> models.ResultView:
        """Hands a result in; its price is set aside until it is accepted or rejected."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/results",
            models.ResultView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def resume_contract(self, contract_id: str, *, idempotency_key: str | None = None) -> models.ContractView:
        """Goes on after a pause."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/resume",
            models.ContractView,
            idempotency_key=idempotency_key,
        )

    def list_contract_sessions(
        self,
        contract_id: str,
        *,
        limit: int | None = None,
        status: Literal["running", "stopped", "approved", "disputed", "corrected"] | None = None,
    ) -> Iterator[models.SessionView]:
        """The sessions of one contract of the caller's."""
        return self.pages(
            f"/v1/contracts/{_part(contract_id)}/sessions",
            models.SessionView,
            query={"limit": limit, "status": status},
        )

    def start_session(
        self, contract_id: str, body: models.ClockIn, *, idempotency_key: str | None = None
    ) -> models.SessionView:
        """Clocks in; one running session for each worker."""
        return self.call(
            "POST",
            f"/v1/contracts/{_part(contract_id)}/sessions",
            models.SessionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_disputes_to_decide(self, *, limit: int | None = None) -> Iterator[models.DisputeView]:
        """What waits for an operator's decision."""
        return self.pages("/v1/disputes", models.DisputeView, query={"limit": limit})

    def get_dispute(self, dispute_id: str) -> models.DisputeDetail:
        """One dispute, with the evidence that the system has of it."""
        return self.call("GET", f"/v1/disputes/{_part(dispute_id)}", models.DisputeDetail)

    def accept_dispute_offer(
        self, dispute_id: str, *, idempotency_key: str | None = None
    ) -> models.DisputeView:
        """Takes the other side's standing offer: the money is divided at once."""
        return self.call(
            "POST",
            f"/v1/disputes/{_part(dispute_id)}/accept",
            models.DisputeView,
            idempotency_key=idempotency_key,
        )

    def decide_dispute(
        self, dispute_id: str, body: models.Decision, *, idempotency_key: str | None = None
    ) -> models.DisputeView:
        """Divides the money of an escalated dispute, in the operator's name."""
        return self.call(
            "POST",
            f"/v1/disputes/{_part(dispute_id)}/decide",
            models.DisputeView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def escalate_dispute(self, dispute_id: str, *, idempotency_key: str | None = None) -> models.DisputeView:
        """Asks an operator to decide."""
        return self.call(
            "POST",
            f"/v1/disputes/{_part(dispute_id)}/escalate",
            models.DisputeView,
            idempotency_key=idempotency_key,
        )

    def make_offer(
        self, dispute_id: str, body: models.NewOffer, *, idempotency_key: str | None = None
    ) -> models.DisputeView:
        """Offers a division; it stands in place of the offer before it, and the other side has a week to
        answer."""
        return self.call(
            "POST",
            f"/v1/disputes/{_part(dispute_id)}/offers",
            models.DisputeView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def withdraw_dispute(self, dispute_id: str, *, idempotency_key: str | None = None) -> models.DisputeView:
        """Lets go of the caller's own dispute: the work goes on as before."""
        return self.call(
            "POST",
            f"/v1/disputes/{_part(dispute_id)}/withdraw",
            models.DisputeView,
            idempotency_key=idempotency_key,
        )

    def list_documents_to_review(self, *, limit: int | None = None) -> Iterator[models.DocumentLine]:
        """The documents that wait for a review."""
        return self.pages("/v1/documents", models.DocumentLine, query={"limit": limit})

    def get_document(self, document_id: str) -> models.DocumentDetail:
        """One document: the worker's own, or any for an operator."""
        return self.call("GET", f"/v1/documents/{_part(document_id)}", models.DocumentDetail)

    def confirm_document(
        self, document_id: str, *, idempotency_key: str | None = None
    ) -> models.DocumentLine:
        """Looks whether the file has come as it was announced; from then on it can be reviewed."""
        return self.call(
            "POST",
            f"/v1/documents/{_part(document_id)}/confirm",
            models.DocumentLine,
            idempotency_key=idempotency_key,
        )

    def get_document_file(self, document_id: str) -> models.DownloadView:
        """Where a document's file comes from, for a few minutes."""
        return self.call("GET", f"/v1/documents/{_part(document_id)}/file", models.DownloadView)

    def review_document(
        self, document_id: str, body: models.Review, *, idempotency_key: str | None = None
    ) -> models.DocumentLine:
        """Passes a document or turns it down, with a reason."""
        return self.call(
            "POST",
            f"/v1/documents/{_part(document_id)}/review",
            models.DocumentLine,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_fee_schedules(self, *, limit: int | None = None) -> Iterator[models.FeeScheduleView]:
        """All fee schedules, the latest published first."""
        return self.pages("/v1/fee-schedules", models.FeeScheduleView, query={"limit": limit})

    def publish_fee_schedule(
        self, body: models.NewFeeSchedule, *, idempotency_key: str | None = None
    ) -> models.FeeScheduleView:
        """Publishes the fees of contracts that are offered from an instant on."""
        return self.call(
            "POST", "/v1/fee-schedules", models.FeeScheduleView, body=body, idempotency_key=idempotency_key
        )

    def get_fee_schedule(self, schedule_id: str) -> models.FeeScheduleView:
        """One fee schedule."""
        return self.call("GET", f"/v1/fee-schedules/{_part(schedule_id)}", models.FeeScheduleView)

    def list_accounts(self, *, limit: int | None = None) -> Iterator[models.AccountView]:
        """Every account that was posted to, by name."""
        return self.pages("/v1/finance/accounts", models.AccountView, query={"limit": limit})

    def get_account(self, account_id: str, *, at: datetime | None = None) -> models.AccountAt:
        """An account's balances at an instant."""
        return self.call(
            "GET", f"/v1/finance/accounts/{_part(account_id)}", models.AccountAt, query={"at": at}
        )

    def list_postings(
        self,
        account_id: str,
        *,
        limit: int | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
    ) -> Iterator[models.AccountPosting]:
        """What was posted to an account in a period, newest first."""
        return self.pages(
            f"/v1/finance/accounts/{_part(account_id)}/postings",
            models.AccountPosting,
            query={"limit": limit, "from": from_, "to": to},
        )

    def get_statement(
        self,
        account_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
    ) -> models.StatementView:
        """An account's statement of a period: opening balance, lines with their balances, closing balance."""
        return self.call(
            "GET",
            f"/v1/finance/accounts/{_part(account_id)}/statement",
            models.StatementView,
            query={"limit": limit, "cursor": cursor, "from": from_, "to": to},
        )

    def list_all_chargebacks(self, *, limit: int | None = None) -> Iterator[models.FinanceChargebackView]:
        """All clients' chargebacks."""
        return self.pages("/v1/finance/chargebacks", models.FinanceChargebackView, query={"limit": limit})

    def write_off_chargeback(
        self, chargeback_id: str, body: models.NewWriteOff, *, idempotency_key: str | None = None
    ) -> models.FinanceChargebackView:
        """Takes what is still owed of a lost chargeback as a loss, for a reason; the log keeps who said so.
        What other chargebacks of the client may still settle of its debt waits until they are decided."""
        return self.call(
            "POST",
            f"/v1/finance/chargebacks/{_part(chargeback_id)}/write-off",
            models.FinanceChargebackView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def resolve_exception(
        self, exception_id: str, body: models.Resolution, *, idempotency_key: str | None = None
    ) -> models.ExceptionView:
        """Explains an exception; it stays listed, as resolved."""
        return self.call(
            "POST",
            f"/v1/finance/exceptions/{_part(exception_id)}/resolve",
            models.ExceptionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def book_to_suspense(
        self, exception_id: str, body: models.SuspenseReason, *, idempotency_key: str | None = None
    ) -> models.ExceptionView:
        """Books a line that only Stripe has to suspense; it stays open, and the nightly watch speaks of
        it."""
        return self.call(
            "POST",
            f"/v1/finance/exceptions/{_part(exception_id)}/suspend",
            models.ExceptionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_export_files(self, *, limit: int | None = None) -> Iterator[models.ExportFileView]:
        """All that were asked for, newest first."""
        return self.pages("/v1/finance/export-files", models.ExportFileView, query={"limit": limit})

    def request_export_file(
        self, body: models.NewExportFile, *, idempotency_key: str | None = None
    ) -> models.ExportFileView:
        """Asks for a file of any size; it holds what was written before it was asked for, and is ready within
        minutes."""
        return self.call(
            "POST",
            "/v1/finance/export-files",
            models.ExportFileView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_export_file(self, export_file_id: str) -> models.ExportFileView:
        """Whether it is ready."""
        return self.call("GET", f"/v1/finance/export-files/{_part(export_file_id)}", models.ExportFileView)

    def fetch_export_file(self, export_file_id: str, file: BinaryIO) -> Fetched:
        """Leads to the file, by an address that is good for five minutes; who took it is kept. 409 unless it
        is ready."""
        return self.fetch(f"/v1/finance/export-files/{_part(export_file_id)}/content", file)

    def export_finance(
        self,
        export: str,
        file: BinaryIO,
        *,
        from_: datetime,
        to: datetime,
        format: Literal["csv", "xlsx"] | None = None,
    ) -> Fetched:
        """A file of `journal`, `payouts`, `fees`, `earnings` or `exceptions`; who took it is kept. A large
        one is fetched from the address that the answer leads to, which is good for five minutes."""
        return self.fetch(
            f"/v1/finance/exports/{_part(export)}", file, query={"from": from_, "to": to, "format": format}
        )

    def get_journal(self, journal_id: str) -> models.JournalView:
        """One journal, with the event that made it."""
        return self.call("GET", f"/v1/finance/journals/{_part(journal_id)}", models.JournalView)

    def reverse_journal(
        self, journal_id: str, body: models.SuspenseReason, *, idempotency_key: str | None = None
    ) -> models.ExceptionView:
        """Takes a line back out of suspense, once; any other journal has a reverse of its own and is
        refused."""
        return self.call(
            "POST",
            f"/v1/finance/journals/{_part(journal_id)}/reverse",
            models.ExceptionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_stuck_payouts(self, *, limit: int | None = None) -> Iterator[models.FinancePayoutView]:
        """Payouts that wait for something, whose outcome is unknown, or that have failed."""
        return self.pages("/v1/finance/payouts", models.FinancePayoutView, query={"limit": limit})

    def approve_payout(
        self, payout_id: str, *, idempotency_key: str | None = None
    ) -> models.FinancePayoutView:
        """Approves a large payout; it goes on when two different people have done so."""
        return self.call(
            "POST",
            f"/v1/finance/payouts/{_part(payout_id)}/approve",
            models.FinancePayoutView,
            idempotency_key=idempotency_key,
        )

    def cancel_payout(
        self, payout_id: str, *, idempotency_key: str | None = None
    ) -> models.FinancePayoutView:
        """Gives the money back while nothing of it can have been sent; or leaves at Stripe what was to be
        fetched back, while that waits for an approval."""
        return self.call(
            "POST",
            f"/v1/finance/payouts/{_part(payout_id)}/cancel",
            models.FinancePayoutView,
            idempotency_key=idempotency_key,
        )

    def retry_payout(self, payout_id: str, *, idempotency_key: str | None = None) -> models.FinancePayoutView:
        """Sends to the bank once more what had failed there; a large one once somebody else approves it
        too."""
        return self.call(
            "POST",
            f"/v1/finance/payouts/{_part(payout_id)}/retry",
            models.FinancePayoutView,
            idempotency_key=idempotency_key,
        )

    def reverse_payout(
        self, payout_id: str, body: models.NewReversal, *, idempotency_key: str | None = None
    ) -> models.FinancePayoutView:
        """Fetches back from Stripe what failed at the bank: it settles what the worker owes, the rest is
        available again. A large one once somebody else approves it too."""
        return self.call(
            "POST",
            f"/v1/finance/payouts/{_part(payout_id)}/reverse",
            models.FinancePayoutView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_periods(self, *, limit: int | None = None) -> Iterator[models.PeriodView]:
        """The periods that were closed, the latest month first."""
        return self.pages("/v1/finance/periods", models.PeriodView, query={"limit": limit})

    def get_period(self, period: str) -> models.PeriodView:
        """A month that has begun, `yyyy-mm`, closed or open."""
        return self.call("GET", f"/v1/finance/periods/{_part(period)}", models.PeriodView)

    def close_period(
        self, period: str, body: models.Closing, *, idempotency_key: str | None = None
    ) -> models.PeriodView:
        """Closes a month, `yyyy-mm`, that ended an hour ago or earlier: from then on nothing posts into it.
        Each of its days must have been reconciled since it was over, and what was found explained."""
        return self.call(
            "POST",
            f"/v1/finance/periods/{_part(period)}/close",
            models.PeriodView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_reconciliations(self, *, limit: int | None = None) -> Iterator[models.ReconciliationView]:
        """All runs, newest first."""
        return self.pages("/v1/finance/reconciliations", models.ReconciliationView, query={"limit": limit})

    def start_reconciliation(
        self, body: models.NewReconciliation, *, idempotency_key: str | None = None
    ) -> models.ReconciliationView:
        """Matches the ledger against Stripe's balance transactions, in the background."""
        return self.call(
            "POST",
            "/v1/finance/reconciliations",
            models.ReconciliationView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_reconciliation(self, reconciliation_id: str) -> models.ReconciliationView:
        """One run."""
        return self.call(
            "GET", f"/v1/finance/reconciliations/{_part(reconciliation_id)}", models.ReconciliationView
        )

    def list_exceptions(
        self, reconciliation_id: str, *, limit: int | None = None
    ) -> Iterator[models.ExceptionView]:
        """What a run could not match."""
        return self.pages(
            f"/v1/finance/reconciliations/{_part(reconciliation_id)}/exceptions",
            models.ExceptionView,
            query={"limit": limit},
        )

    def get_trace(self, id: str) -> models.Trace:
        """From any id (request, session, journal, payout, Stripe object) the whole chain, cause first."""
        return self.call("GET", f"/v1/finance/trace/{_part(id)}", models.Trace)

    def get_trial_balance(self, *, as_of: datetime | None = None) -> models.TrialBalance:
        """Per currency: debits and credits, and every account's balance."""
        return self.call("GET", "/v1/finance/trial-balance", models.TrialBalance, query={"as_of": as_of})

    def list_invitations(self, *, limit: int | None = None) -> Iterator[models.InvitationView]:
        """The calling worker's invitations, by the age of their tasks."""
        return self.pages("/v1/invitations", models.InvitationView, query={"limit": limit})

    def decline_invitation(
        self, invitation_id: str, *, idempotency_key: str | None = None
    ) -> models.InvitationView:
        """Says no; a task that is for the invited only is hidden from then on."""
        return self.call(
            "POST",
            f"/v1/invitations/{_part(invitation_id)}/decline",
            models.InvitationView,
            idempotency_key=idempotency_key,
        )

    def withdraw_invitation(
        self, invitation_id: str, *, idempotency_key: str | None = None
    ) -> models.InvitationView:
        """Takes an invitation back; a bid that was made stays."""
        return self.call(
            "POST",
            f"/v1/invitations/{_part(invitation_id)}/withdraw",
            models.InvitationView,
            idempotency_key=idempotency_key,
        )

    def get_outcome(self, outcome_id: str) -> models.OutcomeView:
        """One outcome of the caller's, with its computation in words."""
        return self.call("GET", f"/v1/outcomes/{_part(outcome_id)}", models.OutcomeView)

    def list_payouts(self, *, limit: int | None = None) -> Iterator[models.PayoutView]:
        """The worker's payouts."""
        return self.pages("/v1/payouts", models.PayoutView, query={"limit": limit})

    def create_payout(
        self, body: models.NewPayout, *, idempotency_key: str | None = None
    ) -> models.PayoutView:
        """Withdraws earned money to the worker's bank account, less what settles a debt."""
        return self.call("POST", "/v1/payouts", models.PayoutView, body=body, idempotency_key=idempotency_key)

    def get_payout(self, payout_id: str) -> models.PayoutView:
        """One payout of the worker's."""
        return self.call("GET", f"/v1/payouts/{_part(payout_id)}", models.PayoutView)

    def list_pools(
        self,
        *,
        limit: int | None = None,
        belonging: Literal["applied", "invited", "member", "declined", "removed", "alumni", "shown"]
        | None = None,
    ) -> Iterator[models.PoolView]:
        """A client's own pools; for a worker, those that it belongs to."""
        return self.pages("/v1/pools", models.PoolView, query={"limit": limit, "belonging": belonging})

    def create_pool(self, body: models.NewPool, *, idempotency_key: str | None = None) -> models.PoolView:
        """Makes a pool; a client has at most one of alumni."""
        return self.call("POST", "/v1/pools", models.PoolView, body=body, idempotency_key=idempotency_key)

    def join_pool_by_code(
        self, body: models.JoinByCode, *, idempotency_key: str | None = None
    ) -> models.PoolMemberView:
        """Joins the pool whose code this is."""
        return self.call(
            "POST", "/v1/pools/join", models.PoolMemberView, body=body, idempotency_key=idempotency_key
        )

    def get_pool(self, pool_id: str) -> models.PoolView:
        """One pool: the client's own, or one that the worker belongs to or is shown."""
        return self.call("GET", f"/v1/pools/{_part(pool_id)}", models.PoolView)

    def change_pool(self, pool_id: str, body: models.PoolChanges) -> models.PoolView:
        """Changes a pool's texts, or closes it to newcomers."""
        return self.call("PATCH", f"/v1/pools/{_part(pool_id)}", models.PoolView, body=body)

    def accept_pool(self, pool_id: str, *, idempotency_key: str | None = None) -> models.PoolMemberView:
        """Accepts the invitation to a pool."""
        return self.call(
            "POST",
            f"/v1/pools/{_part(pool_id)}/accept",
            models.PoolMemberView,
            idempotency_key=idempotency_key,
        )

    def renew_pool_code(self, pool_id: str, *, idempotency_key: str | None = None) -> models.PoolView:
        """Gives the pool another code; the one before lets nobody in any more."""
        return self.call(
            "POST", f"/v1/pools/{_part(pool_id)}/code", models.PoolView, idempotency_key=idempotency_key
        )

    def join_pool(
        self, pool_id: str, body: models.Application, *, idempotency_key: str | None = None
    ) -> models.PoolMemberView:
        """Joins a public pool, or applies where the client approves."""
        return self.call(
            "POST",
            f"/v1/pools/{_part(pool_id)}/join",
            models.PoolMemberView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def leave_pool(self, pool_id: str, *, idempotency_key: str | None = None) -> models.PoolMemberView:
        """Leaves a pool, takes an application back, or declines an invitation."""
        return self.call(
            "POST",
            f"/v1/pools/{_part(pool_id)}/leave",
            models.PoolMemberView,
            idempotency_key=idempotency_key,
        )

    def list_pool_members(
        self,
        pool_id: str,
        *,
        limit: int | None = None,
        status: Literal["applied", "invited", "member", "declined", "removed", "left"] | None = None,
    ) -> Iterator[models.PoolMemberView]:
        """A pool's members, or those who have applied, are invited, or are gone."""
        return self.pages(
            f"/v1/pools/{_part(pool_id)}/members",
            models.PoolMemberView,
            query={"limit": limit, "status": status},
        )

    def add_pool_members(
        self, pool_id: str, body: models.NewMembers, *, idempotency_key: str | None = None
    ) -> models.PoolMembersView:
        """Adds workers, or invites them; whoever is there already stays as they are."""
        return self.call(
            "POST",
            f"/v1/pools/{_part(pool_id)}/members",
            models.PoolMembersView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def approve_pool_member(
        self, pool_id: str, worker_id: str, *, idempotency_key: str | None = None
    ) -> models.PoolMemberView:
        """Takes in who has applied."""
        return self.call(
            "POST",
            f"/v1/pools/{_part(pool_id)}/members/{_part(worker_id)}/approve",
            models.PoolMemberView,
            idempotency_key=idempotency_key,
        )

    def decline_pool_member(
        self, pool_id: str, worker_id: str, body: models.ReasonGiven, *, idempotency_key: str | None = None
    ) -> models.PoolMemberView:
        """Does not take in who has applied, and says why."""
        return self.call(
            "POST",
            f"/v1/pools/{_part(pool_id)}/members/{_part(worker_id)}/decline",
            models.PoolMemberView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def remove_pool_member(
        self, pool_id: str, worker_id: str, body: models.ReasonGiven, *, idempotency_key: str | None = None
    ) -> models.PoolMemberView:
        """Takes a member out, and says why; bids and contracts stay as they are."""
        return self.call(
            "POST",
            f"/v1/pools/{_part(pool_id)}/members/{_part(worker_id)}/remove",
            models.PoolMemberView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_qualifications(self, *, limit: int | None = None) -> Iterator[models.QualificationView]:
        """A client's own qualifications; for everybody else the platform's."""
        return self.pages("/v1/qualifications", models.QualificationView, query={"limit": limit})

    def define_qualification(
        self, body: models.NewQualification, *, idempotency_key: str | None = None
    ) -> models.QualificationView:
        """Defines a qualification, with its exam if it has one."""
        return self.call(
            "POST", "/v1/qualifications", models.QualificationView, body=body, idempotency_key=idempotency_key
        )

    def get_qualification(self, qualification_id: str) -> models.QualificationView:
        """One qualification; workers see whatever they may be asked for."""
        return self.call("GET", f"/v1/qualifications/{_part(qualification_id)}", models.QualificationView)

    def start_attempt(
        self, qualification_id: str, *, idempotency_key: str | None = None
    ) -> models.AttemptView:
        """Begins an attempt at the exam; its time runs from now on."""
        return self.call(
            "POST",
            f"/v1/qualifications/{_part(qualification_id)}/attempts",
            models.AttemptView,
            idempotency_key=idempotency_key,
        )

    def get_exam(self, qualification_id: str) -> models.ExamView:
        """The exam with its answers, for its owner."""
        return self.call("GET", f"/v1/qualifications/{_part(qualification_id)}/exam", models.ExamView)

    def publish_exam(
        self, qualification_id: str, body: models.ExamBody, *, idempotency_key: str | None = None
    ) -> models.QualificationView:
        """Publishes the next version of the exam; attempts under way keep to theirs."""
        return self.call(
            "POST",
            f"/v1/qualifications/{_part(qualification_id)}/exam",
            models.QualificationView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_grants(self, qualification_id: str, *, limit: int | None = None) -> Iterator[models.HoldingView]:
        """Who holds it, or did; for its owner."""
        return self.pages(
            f"/v1/qualifications/{_part(qualification_id)}/grants", models.HoldingView, query={"limit": limit}
        )

    def grant_qualification(
        self, qualification_id: str, body: models.NewGrant, *, idempotency_key: str | None = None
    ) -> models.HoldingView:
        """Grants it to a worker by hand; an operator may do so for any client's."""
        return self.call(
            "POST",
            f"/v1/qualifications/{_part(qualification_id)}/grants",
            models.HoldingView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def revoke_qualification(
        self, qualification_id: str, body: models.Revocation, *, idempotency_key: str | None = None
    ) -> models.HoldingView:
        """Takes it back from a worker; contracts that were awarded go on."""
        return self.call(
            "POST",
            f"/v1/qualifications/{_part(qualification_id)}/revoke",
            models.HoldingView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_rating(self, rating_id: str) -> models.RatingDetail:
        """One rating: a public one for anybody, a removed one for its sides, a hidden one for who gave it."""
        return self.call("GET", f"/v1/ratings/{_part(rating_id)}", models.RatingDetail)

    def appeal_rating(
        self, rating_id: str, body: models.Objection, *, idempotency_key: str | None = None
    ) -> models.AppealView:
        """Asks an operator to take out a rating about the caller."""
        return self.call(
            "POST",
            f"/v1/ratings/{_part(rating_id)}/appeal",
            models.AppealView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def remove_rating(
        self, rating_id: str, body: models.Removing, *, idempotency_key: str | None = None
    ) -> models.RatingDetail:
        """Takes a rating out; an open appeal against it is granted by this."""
        return self.call(
            "POST",
            f"/v1/ratings/{_part(rating_id)}/remove",
            models.RatingDetail,
            body=body,
            idempotency_key=idempotency_key,
        )

    def uphold_rating(
        self, rating_id: str, body: models.Upholding, *, idempotency_key: str | None = None
    ) -> models.RatingDetail:
        """Lets a rating stand: the open appeal against it is denied."""
        return self.call(
            "POST",
            f"/v1/ratings/{_part(rating_id)}/uphold",
            models.RatingDetail,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_result(self, result_id: str) -> models.ResultDetail:
        """One result of the caller's, with what was handed in."""
        return self.call("GET", f"/v1/results/{_part(result_id)}", models.ResultDetail)

    def accept_result(self, result_id: str, *, idempotency_key: str | None = None) -> models.ResultView:
        """Pays the result out of the hold."""
        return self.call(
            "POST",
            f"/v1/results/{_part(result_id)}/accept",
            models.ResultView,
            idempotency_key=idempotency_key,
        )

    def reject_result(
        self, result_id: str, body: models.ResultReason, *, idempotency_key: str | None = None
    ) -> models.ResultView:
        """Does not pay the result; its price is free for another."""
        return self.call(
            "POST",
            f"/v1/results/{_part(result_id)}/reject",
            models.ResultView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def reverse_result(
        self, result_id: str, body: models.ResultReason, *, idempotency_key: str | None = None
    ) -> models.ResultView:
        """Takes an accepted result's pay back, within 30 days; what is withdrawn already, the worker owes."""
        return self.call(
            "POST",
            f"/v1/results/{_part(result_id)}/reverse",
            models.ResultView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_sessions(
        self,
        *,
        limit: int | None = None,
        status: Literal["running", "stopped", "approved", "disputed", "corrected"] | None = None,
    ) -> Iterator[models.SessionView]:
        """The caller's sessions: for a client what to approve, for a restarted phone the one that runs."""
        return self.pages("/v1/sessions", models.SessionView, query={"limit": limit, "status": status})

    def get_session(self, session_id: str) -> models.SessionView:
        """One session of the caller's."""
        return self.call("GET", f"/v1/sessions/{_part(session_id)}", models.SessionView)

    def approve_session(self, session_id: str, *, idempotency_key: str | None = None) -> models.SessionView:
        """Pays the minutes, or what a dispute left of them."""
        return self.call(
            "POST",
            f"/v1/sessions/{_part(session_id)}/approve",
            models.SessionView,
            idempotency_key=idempotency_key,
        )

    def record_class(
        self, session_id: str, body: models.ClassChange, *, idempotency_key: str | None = None
    ) -> models.SessionView:
        """Says what the minutes are from an instant on; its sequence makes it safe to repeat, late and in any
        order."""
        return self.call(
            "POST",
            f"/v1/sessions/{_part(session_id)}/class",
            models.SessionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def ask_correction(
        self, session_id: str, body: models.NewCorrection, *, idempotency_key: str | None = None
    ) -> models.SessionView:
        """Asks for minutes after the session's end that the phone could not prove in time."""
        return self.call(
            "POST",
            f"/v1/sessions/{_part(session_id)}/correction",
            models.SessionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def accept_correction(self, session_id: str, *, idempotency_key: str | None = None) -> models.SessionView:
        """Pays the session with the minutes asked for."""
        return self.call(
            "POST",
            f"/v1/sessions/{_part(session_id)}/correction/accept",
            models.SessionView,
            idempotency_key=idempotency_key,
        )

    def decline_correction(
        self, session_id: str, body: models.DecliningCorrection, *, idempotency_key: str | None = None
    ) -> models.SessionView:
        """Leaves the session as it was, and says why."""
        return self.call(
            "POST",
            f"/v1/sessions/{_part(session_id)}/correction/decline",
            models.SessionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def dispute_session(
        self, session_id: str, body: models.NewSessionDispute, *, idempotency_key: str | None = None
    ) -> models.SessionView:
        """Pays the seconds that the client accepts; the rest stays held."""
        return self.call(
            "POST",
            f"/v1/sessions/{_part(session_id)}/dispute",
            models.SessionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_evidence(self, session_id: str) -> models.EvidenceView:
        """The heartbeats that came after the session's end."""
        return self.call("GET", f"/v1/sessions/{_part(session_id)}/evidence", models.EvidenceView)

    def record_heartbeat(
        self, session_id: str, body: models.Heartbeat, *, idempotency_key: str | None = None
    ) -> models.SessionView:
        """Proves the time since the proven instant before it; its sequence makes it safe to repeat."""
        return self.call(
            "POST",
            f"/v1/sessions/{_part(session_id)}/heartbeat",
            models.SessionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def stop_session(self, session_id: str, *, idempotency_key: str | None = None) -> models.SessionView:
        """Clocks out; a session that had ended by itself is answered as it ended."""
        return self.call(
            "POST",
            f"/v1/sessions/{_part(session_id)}/stop",
            models.SessionView,
            idempotency_key=idempotency_key,
        )

    def list_tasks(
        self,
        *,
        limit: int | None = None,
        skill: str | None = None,
        language: str | None = None,
        model: Literal["milestone", "per_result", "per_minute"] | None = None,
        pay_floor: str | None = None,
        currency: str | None = None,
        q: str | None = None,
        visibility: str | None = None,
        status: Literal["draft", "open", "filled", "closed"] | None = None,
        order: Literal["newest", "best"] | None = None,
    ) -> Iterator[models.ListedTask]:
        """A client's own tasks; for a worker, the open tasks that it may bid on."""
        return self.pages(
            "/v1/tasks",
            models.ListedTask,
            query={
                "limit": limit,
                "skill": skill,
                "language": language,
                "model": model,
                "pay_floor": pay_floor,
                "currency": currency,
                "q": q,
                "visibility": visibility,
                "status": status,
                "order": order,
            },
        )

    def post_task(self, body: models.NewTask, *, idempotency_key: str | None = None) -> models.TaskView:
        """Posts a task, as a draft."""
        return self.call("POST", "/v1/tasks", models.TaskView, body=body, idempotency_key=idempotency_key)

    def get_task(self, task_id: str) -> models.TaskView:
        """One task: the client's own, or one that the worker may see."""
        return self.call("GET", f"/v1/tasks/{_part(task_id)}", models.TaskView)

    def change_task(self, task_id: str, body: models.TaskChanges) -> models.TaskView:
        """Changes a draft; of an open task, its texts and its deadline."""
        return self.call("PATCH", f"/v1/tasks/{_part(task_id)}", models.TaskView, body=body)

    def list_task_bids(self, task_id: str, *, limit: int | None = None) -> Iterator[models.BidView]:
        """All bids on a client's own task; for a worker, its own bid on it."""
        return self.pages(f"/v1/tasks/{_part(task_id)}/bids", models.BidView, query={"limit": limit})

    def submit_bid(
        self, task_id: str, body: models.NewBid, *, idempotency_key: str | None = None
    ) -> models.BidView:
        """Bids on an open task; one live bid for each worker and task."""
        return self.call(
            "POST",
            f"/v1/tasks/{_part(task_id)}/bids",
            models.BidView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def close_task(self, task_id: str, *, idempotency_key: str | None = None) -> models.TaskView:
        """Takes no more bids and awards no more seats."""
        return self.call(
            "POST", f"/v1/tasks/{_part(task_id)}/close", models.TaskView, idempotency_key=idempotency_key
        )

    def get_eligibility(self, task_id: str) -> models.EligibilityView:
        """Whether the caller may bid on a task, and what is missing."""
        return self.call("GET", f"/v1/tasks/{_part(task_id)}/eligibility", models.EligibilityView)

    def list_gold_items(self, task_id: str, *, limit: int | None = None) -> Iterator[models.GoldItemView]:
        """The known answers of one of the client's tasks."""
        return self.pages(
            f"/v1/tasks/{_part(task_id)}/gold-items", models.GoldItemView, query={"limit": limit}
        )

    def register_gold_items(
        self, task_id: str, body: models.NewGold, *, idempotency_key: str | None = None
    ) -> models.GoldItemsView:
        """Registers known answers; results that come after it are held against them."""
        return self.call(
            "POST",
            f"/v1/tasks/{_part(task_id)}/gold-items",
            models.GoldItemsView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_task_invitations(
        self, task_id: str, *, limit: int | None = None
    ) -> Iterator[models.InvitationView]:
        """Whom a client has asked to bid on its task."""
        return self.pages(
            f"/v1/tasks/{_part(task_id)}/invitations", models.InvitationView, query={"limit": limit}
        )

    def invite_workers(
        self, task_id: str, body: models.NewInvitations, *, idempotency_key: str | None = None
    ) -> models.InvitationsView:
        """Asks workers to bid on an open task."""
        return self.call(
            "POST",
            f"/v1/tasks/{_part(task_id)}/invitations",
            models.InvitationsView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_matches(self, task_id: str, *, limit: int | None = None) -> Iterator[models.WorkerMatch]:
        """Workers who may bid on the task, or may once they are invited: sixty at a time, of each sixty the
        best match first."""
        return self.pages(f"/v1/tasks/{_part(task_id)}/matches", models.WorkerMatch, query={"limit": limit})

    def publish_task(self, task_id: str, *, idempotency_key: str | None = None) -> models.TaskView:
        """Opens a draft for bids."""
        return self.call(
            "POST", f"/v1/tasks/{_part(task_id)}/publish", models.TaskView, idempotency_key=idempotency_key
        )

    def get_wallet(self) -> models.WalletView:
        """What the client may spend and what contracts hold, in minor units."""
        return self.call("GET", "/v1/wallet", models.WalletView)

    def list_chargebacks(self, *, limit: int | None = None) -> Iterator[models.ChargebackView]:
        """The client's chargebacks."""
        return self.pages("/v1/wallet/chargebacks", models.ChargebackView, query={"limit": limit})

    def get_chargeback(self, chargeback_id: str) -> models.ChargebackView:
        """One chargeback of the client's."""
        return self.call("GET", f"/v1/wallet/chargebacks/{_part(chargeback_id)}", models.ChargebackView)

    def give_evidence(
        self, chargeback_id: str, body: models.NewEvidence, *, idempotency_key: str | None = None
    ) -> models.ChargebackView:
        """Says something against it, once; the bank gets it through Stripe."""
        return self.call(
            "POST",
            f"/v1/wallet/chargebacks/{_part(chargeback_id)}/evidence",
            models.ChargebackView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_wallet_entries(
        self, *, limit: int | None = None, from_: datetime | None = None, to: datetime | None = None
    ) -> Iterator[models.WalletEntry]:
        """What went into the calling client's wallet and out of it, newest first."""
        return self.pages(
            "/v1/wallet/entries", models.WalletEntry, query={"limit": limit, "from": from_, "to": to}
        )

    def list_refunds(self, *, limit: int | None = None) -> Iterator[models.RefundView]:
        """The client's refunds."""
        return self.pages("/v1/wallet/refunds", models.RefundView, query={"limit": limit})

    def create_refund(
        self, body: models.NewRefund, *, idempotency_key: str | None = None
    ) -> models.RefundView:
        """Sends unspent money back to the card of a top-up, as far as that top-up goes."""
        return self.call(
            "POST", "/v1/wallet/refunds", models.RefundView, body=body, idempotency_key=idempotency_key
        )

    def get_refund(self, refund_id: str) -> models.RefundView:
        """One refund of the client's."""
        return self.call("GET", f"/v1/wallet/refunds/{_part(refund_id)}", models.RefundView)

    def list_top_ups(self, *, limit: int | None = None) -> Iterator[models.TopUpView]:
        """The client's top-ups."""
        return self.pages("/v1/wallet/top-ups", models.TopUpView, query={"limit": limit})

    def create_top_up(self, body: models.NewTopUp, *, idempotency_key: str | None = None) -> models.TopUpView:
        """Opens a card payment into the wallet; pay it with its `client_secret`."""
        return self.call(
            "POST", "/v1/wallet/top-ups", models.TopUpView, body=body, idempotency_key=idempotency_key
        )

    def get_top_up(self, top_up_id: str) -> models.TopUpView:
        """One top-up of the client's."""
        return self.call("GET", f"/v1/wallet/top-ups/{_part(top_up_id)}", models.TopUpView)

    def list_webhook_endpoints(self, *, limit: int | None = None) -> Iterator[models.EndpointView]:
        """The calling client's endpoints."""
        return self.pages("/v1/webhook-endpoints", models.EndpointView, query={"limit": limit})

    def create_webhook_endpoint(
        self, body: models.NewEndpoint, *, idempotency_key: str | None = None
    ) -> models.EndpointWithSecret:
        """Makes an endpoint to which events are sent, and shows its secret once."""
        return self.call(
            "POST",
            "/v1/webhook-endpoints",
            models.EndpointWithSecret,
            body=body,
            idempotency_key=idempotency_key,
        )

    def redeliver_webhook(
        self, delivery_id: str, *, idempotency_key: str | None = None
    ) -> models.DeliveryView:
        """Sends a delivery that has ended once more, with the same id and body."""
        return self.call(
            "POST",
            f"/v1/webhook-endpoints/deliveries/{_part(delivery_id)}/redeliver",
            models.DeliveryView,
            idempotency_key=idempotency_key,
        )

    def delete_webhook_endpoint(self, endpoint_id: str) -> models.EndpointView:
        """Sends nothing there any more."""
        return self.call("DELETE", f"/v1/webhook-endpoints/{_part(endpoint_id)}", models.EndpointView)

    def get_webhook_endpoint(self, endpoint_id: str) -> models.EndpointView:
        """One endpoint, without its secret."""
        return self.call("GET", f"/v1/webhook-endpoints/{_part(endpoint_id)}", models.EndpointView)

    def change_webhook_endpoint(self, endpoint_id: str, body: models.EndpointChanges) -> models.EndpointView:
        """Sends to another place, or other types of events, from now on; what is on its way goes there
        too."""
        return self.call(
            "PATCH", f"/v1/webhook-endpoints/{_part(endpoint_id)}", models.EndpointView, body=body
        )

    def list_webhook_deliveries(
        self, endpoint_id: str, *, limit: int | None = None
    ) -> Iterator[models.DeliveryView]:
        """What was sent to an endpoint, and what came of it."""
        return self.pages(
            f"/v1/webhook-endpoints/{_part(endpoint_id)}/deliveries",
            models.DeliveryView,
            query={"limit": limit},
        )

    def enable_webhook_endpoint(
        self, endpoint_id: str, *, idempotency_key: str | None = None
    ) -> models.EndpointView:
        """Sends there again, after it was disabled."""
        return self.call(
            "POST",
            f"/v1/webhook-endpoints/{_part(endpoint_id)}/enable",
            models.EndpointView,
            idempotency_key=idempotency_key,
        )

    def rotate_webhook_secret(
        self, endpoint_id: str, body: models.Rotation, *, idempotency_key: str | None = None
    ) -> models.EndpointWithSecret:
        """Gives the endpoint a new secret, shown once; for a while the old one signs as well."""
        return self.call(
            "POST",
            f"/v1/webhook-endpoints/{_part(endpoint_id)}/rotate-secret",
            models.EndpointWithSecret,
            body=body,
            idempotency_key=idempotency_key,
        )

    def send_test_webhook(
        self, endpoint_id: str, *, idempotency_key: str | None = None
    ) -> models.DeliveryView:
        """Sends an event that means nothing, whatever the endpoint's filter is."""
        return self.call(
            "POST",
            f"/v1/webhook-endpoints/{_part(endpoint_id)}/test",
            models.DeliveryView,
            idempotency_key=idempotency_key,
        )

    def create_worker(
        self, body: models.NewWorker, *, idempotency_key: str | None = None
    ) -> models.WorkerView:
        """Creates the caller's own profile."""
        return self.call("POST", "/v1/workers", models.WorkerView, body=body, idempotency_key=idempotency_key)

    def get_own_worker(self) -> models.WorkerView:
        """The caller's own profile."""
        return self.call("GET", "/v1/workers/me", models.WorkerView)

    def update_worker(self, body: models.WorkerChanges) -> models.WorkerView:
        """Changes the caller's own profile."""
        return self.call("PATCH", "/v1/workers/me", models.WorkerView, body=body)

    def sign_agreement(
        self, agreement_id: str, body: models.NewSignature, *, idempotency_key: str | None = None
    ) -> models.SignatureReceipt:
        """Signs the version in force, or acknowledges a training."""
        return self.call(
            "POST",
            f"/v1/workers/me/agreements/{_part(agreement_id)}/sign",
            models.SignatureReceipt,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_own_attempts(self, *, limit: int | None = None) -> Iterator[models.AttemptLine]:
        """The caller's attempts."""
        return self.pages("/v1/workers/me/attempts", models.AttemptLine, query={"limit": limit})

    def get_own_checklist(self) -> models.ChecklistView:
        """What the caller has to bring, and how far it has come."""
        return self.call("GET", "/v1/workers/me/checklist", models.ChecklistView)

    def list_own_documents(self, *, limit: int | None = None) -> Iterator[models.DocumentView]:
        """The caller's documents."""
        return self.pages("/v1/workers/me/documents", models.DocumentView, query={"limit": limit})

    def add_document(
        self, body: models.NewDocument, *, idempotency_key: str | None = None
    ) -> models.DocumentReceipt:
        """Announces a document, and tells where to send its file."""
        return self.call(
            "POST",
            "/v1/workers/me/documents",
            models.DocumentReceipt,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_earnings(self) -> models.EarningsView:
        """What the worker has earned, in each currency, net of the fee."""
        return self.call("GET", "/v1/workers/me/earnings", models.EarningsView)

    def get_worker_erasure(self) -> models.ErasureView:
        """How far that is."""
        return self.call("GET", "/v1/workers/me/erasure", models.ErasureView)

    def request_worker_erasure(self, *, idempotency_key: str | None = None) -> models.ErasureView:
        """Asks that the calling worker be forgotten. The doors are shut before it is known for certain
        whether that can be; if it can, for good."""
        return self.call(
            "POST", "/v1/workers/me/erasure", models.ErasureView, idempotency_key=idempotency_key
        )

    def get_export(self) -> models.ExportView:
        """The copy that was asked for last."""
        return self.call("GET", "/v1/workers/me/export", models.ExportView)

    def request_export(self, *, idempotency_key: str | None = None) -> models.ExportView:
        """Asks for a copy of everything that is kept of the calling worker."""
        return self.call("POST", "/v1/workers/me/export", models.ExportView, idempotency_key=idempotency_key)

    def get_export_content(self, *, part: int | None = None) -> models.ExportContent:
        """One part of the copy."""
        return self.call("GET", "/v1/workers/me/export/content", models.ExportContent, query={"part": part})

    def get_payout_account(self) -> models.PayoutAccountView:
        """The worker's payout account. While something is missing, Stripe is asked how it stands."""
        return self.call("GET", "/v1/workers/me/payout-account", models.PayoutAccountView)

    def open_payout_account(self, *, idempotency_key: str | None = None) -> models.PayoutAccountView:
        """Opens a Stripe connected account, or gives the existing one with a fresh onboarding link."""
        return self.call(
            "POST", "/v1/workers/me/payout-account", models.PayoutAccountView, idempotency_key=idempotency_key
        )

    def get_payout_schedule(self) -> models.PayoutScheduleView:
        """How the calling worker is paid out; `manual` is what everybody begins with."""
        return self.call("GET", "/v1/workers/me/payout-schedule", models.PayoutScheduleView)

    def set_payout_schedule(self, body: models.NewPayoutSchedule) -> models.PayoutScheduleView:
        """Chooses when earnings are paid out by themselves; what is left out is as if never chosen."""
        return self.call("PUT", "/v1/workers/me/payout-schedule", models.PayoutScheduleView, body=body)

    def list_own_qualifications(self, *, limit: int | None = None) -> Iterator[models.HoldingView]:
        """What the caller holds, held or has tried for."""
        return self.pages("/v1/workers/me/qualifications", models.HoldingView, query={"limit": limit})

    def get_referral(self) -> models.ReferralView:
        """Who referred the caller."""
        return self.call("GET", "/v1/workers/me/referral", models.ReferralView)

    def name_referrer(
        self, body: models.NewReferral, *, idempotency_key: str | None = None
    ) -> models.ReferralView:
        """Says who referred the caller, once, within 30 days of making the profile."""
        return self.call(
            "POST", "/v1/workers/me/referral", models.ReferralView, body=body, idempotency_key=idempotency_key
        )

    def get_referral_code(self) -> models.ReferralCodeView:
        """The caller's code."""
        return self.call("GET", "/v1/workers/me/referral-code", models.ReferralCodeView)

    def create_referral_code(self, *, idempotency_key: str | None = None) -> models.ReferralCodeView:
        """Makes the caller's code; there is one for each worker."""
        return self.call(
            "POST", "/v1/workers/me/referral-code", models.ReferralCodeView, idempotency_key=idempotency_key
        )

    def list_referrals(self, *, limit: int | None = None) -> Iterator[models.ReferralView]:
        """Whom the caller has referred."""
        return self.pages("/v1/workers/me/referrals", models.ReferralView, query={"limit": limit})

    def list_own_screenings(self, *, limit: int | None = None) -> Iterator[models.ScreeningView]:
        """The caller's screenings."""
        return self.pages("/v1/workers/me/screenings", models.ScreeningView, query={"limit": limit})

    def start_screening(
        self, body: models.NewScreening, *, idempotency_key: str | None = None
    ) -> models.ScreeningView:
        """Begins a screening, or begins it again."""
        return self.call(
            "POST",
            "/v1/workers/me/screenings",
            models.ScreeningView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_own_signatures(self, *, limit: int | None = None) -> Iterator[models.SignatureView]:
        """What the caller has signed."""
        return self.pages("/v1/workers/me/signatures", models.SignatureView, query={"limit": limit})

    def get_own_worker_suspension(self) -> models.SuspensionView:
        """The calling worker's last deactivation."""
        return self.call("GET", "/v1/workers/me/suspension", models.SuspensionView)

    def get_worker(self, worker_id: str) -> models.WorkerView:
        """A worker's public profile."""
        return self.call("GET", f"/v1/workers/{_part(worker_id)}", models.WorkerView)

    def get_checklist(self, worker_id: str) -> models.ChecklistView:
        """A worker's checklist, for an operator."""
        return self.call("GET", f"/v1/workers/{_part(worker_id)}/checklist", models.ChecklistView)

    def deactivate_worker(
        self, worker_id: str, body: models.NewSuspension, *, idempotency_key: str | None = None
    ) -> models.SuspensionView:
        """Keeps a worker out of everything but what is their own to see and withdraw."""
        return self.call(
            "POST",
            f"/v1/workers/{_part(worker_id)}/deactivate",
            models.SuspensionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def list_worker_ratings(self, worker_id: str, *, limit: int | None = None) -> Iterator[models.RatingView]:
        """The ratings about a worker that are shown."""
        return self.pages(
            f"/v1/workers/{_part(worker_id)}/ratings", models.RatingView, query={"limit": limit}
        )

    def reinstate_worker(
        self, worker_id: str, body: models.Lifting, *, idempotency_key: str | None = None
    ) -> models.SuspensionView:
        """Lets a deactivated worker in again."""
        return self.call(
            "POST",
            f"/v1/workers/{_part(worker_id)}/reinstate",
            models.SuspensionView,
            body=body,
            idempotency_key=idempotency_key,
        )

    def get_worker_reputation(self, worker_id: str) -> models.ReputationView:
        """A worker's reputation."""
        return self.call("GET", f"/v1/workers/{_part(worker_id)}/reputation", models.ReputationView)

    def get_worker_suspension(self, worker_id: str) -> models.SuspensionView:
        """The last deactivation of a worker."""
        return self.call("GET", f"/v1/workers/{_part(worker_id)}/suspension", models.SuspensionView)
