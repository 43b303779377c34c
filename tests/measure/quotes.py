"""Quotation marks: false alarms on good pairs; spans on Wikinews. Run: python tests/measure/quotes.py [--data DIR]"""

from __future__ import annotations

from outside import options, rows
from pairs import good_pairs

from presseschau.facts.fact import Facts
from presseschau.facts.speech import quotes


def main() -> None:
    given = options(__doc__)
    data = given.data
    print(f"{'set':14} {'quoted':>7} {'lost':>5} {'added':>6} {'weak':>5}")
    for name, pairs in good_pairs(data).items():
        found = []
        quoted = 0
        for de, en in pairs:
            source, target = (Facts(t, lang, quotes=quotes.read(t, lang)) for t, lang in ((de, "de"), (en, "en")))
            quoted += bool(source.quotes)
            found += [(de, en, d) for d in quotes.differences(source, target)]
        sure = [f for f in found if not f[2].weak]
        lost = sum(d.code == "quote.lost" for *_, d in sure)
        print(f"{name:14} {quoted:7} {lost:5} {len(sure) - lost:6} {len(found) - len(sure):5}")
        if given.show:
            for de, en, d in sure:
                print(f"    {d.code}\n      {de}\n      {en}")
    gold: set[tuple[int, int, int]] = set()
    seen: set[tuple[int, int, int]] = set()
    for i, article in enumerate(rows(data / "quotes-wikinews" / "train_sample.jsonl")):
        gold |= {(i, s, e) for a in article["annotations"] if a["type"] == "Direct" for s, e in a["quote_spans"]}
        seen |= {(i, f.start, f.end) for f in quotes.read(article["text"], "de")}

    def near(one: tuple[int, int, int], others: set[tuple[int, int, int]]) -> bool:
        return any((one[0], one[1] + d, one[2] + e) in others for d in (-1, 0, 1) for e in (-1, 0, 1))

    print(
        f"Wikinews direct quotations: {len(gold)} annotated, {sum(near(g, seen) for g in gold)} found with the"
        f" same edges; "
        f"{len(seen)} quotations read in all (titles and single words among them)"
    )


if __name__ == "__main__":
    main()
