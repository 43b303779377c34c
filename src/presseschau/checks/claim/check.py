"""Checks of English that must rest on evidence (claims, key points, bottom line, headline), of the evidence, and of
the glossary in it: it may leave a term out, but not say it in other words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from presseschau.checks.agreement import agreement
from presseschau.checks.bitext import Bitext, English, German, german
from presseschau.checks.claim.beyond import beyond
from presseschau.checks.claim.called import names, proper_names
from presseschau.checks.claim.denial import TOLD, denials, denied_in_headline, told_of
from presseschau.checks.claim.derived_numbers import derived_numbers, hedged
from presseschau.checks.claim.foreign import dropped_text, foreign, own_text
from presseschau.checks.claim.speaker import another_body, brought_in, said_in, speaker_of
from presseschau.checks.claim.support import of_another, said_before
from presseschau.checks.claim.unsettled import unsettled
from presseschau.checks.meta import meta
from presseschau.checks.naming.english_name import in_full, left_in_german
from presseschau.checks.naming.glossary import MISSING, Glossary, check_glossary
from presseschau.checks.pair.another_language import in_another_language
from presseschau.checks.pair.bodies import bodies
from presseschau.checks.pair.doer import changed
from presseschau.checks.pair.leaks import links, repetition
from presseschau.checks.pair.opposites import opposites, siblings
from presseschau.checks.pair.untranslated import german_left, named_so, surnames
from presseschau.facts import facts
from presseschau.facts.speech.mentions import is_agent
from presseschau.findings import CODES, Found, Remark, flag, told
from presseschau.lang import SOURCE
from presseschau.models import EVIDENCE_ROLES, Article, Evidence, Finding, Part, Sentence, Severity, Span


def check_evidence(sentences: Sequence[Sentence], cited: Sequence[int], article: Article) -> Iterator[Found]:
    """`evidence.missing`, `.unknown` (a cited number without a sentence), `.role` (headline or crosshead cited)."""
    known = {sentence.n for sentence in article.sentences}
    for n in cited:
        if n not in known:
            yield flag("evidence.unknown", scope="claim", said={"n": n})
    if not sentences:
        yield flag("evidence.missing", scope="claim")
    for sentence in sentences:
        if sentence.role not in EVIDENCE_ROLES:
            yield flag(
                "evidence.role", scope="claim", sentence=sentence.n, said={"n": sentence.n, "role": sentence.role}
            )


ADDED = ("number.added", "date.added", "place.added", "name.added")
"""What a claim may not add, unless the article says it in another sentence."""
ELSEWHERE = 3
"""Names, places, figures and dates of a claim that stand in the article but neither in its evidence nor before it."""


def check_claim(
    text: str,
    evidence: Sequence[Sentence],
    article: Article,
    speaker: str | None = None,
    *,
    claim: str | None = None,
    cited: Sequence[int] = (),
    part: Part | None = None,
) -> tuple[Finding, ...]:
    """All findings about the claim `text`, said by `speaker` (None: by the article), that rests on `evidence`.

    `cited` are the numbers as the model gave them, so that one that does not exist is found. `de_span` counts in
    `Article.text`, `en_span` in `text`; `claim` and `part` are set into the findings.
    """
    found = _all(text, tuple(evidence), article, speaker, tuple(cited))
    return tuple(item.stamped(claim=claim, part=part) for item in found)


def check_point(
    text: str, evidence: Sequence[Sentence], article: Article, *, name: str = "", cited: Sequence[int] = ()
) -> tuple[Finding, ...]:
    """The same for the part of a summary called `name` (a key point, the bottom line, the headline), which the messages
    say. It need not keep every voice and hedge, and a headline may quote where the German one does."""
    free = {"voice.lost", "hedge.lost"}
    if name == "headline" and any(german(s.text).facts.quotes for s in article.sentences if s.role == "headline"):
        free.add("quote.added")
    found = (f for f in _all(text, tuple(evidence), article, None, tuple(cited)) if f.code not in free)
    said = f"{name}: " if name else ""
    return tuple(item._replace(message=said + item.message).stamped(part="summary") for item in found)


@lru_cache(maxsize=512)  # all of a note: it is looked at again before it stands, and when it is shown
def _all(
    text: str, evidence: tuple[Sentence, ...], article: Article, speaker: str | None, cited: tuple[int, ...]
) -> tuple[Found, ...]:
    found = [*_findings(text, evidence, article, cited), *(speaker_of(speaker, evidence, article) if speaker else ())]
    if speaker and left_in_german(speaker, text):
        found.append(flag("speaker.german", scope="claim", said={"target": f"“{speaker}”"}))
    if speaker and not any(item.code.startswith(("body.", "speaker.wrong", "speaker.unknown")) for item in found):
        found += another_body(speaker, evidence, article)
    found += [item for item in said_in(text, evidence, article, speaker) if item.code not in {f.code for f in found}]
    return tuple(item for item in found if not (speaker and item.code == "voice.lost"))


def _findings(text: str, evidence: Sequence[Sentence], article: Article, cited: Sequence[int]) -> Iterator[Found]:
    if not any(letter.isalnum() for letter in text):
        yield flag("coverage.missing", "There is no text.", scope="claim")
        return
    yield from check_evidence(evidence, cited, article)
    english = English(text)
    pair = Bitext(German("\n".join(sentence.text for sentence in evidence)), english)
    people = surnames(german(own_text(article)).words) | proper_names(own_text(article))
    talk, german_words = meta(pair), _told(in_another_language(pair) or german_left(pair), pair)
    left = [item for item in german_words if not named_so(item, people, pair)]
    yield from _told(talk, pair)
    yield from left
    if talk or any(item.en_span is None for item in left):
        return
    yield from _told(repetition(pair), pair)
    yield from told(links(article.text, text), pair.de, text, "claim")
    own = Bitext(german(own_text(article)), english)
    strange = foreign(own, dropped_text(article))
    yield from strange
    if evidence:
        yield from _against(pair, own, evidence, article, {item.en_span for item in strange})


def _against(
    pair: Bitext, own: Bitext, evidence: Sequence[Sentence], article: Article, said: set[Span | None]
) -> Iterator[Found]:
    """The English against its evidence: what it adds, and what it turns round. `own`: beside the whole article."""
    brought = brought_in(evidence, article)
    sums = derived_numbers(pair)
    elsewhere: set[str] = set()  # not to be known from what stands before
    for item in denials(pair):
        if item.code == "negation.added" and denied_in_headline(pair.english, article):
            item = item._replace(severity="info")
        yield _moved(item, evidence)
    for item in told(agreement(pair, "within", "claim"), pair.de, pair.en, "claim"):
        place = item.en_span
        if place in said or item.code.startswith("negation."):
            continue
        if item.code == "name.added" and place and in_full(pair.en[place.start :], own.de):
            continue
        if item.code == "number.rounded" and place and hedged(pair.en, place.start):
            yield _moved(item._replace(severity="info"), evidence)
        elif item.code.startswith("number.") and place and (place.start, place.end) in sums:
            yield _reckoned(item)
        elif item.code in ADDED and place and (item.code, place.start, place.end) not in own.added:
            if item.code != "name.added" or not names(place.text, brought):
                before = said_before(item.code, place, pair, evidence, article)
                elsewhere |= set() if before else {place.text.casefold()}
                yield _elsewhere(item, before)
        elif item.code == "hedge.lost" and item.de_span and told_of(item.de_span, pair) < TOLD:
            yield _moved(item._replace(severity="info"), evidence)  # of a clause that the claim leaves out
        elif item.code == "voice.lost":
            yield _moved(item._replace(severity=_grade(evidence)), evidence)
        else:
            yield _moved(item, evidence)
    for item in _told(bodies(pair, own.de), pair):
        if len(evidence) == 1 or (item.de_span and told_of(item.de_span, pair) >= TOLD):
            yield _moved(item, evidence)
    yield from _unsettled(pair, evidence)
    yield from _told(beyond(pair), pair)
    if len(evidence) == 1:  # of several a claim tells parts
        swapped = (item for item in changed(pair) if item.de and is_agent(pair.de[slice(*item.de)]))
        turned_round = (*opposites(pair), *siblings(pair, deeds=True), *swapped)
        yield from (_moved(item, evidence) for item in _told(turned_round, pair))
    if _mostly_elsewhere(len(elsewhere), pair) or of_another(pair, evidence, article):
        yield flag("evidence.unsupported", scope="claim")


def _unsettled(pair: Bitext, evidence: Sequence[Sentence]) -> Iterator[Found]:
    """At most one finding, about the sentence that the English tells most of."""
    alone = len(evidence) == 1
    pairs = ((s, pair if alone else Bitext(german(s.text), pair.english)) for s in evidence)
    sentence, most = min(pairs, key=lambda one: len(one[1].leftover))
    yield from (_moved(item, [sentence]) for item in told(unsettled(most, alone), most.de, most.en, "claim"))


def _told(remarks: Iterable[Remark], pair: Bitext) -> Iterator[Found]:
    return told(remarks, pair.de, pair.en)


def _mostly_elsewhere(elsewhere: int, pair: Bitext) -> bool:
    """Is so much of what a claim names told only behind its evidence, or a figure far away, that another is meant?"""
    read = pair.english.facts
    anchors = {fact.text.casefold() for fact in (*read.numbers, *read.dates, *read.places, *read.persons)}
    return elsewhere >= ELSEWHERE or (elsewhere >= ELSEWHERE - 1 and 2 * elsewhere > len(anchors))


def _grade(evidence: Sequence[Sentence]) -> Severity:
    """A claim may rest on the sentence of its evidence that the article says itself."""
    reported = all(any(fact.kind == "voice" for fact in facts(one.text, SOURCE).voices) for one in evidence)
    return CODES["voice.lost"].severity("claim") if reported else "info"


def _elsewhere(item: Found, before: bool) -> Found:
    """The article says it, the evidence does not: a name may stand for a pronoun, a number that does not stand `before`
    should be cited."""
    what = item.en_span.text if item.en_span else ""
    grade: Severity = "error" if item.code.startswith("number") and not before else "info"
    return flag(
        "evidence.elsewhere", scope="claim", grade=grade, said={"target": f"“{what}”"}, de=item.de_span, en=item.en_span
    )


def _reckoned(item: Found) -> Found:
    what = item.en_span.text if item.en_span else ""
    message = f"“{what}” is worked out from the figures in the German."
    return item._replace(code="number.rounded", severity="info", message=message)


def _moved(item: Found, evidence: Sequence[Sentence]) -> Found:
    """The German span from the joined evidence to `Article.text`."""
    place, at = item.de_span, 0
    if place is None:
        return item
    for sentence in evidence:
        if at <= place.start and place.end <= at + len(sentence.text):
            offset = sentence.start - at
            new = Span(start=place.start + offset, end=place.end + offset, text=place.text)
            return item._replace(de_span=new, sentence=sentence.n)
        at += len(sentence.text) + 1
    return item._replace(de_span=None)


def check_terms(
    text: str, evidence: Sequence[Sentence | Evidence], glossary: Glossary, *, part: Part, claim: str | None = None
) -> tuple[Finding, ...]:
    """`glossary.forbidden`, and `glossary.missing` where the text tells what stands around the term; each once, as a
    warning. `de_span` counts in `Article.text`."""
    return tuple(item.stamped(claim=claim, part=part) for item in terms(text, evidence, glossary))


def terms(text: str, evidence: Sequence[Sentence | Evidence], glossary: Glossary) -> Sequence[Found]:
    """The same, not yet stamped."""
    return tuple({item.message: item for one in evidence for item in _terms_of(text, one, glossary)}.values())


def _terms_of(text: str, one: Sentence | Evidence, glossary: Glossary) -> Iterator[Found]:
    pair = Bitext(german(one.text), English(text))
    for item in check_glossary(one.text, text, glossary):
        place = item.de_span
        if place is None or (item.code == MISSING and told_of(place, pair) < TOLD):
            continue
        there = Span(start=place.start + one.start, end=place.end + one.start, text=place.text)
        yield item._replace(severity="warning", de_span=there, sentence=one.n)
