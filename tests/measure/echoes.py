"""Words of the instructions in good English: false alarms of `checks.echo` on PUD, WMT22, NTREX and the own articles.

Prints how many of the answers would be refused.
Run: python tests/measure/echoes.py [--data DIR] [--show]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import add_data
from pairs import good_pairs, wilson

from presseschau.checks import meta
from presseschau.ingest import read_article

ROOT = Path(__file__).parents[2]


def own() -> list[tuple[str, str]]:
    """The sentences of the own articles with their translations, which were written by hand."""
    found = []
    for path in sorted((ROOT / "fixtures/articles/own").glob("*.txt")):
        english = ROOT / "fixtures/translations/own" / f"{path.stem}.json"
        if english.exists():
            said = json.loads(english.read_text("utf-8"))
            article = read_article(path.read_bytes(), source=path.name)
            found += [(s.text, said[str(s.n)]) for s in article.sentences if str(s.n) in said]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    add_data(parser)
    parser.add_argument("--show", action="store_true", help="print the pairs with an alarm")
    args = parser.parse_args()
    sets = good_pairs(args.data) | {"own articles": own()}
    for name, pairs in sets.items():
        hits = [(place, de, en) for de, en in pairs if (place := meta.echoed(en, de))]
        print(f"{name:14} {wilson(len(hits), len(pairs))}")
        for place, de, en in hits if args.show else ():
            print(f"    “{en[slice(*place)]}” | {en} | {de}")


if __name__ == "__main__":
    main()
