"""The sandbox finds routes as API Gateway does."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.paths import Paths

ROUTES = ("/", "/a", "/a/{id}", "/a/b", "/{kind}/b/{id}", "/a/{id}/c", "/a/b/d")
SEGMENTS = st.sampled_from(("a", "b", "c", "d", "x", "{id}", "{}"))


def _fits(route: str, path: str) -> bool:
    pairs = list(zip(route.split("/"), path.split("/"), strict=False))
    same_length = route.count("/") == path.count("/")
    return same_length and all(one == other or one.startswith("{") for one, other in pairs)


@given(st.lists(SEGMENTS, min_size=1, max_size=4), st.sampled_from(("", "/")))
def test_words_come_before_captures_and_a_slash_at_the_end_counts_for_nothing(
    parts: list[str], slash: str
) -> None:
    path = "/" + "/".join(parts)
    fitting = sorted(route for route in ROUTES if _fits(route, path))
    found = Paths(ROUTES).match(path + slash)
    assert (found[0] if found else None) == (fitting[0] if fitting else None)
    if found is not None:
        assert found[0].format(**found[1]) == path


def test_the_root_is_a_path_too() -> None:
    assert Paths(ROUTES).match("/") == ("/", {})
    assert Paths(("/a",)).match("/") is None
