"""How good is the embedded model's English, before and after repair, and beside one plain whole-article prompt?

    python tests/measure/translation_quality.py [--data DIR] [--articles 61,65,70] [--cache FILE]

NTREX articles by number (1-60 were used for wording, report on 61-123). Prints for first pass, after repair, and the
plain prompt: mean chrF of whole articles (character 6-grams, beta 2), sentences missing, findings by code. The plain
prompt's text is split at its lines, one for each German sentence, so its findings say more of its lines than of its
English. Paired differences with a bootstrap interval over articles.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections import Counter
from pathlib import Path

from pydantic import BaseModel

from presseschau import Article, analyze, choose, open_engine
from presseschau.analysis import Engine, Options
from presseschau.checks import check_translation
from presseschau.models import Message, Request, Sentence

DATA = Path(__file__).parents[3] / "shared" / "data"
PLAIN = "Translate this German article into British English, one line of English for each line of German:\n\n"
DEFAULT = "61,66,71,76,81,86,91,96,101,106,109,112,115,118,121"


class Plain(BaseModel):
    english: str


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


async def plain(article: Article, engine: Engine) -> dict[int, str]:
    """The English of one plain prompt, line by line."""
    german = "\n".join(s.text for s in article.sentences)
    messages = (Message(role="user", content=PLAIN + german),)
    answer = await engine.ask(Request("plain", messages, Plain, max_tokens=200 + len(german) // 2))
    lines = [line.strip() for line in answer.value.english.splitlines() if line.strip()]
    return dict(enumerate(lines, 1))


async def measure(documents: list[list[tuple[str, str]]], cache: Path) -> dict[str, list[list[float]]]:
    scores: dict[str, list[list[float]]] = {"first pass": [], "after repair": [], "plain prompt": []}
    codes: dict[str, Counter[str]] = {name: Counter() for name in scores}
    async with open_engine(choose(), cache=cache) as engine:
        for pairs in documents:
            article = article_of([de for de, _ in pairs])
            english = {}
            for name, rounds in (("first pass", 0), ("after repair", 1)):
                analysis = await analyze(article, engine, Options(tasks=["translate"], rounds=rounds))
                english[name] = {row.n: row.en for row in analysis.translation or () if row.en}
            try:
                english["plain prompt"] = await plain(article, engine)
            except Exception as error:  # noqa: BLE001 - whatever it is, the plain prompt gave nothing
                print(f"plain prompt: {error}")
                english["plain prompt"] = {}
            for name, rows in english.items():
                whole = " ".join(rows[n] for n in sorted(rows))
                scores[name].append([chrf(whole, " ".join(reference for _, reference in pairs))])
                found = check_translation([(s, rows.get(s.n)) for s in article.sentences])
                codes[name].update(f"{f.severity} {f.code}" for fs in found.values() for f in fs)
    for name, counted in codes.items():
        sentences = sum(map(len, documents))
        missing = counted["error coverage.missing"]
        errors = sum(n for code, n in counted.items() if code.startswith("error"))
        warnings = sum(n for code, n in counted.items() if code.startswith("warning"))
        mean = sum(map(sum, scores[name])) / len(scores[name])
        print(f"{name}: chrF {mean:.2f}, {missing} of {sentences} missing, {errors} errors, {warnings} warnings")
        print("   " + ", ".join(f"{code} {n}" for code, n in counted.most_common() if not code.startswith("info")))
    return scores


def difference(one: list[list[float]], other: list[list[float]]) -> str:
    """Mean of the paired differences of articles, with a 95 % bootstrap interval (seeded)."""
    pairs = [(sum(a) / len(a)) - (sum(b) / len(b)) for a, b in zip(one, other, strict=True)]
    draw = random.Random(7)
    means = sorted(sum(draw.choices(pairs, k=len(pairs))) / len(pairs) for _ in range(2000))
    return f"{sum(pairs) / len(pairs):+.2f} [{means[50]:+.2f}, {means[1949]:+.2f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--articles", default=DEFAULT)
    parser.add_argument("--cache", type=Path, default=Path("translation_quality.sqlite3"))
    given = parser.parse_args()
    documents: dict[str, list[tuple[str, str]]] = {}
    for line in (given.data / "ntrex-deen/segments.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        documents.setdefault(row["doc"], []).append((row["de"].strip(), row["en"].strip()))
    chosen = [list(documents.values())[int(number) - 1] for number in given.articles.split(",")]
    scores = asyncio.run(measure(chosen, given.cache))
    print(f"repaired minus first pass: {difference(scores['after repair'], scores['first pass'])}")
    print(f"repaired minus plain prompt: {difference(scores['after repair'], scores['plain prompt'])}")


if __name__ == "__main__":
    main()
