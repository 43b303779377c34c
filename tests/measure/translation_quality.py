"""How good is the embedded model's English, before and after repair, and beside one plain whole-article prompt?

    python tests/measure/translation_quality.py [--data DIR] [--articles 61,65,70] [--cache FILE]

NTREX articles by number (1-60 were used for wording, report on 61-123). Prints for first pass, after repair, and the
plain prompt: mean chrF of whole articles (character 6-grams, beta 2), findings by code, and sentences missing: those
whose reference is like no sentence of the English, nor any two or three in a row (chrF under 28; how well that tells is
printed, from sentences of other articles). The plain prompt is free text: only chrF and missing sentences are given for
it. Paired differences with a bootstrap interval over articles.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
from collections import Counter
from pathlib import Path

from outside import add_data, rows
from plain_prompt import open_plain

from presseschau import Article, analyze, choose, open_engine
from presseschau.analysis import Options
from presseschau.checks import check_translation
from presseschau.models import Sentence

PLAIN = "Translate this German article into British English. Translate every sentence.\n\n"
UNLIKE = 28.0
DEFAULT = "61,66,71,76,81,86,91,96,101,106,109,112,115,118,121"


def chrf(hypothesis: str, reference: str, order: int = 6, beta: float = 2.0) -> float:
    """chrF (Popović 2015), 0 to 100; white space is ignored."""
    precisions, recalls = [], []
    for n in range(1, order + 1):
        one, other = (
            Counter(text[i : i + n] for i in range(len(text) - n + 1))
            for text in (hypothesis.replace(" ", ""), reference.replace(" ", ""))
        )
        if one or other:
            common = sum((one & other).values())
            precisions.append(common / max(1, sum(one.values())))
            recalls.append(common / max(1, sum(other.values())))
    precision, recall = (sum(values) / max(1, len(values)) for values in (precisions, recalls))
    if precision + recall == 0:
        return 0.0
    return 100 * (1 + beta**2) * precision * recall / (beta**2 * precision + recall)


def article_of(lines: list[str]) -> Article:
    """The lines as numbered body sentences, the first as headline."""
    text, sentences = "", []
    for n, line in enumerate(lines, 1):
        start = len(text)
        text += line + "\n"
        role = "headline" if n == 1 else "body"
        sentences.append(Sentence(n=n, role=role, text=line, start=start, end=start + len(line), paragraph=n))
    return Article(id="ntrex", source="ntrex", text=text, text_sha256="", sentences=tuple(sentences))


def pieces(english: str) -> list[str]:
    """The sentences of an English text, roughly, and each two and three in a row."""
    ones = [s for s in re.split(r"(?<=[.!?:])[\"')\u201d]*\s+|\n+", english) if s.strip()]
    return [" ".join(ones[i : i + n]) for n in (1, 2, 3) for i in range(len(ones) - n + 1)]


def missing(english: str, references: list[str]) -> int:
    """How many references have nothing like them in the English."""
    parts = pieces(english)
    return sum(max((chrf(part, reference) for part in parts), default=0.0) < UNLIKE for reference in references)


async def measure(documents: list[list[tuple[str, str]]], cache: Path) -> dict[str, list[float]]:
    scores: dict[str, list[float]] = {"first pass": [], "after repair": [], "plain prompt": []}
    lost = dict.fromkeys(scores, 0)
    codes: dict[str, Counter[str]] = {"first pass": Counter(), "after repair": Counter()}
    foreign = unlike = 0
    choice = choose("local:qwen2.5-coder-1.5b")
    async with open_engine(choice, cache=cache) as engine, open_plain(choice, cache.with_suffix(".plain")) as plain:
        for number, pairs in enumerate(documents):
            article, references = article_of([de for de, _ in pairs]), [reference for _, reference in pairs]
            english = {}
            for name, rounds in (("first pass", 0), ("after repair", 1)):
                analysis = await analyze(article, engine, Options(tasks=["translate"], rounds=rounds))
                rows = {row.n: row.en for row in analysis.translation or () if row.en}
                english[name] = "\n".join(rows[n] for n in sorted(rows))
                found = check_translation([(s, rows.get(s.n)) for s in article.sentences])
                codes[name].update(f"{f.severity} {f.code}" for fs in found.values() for f in fs)
            english["plain prompt"] = await plain(PLAIN + "\n".join(s.text for s in article.sentences))
            for name, text in english.items():
                scores[name].append(chrf(text.replace("\n", " "), " ".join(references)))
                lost[name] += missing(text, references)
            others = [reference for _, reference in documents[number - 1][:8]]
            foreign, unlike = foreign + len(others), unlike + missing(english["after repair"], others)
            print(f"  {number + 1} of {len(documents)}: " + ", ".join(f"{n} {s[-1]:.1f}" for n, s in scores.items()))
    sentences = sum(map(len, documents))
    for name, values in scores.items():
        print(f"{name}: chrF {sum(values) / len(values):.2f}, {lost[name]} of {sentences} sentences missing", end="")
        print(f" ({100 * lost[name] / sentences:.1f} per 100)")
    print(f"(of sentences from other articles {unlike} of {foreign} are found missing, as they should be)")
    for name, counted in codes.items():
        kinds = Counter[str]()
        for code, n in counted.items():
            kinds[code.split()[0]] += n
        print(f"{name}: {kinds['error']} errors, {kinds['warning']} warnings")
        print("   " + ", ".join(f"{code} {n}" for code, n in counted.most_common() if not code.startswith("info")))
    return scores


def difference(one: list[float], other: list[float]) -> str:
    """Mean of the paired differences of articles, with a 95 % bootstrap interval (seeded)."""
    pairs = [a - b for a, b in zip(one, other, strict=True)]
    draw = random.Random(7)
    means = sorted(sum(draw.choices(pairs, k=len(pairs))) / len(pairs) for _ in range(2000))
    return f"{sum(pairs) / len(pairs):+.2f} [{means[50]:+.2f}, {means[1949]:+.2f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--articles", default=DEFAULT)
    parser.add_argument("--cache", type=Path, default=Path("translation_quality.sqlite3"))
    given = parser.parse_args()
    documents: dict[str, list[tuple[str, str]]] = {}
    for row in rows(given.data / "ntrex-deen" / "segments.jsonl"):
        documents.setdefault(row["doc"], []).append((row["de"].strip(), row["en"].strip()))
    chosen = [list(documents.values())[int(number) - 1] for number in given.articles.split(",")]
    scores = asyncio.run(measure(chosen, given.cache))
    print(f"repaired minus first pass: {difference(scores['after repair'], scores['first pass'])}")
    print(f"repaired minus plain prompt: {difference(scores['after repair'], scores['plain prompt'])}")


if __name__ == "__main__":
    main()
