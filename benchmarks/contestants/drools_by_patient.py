"""Drools in a fresh JVM: the rules of `drools/Letter.java`, compiled once and then kept.

The jar is the one that drools_jpy brings; javac and java must be on the path. What is measured is
measured in the JVM: its start is in no figure, the warming up of its compiler is in all of them.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from measuring import Tally, chosen, missing

SOURCE = Path(__file__).parent / "drools/Letter.java"


def main() -> None:
    """Compile if need be, run, and pass on what is reported."""
    found = importlib.util.find_spec("drools")
    if found is None or found.origin is None:
        raise missing("drools_jpy")
    if not (shutil.which("java") and shutil.which("javac")):
        raise missing("a JDK (java and javac)")
    jar = next((Path(found.origin).parent / "jars").glob("*.jar"))
    options = chosen()
    with tempfile.TemporaryDirectory() as folder:
        out = options.out if not options.digest else str(Path(folder) / "out.ndjson")
        classes = _compiled(jar)
        done = subprocess.run(["java", "-cp", f"{jar}:{classes}", "Letter", options.file, out],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        report = json.loads(done.stdout.splitlines()[-1])
        report["digest"] = _digest(Path(out)) if options.digest else None
    print(json.dumps(report))


def _compiled(jar: Path) -> Path:
    """Return the folder of the classes, made anew when source or jar is another."""
    of = SOURCE.read_bytes() + version("drools_jpy").encode()
    folder = SOURCE.parent / f"classes-{blake2b(of, digest_size=8).hexdigest()}"
    if not (folder / "Letter.class").exists():
        done = subprocess.run(["javac", "-nowarn", "-cp", str(jar), "-d", str(folder), str(SOURCE)],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            raise SystemExit("drools/Letter.java does not compile with this jar")
    return folder


def _digest(path: Path) -> str | None:
    tally = Tally(with_digest=True)
    with path.open("rb") as file:
        for record in map(json.loads, file):
            tally.note(record["patient"], record["at"], record["conclusion"])
    return tally.digest()


if __name__ == "__main__":
    main()
