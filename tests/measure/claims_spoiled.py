"""The checks of claims on the 100 own claims, right and spoiled in five ways, and on good pairs as claims.

`--set second`: the same for further claims that were worded freely, to see whether false alarms hold. `--set natural`:
60 claims on other articles (fixtures/claims/natural) and 40 wrong twins, written by a hand that had read no rule;
`--set unseen_second`: 60 more (fixtures/claims/natural_second) and 20; `--set unseen_third`: 60 (natural_third) and 24;
`--set unseen_fourth`: 60 (natural_fourth) and 24.

Prints the share of right claims with an alarm, and of each kind of spoiled claim that is found (with an error; with an
error or a warning) beside what the issue asks for, how far stance and speaker read by code agree with those written by
hand, and false alarms on good pairs: the English as a claim, the German sentence and the next one as its evidence.
Run: python tests/measure/claims_spoiled.py [--set SET] [--data DIR] [--show KIND]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import add_data
from own_articles import ROOT, article
from pairs import good_pairs, wilson

from presseschau.checks import check_claim, grounded
from presseschau.checks.bitext import bitext
from presseschau.checks.claim.denial import denials
from presseschau.models import Claim, Evidence, Finding

WANTED = {
    "right": "at most 5 %",
    "speaker_swapped": "at least 80 %",
    "moved": "at least 90 %",
    "negated": "at least 70 %",
    "number_changed": "at least 95 %",
    "teaser": "100 %",
    "certainty_raised": "",
    "stance_changed": "",
    "time_changed": "",
    "who_swapped": "",
    "scope_widened": "",
    "cause_invented": "",
}


SETS = {
    "first": "own_claims.jsonl",
    "second": "second_claims.jsonl",
    "natural": "unseen_natural.jsonl",
    "unseen_second": "unseen_second.jsonl",
    "unseen_third": "unseen_third.jsonl",
    "unseen_fourth": "unseen_fourth.jsonl",
}


def claims(kind: str, which: str = "first") -> Iterator[dict[str, Any]]:
    for line in (ROOT / "fixtures/claims" / SETS[which]).read_text("utf-8").splitlines():
        row = json.loads(line)
        changed = {} if kind == "right" else row.get(kind)
        if changed is not None:
            yield {**row, **changed}


def checked(row: dict[str, Any]) -> tuple[Finding, ...]:
    text = article(row["article"])
    evidence = [sentence for sentence in text.sentences if sentence.n in row["sentences"]]
    return check_claim(row["text"], evidence, text, row["speaker"], cited=row["sentences"])


def spoiled(show: str, which: str) -> None:
    print(f"{'claims':16} {'with an error':38} {'with an error or a warning':38} asked for")
    wrong: list[bool] = []
    for kind, wanted in WANTED.items():
        if not any(claims(kind, which)):
            continue
        errors, alarms, codes = [], [], Counter[str]()
        for row in claims(kind, which):
            found = checked(row)
            grave = [item for item in found if item.severity != "info"]
            errors.append(any(item.severity == "error" for item in found))
            alarms.append(bool(grave))
            codes.update({item.code for item in grave})
            if kind == show and bool(grave) == (kind == "right"):
                print(f"   {row['id']} {row['speaker']}: {row['text']} {[f'{i.code}: {i.message}' for i in grave]}")
        print(f"{kind:16} {wilson(sum(errors), len(errors)):38} {wilson(sum(alarms), len(alarms)):38} {wanted}")
        print(f"   {dict(codes.most_common(5))}")
        wrong += alarms if kind != "right" else []
    print(f"{'wrong, all kinds':16} {'':38} {wilson(sum(wrong), len(wrong))}")


def read_by_code(which: str) -> None:
    """Stance and the German of the speaker, read from the evidence alone, against those written by hand."""
    stances, speakers, named = [], [], []
    for row in claims("right", which):
        text = article(row["article"])
        cited = [s for s in text.sentences if s.n in row["sentences"]]
        evidence = tuple(Evidence(n=s.n, start=s.start, end=s.end, text=s.text) for s in cited)
        bare = Claim(id=row["id"], text=row["text"], sentences=tuple(row["sentences"]), evidence=evidence)
        found = grounded(bare, text)
        stances.append(found.stance == row["stance"])
        german = found.speaker_de.text if found.speaker_de else ""
        if row["speaker_de"]:
            speakers.append(bool(german) and (german in row["speaker_de"] or row["speaker_de"] in german))
        else:
            named.append(bool(german))
    print(f"\nread by code: stance as written {wilson(sum(stances), len(stances))}")
    print(f"   speaker_de as written {wilson(sum(speakers), len(speakers))}")
    print(f"   a speaker where none is written {wilson(sum(named), len(named))}")


def good(data: Path) -> None:
    print("\ngood pairs as claims on the sentence and the next one: alarms about negation")
    for name, pairs in good_pairs(data).items():
        found = [list(denials(bitext(f"{de}\n{pairs[i + 1][0]}", en))) for i, (de, en) in enumerate(pairs[:-1])]
        grave = sum(any(item.severity == "error" for item in items) for items in found)
        print(f"   {name:14} errors {wilson(grave, len(found)):34} all {wilson(sum(map(bool, found)), len(found))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--set", choices=SETS, default="first")
    parser.add_argument("--show", default="", metavar="KIND", help="print what is missed (right: what is alarmed)")
    options = parser.parse_args()
    spoiled(options.show, options.set)
    read_by_code(options.set)
    if options.set == "first":
        good(options.data)


if __name__ == "__main__":
    main()
