"""How durable_rules 2.0.28 itself behaves where `network.py` steps around it.

A test that fails here says that the library has changed, and which detour may be unneeded.
"""

from __future__ import annotations

import functools
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

engine = pytest.importorskip("durable.engine")

QUIET_HOST = """
from durable import engine
class Quiet(engine.Host):
    def _run(self): pass
def host_of(**rules):
    host = Quiet()
    host.register_rulesets({'t': {
        name: {'all': premises, 'run': lambda c: None} for name, premises in rules.items()}})
    return host
"""


class Quiet(engine.Host):  # type: ignore[misc, name-defined]
    def _run(self) -> None:
        pass


class Fired(list[str]):
    def host(self, **rules: list[dict[str, Any]]) -> Any:
        quiet = Quiet()
        quiet.register_rulesets(
            {"t": {name: {"all": all_, "run": self.noting(name)} for name, all_ in rules.items()}}
        )
        return quiet

    def noting(self, name: str) -> Callable[[Any], None]:
        def note(_: Any) -> None:
            self.append(name)

        return note


def run(script: str, timeout: float = 20) -> int:
    command = [sys.executable, "-c", QUIET_HOST + script]
    return subprocess.run(command, timeout=timeout, capture_output=True, check=False).returncode


def test_a_host_starts_timer_threads_unless_run_does_nothing() -> None:
    before = threading.active_count()
    Quiet()
    assert threading.active_count() == before
    host = engine.Host()
    try:
        assert threading.active_count() == before + 2
    finally:
        # before their first tick, because each tick starts the next timer
        host._d_timer.cancel()
        host._t_timer.cancel()


def test_the_1025th_session_does_not_fit() -> None:
    host = Fired().host(r=[{"m": {"a": 1}}])
    for session in range(1024):
        host.assert_fact("t", {"id": "1", "sid": str(session), "a": 1})
    with pytest.raises(MemoryError):
        host.assert_fact("t", {"id": "1", "sid": "1024", "a": 1})


def test_deleting_a_session_in_which_nothing_fired_frees_a_wild_pointer() -> None:
    status = run(
        "host = host_of(r=[{'m_0': {'a': 1}}, {'m_1': {'b': 1}}])\n"
        "for n in range(200):\n"
        "    host.assert_fact('t', {'id': '1', 'sid': str(n), 'a': 1})\n"
        "    host.delete_state('t', str(n))\n"
    )
    if status == 0:
        pytest.skip("what the wild pointer points to is chance; this time it was harmless")
    assert status < 0


def test_a_fact_that_no_rule_reads_raises() -> None:
    host = Fired().host(r=[{"m": {"a": 1}}])
    with pytest.raises(engine.MessageNotHandledException):
        host.assert_fact("t", {"id": "1", "sid": "0", "b": 1})


def test_in_a_batch_it_leaves_the_others_unfired() -> None:
    fired = Fired()
    host = fired.host(r=[{"m": {"a": 1}}])
    with pytest.raises(engine.MessageNotHandledException):
        host.assert_facts("t", [{"id": n, "sid": "0", name: 1} for n, name in enumerate("ab")])
    assert fired == []


def test_the_same_content_twice_raises() -> None:
    host = Fired().host(r=[{"m": {"a": 1}}])
    host.assert_fact("t", {"sid": "0", "a": 1})
    with pytest.raises(engine.MessageObservedException):
        host.assert_fact("t", {"sid": "0", "a": 1})


def test_values_are_compared_across_types_as_text() -> None:
    fired = Fired()
    host = fired.host(r=[{"m": {"$gte": {"a": 6.0}}}])
    host.assert_fact("t", {"id": "1", "sid": "0", "a": "abc"})
    assert fired == ["r"]


@pytest.mark.parametrize(("order", "fires"), [("ab", ["r"]), ("ba", [])])
def test_absence_depends_on_the_order_of_arrival(order: str, fires: list[str]) -> None:
    fired = Fired()
    host = fired.host(r=[{"m_0": {"a": 1}}, {"m_1$not": {"b": 1}}])
    for name in order:
        host.assert_fact("t", {"id": name, "sid": "0", name: 1})
    assert fired == fires


def test_a_rule_joins_sixteen_facts_and_no_more() -> None:
    for size in (16, 17):
        fired = Fired()
        host = fired.host(r=[{f"m_{n}": {f"a{n}": 1}} for n in range(size)])
        for n in range(16):
            host.assert_fact("t", {"id": str(n), "sid": "0", f"a{n}": 1})
        if size == 16:
            assert fired == ["r"]
    with pytest.raises(Exception, match="304"):
        host.assert_fact("t", {"id": "16", "sid": "0", "a16": 1})


def test_257_rules_cannot_read_one_property() -> None:
    with pytest.raises(Exception, match="108"):
        Fired().host(**{f"r{n}": [{"m": {"a": 1}}] for n in range(257)})


def test_with_512_properties_it_never_returns() -> None:
    script = (
        "host = host_of(**{{f'r{{n}}': [{{'m': {{f'a{{n}}': 1}}}}] for n in range({})}})\n"
        "host.assert_fact('t', {{'id': '1', 'sid': '0', 'a0': 1}})\n"
    )
    assert run(script.format(511)) == 0
    with pytest.raises(subprocess.TimeoutExpired):
        run(script.format(512), timeout=3)


def failing(_: Any) -> None:
    raise OSError("disk full")


def test_an_exception_in_an_action_is_swallowed_into_the_state() -> None:
    host = Quiet()
    host.register_rulesets({"t": {"r": {"all": [{"m": {"a": 1}}], "run": failing}}})
    host.assert_fact("t", {"id": "1", "sid": "0", "a": 1})
    assert "disk full" in host.get_state("t", "0")["exception"]


def test_a_partial_is_no_action() -> None:
    action = functools.partial(failing)
    with pytest.raises(AttributeError, match="__code__"):
        Quiet().register_rulesets({"t": {"r": {"all": [{"m": {"a": 1}}], "run": action}}})


def test_an_action_with_two_parameters_is_taken_for_asynchronous() -> None:
    seen: list[Any] = []

    def action(_closure: Any, given: Any = "default") -> None:
        seen.append(given)

    host = Quiet()
    host.register_rulesets({"t": {"r": {"all": [{"m": {"a": 1}}], "run": action}}})
    host.assert_fact("t", {"id": "1", "sid": "0", "a": 1})
    assert callable(seen[0])


def test_an_action_of_ten_seconds_ends_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(0, 1000, 11))
    monkeypatch.setattr(engine, "_unix_now", lambda: next(moments))
    fired = Fired()
    host = fired.host(r=[{"m": {"a": 1}}], s=[{"m": {"b": 1}}])
    for name in "ab":
        host.assert_fact("t", {"id": name, "sid": "0", name: 1})
    assert fired == ["r"]
