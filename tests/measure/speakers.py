"""Who is named as the speaker, by the German alone: quotes-wikinews, the own claims and unseen sentences.

A sentence is quoted if it holds a Direct or an Indirect annotation (`--any`: any type); its gold speakers are those of
its annotations. One claim a sentence is assumed, as a tool makes that anchors well. A speaker is right if it has at
least half of the words of a gold speaker, articles and prepositions left out. Sentences whose gold speakers are
pronouns only (er, sie) are counted apart: they have no name to compare with. Nested quotations count as any other.
With `--model` 20 fixed articles of quotes-wikinews (every fourth) are analysed by that model, and it is the claims that
are counted: those anchored in a quoted sentence, and those anchored in none. Answers are kept in the file `--cache`.
`--unseen`: only fixtures/facts/unseen_speakers.jsonl (the last of its `sentences` is judged; needs no data), by land.
Run: python tests/measure/speakers.py [--unseen] [--data DIR] [--any] [--show] [--model NAME [--base-url URL]]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from outside import add_data, rows
from pairs import wilson

from presseschau.analysis import Options, analyze
from presseschau.checks.claim.called import names
from presseschau.facts.speech.voices import voices_of
from presseschau.ingest import read_article
from presseschau.llm.engine import choose, open_engine
from presseschau.models import Article, Claim

ROOT = Path(__file__).parents[2]
_SMALL = {"der", "die", "das", "des", "dem", "den", "ein", "eine", "einer", "eines", "in", "von", "vom", "im", "und"}
_PRONOUN = re.compile(r"(?i)er|sie|man|es|der|die|dieser|diese|ich|wir|ihm|ihr|ihnen|seiner|ihrer|letzterer")


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if word not in _SMALL}


def right(speaker: str, gold: str) -> bool:
    wanted = words(gold)
    return 2 * len(wanted & words(speaker)) >= len(wanted) > 0


@dataclass
class Count:
    """Sentences by what was read."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    pronoun: int = 0
    unquoted: int = 0
    invented: int = 0
    wrong_ones: list[str] = field(default_factory=list)
    missed_ones: list[str] = field(default_factory=list)
    invented_ones: list[str] = field(default_factory=list)

    def print(self, show: bool) -> None:
        named = self.right + self.wrong
        p = self.right / max(1, named)
        r = self.right / max(1, named + self.missed)
        print(f"   precision {wilson(self.right, named)}")
        print(f"   recall    {wilson(self.right, named + self.missed)}")
        print(f"   F1        {100 * 2 * p * r / max(p + r, 1e-9):.1f} %")
        print(f"   false attribution, unquoted sentences given a speaker: {wilson(self.invented, self.unquoted)}")
        print(f"   quoted sentences whose speaker is a pronoun, left out: {self.pronoun}")
        for kind in ("wrong", "missed", "invented") if show else ():
            print(f"   {kind}:", *getattr(self, f"{kind}_ones"), sep="\n      ")


def wikinews(data: Path, every_type: bool) -> Count:
    count = Count()
    for article in rows(data / "quotes-wikinews" / "train_sample.jsonl"):
        text = article["text"]
        sentences = [text[start:end] for start, end in article["sentences"]]
        read = voices_of(sentences)
        for (start, end), sentence, voice in zip(article["sentences"], sentences, read, strict=True):
            here = [a for a in article["annotations"] for s, e in a["quote_spans"] if s < end and e > start]
            counted = [a for a in here if every_type or a["type"] in ("Direct", "Indirect")]
            gold = {a["speaker"] for a in counted if a["speaker"] and not _PRONOUN.fullmatch(a["speaker"])}
            speaker = voice.speaker if voice else None
            if not here:
                count.unquoted += 1
                count.invented += speaker is not None
                if speaker:
                    count.invented_ones.append(f"{speaker} | {sentence}")
            elif not gold:
                count.pronoun += bool(counted)
            elif speaker is None:
                count.missed += 1
                count.missed_ones.append(f"{sorted(gold)} | {sentence}")
            elif any(right(speaker, one) for one in gold):
                count.right += 1
            else:
                count.wrong += 1
                carried = voice is not None and voice.sentence is not None and sentences[voice.sentence] is not sentence
                count.wrong_ones.append(f"{'carried ' * carried}{speaker} | {sorted(gold)} | {sentence}")
    return count


async def claimed(
    data: Path, every_type: bool, limit: int, model: str, base_url: str | None, cache: Path, show: bool
) -> None:
    """What the claims of a model say about the 20 fixed articles; prints a line an article and the figures."""
    count, cited, due, claims = Count(), 0, 0, 0
    choice = choose(model, base_url=base_url, api_key=os.environ.get("OPENAI_API_KEY"))
    chosen = rows(data / "quotes-wikinews" / "train_sample.jsonl")[::4][: min(20, limit)]
    async with open_engine(choice, cache=cache) as engine:
        for row in chosen:
            article = read_article(row["text"], source=row["name"])
            analysis = await analyze(article, engine, Options(tasks=["claims"]))
            gold = annotated(article, row, every_type)
            quoted = {n for n, speakers in gold.items() if speakers is not None}
            for claim in analysis.claims or ():
                counted(claim, [gold[n] for n in claim.sentences if n in gold], count)
            due += len(quoted)
            cited += len(quoted & {n for claim in analysis.claims or () for n in claim.sentences})
            claims += len(analysis.claims or ())
            print(f"   {row['name'][:60]}: {claims} claims so far", flush=True)
    print(f"claims of {model} on {len(chosen)} articles of quotes-wikinews: {claims}")
    count.print(show)
    print(f"   quoted sentences that a claim cites: {wilson(cited, due)}")


def annotated(article: Article, row: dict[str, Any], every_type: bool) -> dict[int, set[str] | None]:
    """Sentence number -> the gold speakers of the quotations in it, None where there are none.

    Sentences are placed in the set's text one after the other; white space does not count, and one whose words were
    cleaned away is left out.
    """
    found: dict[int, set[str] | None] = {}
    at = 0
    for sentence in article.sentences:
        place = re.compile(r"\s+".join(map(re.escape, sentence.text.split()))).search(row["text"], at)
        if place is None:
            continue
        at = place.end()
        here = [a for a in row["annotations"] for s, e in a["quote_spans"] if s < place.end() and e > place.start()]
        typed = [a for a in here if every_type or a["type"] in ("Direct", "Indirect")]
        found[sentence.n] = {a["speaker"] for a in typed if a["speaker"]} if typed else None
        if here and not typed:
            del found[sentence.n]  # reported in another way: neither quoted nor unquoted
    return found


def counted(claim: Claim, gold: list[set[str] | None], count: Count) -> None:
    """Count one claim by the gold speakers of each sentence it is anchored in."""
    wanted = {one for speakers in gold for one in speakers or () if not _PRONOUN.fullmatch(one)}
    mention = claim.speaker_de.text if claim.speaker_de else ""
    said = f"{claim.speaker} ({mention}) | {sorted(wanted)} | {claim.text}"
    if not gold:
        return
    if all(speakers is None for speakers in gold):
        count.unquoted += 1
        count.invented += claim.speaker is not None
        count.invented_ones += [said] if claim.speaker else []
    elif not wanted:
        count.pronoun += 1
    elif claim.speaker is None:
        count.missed += 1
        count.missed_ones.append(said)
    elif any(right(mention, one) or (not mention and names(claim.speaker, one)) for one in wanted):
        count.right += 1
    else:
        count.wrong += 1
        count.wrong_ones.append(said)


def own_claims() -> Count:
    """The last cited sentence of each own claim that has a speaker; and those without one."""
    count = Count()
    for line in (ROOT / "fixtures/claims/own_claims.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        path = ROOT / "fixtures/articles/own" / f"{row['article']}.txt"
        article = read_article(path.read_bytes(), source=path.name)
        voices = voices_of([s.text for s in article.sentences], [s.paragraph for s in article.sentences])
        read = dict(zip((s.n for s in article.sentences), voices, strict=True))
        found = [voice.speaker for n in row["sentences"] if (voice := read.get(n)) and voice.speaker]
        text = f"{row['id']} {row['sentences']} {row['text']}"
        if row["speaker_de"] is None:
            count.unquoted += 1
            count.invented += bool(found)
            count.invented_ones += [f"{found} | {text}"] if found else []
        elif not found:
            count.missed += 1
            count.missed_ones.append(f"{row['speaker_de']} | {text}")
        elif any(right(one, row["speaker_de"]) or right(row["speaker_de"], one) for one in found):
            count.right += 1
        else:
            count.wrong += 1
            count.wrong_ones.append(f"{found} | {row['speaker_de']} | {text}")
    return count


def unseen(land: str) -> Count:
    """The last sentence of each row of a land, against any of the mentions that are right."""
    count = Count()
    for line in (ROOT / "fixtures/facts/unseen_speakers.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["land"] != land:
            continue
        voice = voices_of(row["sentences"])[-1]
        speaker = voice.speaker if voice else None
        said = f"{speaker} | {row['speakers']} | {' '.join(row['sentences'])}"
        if not row["speakers"]:
            count.unquoted += 1
            count.invented += speaker is not None
            count.invented_ones += [said] if speaker else []
        elif speaker is None:
            count.missed += 1
            count.missed_ones.append(said)
        elif any(right(speaker, one) or right(one, speaker) for one in row["speakers"]):
            count.right += 1
        else:
            count.wrong += 1
            count.wrong_ones.append(said)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--any", action="store_true", help="count sentences with annotations of any type as quoted")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    parser.add_argument("--unseen", action="store_true", help="only the unseen sentences")
    parser.add_argument("--model", help="ask this model (local:NAME is embedded)")
    parser.add_argument("--base-url")
    parser.add_argument("--limit", type=int, default=20, help="the first N of the 20 articles")
    parser.add_argument("--cache", type=Path, default=Path("speakers.sqlite3"))
    options = parser.parse_args()
    if options.model:
        given = (options.any, options.limit, options.model, options.base_url, options.cache, options.show)
        asyncio.run(claimed(options.data, *given))
        return
    counts = (
        []
        if options.unseen
        else [
            ("quotes-wikinews, 87 articles", wikinews(options.data, options.any)),
            ("own claims, 100", own_claims()),
        ]
    )
    for name, count in counts:
        print(name)
        count.print(options.show)
    for land in ("DE", "AT", "CH"):
        print(f"unseen sentences, {land}")
        unseen(land).print(show=False)  # who writes rules must not see them


if __name__ == "__main__":
    main()
