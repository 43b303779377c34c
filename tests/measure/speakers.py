"""Who is named as the speaker, by the German alone: quotes-wikinews and the own claims.

A sentence is quoted if it holds a Direct or an Indirect annotation (`--any`: any type); its gold speakers are those of
its annotations. One claim a sentence is assumed, as a tool makes that anchors well. A speaker is right if it has at
least half of the words of a gold speaker, articles and prepositions left out. Sentences whose gold speakers are
pronouns only (er, sie) are counted apart: they have no name to compare with. Nested quotations count as any other.
Run: python tests/measure/speakers.py [--data DIR] [--any] [--show]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from pairs import rows, wilson

from presseschau.facts.voices import voices_of
from presseschau.ingest import read_article

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

    def print(self) -> None:
        named = self.right + self.wrong
        p = self.right / max(1, named)
        r = self.right / max(1, named + self.missed)
        print(f"   precision {wilson(self.right, named)}")
        print(f"   recall    {wilson(self.right, named + self.missed)}")
        print(f"   F1        {100 * 2 * p * r / max(p + r, 1e-9):.1f} %")
        print(f"   false attribution, unquoted sentences given a speaker: {wilson(self.invented, self.unquoted)}")
        print(f"   quoted sentences whose speaker is a pronoun, left out: {self.pronoun}")


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


def own_claims() -> Count:
    """The last cited sentence of each own claim that has a speaker; and those without one."""
    count = Count()
    for line in (ROOT / "fixtures/claims/own_claims.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        path = ROOT / "fixtures/articles/own" / f"{row['article']}.txt"
        article = read_article(path.read_bytes(), source=path.name)
        read = dict(zip((s.n for s in article.sentences), voices_of([s.text for s in article.sentences]), strict=True))
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--any", action="store_true", help="count sentences with annotations of any type as quoted")
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    options = parser.parse_args()
    if not (options.data / "quotes-wikinews").is_dir():
        sys.exit(f"There is no folder quotes-wikinews in {options.data}; say where it is with --data.")
    for name, count in (
        ("quotes-wikinews, 87 articles", wikinews(options.data, options.any)),
        ("own claims, 100", own_claims()),
    ):
        print(name)
        count.print()
        for kind in ("wrong", "missed", "invented") if options.show else ():
            print(f"   {kind}:", *getattr(count, f"{kind}_ones"), sep="\n      ")


if __name__ == "__main__":
    main()
