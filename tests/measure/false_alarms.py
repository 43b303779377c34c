"""False alarms of all pair checks: findings per 100 good pairs, by code and severity, on PUD, WMT22, NTREX, Europarl.

The pairs are professional translations, so a finding is counted as a false alarm though some are real slips of the
translator; `--show CODE` prints the pairs of one code for judging by hand, `--house` adds the built-in glossary.
Run: python tests/measure/false_alarms.py [--data DIR] [--show CODE] [--house]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import add_data
from pairs import good_pairs, wilson

from presseschau.checks import check_pair, house_glossary

SETS = ("pud", "wmt22 news A", "wmt22 news B", "ntrex", "europarl")
GROUPS = {
    "numbers and dates": ("number.", "date."),
    "negation": ("negation.",),
    "names and places": ("name.", "place."),
    "omission": ("content.omitted",),
    "addition": ("content.added",),
    "untranslated": ("language.",),
    "voices and hedges": ("voice.", "hedge."),
    "opposites": ("meaning.",),
    "directions and roles": ("direction.", "role.", "agent.", "body."),
    "quotations": ("quote.",),
    "other": ("coverage.", "content.meta", "content.url", "repetition.", "glossary."),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_data(parser)
    parser.add_argument("--show", metavar="CODE", help="print the pairs with this finding")
    parser.add_argument("--house", action="store_true", help="check the built-in glossary as well")
    options = parser.parse_args()
    sets = {name: pairs for name, pairs in good_pairs(options.data).items() if name in SETS}
    found = {name: measured(pairs, options) for name, pairs in sets.items()}
    sizes = {name: len(pairs) for name, pairs in sets.items()}
    by_code(found, sizes)
    by_group(found, sizes)


Found = list[tuple[int, str, str]]
"""(pair, code, severity), one row a code and pair."""


def measured(pairs: list[tuple[str, str]], options: argparse.Namespace) -> Found:
    glossary = house_glossary() if options.house else None
    rows: dict[tuple[int, str, str], None] = {}
    for i, (de, en) in enumerate(pairs):
        for finding in check_pair(de, en, glossary=glossary):
            rows[i, finding.code, finding.severity] = None
            if options.show == finding.code:
                print(f"{finding.severity}: {finding.message}\n   {de}\n   {en}")
    return list(rows)


def by_code(found: dict[str, Found], sizes: dict[str, int]) -> None:
    print("\nper 100 good pairs, by code and severity")
    print(f"{'':34}" + "".join(f"{name:>16}" for name in sizes))
    print(f"{'pairs':34}" + "".join(f"{sizes[name]:16}" for name in sizes))
    counts = {name: Counter((code, severity) for _, code, severity in found[name]) for name in sizes}
    for key in sorted(set().union(*counts.values())):
        cells = (f"{100 * counts[name][key] / sizes[name]:16.2f}" for name in sizes)
        print(f"{key[0] + ' ' + key[1]:34}" + "".join(cells))


def by_group(found: dict[str, Found], sizes: dict[str, int]) -> None:
    print("\npairs with an error or a warning, per 100, with 95 % Wilson interval")
    for group, prefixes in GROUPS.items():
        print(group)
        for name in sizes:
            alarmed = {i for i, code, severity in found[name] if severity != "info" and code.startswith(prefixes)}
            print(f"   {name:16}{wilson(len(alarmed), sizes[name])}")
    print("all but voices and hedges")
    for name in sizes:
        loud = {i for i, code, severity in found[name] if severity != "info" and code[:6] not in ("voice.", "hedge.")}
        print(f"   {name:16}{wilson(len(loud), sizes[name])}")
    print("any error")
    for name in sizes:
        alarmed = {i for i, _, severity in found[name] if severity == "error"}
        print(f"   {name:16}{wilson(len(alarmed), sizes[name])}")


if __name__ == "__main__":
    main()
