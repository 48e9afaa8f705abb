"""What names stand for: one's own before the platform's, and never another client's."""

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.compliance.agreement import AgreementKind, Pinned
from marketplace.compliance.agreements import (
    Asked,
    PublishAgreement,
    PublishVersion,
    in_force,
    publish_agreement,
    publish_version,
)
from marketplace.compliance.checks import held_qualifications
from marketplace.compliance.qualifications import (
    DefineQualification,
    GrantQualification,
    define_qualification,
    grant_qualification,
)
from marketplace.people.workers import Worker
from marketplace.shared.errors import AlreadyExists
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.fakes.memory_store import MemoryStore

NOW = 1_790_000_000
PLATFORM = None


class Office:
    """A store in which clients and the platform publish and define."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.run(lambda tx: tx.save(Worker("wrk_1", "Ada", "DE", (), (), "", NOW)))

    def run(self, work: Callable[[Transaction], Any]) -> Any:
        return run(self.store, Cause(new_id("evt"), "cli_1", "req_1", NOW), work).result

    def publish(self, owner: str | None, title: str, kind: str = "nda") -> str:
        command = PublishAgreement(new_id("agr"), owner, AgreementKind(kind), title, "Say nothing.")
        self.run(lambda tx: publish_agreement(command, tx))
        return command.agreement_id

    def define(self, owner: str | None, name: str) -> str:
        command = DefineQualification(new_id("qua"), owner, name, "", None, None)
        self.run(lambda tx: define_qualification(command, tx))
        return command.qualification_id

    def grant(self, qualification_id: str) -> None:
        command = GrantQualification(qualification_id, None, "wrk_1", "seen", "ops")
        self.run(lambda tx: grant_qualification(command, tx))

    def held(self, client_id: str, *wanted: str) -> set[str]:
        return set(self.run(lambda tx: held_qualifications("wrk_1", wanted, client_id, NOW, tx.find)))

    def asked(self, client_id: str, *entries: str) -> Any:
        return self.run(lambda tx: in_force(entries, client_id, tx))


def test_a_qualification_by_name_is_the_clients_own_or_the_platforms() -> None:
    office = Office()
    theirs, ours = office.define("cli_2", "english-c1"), office.define("cli_1", "english-c1")
    platforms = office.define(PLATFORM, "english-c1")
    for qualification_id, counts in ((theirs, False), (ours, True)):
        office.grant(qualification_id)
        assert office.held("cli_1", "english-c1") == ({"english-c1"} if counts else set())
    assert office.held("cli_3", "english-c1", ours) == {ours}
    office.grant(platforms)
    assert office.held("cli_3", "english-c1", "french-b2") == {"english-c1"}


def test_an_owner_gives_a_name_to_one_qualification() -> None:
    office = Office()
    office.define("cli_1", "english-c1")
    with pytest.raises(AlreadyExists):
        office.define("cli_1", "english-c1")


def test_an_agreement_by_name_is_what_is_in_force_under_it_and_else_a_label() -> None:
    office = Office()
    office.publish("cli_2", "nda-2026")
    office.publish("cli_1", "nda-2026", kind="training")
    assert office.asked("cli_1", "nda-2026") == Asked(None, ("nda-2026",))
    platforms = office.publish(PLATFORM, "nda-2026")
    assert office.asked("cli_1", "nda-2026").pinned == (Pinned(platforms, 1),)
    office.publish("cli_1", "nda-2026")
    ours = office.publish("cli_1", "nda-2026")
    office.run(lambda tx: publish_version(PublishVersion(ours, "cli_1", "nda-2027", "Say less."), tx))
    named = Asked((Pinned(ours, 2),), None)
    assert office.asked("cli_1", "nda-2026", "nda-2027", ours) == named
    assert [row.asked_as for row in office.asked("cli_1", "nda-2027").pinned] == ["nda-2027"]
