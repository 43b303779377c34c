"""Voices and hedges. Run: python tests/measure/voices.py [--data DIR] [--show]

On Wikinews with annotated quotations: precision (a voice must lie in a sentence that holds an annotated quotation of
any type), recall by type, speakers right, speakers carried over right. On good pairs: how often voice.lost and
hedge.lost fire.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from outside import options, rows
from pairs import good_pairs, wilson

from presseschau.facts.fact import Facts, Lang
from presseschau.facts.polarity import hedges
from presseschau.facts.speech import quotes, voices

_SMALL = {"der", "die", "das", "des", "dem", "den", "ein", "eine", "in", "von", "vom", "im", "und"}


def same(read: str, gold: str) -> bool:
    """Token overlap of at least a half with the annotated speaker, articles and prepositions left out."""
    a, b = ({w for w in re.findall(r"\w+", text.lower()) if w not in _SMALL} for text in (read, gold))
    return bool(a & b) and 2 * len(a & b) >= min(len(a), len(b))


def wikinews(data: Path, show: bool) -> None:
    fired, right, by_cue = Counter[str](), Counter[str](), {}
    total, found = Counter[str](), Counter[str]()
    named, carried = [0, 0], [0, 0]
    wrong = []
    for article in rows(data / "quotes-wikinews" / "train_sample.jsonl"):
        text, spans = article["text"], [(s, e, a) for a in article["annotations"] for s, e in a["quote_spans"]]
        sentences = [text[s:e] for s, e in article["sentences"]]
        read = voices.voices_of(sentences)
        for (s, e), sentence, voice in zip(article["sentences"], sentences, read, strict=True):
            gold: list[dict[str, Any]] = [a for qs, qe, a in spans if qs < e and qe > s]
            facts = voices.read(sentence, "de")
            strict = any(f.kind == "voice" for f in facts)
            for name, hit in (
                ("strict (Konjunktiv I, laut, zufolge, Angaben)", strict),
                ("any cue", bool(facts)),
                ("voices_of", voice is not None),
            ):
                fired[name] += hit
                right[name] += hit and bool(gold)
            for cue in {str(f.value) for f in facts}:
                by_cue.setdefault(cue, [0, 0])[1] += 1
                by_cue[cue][0] += bool(gold)
            if facts and not gold and show:
                print("    false:", sorted({str(f.value) for f in facts}), sentence[:200])
            for kind in {a["type"] for a in gold}:
                total[kind] += 1
                found[kind] += strict
                total[kind + " (voices_of)"] += 1
                found[kind + " (voices_of)"] += voice is not None
            speakers = [
                a["speaker"]
                for a in gold
                if a["speaker"] and not re.fullmatch(r"(?i)er|sie|man|es|der|die", a["speaker"])
            ]
            if voice and voice.speaker and speakers:
                here = voice.sentence is not None and sentences[voice.sentence] is sentence
                good = any(same(voice.speaker, one) for one in speakers)
                (named if here else carried)[0] += good
                (named if here else carried)[1] += 1
                if not good:
                    wrong.append((here, voice.speaker, speakers, sentence[:120]))
    for name in fired:
        print(f"precision, {name}: {wilson(right[name], fired[name])}")
    for cue, (hits, n) in sorted(by_cue.items()):
        print(f"    cue {cue:12} {wilson(hits, n)}")
    for kind in sorted(total):
        print(f"recall {kind:35} {wilson(found[kind], total[kind])}")
    print(f"speaker named in the sentence: {wilson(*named)}")
    print(f"speaker carried over:          {wilson(*carried)}")
    if show:
        for item in wrong:
            print("    wrong speaker", item)


def _facts(text: str, lang: Lang) -> Facts:
    return Facts(
        text, lang, hedges=hedges.read(text, lang), voices=voices.read(text, lang), quotes=quotes.read(text, lang)
    )


def lost(data: Path, show: bool) -> None:
    print(f"{'set':14} {'voiced':>7} {'lost':>5} {'weak':>5} {'hedged':>7} {'lost':>5} {'weak':>5}")
    for name, pairs in good_pairs(data).items():
        n: Counter[str] = Counter()
        for de, en in pairs:
            source, target = _facts(de, "de"), _facts(en, "en")
            n["voiced"] += any(f.kind == "voice" for f in source.voices)
            n["hedged"] += any(f.kind == "hedge" for f in source.hedges)
            for d in (*voices.differences(source, target), *hedges.differences(source, target)):
                n[d.code + (" weak" if d.weak else "")] += 1
                if show and not d.weak:
                    print(f"    {d.code} {d.source.text if d.source else ''}\n      {de}\n      {en}")
        print(
            f"{name:14} {n['voiced']:7} {n['voice.lost']:5} {n['voice.lost weak']:5} {n['hedged']:7}"
            f" {n['hedge.lost']:5} {n['hedge.lost weak']:5}"
        )


def main() -> None:
    given = options(__doc__)
    data, show = given.data, given.show
    wikinews(data, show)
    lost(data, show)


if __name__ == "__main__":
    main()
