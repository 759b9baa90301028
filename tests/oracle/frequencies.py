"""How often the generator reaches each value: python -m oracle.frequencies [seed] [n]."""

from __future__ import annotations

import sys
from collections import Counter

from .patients import cohort
from .reading import assess


def frequencies(seed: int, n: int) -> dict[str, Counter[str]]:
    out: dict[str, Counter[str]] = {}

    def add(name: str, value: object) -> None:
        out.setdefault(name, Counter())[str(value)] += 1

    for lines in cohort(seed, n):
        for found in assess(lines).values():
            for name, value in found["summary"].items():
                if name == "baseline":
                    value = type(value).__name__
                elif name.startswith("days_to") and value is not None:
                    value = "some"
                add(name, value)
            for a in found["alerts"]:
                state = "open" if a["to"] is None else "closed"
                caveats = "+".join(a["caveats"]) or "-"
                add(f"alert {a['rule']}", f"{a['severity']} {state} {caveats}")
            add("alerts", len(found["alerts"]))
            for name in found["undecided"]:
                add("undecided", name)
            for number in found["notes"]:
                add("choices", number)
    return out


if __name__ == "__main__":
    chosen = [int(x) for x in sys.argv[1:]] + [1, 2000][len(sys.argv) - 1 :]
    for key, counts in frequencies(*chosen).items():
        print(key, dict(counts.most_common()))
