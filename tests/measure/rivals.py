"""Ours beside one plain prompt, lines in batches with a retry, and translate-reflect-improve, on the same model.

    python tests/measure/rivals.py [--quick] [--articles N] [-m MODEL --base-url URL] [--record]

The twelve labelled articles of `model check`, or four of them. Every text is judged alike, from its words alone: its
sentences are set beside those of the reference in order (`beside`), which says what is missing or unlike, put together
or too much, and their chrF. Claims: of one plain prompt, and ours. Intervals are over sentences, differences paired.
What the demonstration model answered to the others is in fixtures/models/rivals.jsonl; ours asks again as rules change.
An hour with the demonstration model on two cores (--quick: twenty minutes); answers are cached, so it can be stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import ROOT
from plain_prompt import Plain, open_plain
from prompt_change import DEMONSTRATION, put_recorded
from rival_methods import claims, in_batches, plain, reflected

from presseschau import choose, open_engine
from presseschau.analysis import Options, analyze
from presseschau.checks import check_claim
from presseschau.checks.bitext import bitext
from presseschau.checks.claim.labelled import ClaimCounts, claims_against
from presseschau.facts.chrf import chrf, chrf_difference, chrf_of
from presseschau.llm.engine import Choice
from presseschau.measuring.articles import LabelledArticle, labelled_articles
from presseschau.models import Claim, Evidence, Usage

RECORDED = ROOT / "fixtures" / "models" / "rivals.jsonl"
MOST = 1_200
"""Tokens of an answer: twice what the longest article takes; a weak model does not end by itself."""
UNLIKE = 28.0
"""chrF under which two sentences have nothing in common (translation_quality.py says how well that tells)."""
OTHERS = {"one plain prompt": plain, "lines in batches": in_batches, "reflect, improve": reflected}


@dataclass
class Made:
    """What one method made: of each reference the English that stands beside it ("" for none), and what it took."""

    articles: int = 0
    rows: list[tuple[str, str]] = field(default_factory=list)
    missing: int = 0
    merged: int = 0
    extra: int = 0
    used: Usage = field(default_factory=Usage)
    claims: ClaimCounts | None = None

    def add(self, english: str, labelled: LabelledArticle) -> None:
        references = list(labelled.english.values())
        found = beside(sentences(english), references)
        self.articles += 1
        self.rows += zip(found.english, references, strict=True)
        self.missing += found.english.count("")
        self.merged += found.merged
        self.extra += found.extra


def sentences(english: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?:])[\"')\u201d*]*\s+|\n+", english) if re.search(r"\w", part)]


class Beside(NamedTuple):
    """Of each reference its English, "" for none; how many share theirs with the one before, and how many English
    sentences are like none."""

    english: list[str]
    merged: int
    extra: int


def beside(english: list[str], references: list[str]) -> Beside:
    """Both in order, at the least cost."""
    steps = ((1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (1, 0), (0, 1))  # references, sentences
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {(0, 0): (0.0, ())}
    for i in range(len(references) + 1):
        for j in range(len(english) + 1):
            for a, b in steps:
                if (i - a, j - b) not in best:
                    continue
                gain = 0.0
                if a and b:
                    one, other = " ".join(english[j - b : j]), " ".join(references[i - a : i])
                    gain = (chrf(one, other) - UNLIKE) * len(other)
                    if gain <= 0:
                        continue
                value, way = best[i - a, j - b]
                if (i, j) not in best or value + gain > best[i, j][0]:
                    best[i, j] = (value + gain, (*way, (a, b)))
    way, found, at = best[len(references), len(english)][1], list[str](), 0
    for a, b in way:
        found += [" ".join(english[at : at + b])] * a
        at += b
    return Beside(found, sum(a - 1 for a, b in way if b and a > 1), sum(b for a, b in way if not a))


def judged(said: list[tuple[str | None, str]], labelled: LabelledArticle) -> ClaimCounts:
    """The claims of a plain prompt, each as if it rested on the two sentences that account for most of its words. One
    that is German tells nothing to who reads English."""
    article, made = labelled.article, []
    bodies = [sentence for sentence in article.sentences if sentence.role in ("lead", "body")]
    for n, (speaker, text) in enumerate(said, 1):
        told = {s.n: sum(word.covered for word in bitext(s.text, text).coverage) for s in bodies}
        evidence = sorted(sorted(bodies, key=lambda s: -told[s.n])[:2], key=lambda s: s.n)
        found = check_claim(text, evidence, article, speaker)
        if any(finding.code == "language.untranslated" and finding.severity == "error" for finding in found):
            continue
        made.append(
            Claim(
                id=f"c{n}",
                text=text,
                speaker=speaker,
                sentences=tuple(sentence.n for sentence in evidence),
                evidence=tuple(map(Evidence.of, evidence)),
                supported=not any(finding.severity == "error" for finding in found),
            )
        )
    counts = claims_against(labelled.claims, made)
    return replace(counts, claims=len(said), extra=counts.extra + len(said) - len(made))


async def measured(choice: Choice, given: argparse.Namespace) -> dict[str, Made]:
    made = {"ours": Made(), **{name: Made() for name in OTHERS}}
    async with (
        open_engine(choice, cache=given.cache) as engine,
        open_plain(choice, given.cache.with_suffix(".plain"), RECORDED, MOST) as ask,
    ):
        for labelled in labelled_articles(quick=given.quick)[: given.articles]:
            german = [sentence.text for sentence in labelled.article.sentences if sentence.n in labelled.english]
            analysis = await analyze(labelled.article, engine, Options())
            made["ours"].add("\n".join(row.en for row in analysis.translation or () if row.en), labelled)
            made["ours"].used += analysis.provenance.usage
            made["ours"].claims = (made["ours"].claims or ClaimCounts()) + claims_against(
                labelled.claims, analysis.claims or ()
            )
            for name, method in OTHERS.items():
                made[name].add(await method(ask, german), labelled)
                made[name].used += taken(ask)
            first = made["one plain prompt"]
            first.claims = (first.claims or ClaimCounts()) + judged(await claims(ask, german), labelled)
            first.used += taken(ask)
            print(f"  {labelled.name}", file=sys.stderr, flush=True)
    return made


def taken(ask: Plain) -> Usage:
    """What was used since the last call."""
    used, ask.used = ask.used, Usage()
    return used


def report(made: dict[str, Made], model: str) -> None:
    ours = made["ours"]
    articles = ours.articles
    print(f"{model}, {articles} articles, {len(ours.rows)} sentences")
    print(f"{'':18}{'chrF (95 % of such sentences)':30}{'ours more by':26}missing merged extra")
    for name, one in made.items():
        than = "" if one is ours else str(chrf_difference(one.rows, ours.rows))
        print(f"{name:18}{chrf_of(one.rows)!s:30}{than:26}{one.missing:>7}{one.merged:>7}{one.extra:>6}")
    print(f"{'an article takes':18}{'requests':>10}{'tokens read':>14}{'tokens written':>16}")
    for name, one in made.items():
        used = one.used
        print(
            f"{name:18}{used.requests / articles:>10.1f}{used.prompt_tokens / articles:>14,.0f}"
            f"{used.completion_tokens / articles:>16,.0f}"
        )
    print("claims            labelled found split claims merged doubled extra without-error speaker-right")
    for name, one in made.items():
        if c := one.claims:
            print(
                f"{name:18}{c.labelled:>8}{c.found:>6}{c.split:>6}{c.claims:>7}{c.merged:>7}{c.doubled:>8}{c.extra:>6}"
                f"{c.supported:>14}{c.speaker:>14}"
            )
    for line in worse(made):
        print(line)


def worse(made: dict[str, Made]) -> list[str]:
    """Each thing at which ours is not the best, in words."""
    ours, found = made["ours"], []
    for name, one in made.items():
        if one is ours:
            continue
        gain = chrf_difference(one.rows, ours.rows)
        if gain.low <= 0:
            found.append(f"{name}: its English is {'better' if gain.high < 0 else 'not told apart from ours'} by chrF")
        for what in ("missing", "merged", "extra"):
            if getattr(one, what) < getattr(ours, what):
                found.append(f"{name}: fewer sentences {what}")
        if one.used.prompt_tokens + one.used.completion_tokens < ours.used.prompt_tokens + ours.used.completion_tokens:
            found.append(f"{name}: takes fewer tokens")
        if one.used.requests < ours.used.requests:
            found.append(f"{name}: takes fewer requests")
        if one.claims and ours.claims:
            for what in ("found", "supported", "speaker"):
                share, own = (
                    getattr(c, what) / max(1, c.claims if what == "supported" else c.labelled)
                    for c in (one.claims, ours.claims)
                )
                if share > own:
                    found.append(f"{name}: more claims {what}")
    return [f"ours is worse: {line}" for line in found] or ["ours is nowhere worse"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="four articles")
    parser.add_argument("--articles", type=int, metavar="N", help="only the first N of them")
    parser.add_argument("-m", "--model", default=DEMONSTRATION)
    parser.add_argument("--base-url")
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "rivals.sqlite3")
    parser.add_argument("--record", action="store_true", help="write the new answers into the fixture")
    given = parser.parse_args()
    given.cache.parent.mkdir(exist_ok=True)
    choice = choose(given.model, base_url=given.base_url, api_key=os.environ.get("OPENAI_API_KEY"))
    put_recorded(choice, given.cache)
    made = asyncio.run(measured(choice, given))
    report(made, given.model)
    kept = given.cache.with_suffix(".plain")
    if given.record and kept.exists():
        known = RECORDED.read_text("utf-8") if RECORDED.exists() else ""
        RECORDED.write_text(known + kept.read_text("utf-8"), "utf-8")
        kept.unlink()


if __name__ == "__main__":
    main()
