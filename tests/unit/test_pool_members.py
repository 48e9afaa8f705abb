"""How workers come into pools, and go."""

from dataclasses import replace

import pytest

from marketplace.people.pool import WAYS, Pool, PoolKind, PoolStatus, Way, alumni_pool_id
from marketplace.people.pool_member import (
    Alumnus,
    PoolMember,
    PoolMemberStatus,
    PoolReasonCode,
    belongs,
    coming,
    taken_out,
)
from marketplace.shared.errors import AlreadyExists, IllegalTransition

COMER = PoolMember("pmb_1", "pool_1", "cli_1", "wrk_1", "pmb_2", PoolMemberStatus.MEMBER, 0)


def pool(kind: PoolKind) -> Pool:
    return Pool("pool_1", "cli_1", "Regulars", kind, 0)


@pytest.mark.parametrize("kind", PoolKind)
@pytest.mark.parametrize("way", Way)
def test_one_comes_in_only_as_the_pool_s_kind_says_and_into_a_closed_one_not_at_all(
    kind: PoolKind, way: Way
) -> None:
    closed = replace(pool(kind), status=PoolStatus.CLOSED)
    for where, allowed in ((pool(kind), way in WAYS[kind] and kind != PoolKind.ALUMNI), (closed, False)):
        if allowed:
            assert coming(where, None, way, COMER).status in PoolMemberStatus
        else:
            with pytest.raises(IllegalTransition):
                coming(where, None, way, COMER)


def test_nobody_comes_in_twice_and_who_was_removed_not_by_themselves() -> None:
    everybody = pool(PoolKind.PUBLIC)
    member = coming(everybody, None, Way.JOIN, COMER)
    for way in (Way.JOIN, Way.ADD):
        with pytest.raises(AlreadyExists):
            coming(everybody, member, way, COMER)
    removed = taken_out(everybody, member, COMER, "Rude", PoolReasonCode.CONDUCT)
    with pytest.raises(IllegalTransition):
        coming(everybody, removed, Way.JOIN, COMER)
    assert coming(everybody, removed, Way.ADD, COMER).is_member
    assert removed.taken_back("pmb_2").is_member
    assert coming(everybody, member.stepped("leave"), Way.JOIN, COMER).is_member


def test_an_alumnus_belongs_until_removed_and_nobody_else_does() -> None:
    alumni = replace(pool(PoolKind.ALUMNI), id=alumni_pool_id("cli_1"))
    alumnus = Alumnus("alm_1", "cli_1", "wrk_1", "con_1", 0)
    removed = taken_out(alumni, None, COMER, "Late", None)
    assert belongs(alumni.id, "cli_1", None, alumnus)
    assert not belongs(alumni.id, "cli_1", removed, alumnus)
    assert not belongs(alumni.id, "cli_1", COMER, None)
    assert belongs(alumni.id, "cli_1", coming(alumni, removed, Way.ADD, COMER), alumnus)
