"""Is it always known who was used before the last so many?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.recent import Recent


@given(st.lists(st.sampled_from("abcdef")), st.integers(0, 7))
def test_who_was_used_before_the_last_so_many(uses: list[str], most: int) -> None:
    recent: Recent[int] = Recent()
    for number, name in enumerate(uses):
        recent.use(name, number)
    latest = list(dict.fromkeys(reversed(uses)))
    assert list(reversed(recent)) == latest
    assert recent.before(most) == (latest[most] if most < len(latest) else None)
    assert all(uses[number] == name for name, number in recent.items())
