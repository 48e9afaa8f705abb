"""Which deployment a command is about."""

import pytest

from cli.told import Untold, runtime_of
from sandbox.system import System


def test_a_running_sandbox_tells_where_its_tables_are_and_its_time(system: System) -> None:
    told = runtime_of(f"{system.base_url}/")
    assert told.settings == system.runtime.settings
    assert abs(told.clock.now() - system.clock.now()) <= 2


def test_what_is_missing_is_named_before_anything_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADS_TABLE", "heads")
    monkeypatch.delenv("EVENTS_TABLE", raising=False)
    with pytest.raises(Untold, match=r"missing or wrong: (?!.*HEADS_TABLE).*EVENTS_TABLE"):
        runtime_of(None)
    with pytest.raises(Untold, match="no sandbox answers"):
        runtime_of("http://127.0.0.1:9")
