"""What the German itself says about a claim: its speaker, the chain, the verb, how it quotes, when, and how surely.

A model fills text, speaker and stance; this file sets beside it what code can read, and corrects the stance where the
German is decisive. What the German leaves open stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from presseschau.checks.bitext import bitext
from presseschau.checks.claim.called import names
from presseschau.checks.claim.foreign import own_text
from presseschau.checks.claim.speaker import voices_in
from presseschau.checks.naming.english_name import english_body, english_name, in_german, region_of
from presseschau.facts.speech import english
from presseschau.facts.speech.german import passed_on, relied_on, stance
from presseschau.facts.speech.mentions import is_pronoun, without_article
from presseschau.facts.speech.voices import Voice
from presseschau.facts.time.moments import moment
from presseschau.lang import SOURCE, listed, vocabulary
from presseschau.models import Article, Claim, Moment, Sentence, Span, Stance

_OPEN: frozenset[Stance] = frozenset({"asserted", "reported"})
"""What a model says when it does not look closely; planned, predicted, alleged and opinion are kept."""
OWN_WORDS = 2
"""Content words of a claim that only one sentence accounts for, from which the claim tells that sentence."""


def grounded(claim: Claim, article: Article) -> Claim:
    """The claim with `speaker_de`, `via`, `relies_on`, `verb`, `quotation` and `when` read from its evidence.

    A claim without a speaker, or with a pronoun for one, gets the one that its evidence agrees on, by the usual English
    name (`checks/naming/english_name.py`).
    """
    claim = _translated(named(claim), article)
    by_number = {s.n: s for s in article.sentences}
    evidence = [by_number[e.n] for e in claim.evidence if e.n in by_number]
    own = _voice(claim, evidence, article)
    surely = _stance(claim.stance, evidence, [voices_in(article).get(s.n) for s in evidence], own is not None)
    when = _when(claim.text, _told(claim.text, evidence), article)
    read = claim.model_copy(update={"when": when, "stance": surely})
    if own is None:
        return read
    sentence, voice = own
    span = _mention(voice, article)
    speaker = claim.speaker or (_in_english(span, sentence, claim.text, article) if span else None)
    return read.model_copy(
        update={
            "speaker": speaker,
            "speaker_de": span,
            "via": _via(claim.via, speaker, sentence, voice, article),
            "relies_on": _relies_on(sentence, article),
            "verb": voice.verb.strip() if voice.verb.strip(":„ ") else None,
            "quotation": voice.kind,
        }
    )


def _translated(claim: Claim, article: Article) -> Claim:
    """With the usual English name of a speaker who was given in German words (Kantonspolizei Bern)."""
    if claim.speaker is None:
        return claim
    region = region_of(own_text(article))
    first = without_article(claim.speaker).split()[0].lower()
    body = None if first in listed("en", "words") else english_body(claim.speaker, region)
    english = body or (english_name(claim.speaker, region) if in_german(claim.speaker, claim.text) else claim.speaker)
    return claim if in_german(english, claim.text) else claim.model_copy(update={"speaker": english})


def named(claim: Claim) -> Claim:
    """The claim without pronouns as speaker or in its chain: they name nobody."""
    nobody = is_pronoun(claim.speaker or (claim.speaker_de.text if claim.speaker_de else ""))
    via = tuple(name for name in claim.via if not is_pronoun(name))
    update = {"via": via} | ({"speaker": None, "speaker_de": None} if nobody else {})
    return claim.model_copy(update=update)


def _in_english(mention: Span, sentence: Sentence, text: str, article: Article) -> str:
    """The usual English name; where the tables have none, whom the claim's English names, if the German names the
    speaker in the same sentence and both can be the same; else the German wording."""
    speaker = _full(english_name(mention.text, region_of(own_text(article))), article)
    if not in_german(speaker, text) or not (sentence.start <= mention.start < sentence.end):
        return speaker
    found = english.speaker(text)
    alike = found and (pair := bitext(mention.text, found)) and len(pair.leftover) < len(pair.english.content)
    return found if found and alike else speaker


def speakers(article: Article) -> dict[int, str]:
    """Sentence number -> the English name of the one whose words it reports, where that is settled."""
    places = {n: _mention(voice, article) for n, voice in voices_in(article).items()}
    return {
        n: _full(english_name(place.text, region_of(own_text(article))), article)
        for n, place in places.items()
        if place
    }


def _voice(claim: Claim, evidence: Sequence[Sentence], article: Article) -> tuple[Sentence, Voice] | None:
    """The voice of the evidence that the named speaker is; without a name, the one voice that all of it agrees on."""
    speaker, before = claim.speaker, claim.speaker_de.text if claim.speaker_de else ""
    voices = [(s, voice) for s in evidence if (voice := voices_in(article).get(s.n))]
    if speaker:
        return next(
            ((s, v) for s, v in voices if v.speaker and (v.speaker == before or names(speaker, v.speaker))), None
        )
    known = [(s, v) for s, v in voices if v.speaker]
    if len({v.speaker for _, v in known}) == 1:
        return known[0]
    return voices[0] if len(voices) == 1 and not known else None


def _mention(voice: Voice, article: Article) -> Span | None:
    """The German words that name the speaker, where they stand in `Article.text`; None if nobody was named."""
    if voice.speaker is None or voice.sentence is None or voice.start is None or voice.end is None:
        return None
    offset = article.sentences[voice.sentence].start
    start, end = voice.start + offset, voice.end + offset
    return Span(start=start, end=end, text=article.text[start:end])


def _via(
    given: Sequence[str], speaker: str | None, sentence: Sentence, voice: Voice, article: Article
) -> tuple[str, ...]:
    """Those whom the German names in between, in English; of those that the model gave, the ones in the article."""
    own = (voice.start, voice.end) if _named_here(voice, sentence, article) else (0, 0)
    passed = passed_on(sentence.text, (own[0] or 0, own[1] or 0))
    read = [english_name(sentence.text[slice(*place)], region_of(own_text(article))) for place in passed]
    kept = [name for name in given if names(name, article.text) and not any(names(name, one) for one in read)]
    return tuple(dict.fromkeys(name for name in (*kept, *read) if name != speaker))


def _named_here(voice: Voice, sentence: Sentence, article: Article) -> bool:
    return voice.sentence is not None and article.sentences[voice.sentence].n == sentence.n


def _relies_on(sentence: Sentence, article: Article) -> str | None:
    place = relied_on(sentence.text)
    return english_name(sentence.text[slice(*place)], region_of(own_text(article))) if place else None


def _when(english: str, evidence: Sequence[Sentence], article: Article) -> Moment | None:
    """The first phrase of time of the sentence that the claim tells most of, else of the others; its date counted from
    the sentence's own day in a ticker."""
    for sentence in sorted(evidence, key=lambda s: len(bitext(s.text, english).leftover)):
        day = sentence.when if sentence.when and len(sentence.when) >= 10 else article.published
        if found := moment(sentence.text, day):
            return Moment(text=sentence.text[found[0] : found[1]], date=found[2])
    return None


def _stance(given: Stance, evidence: Sequence[Sentence], voices: Sequence[Voice | None], voiced: bool) -> Stance:
    """The stance of the evidence if it is decisive, else the model's; `voiced`: the claim has a speaker in it.

    A sentence that only brings the speaker in (Berg verteidigte den Plan.) does not make the words the article's own.
    """
    read = {stance(s.text, bool(voice)) for s, voice in zip(evidence, voices, strict=True)}
    told = read - {None}
    found: Stance | None = None
    if "alleged" in read:
        found = "alleged"
    elif len(read) == 1 or (len(told) == 1 and not voiced and given in _OPEN and not told & _OPEN):
        found = next(iter(told), None)
    elif voiced:
        found = "reported"
    return given if found is None or (found == "reported" and given not in _OPEN) else found


def _full(name: str, article: Article) -> str:
    """A surname with the first name that the article puts before it once ("Susanne Achterberg")."""
    if " " in name or not name[:1].isupper():
        return name
    before = set(re.findall(rf"\b([A-ZÄÖÜ][\w-]+)\s{re.escape(name)}\b", article.text))
    before = {first for first in before if first not in vocabulary(SOURCE, "fronts") and without_article(f"{first} ")}
    full = {english_name(f"{first} {name}") for first in before}
    full = {one for one in full if one.count(" ") == 1 and one.endswith(name)}
    return full.pop() if len(full) == 1 else name


def _told(english: str, evidence: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of `evidence`, in order, that account for words of `english` which no other does; all of them if
    none does."""
    if len(evidence) < 2:
        return list(evidence)
    own = {s.n: _only_in(s, english, evidence) for s in evidence}
    most = max(own.values())
    return [s for s in evidence if own[s.n] >= min(OWN_WORDS, most)]


def _only_in(sentence: Sentence, english: str, evidence: Sequence[Sentence]) -> int:
    others = "\n".join(s.text for s in evidence if s.n != sentence.n)
    return len(set(bitext(others, english).leftover) - set(bitext(sentence.text, english).leftover))
