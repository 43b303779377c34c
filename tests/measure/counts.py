"""How many there are: codes, rules, words, fixtures, faults, options. Exact, in seconds; the docs' live figures.

python tests/measure/counts.py
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from math import ceil
from pathlib import Path

from outside import ROOT

LANG = ROOT / "src" / "presseschau" / "lang"
FIXTURES = ROOT / "fixtures"


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV below its comments."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines))


def rows(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text("utf-8").splitlines())


def share(part: int, whole: int) -> str:
    return f"{part} of {whole}, {100 * part / whole:.0f} %"


def language() -> None:
    rules = sum(
        isinstance(rule, dict) and "pattern" in rule
        for path in LANG.glob("*/*.toml")
        for rule in tomllib.loads(path.read_text("utf-8")).values()
    )
    print("language")
    print("  rules (patterns with examples):", rules)
    lexicon = table(LANG / "de_en" / "lexicon.csv")
    print("  headwords of the lexicon:", len(lexicon))
    print("  of them with a region:", sum(bool(row.get("region")) for row in lexicon))
    several = sum("|" in (row["en"] or "") or len((row["en"] or "").split()) > 1 for row in lexicon)
    print("  of them with more than one rendering:", share(several, len(lexicon)))
    opposites = table(LANG / "de_en" / "opposites.csv")
    print("  opposites, concepts:", len(opposites))
    outcomes = table(LANG / "de_en" / "outcomes.csv")
    print("  outcomes:", len(outcomes))
    print("  of both marked as an outcome:", sum(bool(row.get("outcome")) for row in [*opposites, *outcomes]))
    for folder in ("de", "de_en", "en"):
        print(f"  files of {folder}:", sum(path.is_file() for path in (LANG / folder).iterdir()))


def program() -> None:
    from presseschau.cli.environment import variables
    from presseschau.findings import ROWS
    from presseschau.llm.local.catalog import catalog

    print("program")
    print("  finding codes:", len(ROWS))
    print("  variables of the environment:", len(variables()))
    faults = re.search(r"(\d+) rows\.", (ROOT / "docs" / "faults.md").read_text("utf-8"))
    print("  rows of docs/faults.md:", faults[1] if faults else 0)
    attacks = (ROOT / "tests" / "desk" / "test_attacks.py").read_text("utf-8")
    door = (ROOT / "tests" / "desk" / "test_door.py").read_text("utf-8")
    print(
        "  tests that attack the desk:",
        *(len(re.findall(r"^(?:async )?def test_", text, re.M)) for text in (attacks, door)),
    )
    for entry in catalog():
        print(f"  {entry.name}: {entry.size / 1e9:.1f} GB")


def models() -> None:
    """The bars of `model check`, and what it measured of the models that we ran."""
    from presseschau.measuring.figures import BARS, ModelCheck

    print("bars: chrF, missing, errors, claims found, supported")
    for bar in BARS:
        print(f"  {bar.verdict}: {bar.chrf:g} {bar.missing:g} {bar.errors:g} {bar.found:g} {bar.supported:g}")
    kept = ROOT / "src" / "presseschau" / "measuring" / "measured.json"
    for one in ModelCheck.model_validate_json(kept.read_bytes()).models:
        print(f"measured {one.model}")
        print(
            f"  chrF {one.translation.chrf}, {one.translation.errors} errors in {one.translation.sentences} sentences"
        )
        if one.claims:
            c = one.claims
            print(f"  claims: {c.found} of {c.labelled} found, {c.speaker} speakers right")
            print(f"  supported: {c.supported} of {c.claims}")


def fixtures() -> None:
    from presseschau.measuring.articles import labelled_articles

    print("fixtures")
    for path in sorted((FIXTURES / "checks" / "meaning").glob("*.jsonl")):
        wrong = path.read_text("utf-8").count('"expect": "finding"')
        print(f"  meaning/{path.name}: {wrong} wrong, {rows(path) - wrong} right")
    for path in sorted((FIXTURES / "checks").glob("unseen_*.jsonl")):
        cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        print(f"  {path.name}: {len(cases)} rows")
    every, quick = labelled_articles(), labelled_articles(quick=True)
    print(f"  labelled articles: {len(every)}, quick {len(quick)}")
    print(f"  their sentences: {sum(len(a.english) for a in every)}, quick {sum(len(a.english) for a in quick)}")
    print(f"  their claims: {sum(len(a.claims) for a in every)}")
    print(f"  their points: {sum(len(a.points) for a in every)}")
    print(f"  sentences labelled for risk: {rows(FIXTURES / 'risk' / 'sentences.jsonl')}")


def reckoning() -> None:
    """The planning table of docs/scale.md: its formulas with its inputs."""
    requests, in_flight, seconds, checks, read, written = 3, 64, 2, 0.035, (1_500, 0.10), (700, 0.50)
    print("reckoning: one endpoint, endpoints for a day, core hours, database, dollars, disk")
    for power in range(4, 9):
        n = 10**power
        endpoint, database = n * requests * seconds / in_flight, n * requests / 1_000
        hours = f"{endpoint / 60:.1f} minutes" if power < 5 else f"{endpoint / 3_600:.2f} hours"
        if power > 6:
            hours = f"{endpoint / 86_400:.2f} days"
        shown = ("s", "minutes", "minutes", "hours", "days")[power - 4]
        base = {"s": 1, "minutes": 60, "hours": 3_600, "days": 86_400}[shown]
        cost = n * (read[0] * read[1] + written[0] * written[1]) / 1e6
        disk = n * requests * 2 / 1e3
        size = f"{disk:.0f} MB" if disk < 1_000 else f"{disk / 1e3:.0f} GB"
        print(
            f"  10^{power} articles: {hours}, {ceil(endpoint / 86_400)}, {n * checks / 3_600:.2f}, "
            f"{database / base:.1f} {shown}, ${cost:,.0f}, {size}"
        )


if __name__ == "__main__":
    language()
    reckoning()
    program()
    models()
    fixtures()
