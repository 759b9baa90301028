"""What does `assess --engine spark` say: the same bytes, or plainly why it cannot be?"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from command_line.program import ANNA, run, written

from engine.request import RequestError
from engine.sources.ndjson import SourceError
from engine.spark import session
from engine.spark.reading import refuse_unreadable
from engine.spark.running import SparkRun
from engine.spark.session import lacking

from .made import local_run, written_in

SPARK = ("--engine", "spark")


@pytest.mark.skipif(bool(lacking()), reason=lacking() or "everything is here")
def test_it_prints_the_same_bytes_and_ends_with_the_same_code(tmp_path: Path) -> None:
    paths = written_in(tmp_path / "in it", 11, ["a b.ndjson", "c.ndjson.gz"])
    ask = ("assess", *paths, "--format", "json", "--on-error", "skip")
    local, other = run(*ask), run(*ask, *SPARK, "--jobs", "2")
    assert local.exit_code == 5
    assert "contradict each other" in local.stderr
    assert (other.exit_code, other.stdout_bytes, other.stderr) == (
        local.exit_code, local.stdout_bytes, local.stderr)


@pytest.mark.parametrize(("options", "said"), [
    (("--to", "x"), "--to needs Spark"),
    (("--checkpoint", "x"), "--checkpoint needs Spark"),
    (("--format", "parquet"), "--format parquet needs Spark"),
    ((*SPARK, "--grouped"), "leave it out"),
    ((*SPARK, "--store", "x"), "leave --engine spark out"),
    ((*SPARK, "--format", "parquet"), "name a folder with --to"),
    ((*SPARK, "--to", "x", "--format", "json"), "say --format ndjson or parquet"),
    ((*SPARK, "--to", "x", "--format", "table"), "say --format ndjson or parquet"),
    ((*SPARK, "--checkpoint", "x"), "with --to"),
    ((*SPARK, "--checkpoint", "x", "--to", "y", "another"), "one folder"),
    ((*SPARK, "--checkpoint", "x", "--to", "y", "--patient", "anna"), "leave --patient out"),
    ((*SPARK, "--checkpoint", "x", "--to", "y", "--on-error", "stop"), "must be skip"),
])
def test_options_that_do_not_go_together(options: tuple[str, ...], said: str) -> None:
    result = run("assess", "events", *options)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_a_folder_that_is_there_is_not_written_into(tmp_path: Path) -> None:
    local = local_run()
    by_spark = SparkRun(local.setup, local.reader, spark=None)
    with pytest.raises(RequestError, match="expected a folder that is not there yet"):
        by_spark.write(["events"], str(tmp_path), "ndjson")


@pytest.mark.parametrize(("path", "said"), [
    ("-", "not the standard input"), ("in/_x.ndjson", "begin with '_'"), (".x", "begin with '.'")])
def test_what_spark_would_pass_over_is_refused(path: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        refuse_unreadable(path)


@pytest.mark.parametrize("path", [".", "..", "./in/", "../a_b.ndjson", "s3a://b/_in/a"])
def test_other_names_are_not(path: str) -> None:
    refuse_unreadable(path)


def test_without_spark_it_says_what_to_install(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None if name == "pyarrow" else name)
    result = run("assess", written(ANNA, tmp_path), *SPARK)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the package pyarrow is not installed; install the extra `spark`" in result.stderr


def test_without_java_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    result = run("assess", written(ANNA, tmp_path), *SPARK)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no Java was found; install Java 17" in result.stderr


@pytest.mark.skipif(bool(lacking()), reason=lacking() or "everything is here")
@pytest.mark.parametrize("met", [RuntimeError, ConnectionResetError])
def test_that_java_was_killed_is_no_fault_of_the_program(
        met: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop() -> None:
        raise ConnectionRefusedError

    dead = SimpleNamespace(conf=SimpleNamespace(set=lambda *_: None), stop=stop)
    monkeypatch.setattr(session, "_alone",
                        lambda *_: SimpleNamespace(getOrCreate=lambda: dead))
    with pytest.raises(RequestError, match=r"Java ended before the work did.*run it again"), \
            session.session("x", 1, tmp_path):
        raise met
