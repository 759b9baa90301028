"""Can Spark run here, how is it begun, and what does its complaint mean to a user?

Started by spark-submit, it runs where that says; else on this machine alone.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.request import RequestError
from engine.sources.ndjson import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

_INSTALL = "install the extra `spark` (pip install 'pyspark>=4' 'pandas<3' pyarrow protobuf)"
_JAVA = ("install Java 17 or newer (on Debian: apt-get install openjdk-17-jre-headless), "
         "or set JAVA_HOME")
_SUBMITTED = "PYSPARK_GATEWAY_PORT"  # set by spark-submit for the program that it starts
_ERRORS = 2  # the error output, which Java gets from the program that starts it
_TOLD = {  # by what Spark calls it: what it means, and where Spark says which file it is
    "PATH_NOT_FOUND": ("there is no such file or folder; check the name", "path"),
    "PATH_ALREADY_EXISTS": ("this is there already; name a new folder", "outputPath"),
    "UNABLE_TO_INFER_SCHEMA": ("there is no Parquet file in it; check the name", "path"),
}
_DAMAGED = re.compile(r"\[FAILED_READ_FILE\S*\] Encountered error while reading file (.+?)\. ")


def lacking() -> str:
    """Return what Spark lacks here, and what to do; nothing if it can run."""
    for package in ("pyspark", "pyarrow", "pandas"):
        if find_spec(package) is None:
            return f"the package {package} is not installed; {_INSTALL}"
    home = os.environ.get("JAVA_HOME")
    java = Path(home) / "bin" / "java" if home else shutil.which("java")
    if java is None or not Path(java).exists():
        return f"no Java was found; {_JAVA}"
    return ""


@contextmanager
def session(name: str, cores: int | None, scratch: Path) -> Iterator[Any]:
    """Give a session of Spark, with so many cores of this machine (all of them by default).

    Raises RequestError where something is lacking.
    """
    if _SUBMITTED not in os.environ and (lack := lacking()):
        raise RequestError(f"engine: found no Spark that could run here: {lack}")
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder.appName(name)
    if _SUBMITTED in os.environ:
        spark = builder.getOrCreate()
    else:
        with _quietly(scratch / "java.log"):
            spark = _alone(builder, cores, scratch).getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")  # a time of Parquet keeps its instant
    with said_plainly():
        try:
            yield spark
        finally:
            spark.stop()  # this too complains where Java has ended


def _alone(builder: Any, cores: int | None, scratch: Path) -> Any:
    """Set what one machine needs: workers with this Python and this engine, and no open port."""
    used = cores or os.cpu_count() or 1
    os.environ["PYSPARK_PYTHON"] = sys.executable
    engine, others = str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")
    found = [engine, *filter(None, others.split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(found))
    return builder.master(f"local[{used}]").config(map={
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(scratch),
        "spark.sql.shuffle.partitions": str(used * 2),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    })


@contextmanager
def _quietly(log: Path) -> Iterator[None]:
    """Let Java, which is started within, write to a file what is no answer to the user.

    What goes wrong in Spark comes as an exception; Java itself can only speak.
    """
    from pyspark.errors import PySparkRuntimeError

    sys.stderr.flush()
    kept = os.dup(_ERRORS)
    with log.open("wb") as file:
        os.dup2(file.fileno(), _ERRORS)
    try:
        yield
    except PySparkRuntimeError as error:
        said = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
        raise RequestError(f"engine: Java does not start Spark: {(said or [str(error)])[-1]}; "
                           f"{_JAVA}") from None
    finally:
        os.dup2(kept, _ERRORS)
        os.close(kept)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what Spark says at length into what the user did, or what the program did."""
    from py4j.protocol import Py4JJavaError, Py4JNetworkError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JNetworkError, ConnectionRefusedError, ConnectionResetError):
        raise RequestError("engine: Java ended before the work did: something killed it, perhaps "
                           "for want of memory; run it again") from None
    except Py4JJavaError as error:
        damaged = _DAMAGED.search(str(error))
        if damaged is None:
            raise
        raise SourceError(f"{damaged[1].removeprefix('file:')}: the file is damaged or cut off, or "
                          "not of this kind; make or fetch it again") from None
    except PySparkException as error:
        told, name = _TOLD.get((error.getCondition() or "").partition(".")[0], ("", ""))
        if told:
            found = (error.getMessageParameters() or {}).get(name, "a folder that was named")
            raise SourceError(f"{found.removeprefix('file:')}: {told}") from None
        said = str(error).split("Traceback (most recent call last):")
        if len(said) < 2:
            raise
        lines = [line for line in said[-1].split("\n\n")[0].splitlines()
                 if line and not line.startswith(" ")]
        raise RuntimeError(f"in a worker, {' '.join(lines)}") from error
