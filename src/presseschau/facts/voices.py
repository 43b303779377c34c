"""Voices: what is said by someone else, and who that is.

German papers report with the Konjunktiv I (er habe, sie sei), with laut, zufolge, nach Angaben, and with verbs of
saying; only one such sentence in four names its speaker, who is carried over from the sentences before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from presseschau.facts import quotes
from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.speakers import Attribution, attributions, subject_before
from presseschau.facts.subjunctive import subjunctives
from presseschau.facts.table import table
from presseschau.facts.words import words

Kind = Literal["direct", "indirect", "partial"]
CARRIED_AT_MOST = 5
"""A speaker is not carried, and a quotation not followed, further than this many sentences."""
_OPENS = ("„", "»", '"', "“", "«")


@dataclass(frozen=True, slots=True)
class Voice:
    """Someone's voice in one sentence.

    `speaker` is None if nobody was named. `start` and `end` are the speaker's place in sentence `sentence` (an
    index into
    the list that was read), which is an earlier one, or the end of the quotation, if the speaker was carried over.
    `verb` is the word that says so (laut, sagte, sei). `kind`: direct is a quotation that makes a sentence of its
    own,
    partial a quotation inside reported speech, indirect reported speech without one.
    """

    kind: Kind
    verb: str
    speaker: str | None = None
    sentence: int | None = None
    start: int | None = None
    end: int | None = None


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The words of `text` that mark a voice, in order.

    German: `kind` "voice" for Konjunktiv I, laut, zufolge and the like, "weak voice" for verbs of saying, whose
    `value`
    is the kind of cue. English: "voice" for every word of saying, thinking or writing.
    """
    if lang == "en":
        return tuple(Fact("voice", "word", w.text, w.start, w.end) for w in words(text) if _is_saying(w.lower))
    found = [Fact("voice", "konjunktiv", text[s:e], s, e) for s, e in subjunctives(text)]
    for one in attributions(text):
        start, end = one.cue
        found.append(Fact("weak voice" if one.kind == "verb" else "voice", one.kind, text[start:end], start, end))
    return tuple(sorted(set(found), key=lambda fact: (fact.start, fact.end, str(fact.value))))


@lru_cache(maxsize=20_000)
def _is_saying(lower: str) -> bool:
    return _saying().fullmatch(lower) is not None


@lru_cache(maxsize=1)
def _saying() -> re.Pattern[str]:
    return re.compile("|".join(row["form"] for row in table("reporting_verbs.csv") if row["lang"] == "en"))


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`voice.lost` for the first voice of the source if nothing in the target says that someone else says so.

    Weak for verbs of saying, which translate in too many ways. Hedges (allegedly, reportedly) keep a voice as well.
    With `within` always weak: a claim names its speaker beside its text.
    """
    kept = target.voices or target.quotes or any(fact.value in ("alleged", "reported") for fact in target.hedges)
    if kept or not source.voices:
        return ()
    lost = min(source.voices, key=lambda fact: (fact.kind != "voice", fact.start))
    return (Difference("voice.lost", source=lost, weak=lost.kind != "voice" or direction == "within"),)


def voices_of(sentences: Sequence[str]) -> tuple[Voice | None, ...]:
    """One Voice or None for each German sentence of an article, in order, with speakers carried over.

    A sentence has a voice if it attributes something, stands in the Konjunktiv I, or lies inside a quotation that
    runs
    over several sentences; the speaker of such a quotation may be named only at its end.
    """
    found: list[Voice | None] = []
    inside = _inside_quotations(sentences)
    last: Voice | None = None
    for i, sentence in enumerate(sentences):
        voice = _voice(sentence, i, inside[i])
        if (
            voice
            and voice.speaker is None
            and last
            and last.sentence is not None
            and i - last.sentence <= CARRIED_AT_MOST
        ):
            voice = replace(voice, speaker=last.speaker, sentence=last.sentence, start=last.start, end=last.end)
        elif voice and voice.speaker is not None:
            last = voice
        found.append(voice)
    return tuple(_named_at_the_end(found, inside))


def _inside_quotations(sentences: Sequence[str]) -> list[int]:
    """For each sentence the number of the quotation over several sentences that it belongs to, 0 for none."""
    edges = []
    for sentence in sentences:
        open_ends = [q for q in quotes.read(sentence, "de") if q.kind == "open quote"]
        edges.append(
            (
                any(q.end == len(sentence) and sentence[q.start] in _OPENS for q in open_ends),
                any(q.start == 0 and sentence[0] not in _OPENS for q in open_ends),
            )
        )
    inside = [0] * len(sentences)
    for i, (opens, _) in enumerate(edges):
        reach = range(i + 1, min(i + 1 + CARRIED_AT_MOST, len(edges)))
        if (
            opens
            and (end := next((j for j in reach if edges[j][1]), None))
            and not any(edges[j][0] for j in range(i + 1, end))
        ):
            inside[i : end + 1] = [i + 1] * (end + 1 - i)
    return inside


def _voice(sentence: str, i: int, inside: int) -> Voice | None:
    cues, moods = attributions(sentence), subjunctives(sentence)
    kind = _kind(sentence, bool(moods), inside)
    if cues:
        best = next((cue for cue in cues if cue.speaker), cues[0])
        return _from(best, sentence, i, kind or "indirect")
    if moods:
        voice = Voice(kind or "indirect", sentence[slice(*moods[0])])
        span = subject_before(sentence, moods[0][0])
        return replace(voice, speaker=sentence[slice(*span)], sentence=i, start=span[0], end=span[1]) if span else voice
    return Voice("direct", "„") if kind == "direct" else None


def _from(cue: Attribution, sentence: str, i: int, kind: Kind) -> Voice:
    verb = sentence[slice(*cue.cue)].strip()
    if cue.speaker is None:
        return Voice(kind, verb)
    start, end = cue.speaker
    return Voice(kind, verb, sentence[start:end], i, start, end)


def _kind(sentence: str, reported: bool, inside: int) -> Kind | None:
    """How the sentence quotes: direct if a whole sentence stands in quotation marks, partial if a piece does."""
    spans = quotes.read(sentence, "de")
    if inside:
        return "direct"
    if not spans:
        return None
    longest = max(spans, key=lambda q: q.end - q.start)
    inner = longest.text.strip("„“”\"»«‚‘’'›‹ ")
    ends = inner[-1:] in ".!?…," or sentence[longest.end : longest.end + 1] in (",", ".")
    whole = (inner[:1].isupper() and len(inner.split()) >= 4 and longest.start == 0) or _after_colon(sentence, longest)
    return "direct" if whole and ends and not reported else "partial"


def _after_colon(sentence: str, quotation: Fact) -> bool:
    return sentence[: quotation.start].rstrip().endswith(":")


def _named_at_the_end(found: list[Voice | None], inside: list[int]) -> list[Voice | None]:
    """Give a quotation over several sentences the speaker that is named in its last one."""
    for i in range(len(found) - 2, -1, -1):
        voice, after = found[i], found[i + 1]
        if (
            voice
            and voice.verb == "„"
            and after
            and after.speaker
            and inside[i]
            and inside[i] == inside[i + 1]
            and (after.sentence or 0) > i
        ):
            found[i] = replace(voice, speaker=after.speaker, sentence=after.sentence, start=after.start, end=after.end)
    return found
