"""A small rulebook about one number, to be proved, covered and mutated."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "rulebook.yaml": "id: heat\nversion: 0.1.0\ntitle: Heat\nintended_use: Tests.\n"
                     "summary: {warmth: warmth}\n",
    "vocabulary.yaml": """
future_tolerance_minutes: 10
units:
  C: {title: degrees, spellings: {degC: 1}}
kinds:
  heat:
    title: Heat
    main: value
    fields:
      value: {quantity: C, unit: unit, comparator: comparator, plausible: [0, 50], required: true}
      site: {type: symbol, values: [ear, skin], default: ear}
      doubtful: {type: boolean, default: false}
  pill:
    title: Pill
    fields: {name: {type: symbol, values: [a, b], required: true}}
""",
    "citations.yaml": "page: {title: A page, source: Here, status: project-default}\n",
    "parameters.yaml": """
hot:  {value: 38, unit: C, cite: page}
warm: {value: 37.5, unit: C, cite: page}
fold: {value: 1.25, cite: page}
week: {value: 7, unit: days, cite: page}
""",
    "shorthand.examples.yaml":
        "heat: {kind: heat, number: value, unit: C, words: {skin: {site: skin},"
        " doubtful: {doubtful: true}}}\n"
        "pill: {kind: pill, words: {a: {name: a}, b: {name: b}}}\n",
}
TOPIC = """
title: Warmth
facts:
  newest: {about: the newest heat, latest: heat}
  before: {about: the newest heat on the skin, latest: heat, where: site == skin}
  pill_lately: {about: whether a pill was given, any: pill, within: week}
classify:
  - name: warmth
    title: Warmth
    of: newest
    values: [high, raised, low]
    fallback: low
    rules:
      - {id: w.high, title: High, value: high, when: value >= hot, cite: page}
      - {id: w.raised, title: Raised, value: raised, when: [value >= warm, value < hot], cite: page}
      - {id: w.low, title: Low, value: low, when: value < warm, cite: page}
alert:
  - id: fever
    title: Fever
    when: [warmth == high, not pill_lately]
    severity:
      - {is: high, when: newest >= fold * hot}
      - {is: low}
    message: "{newest} is high"
    advice: ["Ask about the site.": known(before)]
    cite: page
"""
EXAMPLES = """
start: 2020-01-01
examples:
  - {name: high, given: {heat: 38 @0d}, expect: {summary: {warmth: high}, alerts: [fever]}}
"""


def write(folder: Path, topic: str = TOPIC, examples: str = EXAMPLES) -> Path:
    """Write the rulebook with this topic and these examples; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**FILES, "warmth.yaml": topic, "warmth.examples.yaml": examples}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
