"""How well a wrong citation is told from a right one, on the articles of fixtures/briefing.

    python tests/measure/briefing_citations.py [--show]

Right: the points of each article's summary, against the claims on the sentences that they name, and each claim in its
own words with its speaker. Wrong: the same points against every other claim of the same article, where names and
subject are the same. Printed: alarms on right ones, wrong ones that pass, and the share of words in common for both.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import briefing_world
from presseschau.briefing.sources import claims, sources
from presseschau.briefing.statements import RELATED, Basis, check, related


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--show", action="store_true", help="the sentences behind the figures")
    show = options.parse_args().show
    analyses = briefing_world.analyses()
    every, own = sources(analyses), claims(analyses)
    right: list[float] = []
    wrong: list[float] = []
    alarms: Counter[str] = Counter()
    alarmed = passed = 0

    def errors(text, cited):
        return [f for f in check(text, Basis(cited, every)) if f.severity == "error"]

    for n, analysis in enumerate(analyses, 1):
        here = [one for one in own if one.source == n]
        made = analysis.summary
        points = [(p.text, p.sentences) for p in made.points] + [(made.bottom_line, made.bottom_line_sentences)]
        for text, numbers in points:
            cited = tuple(one for one in here if set(one.claim.sentences) & set(numbers))
            if not cited:
                continue
            right.append(related(text, Basis(cited, every)))
            found = errors(text, cited)
            alarmed += bool(found)
            alarms.update(f.code for f in found)
            if show and found:
                print(f"alarm   {text} | {[f.message for f in found]}")
            for other in here:
                if other not in cited:
                    wrong.append(related(text, Basis((other,), every)))
                    if not errors(text, (other,)):
                        passed += 1
                        if show:
                            print(f"passed  {text} | {other.claim.text}")
    print(f"right citations   {len(right):4}, {alarmed} alarms {dict(alarms)}; words in common from {min(right):.2f}")
    low = sum(one <= RELATED for one in wrong)
    print(f"wrong citations   {len(wrong):4}, {passed} pass; {low} have at most {RELATED} of their words in common")


if __name__ == "__main__":
    main()
