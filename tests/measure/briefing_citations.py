"""How well a wrong citation is told from a right one, on the articles of fixtures/briefing.

    python tests/measure/briefing_citations.py [--show]

Right: the points of each article's summary, against the claims on the sentences that they name, and each claim in its
own words with its speaker. Wrong: the same points against every other claim of the same article, where names and
subject are the same. Printed: alarms on right ones, wrong ones that pass, and the share of words in common for both.

Then each claim in its own words with its speaker, with another person of the articles in the speaker's place, and with
one digit changed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import briefing_world
from presseschau.briefing.sources import claims, sources
from presseschau.checks.note.check import RELATED, Basis, check, related


def changed(own, errors, show):
    """Claims in their own words, and made false in one place."""
    people = sorted({one.claim.speaker for one in own if re.match(r"[A-Z]\S* [A-Z]", one.claim.speaker or "")})
    results = {"own words": [], "other speaker": [], "other digit": []}
    for one in own:
        text, speaker = one.claim.text, one.claim.speaker
        said = bool(speaker) and speaker.split()[-1] in text
        plain = text if said or not speaker else f"According to {speaker}, {text[0].lower()}{text[1:]}"
        results["own words"].append((plain, not errors(plain, (one,))))
        for other in people:
            if speaker and set(other.split()) & set(speaker.split()):
                continue
            if speaker and speaker in text:
                false = text.replace(speaker, other)
            elif not speaker and other not in text:
                false = f"{text.rstrip('.')}, {other} said."
            else:
                continue
            results["other speaker"].append((false, not errors(false, (one,))))
        for digit in re.finditer(r"\d", text):
            false = f"{text[: digit.start()]}{int(digit.group()) % 9 + 1}{text[digit.end() :]}"
            results["other digit"].append((false, not errors(false, (one,))))
    for name, found in results.items():
        print(f"{name:16} {len(found):5}, {sum(holds for _, holds in found)} hold")
        if show and name != "own words":
            print(*(f"held    {text}" for text, holds in found if holds), sep="\n")


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
    changed(own, errors, show)
    low = sum(one <= RELATED for one in wrong)
    print(f"wrong citations   {len(wrong):4}, {passed} pass; {low} have at most {RELATED} of their words in common")


if __name__ == "__main__":
    main()
