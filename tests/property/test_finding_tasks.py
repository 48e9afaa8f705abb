"""Laws of searching and of the best match, for whatever tasks and workers there are."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.matching.fit import Profile, fit, profile_of
from marketplace.matching.ranking import Window, after, ranked, usual_of
from marketplace.matching.search import Wanted, facts_of, terms_of, words_of
from marketplace.matching.words import words
from marketplace.shared.money import Money
from marketplace.storage.feed_index import dump_facts, load_facts
from marketplace.work.task import PUBLIC, Task
from marketplace.work.terms import Pay, PayModel

NAMES = st.sampled_from(
    ("Chat", " chat ", "Événement", "STRASSE", "straße", "客服", "en-US", "en", "İ", "a-b")
)
TASKS = st.builds(
    Task,
    id=st.integers(0, 10**6).map("task_{:026d}".format),
    client_id=st.just("cli_1"),
    title=st.text(max_size=30),
    description=st.text(max_size=80),
    category=NAMES,
    skills=st.lists(NAMES, max_size=3).map(tuple),
    languages=st.lists(NAMES, max_size=3).map(tuple),
    pay=st.integers(1, 10**8).map(lambda amount: Pay(PayModel.MILESTONE, budget=Money(amount, "USD"))),
    seats=st.just(1),
    seats_left=st.just(1),
    visibility=st.just(PUBLIC),
    created_at=st.integers(0, 10**9),
)
PROFILES = st.builds(
    profile_of,
    st.dictionaries(NAMES, st.integers(1, 5), max_size=4),
    st.lists(NAMES, max_size=3),
)


@given(TASKS, st.data())
def test_what_a_task_has_finds_it_in_every_list_that_is_looked_through(
    task: Task, data: st.DataObject
) -> None:
    told = words_of(task)
    wanted = Wanted(
        skill=data.draw(st.sampled_from(task.skills)) if task.skills else None,
        language=data.draw(st.sampled_from(task.languages)).upper() if task.languages else None,
        model="milestone",
        currency="USD",
        pay_floor=facts_of(task).price,
        words=tuple(data.draw(st.lists(st.sampled_from(told), unique=True))) if told else (),
    )
    assert wanted.passes(task)
    assert set(wanted.terms()) <= set(terms_of(task))
    assert load_facts(dump_facts(facts_of(task))) == facts_of(task)
    assert not replace(wanted, pay_floor=facts_of(task).price + Decimal("0.0001")).passes(task)


@given(st.text(max_size=60))
def test_the_words_of_words_are_the_same(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(PROFILES, TASKS, st.integers(-100, 10**7))
def test_a_score_is_the_sum_of_its_reasons_and_more_skill_never_lowers_it(
    profile: Profile, task: Task, age_seconds: int
) -> None:
    facts = facts_of(task)
    plain = fit(profile, facts, usual=facts.price, age_seconds=age_seconds)
    assert 0 <= plain.score <= 10_000
    assert all(0 <= part.points <= part.most and part.detail for part in plain.parts)
    expert = Profile({**profile.skills, **dict.fromkeys(facts.skills, 5)}, facts.languages or ["en"])
    assert fit(expert, facts, usual=facts.price, age_seconds=age_seconds).score >= plain.score


@given(PROFILES, st.lists(TASKS, max_size=12, unique_by=lambda task: task.id), st.integers(1, 5), st.data())
def test_pages_of_the_best_match_show_each_task_once_whatever_closes_meanwhile(
    profile: Profile, tasks: list[Task], limit: int, data: st.DataObject
) -> None:
    window = Window(by_skill=True, at=10**9, before="task_~", least="task_0", usual=usual_of(tasks))
    left, seen = list(tasks), list[str]()
    while page := ranked(profile, left, window)[:limit]:
        seen += [match.task.id for match in page]
        window = Window.of_text(replace(window, after=after(page[-1])).to_text())
        closed = data.draw(st.integers(0, 2 * len(left)))
        left = [task for number, task in enumerate(left) if number != closed]
    assert len(seen) == len(set(seen))
    assert {task.id for task in left} <= set(seen)
