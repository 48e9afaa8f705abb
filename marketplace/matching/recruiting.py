"""What a worker is found by, for whoever looks for one.

A worker stands in a list for each of its *terms*: `all`, its skills, its languages; newcomers in lists of
their own, so that they are always among those that are looked at. A row carries the worker's *facts*, so that
most of who does not fit is passed over without reading them.
"""

from collections.abc import Iterator

from marketplace.matching.exploration import ring
from marketplace.matching.fit import Profile, profile_of
from marketplace.matching.hiring import Sought
from marketplace.matching.search import ALL, facts_of
from marketplace.matching.track import Track
from marketplace.matching.words import language_tags
from marketplace.people.workers import Worker
from marketplace.shared.records import dataclass
from marketplace.work.task import Task

KNOWN, NEW = "known", "new"
LISTS_MAX = 3
"""A task's first so many skills are looked for, or where it asks for none, languages."""
SKILLS_MAX, TAGS_MAX = 20, 20
"""A worker is found by as many skills, the best first, and as many tags of languages."""
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Facts:
    """What a row tells of a worker; all of it is public."""

    country: str
    profile: Profile


def profile_of_worker(worker: Worker) -> Profile:
    """With names as they are compared."""
    return profile_of({skill.name: skill.level for skill in worker.skills}, worker.languages)


def audience_of(track: Track) -> str:
    """Whose lists the worker stands in."""
    return NEW if track.is_newcomer else KNOWN


def terms_of(profile: Profile) -> Iterator[str]:
    """The lists that a worker with this profile stands in."""
    yield ALL
    skills = sorted(profile.skills.items(), key=lambda skill: (-skill[1], skill[0]))
    yield from (f"skill:{name}" for name, _ in skills[:SKILLS_MAX])
    tags = dict.fromkeys(f"language:{tag}" for each in profile.languages for tag in language_tags(each))
    yield from list(tags)[:TAGS_MAX]


def terms_wanted(task: Task) -> tuple[str, ...]:
    """The lists that are looked through."""
    facts = facts_of(task)
    told = [f"skill:{skill}" for skill in facts.skills] or [f"language:{tag}" for tag in facts.languages]
    return tuple(told[:LISTS_MAX]) or (ALL,)


def sought_by(task: Task, at: int) -> Sought:
    """What the task asks for; the seed is the same for a day of UTC."""
    facts = facts_of(task)
    return Sought(facts.skills, facts.languages, f"{task.id}|{at // DAY_SECONDS}")


def position_of(worker_id: str) -> str:
    """Where a worker stands in lists: anywhere, and always there."""
    return f"{ring(worker_id):08x}#{worker_id}"


def begin_at(sought: Sought) -> str:
    """Where a look begins, going round: so that every worker is looked at for some tasks, however many there
    are."""
    return f"{ring(sought.seed):08x}"


def end_of(position: str) -> str:
    """What sorts just after that place; who may share its hash is taken for seen."""
    return f"{position.partition('#')[0]}~"
