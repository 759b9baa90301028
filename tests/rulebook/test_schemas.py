"""Do the schemas for editors accept what loads, and refuse what does not?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line.program import run
from jsonschema import Draft202012Validator
from rulebook.broken.corpus import SITE, TINY, Case, cases_of, write

from engine.schemas.building import schemas
from engine.yaml_source import read_yaml

RULES = Path(__file__).parents[2] / "rules"
SCHEMAS = {name: Draft202012Validator(schema) for name, schema in schemas().items()}
FOLDERS = [*sorted(path.parent for path in RULES.glob("*/rulebook.yaml")), TINY, SITE]
FILES = [path for folder in FOLDERS for where in ("*.yaml", "cohorts/*.yaml")
         for path in sorted(folder.glob(where))]


def schema_for(path: Path, value: Any) -> str:
    if path.name == "shorthand.examples.yaml":
        return "shorthand"
    if path.name.endswith(".examples.yaml"):
        return "examples"
    if path.parent.name == "cohorts":
        return "cohort"
    if path.stem == "rulebook" and "extends" in value:
        return "extension"
    return path.stem if path.stem in SCHEMAS else "topic"


def errors(name: str, text: str) -> list[str]:
    return [error.message for error in SCHEMAS[name].iter_errors(read_yaml(text, "x.yaml").value)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_our_own_files_are_accepted(path: Path) -> None:
    value = read_yaml(path.read_text("utf-8"), str(path)).value
    assert [f"{list(error.path)}: {error.message}" for error in
            SCHEMAS[schema_for(path, value)].iter_errors(value)] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name].schema)


def parts(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items() if "$ref" not in schema else ()
        for each in schema.values():
            yield from parts(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from parts(each)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_described(name: str) -> None:
    assert [key for key, part in parts(SCHEMAS[name].schema)
            if key not in {"all", "any", "none"} and "description" not in part] == []
    assert all(part.get("description") for part in SCHEMAS[name].schema.get("$defs", {}).values())


@pytest.mark.parametrize(("name", "text"), [
    ("rulebook", "{id: a, version: 1.0.0, title: A}"),
    ("rulebook", "{id: a, version: 2, title: A, intended_use: B}"),
    ("rulebook", "{id: a, version: 1.0.0, title: A, intended_use: B, sumary: {}}"),
    ("extension", "{id: a, version: 1.0.0, title: A, intended_use: B}"),
    ("extension", "{extends: b, id: a, version: 1.0.0, title: A, intended_use: B, severities: {}}"),
    ("parameters", "low: {value: 3}"),
    ("parameters", "low: {cite: book}"),
    ("parameters", "low: {value: 3, values: {a: 1}, cite: book}"),
    ("parameters", "low: {value: much, cite: book}"),
    ("parameters", "low: {value: 3, form: {2024-01-01: 4}, cite: book}"),
    ("parameters", "- low"),
    ("citations", "book: {title: A book}"),
    ("citations", "book: {title: A book, source: Shelf, status: printed}"),
    ("vocabulary", "{units: {}, kinds: {}}"),
    ("vocabulary", "{future_tolerance_minutes: 1, units: {}, kinds: {a: {title: A}}}"),
    ("topic", "{about: No title}"),
    ("topic", "{title: A, facts: {a: {about: none}}}"),
    ("topic", "{title: A, facts: {a: {latest: x, first: x}}}"),
    ("topic", "{title: A, facts: {a: {latest: x, witin: week}}}"),
    ("topic", "{title: A, facts: {a: {any: x, where: {al: [b]}}}}"),
    ("topic", "{title: A, facts: {a: {any: x, where: []}}}"),
    ("topic", "{title: A, classify: [{name: a, title: A, values: [x]}]}"),
    ("topic", "{title: A, alert: [{id: a, title: A, when: b, severity: grave, message: c, "
              "cite: d}]}"),
    ("topic", "{title: A, alert: [{id: a, title: A, when: b, severity: low, message: c, "
              "cite: d, advice: [e]}]}"),
    ("overrides", "{author: A, reason: B}"),
    ("overrides", "[{author: A, parameters: {low: {value: 3}}}]"),
    ("overrides", '[{author: A, reason: "", parameters: {low: {value: 3}}}]'),
    ("overrides", "[{author: A, reason: B, rules: {r: {id: s}}}]"),
    ("overrides", "[{author: A, reason: B, parameters: {low: {}}}]"),
    ("examples", "{start: 2020-01-01, examples: [{name: a, expect: {}}]}"),
    ("examples", "{start: 2020-01-01, examples: [{name: a, given: {}, expect: {sumary: {}}}]}"),
    ("examples", "{start: 2020-01-01, examples: [{name: a, given: {}, expect: {}, decisions: 3}]}"),
    ("examples", "{start: 2020-01-01, examples: [{name: a, given: {}, expect: "
                 "{worklist: {1d: a}}}]}"),
    ("shorthand", "level: {about: no kind}"),
    ("overrides", "[{author: A, reason: B, adds: {topics: more}}]"),
    ("overrides", "[{author: A, reason: B, adds: {alerts: {}}}]"),
    ("cohort", "{title: A, source: B, outcome: c, patients: {}}"),
    ("cohort", "{title: A, source: B, outcome: c, patients: {}, selections: {s: {al: []}}}"),
    ("cohort", "{title: A, source: B, outcome: c, patients: {d: {known: maybe}}, selections: {}}"),
    ("cohort", "{title: A, source: B, outcome: c, patients: {}, selections: {}, figures: {n: "
               "{title: N, count: a, share: b}}}"),
])
def test_what_does_not_load_is_refused(name: str, text: str) -> None:
    assert errors(name, text)


@pytest.mark.parametrize(("name", "text"), [
    ("overrides", "[{author: A, reason: B, parameters: {low: {value: 3}}, rules: {r: {when: "
                  "[a, {any: [b, c]}]}}, facts: {f: {latest: x}}, alerts: {a: {severity: low}}}]"),
    ("parameters", "low: {value: 3, from: {2024-01-01: 4, 2025-01-01: {value: 25/18, cite: b}}, "
                   "cite: book}"),
    ("overrides", "[{author: A, reason: B, adds: {topics: [more], rules: {level: [{id: a, title: "
                  "A, value: x, when: b, cite: c}]}}}]"),
    ("examples", "{start: 2020-01-01, examples: [{name: a, given: {}, decisions: ack b @1d, "
                 "expect: {worklist: {1d: [], 2d: [{rule: b, channel: c}]}, "
                 "refused: [{alert: b}]}}]}"),
    ("cohort", "{title: A, source: B, outcome: c, patients: {d: [e, f], g: {known: true}}, "
               "selections: {s: {title: S, all: [], where: {h: {printed: n}}}}, figures: {n: "
               "{title: N, range: c, of: s}}}"),
])
def test_what_loads_is_accepted(name: str, text: str) -> None:
    assert errors(name, text) == []


def test_the_command_prints_them_or_writes_them(tmp_path: Path) -> None:
    assert json.loads(run("rules", "schema").stdout) == json.loads(json.dumps(schemas()))
    done = run("rules", "schema", "--out", str(tmp_path / "new" / "here"))
    assert done.exit_code == 0
    written = {path.name: json.loads(path.read_text("utf-8"))
               for path in (tmp_path / "new" / "here").iterdir()}
    assert written == {f"{name}.schema.json": each for name, each in schemas().items()}
    assert "topic.schema.json: a topic, such as response.yaml" in done.stdout


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = run("rules", "schema", "--out", str(tmp_path / "file"))
    assert done.exit_code == 2
    assert "expected a folder that can be written to" in done.stderr


OF_SHAPE = {"unknown-key", "missing-key", "wrong-type"}


def shapeless() -> Iterator[Any]:
    """Yield every case of the corpus that has a mistake of shape, and the file that has it."""
    for corpus in sorted((Path(__file__).parent / "broken").glob("*.txt")):
        for case in cases_of(corpus.read_text("utf-8")):
            for said in case.said:
                file, _, _, code, *_ = said.split(":")
                if code.strip() in OF_SHAPE:
                    yield pytest.param(case, file, id=f"{corpus.stem}-{case.title}-{file}")


@pytest.mark.parametrize(("case", "file"), list(shapeless()))
def test_an_editor_sees_every_mistake_of_shape(case: Case, file: str, tmp_path: Path) -> None:
    write(tmp_path, case)
    path = tmp_path / file
    value = read_yaml(path.read_text("utf-8"), file).value
    assert list(SCHEMAS[schema_for(path, value)].iter_errors(value))
