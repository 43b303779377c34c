"""How many German numbers, measures, clock times and dates of numbers-dates-de are read with the right value.

    python tests/measure/number_reading.py [--data DIR] [--show]     DIR defaults to ../shared/data

A number counts as read if its value is among the readings of the text. Dates: only those written out (a day and a
month in the text); relative dates and feasts are outside what the reader claims.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).parent))

from outside import options, rows
from pairs import wilson

from presseschau.facts.numbers import read as numbers
from presseschau.facts.numbers.value import Clock, Quantity
from presseschau.facts.time import dates

NUMBER_KINDS = {
    "Numeral", "NumberModel", "CurrencyModel", "DimensionModel", "PercentModel", "TemperatureModel", "AgeModel",
    "text2num", "Distance", "Volume", "OrdinalModel", "Ordinal",
}  # fmt: skip
WRITTEN_DATE = re.compile(
    r"(?<![\d.])\d{1,2}\. ?\d{1,2}(?![\d:])|\d{1,2}[.-]? ?(?:Jan|Feb|Mär|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
    r"|\d{4}-\d{1,2}-\d{1,2}",
    re.IGNORECASE,
)


def expected_numbers(row: dict[str, Any]) -> Iterator[Fraction]:
    expect = row["expect"]
    if isinstance(expect, list):
        for found in expect:
            value = found["Resolution"].get("value", "").rstrip("%").replace(",", ".")
            if re.fullmatch(r"\d+(\.\d+)?", value):
                yield Fraction(value).limit_denominator(1000) if len(value) > 12 and "." in value else Fraction(value)
    elif isinstance(expect, str) and not expect.startswith("datetime"):
        for value in re.findall(r"-?\d+(?:\.\d+)?(?:e\d+)?", expect):
            yield abs(Fraction(value))
    elif isinstance(expect, int | float):
        yield Fraction(str(expect))


def expected_days(row: dict[str, Any]) -> set[tuple[int, int]]:
    """(month, day) of the dates that stand in the text; a set with one member unless several are written."""
    if not WRITTEN_DATE.search(row["text"]):
        return set()
    expect = row["expect"]
    if isinstance(expect, list):
        stamps = [str(value) for found in expect for value in found["Resolution"].get("values", [])]
        return {(int(m), int(d)) for stamp in stamps for m, d in re.findall(r"(?:XXXX|\d{4})-(\d\d)-(\d\d)", stamp)}
    found = re.match(r"(?:datetime \()?(\d{4}), (\d+), (\d+)", expect)
    return {(int(found[2]), int(found[3]))} if found and "Holiday" not in expect else set()


def expected_clock(row: dict[str, Any]) -> set[int]:
    """Minutes after midnight that the case demands, both halves of the day if either will do."""
    if not isinstance(row["expect"], list) or row["kind"] != "DateTimeModel":
        return set()
    timexes = [str(v.get("timex")) for found in row["expect"] for v in found["Resolution"].get("values", [])]
    return {int(h) * 60 + int(m or 0) for t in timexes for h, m in re.findall(r"T(\d\d)(?::(\d\d))?(?![\d:M])", t)[:1]}


def read_days(text: str) -> set[tuple[int, int]]:
    days = {fact.value for fact in dates.read(text, "de") if fact.kind == "day"}
    months = {fact.value for fact in dates.read(text, "de") if fact.kind == "month"}
    amounts = {f.value.amount for f in numbers.read(text, "de") if isinstance(f.value, Quantity)}
    return days | {(month, amount) for month in months for amount in amounts}  # type: ignore[misc]


def main() -> None:
    given = options(__doc__)
    data, show = given.data, given.show
    tally: dict[str, list[bool]] = {}
    for row in rows(data / "numbers-dates-de" / "cases.jsonl"):
        text, results = row["text"], tally
        if row["kind"] in NUMBER_KINDS:
            readings = {Fraction(f.value.amount) for f in numbers.read(text, "de") if isinstance(f.value, Quantity)}
            wanted = set(expected_numbers(row))
            if wanted:
                results.setdefault(row["kind"], []).append(wanted <= readings)
                if show and not wanted <= readings:
                    print(row["kind"], repr(text), "wanted", *map(float, wanted), "read", *map(float, readings))
        elif days := expected_days(row):
            results.setdefault("written dates", []).append(days <= read_days(text))
            if show and not days <= read_days(text):
                print("date", repr(text), "wanted", days, "read", read_days(text))
        elif minutes := expected_clock(row):
            clocks = {f.value.minutes % 720 for f in numbers.read(text, "de") if isinstance(f.value, Clock)}
            results.setdefault("clock times", []).append({m % 720 for m in minutes} <= clocks)
            if show and not {m % 720 for m in minutes} <= clocks:
                print("clock", repr(text), "wanted", minutes, "read", clocks)
    for kind, results_of in sorted(tally.items()):
        print(f"  {kind:18} {wilson(sum(results_of), len(results_of))}")
    everything = [result for results_of in tally.values() for result in results_of]
    print(f"  {'all':18} {wilson(sum(everything), len(everything))}")


if __name__ == "__main__":
    main()
