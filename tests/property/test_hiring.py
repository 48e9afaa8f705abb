"""Laws of whom a client is shown, for whatever is known of workers."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.matching.exploration import OBSERVATIONS_MAX, draw
from marketplace.matching.fit import profile_of
from marketplace.matching.hiring import Known, Sought, suits
from marketplace.matching.track import CONTRACTS_MAX, NO_TRACK, Course, Entry, Track
from marketplace.people.standing import unrated

NOW = 100 * 86_400


def known(skills: dict[str, int], languages: list[str], overalls: list[int], track: Track) -> Known:
    standing = unrated("wrk_1")
    for overall in overalls:
        standing = standing.with_rating(overall)
    return Known("wrk_1", profile_of(skills, languages), standing.count, standing.score, track)


NAMES = st.sampled_from(("chat", "voice", "en", "de", "en-us"))
ENTRIES = st.builds(
    Entry,
    contract_id=st.integers(0, 60).map("con_{}".format),
    at=st.integers(0, NOW),
    asked=st.integers(5_000, 20_000),
    course=st.sampled_from(Course),
    lost=st.booleans(),
)
TRACKS = st.builds(
    Track,
    seen_at=st.integers(0, NOW),
    entries=st.lists(ENTRIES, max_size=CONTRACTS_MAX - 1, unique_by=lambda row: row.contract_id).map(tuple),
)
KNOWN = st.builds(
    known,
    st.dictionaries(NAMES, st.integers(1, 4), max_size=3),
    st.lists(NAMES, max_size=2),
    st.lists(st.integers(1, 5), max_size=60),
    TRACKS,
)
SOUGHT = st.builds(
    Sought,
    st.lists(NAMES, max_size=3, unique=True).map(tuple),
    st.lists(NAMES, max_size=2, unique=True).map(tuple),
    st.text(max_size=3),
)


def score(sought: Sought, worker: Known) -> int:
    return suits(sought, worker, NOW).score


def ended(course: Course, *, lost: bool = False) -> Entry:
    return Entry("con_new", NOW, 10_000, course, lost)


@given(SOUGHT, KNOWN)
def test_a_score_is_bounded_and_every_part_of_it_too(sought: Sought, worker: Known) -> None:
    fit = suits(sought, worker, NOW)
    assert 0 <= fit.score <= 10_000
    assert all(0 <= part.points <= part.most for part in fit.parts)
    assert fit == suits(sought, worker, NOW)


@given(SOUGHT, KNOWN, NAMES)
def test_more_of_anything_that_is_good_never_lowers_a_score(sought: Sought, worker: Known, name: str) -> None:
    track = worker.track
    before = score(sought, worker)
    skills = dict(worker.profile.skills) | {name: worker.profile.skills.get(name, 0) + 1}
    better = {
        "skill": replace(worker, profile=replace(worker.profile, skills=skills)),
        "language": replace(
            worker, profile=replace(worker.profile, languages=[*worker.profile.languages, name])
        ),
        "rating": replace(worker, score=min(Decimal(5), worker.score + Decimal("0.07"))),
        "activity": replace(worker, track=track.seen(NOW)),
        "price": replace(
            worker,
            track=replace(track, entries=tuple(replace(row, asked=row.asked - 900) for row in track.entries)),
        ),
    }
    for what, other in better.items():
        assert score(sought, other) >= before, what


@given(SOUGHT, KNOWN)
def test_a_contract_completed_never_counts_less_than_one_under_way_or_left(
    sought: Sought, worker: Known
) -> None:
    def after(entry: Entry) -> int:
        return score(sought, replace(worker, track=worker.track.told(entry)))

    completed, left = after(ended(Course.COMPLETED)), after(ended(Course.LEFT))
    assert completed >= after(ended(Course.ENDED)) >= left
    assert completed >= after(ended(Course.COMPLETED, lost=True))
    assert completed >= after(ended(Course.OPEN))


@given(st.lists(ENTRIES, max_size=4))
def test_a_track_comes_to_the_same_in_whatever_order_and_however_often_it_is_told(
    told: list[Entry],
) -> None:
    ends = set()
    # what the contract itself says of an entry is always the same
    one = [replace(row, at=NOW - int(row.contract_id[4:]), asked=10_000) for row in told]
    for order in permutations(one):
        end = NO_TRACK
        for entry in (*order, *order[:2]):
            end = end.told(entry)
        ends.add(end)
    assert len(ends) == 1


@given(st.text(max_size=5), st.integers(1, OBSERVATIONS_MAX - 1), st.integers(1, OBSERVATIONS_MAX - 1))
def test_with_the_same_luck_a_success_never_lowers_a_draw_and_a_failure_never_raises_it(
    seed: str, won: int, lost: int
) -> None:
    drawn = draw(seed, won, lost)
    assert 0 < drawn < 1
    assert draw(seed, won + 1, lost) >= drawn >= draw(seed, won, lost + 1)


def test_draws_are_of_the_distribution_that_they_are_said_to_be_of() -> None:
    drawn = [draw(str(number), 4, 1) for number in range(2_000)]
    mean = sum(drawn) / len(drawn)
    variance = sum((each - mean) ** 2 for each in drawn) / len(drawn)
    assert abs(mean - 4 / 5) < 0.015
    assert abs(variance - 4 / (25 * 6)) < 0.003
