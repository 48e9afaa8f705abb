"""Tables that must name everything do."""

import importlib
import inspect
import pkgutil

import marketplace
from chalicelib.api import OPERATIONS
from chalicelib.problems import STATUS_AND_CODE
from chalicelib.wakes import WAKES
from marketplace.shared import errors
from marketplace.storage.keys import ALUMNUS_AUDIENCES
from marketplace.storage.shelves import SHELVES


def test_every_refusal_has_a_status_and_a_code() -> None:
    concrete = {
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.DomainError) and kind not in (errors.DomainError, errors.Conflict)
    }
    assert concrete == set(STATUS_AND_CODE)


def test_every_refusal_lives_in_the_one_tree() -> None:
    for module in pkgutil.walk_packages(marketplace.__path__, "marketplace."):
        importlib.import_module(module.name)
    homes = {kind.__module__ for kind in _below(errors.DomainError)}
    assert homes == {errors.__name__}


def test_whatever_has_a_clock_has_somebody_who_wakes_it() -> None:
    clocked = {shelf.prefix for shelf in SHELVES if shelf.due_at is not type(shelf).due_at}
    assert clocked == set(WAKES)


def test_ids_and_names_are_given_once() -> None:
    prefixes = [shelf.prefix for shelf in SHELVES]
    shared = {ALUMNUS_AUDIENCES}
    names = [row.name for shelf in SHELVES for row in shelf.lists if row not in shared]
    operations = [operation.run.__name__ for operation in OPERATIONS]
    for given in (prefixes, names, operations):
        assert len(given) == len(set(given))
    for shelf in SHELVES:
        indexes = [listing.index for listing in shelf.lists]
        assert len(indexes) == len(set(indexes))


def test_what_moves_money_demands_a_key_and_every_endpoint_says_what_it_does() -> None:
    paid_once_by_their_state = {
        "dispute_session",
        "accept_correction",
        "make_offer",
        "accept_dispute_offer",
    }
    shown_beside_money = {"request_client_export"}
    for operation in OPERATIONS:
        assert operation.summary, operation.path
        moves_money = operation.scope == "money" and operation.method != "GET"
        moves_money = moves_money and operation.run.__name__ not in shown_beside_money
        safe = operation.key_required or operation.run.__name__ in paid_once_by_their_state
        assert safe or not moves_money, operation.path


def _below(kind: type) -> set[type]:
    return {kind} | {grandchild for child in kind.__subclasses__() for grandchild in _below(child)}
