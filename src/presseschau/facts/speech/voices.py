"""Voices: what is said by someone else, and who that is.

German papers report with the Konjunktiv I (er habe, sie sei), with laut, zufolge, nach Angaben, and with verbs of
saying; only one such sentence in four names its speaker, who is carried over from the sentences before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from presseschau.facts.fact import Difference, Direction, Fact, Facts, Lang
from presseschau.facts.speech import quotes
from presseschau.facts.speech.carried import (
    CARRIED_AT_MOST,
    SUBJECT_AT_MOST,
    Place,
    answers,
    in_a_later_clause,
    own_report,
    subject,
    turns,
)
from presseschau.facts.speech.german import Attribution, attributions, subject_before, subjunctives
from presseschau.facts.speech.mentions import fits, is_indefinite, means, nominative, without_noun, without_place
from presseschau.facts.words import lower_words, words
from presseschau.lang import SOURCE, regex, vocabulary
from presseschau.patterns import late

Kind = Literal["direct", "indirect", "partial"]
_OPENS = ("„", "»", '"', "“", "«")


class Voice(NamedTuple):
    """Someone's voice in one sentence.

    `speaker` is None if nobody was named. `start` and `end` are the speaker's place in sentence `sentence` (an index
    into the list that was read), which is an earlier one, or the end of the quotation, if the speaker was carried over.
    `verb` is the word that says so (laut, sagte, sei). `kind`: direct is a quotation that makes a sentence of its own,
    partial a quotation inside reported speech, indirect reported speech without one. `pronoun` names the speaker (sagte
    er); `alone`: the words are no last speaker's; `behind`: the sentence before is meant (Das teilte er mit).
    """

    kind: Kind
    verb: str
    speaker: str | None = None
    sentence: int | None = None
    start: int | None = None
    end: int | None = None
    pronoun: str = ""
    alone: bool = False
    behind: bool = False


def read(text: str, lang: Lang) -> tuple[Fact, ...]:
    """The words of `text` that mark a voice, in order.

    German: `kind` "voice" for Konjunktiv I, laut, zufolge and the like, "weak voice" for verbs of saying, whose
    `value`
    is the kind of cue. English: "voice" for every word of saying, thinking or writing.
    """
    if lang == "en":
        saying = vocabulary("en", "saying")
        if lower_words(text).isdisjoint(saying):
            return ()
        return tuple(Fact("voice", "word", w.text, w.start, w.end) for w in words(text) if w.lower in saying)
    found = [Fact("voice", "konjunktiv", text[s:e], s, e) for s, e in subjunctives(text)]
    for one in attributions(text):
        start, end = one.cue
        found.append(
            Fact("weak voice" if one.kind in ("verb", "das") else "voice", one.kind, text[start:end], start, end)
        )
    return tuple(sorted(set(found), key=lambda fact: (fact.start, fact.end, str(fact.value))))


_REPORTS = ("alleged", "reported", "voiced")
_PUT = late(r"\bput(?:s|ting)? [^,.;]* at (?=[\w€$£])")
"""The fire service put the damage at half a million."""


def _future_kept(source: Facts, target: Facts) -> bool:
    """Is the only voice a Konjunktiv I of the future (werde steigen) or a demnach that the English reports as well
    (would rise)?"""
    future = all(fact.text.lower() in ("werde", "demnach", "danach") for fact in source.voices)
    return future and any(word.lower == "would" for word in words(target.text))


def differences(source: Facts, target: Facts, direction: Direction = "both") -> tuple[Difference, ...]:
    """`voice.lost` for the first voice of the source if nothing in the target says that someone else says so.

    Weak for verbs of saying, which translate in too many ways. Hedges (allegedly, reportedly) keep a voice as well, and
    "would" keeps a reported future.
    With `within` always weak: a claim names its speaker beside its text.
    """
    kept = target.voices or target.quotes or any(fact.value in _REPORTS for fact in target.hedges)
    if kept or _PUT.search(target.text) or not source.voices or _future_kept(source, target):  # German takes longest
        return ()
    lost = min(source.voices, key=lambda fact: (fact.kind != "voice", fact.start))
    return (Difference("voice.lost", source=lost, weak=lost.kind != "voice" or direction == "within"),)


_OF_A_NAME = late(r"\w-(?:Informationen|Angaben|Berichten|Recherchen|Schätzungen)$")
"""Nach BLITZ-Informationen: the source is named, nobody's words are carried on."""


def voices_of(sentences: Sequence[str], paragraphs: Sequence[int] | None = None) -> tuple[Voice | None, ...]:
    """One Voice or None for each German sentence of an article, in order, with speakers carried over.

    A sentence has a voice if it attributes something, stands in the Konjunktiv I, lies inside a quotation that runs
    over several sentences, or belongs to an answer in an interview (known from `paragraphs`, one number a sentence).
    The speaker of a quotation may be named only at its end ("Das teilte die Polizei mit"). Where the paper speaks of
    what it printed, nobody else does, and no speaker is carried over.
    """
    inside = _inside_quotations(sentences)
    said = (turns(sentences, paragraphs) or answers(sentences, paragraphs)) if paragraphs else {}
    read = [_named(_voice(sentence, i, inside[i]), sentences) for i, sentence in enumerate(sentences)]
    found: list[Voice | None] = []
    known: list[Place] = []
    for i, voice in enumerate(read):
        if i not in said and not inside[i] and own_report(sentences[i]):
            known.clear()
            found.append(None)
            continue
        if i in said and (voice is None or voice.speaker is None):
            voice = _at(voice or Voice("indirect", ":"), said[i], sentences)
        elif voice is not None and voice.speaker is None:
            place = _carried(voice, i, sentences, known)
            voice = _at(voice, place, sentences) if place else voice
        if voice is not None and voice.sentence is not None and voice.start is not None and voice.end is not None:
            known.append(Place(voice.sentence, voice.start, voice.end))
        found.append(voice)
    return tuple(_named_behind(_named_at_the_end(found, inside), sentences))


def _named(voice: Voice | None, sentences: Sequence[str]) -> Voice | None:
    """The voice without the noun, or the place, that runs on behind the speaker's name."""
    if voice is None or voice.speaker is None or voice.start is None:
        return voice
    speaker = without_place(without_noun(voice.speaker, sentences), sentences)
    return voice if speaker == voice.speaker else voice._replace(speaker=speaker, end=voice.start + len(speaker))


def _at(voice: Voice, place: Place, sentences: Sequence[str]) -> Voice:
    speaker = sentences[place.sentence][place.start : place.end]
    return voice._replace(speaker=speaker, sentence=place.sentence, start=place.start, end=place.end)


def _carried(voice: Voice, i: int, sentences: Sequence[str], known: Sequence[Place]) -> Place | None:
    """Whose words a sentence is that names nobody: the last speaker's, or the subject's of the sentence before.

    The speaker of the sentence before goes before its subject; a pronoun must fit.
    """
    if voice.alone or _OF_A_NAME.search(voice.verb or ""):
        return None
    near = [place for place in known if i - place.sentence <= CARRIED_AT_MOST]
    before = subject(sentences[i - 1]) if i else None
    if before and not (near and near[-1].sentence == i - 1):
        near.append(Place(i - 1, *before))
    mentions = ((place, sentences[place.sentence][place.start : place.end]) for place in reversed(near))
    named = next((p for p, mention in mentions if not voice.pronoun or fits(voice.pronoun, mention, sentences)), None)
    return named or (_subject_meant(voice.pronoun, sentences[max(0, i - SUBJECT_AT_MOST) : i - 1], i) if i else None)


def _subject_meant(pronoun: str, sentences: Sequence[str], i: int) -> Place | None:
    """The nearest subject further back that the pronoun surely fits; `sentences` end two before sentence `i`."""
    for back, sentence in enumerate(reversed(sentences), start=2):
        span = subject(sentence)
        if pronoun and span and means(pronoun, sentence[slice(*span)]):
            return Place(i - back, *span)
    return None


def _named_behind(found: list[Voice | None], sentences: Sequence[str]) -> list[Voice | None]:
    """Give a sentence the speaker whom the next one names for it: "... Das teilte die Polizei mit."."""
    for i, after in enumerate(found[1:]):
        here = found[i]
        if after and after.behind and after.sentence == i + 1 and (here is None or here.sentence is None):
            found[i] = after._replace(behind=False, kind=here.kind if here else "indirect")
    return found


def _inside_quotations(sentences: Sequence[str]) -> list[int]:
    """For each sentence the number of the quotation over several sentences that it belongs to, 0 for none."""
    edges = []
    for sentence in sentences:
        open_ends = [q for q in quotes.read(sentence, SOURCE) if q.kind == "open quote"]
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
        return _from(_first_hand(cues, sentence), sentence, i, kind or "indirect")
    if moods:
        alone = in_a_later_clause(sentence, moods[0][0])
        voice = Voice(kind or "indirect", sentence[slice(*moods[0])], alone=alone)
        span = subject_before(sentence, moods[0][0])
        if span is None:
            return voice._replace(pronoun=_opening(sentence, moods[0][0]))
        return voice._replace(speaker=sentence[slice(*span)], sentence=i, start=span[0], end=span[1])
    return Voice("direct", "„") if kind == "direct" else None


def _opening(sentence: str, mood: int) -> str:
    """er or sie where it opens a main clause of its own before the Konjunktiv (Er blieb dabei, dass ... könne)."""
    opens = re.match(r"(Er|Sie)\s\w+(?<!n)\b[^,:]*[,:]", sentence)
    return opens[1].lower() if opens and opens.end() <= mood else ""


_ORDER = {"so": 0, "das": 1, "verb": 2}
"""Who speaks before who passes it on: in "sagte Berg laut Polizei" Berg speaks."""


def _first_hand(cues: Sequence[Attribution], sentence: str) -> Attribution:
    """The cue that names the speaker; a pronoun (sagte er) is one who was named before."""
    telling = [cue for cue in cues if cue.speaker or _pronoun(sentence, cue)] or cues
    return min(telling, key=lambda cue: _ORDER.get(cue.kind, 3))


def _from(cue: Attribution, sentence: str, i: int, kind: Kind) -> Voice:
    verb = sentence[slice(*cue.cue)].strip()
    if cue.speaker is None:
        hearsay = verb.lower() == "dem vernehmen nach"  # nobody's words
        own = regex(SOURCE, "attribution", "own_word").fullmatch(verb) and not re.match(r"(?:Er|Sie|Es)\b", sentence)
        alone = hearsay or bool(own) or is_indefinite(cue.pronoun)  # the subject's own word
        return Voice(kind, verb, pronoun=_pronoun(sentence, cue), alone=alone)
    start, end = cue.speaker
    return Voice(kind, verb, sentence[start:end], i, start, end, behind=cue.kind == "das")


def _pronoun(sentence: str, cue: Attribution) -> str:
    """er or sie for the cue's pronoun, or for what stands beside it; "" if there is neither."""
    if found := nominative(cue.pronoun):
        return found
    beside = re.search(r"\b([Ee]r|[Ss]ie)\b", sentence[max(0, cue.cue[0] - 25) : cue.cue[1] + 25])
    return beside.group(1) if cue.pronoun and beside else ""


def _kind(sentence: str, reported: bool, inside: int) -> Kind | None:
    """How the sentence quotes: direct if a whole sentence stands in quotation marks, partial if a piece does."""
    spans = quotes.read(sentence, SOURCE)
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
            found[i] = voice._replace(speaker=after.speaker, sentence=after.sentence, start=after.start, end=after.end)
    return found
