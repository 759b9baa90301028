"""What a store took in, refused, and whether it is whole: in words, or as lines of JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from engine.reports.output import as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.store.ingesting import Tally
    from engine.store.reading import Refused
    from engine.store.verify import Finding, Head

_RAW_SHOWN = 200


def print_tallies(tallies: Iterable[Tally], form: str) -> None:
    """Print a line for each group that is on the disk, or nothing until the end."""
    for tally in tallies:
        if form == "ndjson":
            _print_line(_tally_record(tally))


def tally_in_words(tally: Tally) -> str:
    """Return what became of all lines, in one sentence.

    A line refused is counted each time that it comes, and kept once.
    """
    words = [f"{tally.stored} stored", f"{tally.known} known already"]
    if tally.respelt:
        words[-1] += f" ({tally.respelt} in another spelling, which was kept too)"
    words.append(f"{tally.refused} refused")
    if tally.refused_before:
        words[-1] += f" ({tally.refused_before} of them before)"
    return f"{_count(tally.lines, 'line')}: {', '.join(words)}."


def print_refused(lines: Iterable[Refused], form: str) -> None:
    """Print every refused line with its reasons, the place it came from, and when."""
    count = 0
    for line in lines:
        count += 1
        if form == "ndjson":
            _print_line(_refused_record(line))
        else:
            _print_words(line)
    if form == "table":
        sys.stdout.write(f"{_count(count, 'line')} refused.\n" if count else
                         "No line was refused.\n")


def print_verdict(found: Sequence[Finding], heads: Sequence[Head], form: str) -> None:
    """Print everything that is wrong with a store, and the heads to write down elsewhere."""
    if form == "json":
        _print_line({"whole": not found, "heads": [
            {"log": each.name, "rows": each.count, "chain": each.chain} for each in heads],
            "findings": [{"table": each.table, "row": each.seq, "found": each.found,
                          "expected": each.expected} for each in found]})
        return
    for each in found:
        row = f" {each.seq}" if each.seq is not None else ""
        sys.stdout.write(f"{each.table}{row}: found {each.found}, expected {each.expected}\n")
    if found:
        sys.stdout.write(f"{_count(len(found), 'finding')}: the store is not as it was written. "
                         "Keep it, and go on with a copy from before.\n")
        return
    for head in heads:
        sys.stdout.write(f"{head.name}:{head.count}:{head.chain}\n")
    sys.stdout.write("The store is whole. Keep these lines elsewhere: with --witness they show "
                     "whether it was written anew.\n")


def _tally_record(tally: Tally) -> dict[str, Any]:
    last = tally.last
    return {"stored": tally.stored, "known": tally.known, "refused": tally.refused,
            "through": {"source": last.name, "line": last.line} if last else None}


def _refused_record(line: Refused) -> dict[str, Any]:
    return {"seq": line.seq, "received": line.received, "source": line.source, "line": line.line,
            "reasons": list(line.reasons), "raw": line.raw.decode("utf-8", "backslashreplace")}


def _print_words(line: Refused) -> None:
    sys.stdout.write(f"{line.received}  {line.source}:{line.line}\n")
    for each in line.reasons:
        field = f"{each['field']}: " if each["field"] else ""
        sys.stdout.write(f"    {field}found {each['found']}, expected {each['expected']}; "
                         f"{each['reason']}\n")
    raw = ascii(line.raw.decode("utf-8", "backslashreplace"))[1:-1]
    sys.stdout.write(f"    {raw[:_RAW_SHOWN]}{' ...' if len(raw) > _RAW_SHOWN else ''}\n")


def _print_line(record: dict[str, Any]) -> None:
    sys.stdout.buffer.write(as_json(record) + b"\n")
    sys.stdout.buffer.flush()


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
