"""Is a patient's line of output written byte for byte as `json` would write its record?"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from engine.assessment import Assessment
from engine.events.when import parse_when
from engine.records import AlertRecord, ConclusionRecord, Undecided
from engine.reports.output import as_json, patient_line
from engine.reports.records import patient_record

AS_OF = parse_when("2015-03-07", ZoneInfo("UTC"))
TEXTS = st.text(max_size=6) | st.sampled_from([
    "\x00\x1f\x7f\b\f\n\r\t", '"\\\\/', "\u2028\u2029", "\ufeff", "\ud800", "\U0001f600"])
MANY = st.lists(TEXTS, max_size=2).map(tuple)
NUMBERS = st.floats() | st.integers() | st.sampled_from([1e16, 1e-6, 0.1, -0.0, 10**30])
BOUNDS = st.fixed_dictionaries({"value": NUMBERS, "comparator": st.sampled_from("<>")})
SUMMARIES = st.dictionaries(TEXTS, NUMBERS | TEXTS | st.booleans() | st.none() | BOUNDS,
                            max_size=3)


@given(SUMMARIES, TEXTS, MANY)
def test_a_line_is_as_json_writes_it(summary: dict[str, Any], text: str,
                                     many: tuple[str, ...]) -> None:
    assessment = Assessment(
        text, AS_OF, summary,
        (ConclusionRecord(text, text, None, text, text, many, many, many),),
        (AlertRecord(text, text, text, text, None, text, many, many, many, text),),
        (Undecided(text, many, many),))
    assert patient_line(assessment) == as_json(patient_record(assessment))
