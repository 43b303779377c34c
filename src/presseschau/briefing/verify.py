"""verify: everything a finished note says, held against its claims, and these against their German, without a model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from presseschau.briefing.brief import SEVERAL, capital
from presseschau.briefing.changes import NO_LONGER
from presseschau.briefing.corrections import corrections
from presseschau.briefing.points import NOTHING
from presseschau.briefing.quantities import things
from presseschau.briefing.selection import findings as claim_findings
from presseschau.briefing.sentences import CitableClaims, citable_claims
from presseschau.briefing.since import WITHDRAWN, NoteSide, changed_figures
from presseschau.briefing.sources import analyses, article
from presseschau.briefing.tables import WHOLE, tables
from presseschau.briefing.wordings import KINDS, day_in_words
from presseschau.checks.naming.glossary import Glossary
from presseschau.checks.note.check import check, check_title
from presseschau.checks.pair.check import check_pair
from presseschau.facts import facts
from presseschau.facts.numbers.value import Quantity
from presseschau.facts.time.moments import moments, until
from presseschau.findings import flag
from presseschau.lang import SOURCE, vocabulary
from presseschau.models import Analysis, Article, Finding
from presseschau.notes import (
    Change,
    Cited,
    Comparison,
    Event,
    Figure,
    Note,
    Position,
    Source,
    SourceClaim,
    Story,
    seal,
)

_TABLES = ("positions", "timeline", "comparisons", "corrections", "single_source", "questions")


def verify(note: Note, glossary: Glossary | None = None) -> tuple[Finding, ...]:
    """All findings about the note, made anew, whatever findings are stored in it; none of them an error for a note as
    it was made. `glossary` is checked if given.

    `note.tampered`: the note is not as it was made, or a table is not what its claims give; `note.retold`: only newer
    rules would tell it otherwise. `evidence.altered`: German
    that is not that of the article. `citation.unknown`: a claim or source that is not in the note. Other codes are
    those of the checks of sentences and claims.
    """
    found: list[Finding] = []
    if seal(note) != note.seal:
        found.append(_tampered("The note was changed after it was made: its seal does not match."))
    every = {source.n: source for source in note.sources}
    try:
        articles = {n: article(source) for n, source in every.items()}
        again = analyses(note)
    except ValueError:
        return (*found, _tampered("The sources of the note are not those of any article."))
    for source in note.sources:
        found += _source(source, every)
    for one in note.claims:
        found += _claim(one, articles)
    found += _sentences(note, glossary)
    found += _since(note, glossary)
    if {one.source for one in note.claims} <= every.keys():  # else that was said, and they give no tables
        found += _tables(note, again)
    return tuple(found)


_OF_FACTS = ("number.", "date.", "negation.", "direction.", "coverage.")
"""Findings that need no more of an article than the sentences of a claim."""


def verify_sentences(
    sentences: Iterable[tuple[str, Sequence[str]]],
    figures: Iterable[tuple[str, Sequence[str]]],
    claims: Sequence[SourceClaim],
    sources: Sequence[Source],
) -> tuple[Finding, ...]:
    """The same for a note of which only this is known: its sentences and figures with the ids that they cite, and the
    cited claims with the German that they rest on."""
    on = citable_claims(claims, sources)
    found: list[Finding] = []
    for text, ids in sentences:
        cited = on.basis(ids)
        told = {one.claim.text for one in cited.claims} | {f"{c.claim.speaker}: {c.claim.text}" for c in cited.claims}
        if text not in told and "corrects itself" not in text:
            found += [item for item in check(text, cited, ids) if not _of_a_day(item, text)]
        found += [_unknown(name) for name in ids if name not in on.claims and text in told]
    for value, ids in figures:
        found += [_unknown(name) for name in ids if name not in on.claims]
        if not any(value in one.claim.text for one in on.basis(ids).claims):
            found.append(_tampered(f"The figure “{value}” stands in none of the claims that it cites."))
    articles = {source.n: article(source) for source in sources}
    for one in claims:
        about = _claim(one, articles)
        found += [item for item in about if item.code.startswith(_OF_FACTS) or item.code == "citation.unknown"]
    return tuple(found)


def _of_a_day(item: Finding, text: str) -> bool:
    """Is it about a day of the sentence, which its claims resolve from the German and do not print?"""
    place = item.en_span
    beside = [*text[: place.start].split()[-1:], *text[place.end :].split()[:1]] if place else []
    months = vocabulary("en", "months", "full")
    return item.code == "date.added" or (
        item.code == "number.added" and any(word.strip(".,") in months for word in beside)
    )


def _source(source: Source, every: dict[int, Source]) -> Iterator[Finding]:
    if hashlib.sha256("\n".join(s.de for s in source.sentences).encode()).hexdigest() != source.id:
        yield _error("evidence.altered", f"The German of source {source.n} is not that of the article with its id.")
    if source.copy_of is not None and source.copy_of not in every:
        yield _error("citation.unknown", f"Source {source.n} is called a copy of {source.copy_of}, which is not there.")
    for sentence in source.sentences:
        if sentence.en and _differs(sentence.de, sentence.en):
            message = f"Source {source.n}, sentence {sentence.n}: the English shown beside the German differs from it."
            yield flag("translation.differs", message, scope="note").stamped(sentence=sentence.n)


@lru_cache(maxsize=1024)  # a note is shown, and looked at, more than once
def _differs(de: str, en: str) -> bool:
    return any(item.severity == "error" for item in check_pair(de, en))


def _claim(one: SourceClaim, articles: dict[int, Article]) -> Iterator[Finding]:
    """The claim against the German that it rests on, as the German stands in its source."""
    source = articles.get(one.source)
    if source is None or one.id != f"{one.source}.{one.claim.id}":
        yield _error("citation.unknown", f"The claim {one.id} belongs to no source of the note.", one.id)
        return
    yield from claim_findings(one.claim, source, one.id)


def _sentences(note: Note, glossary: Glossary | None) -> Iterator[Finding]:
    """Every sentence of the note against exactly the claims that it cites."""
    everything = citable_claims(note.claims, note.sources, glossary)
    for one in (*note.bottom_line, *note.key_points):
        yield from _cited(one, everything)
    if note.title not in (
        note.titled,
        capital(note.topic or ""),
        SEVERAL,
        *(story.title for story in (*note.stories, *note.others)),
    ):
        yield _tampered(f"The title “{note.title}” is neither the topic nor that of a story.")
    for story in (*note.stories, *note.others):
        part = _part(story, note, glossary)
        for one in story.points:
            yield from _cited(one, part)
        yield from _title(story.title, part)
    corrected = corrections(note.claims, note.sources)
    for change in note.changes:
        if change not in corrected:
            yield from _change(change, everything)
    for left in note.left_out:
        yield from (_unknown(name) for name in left.claims if name not in everything.claims)


def _cited(one: Cited, on: CitableClaims) -> Iterator[Finding]:
    if one.text == NOTHING and not one.claims:
        return
    yield from check(one.text, on.basis(one.claims), one.claims)


def _title(title: str, part: CitableClaims) -> Iterator[Finding]:
    """A title is that of the model, a source's headline, or the first point: the story's claims must bear it."""
    if part.claims:
        yield from check_title(title, part.basis(part.claims))


def _change(change: Change, on: CitableClaims) -> Iterator[Finding]:
    """What was withdrawn rests on claims of the previous note."""
    if change.kind == "withdrawn" and not any(name in on.claims for name in change.claims):
        return
    yield from (_unknown(name) for name in change.claims if name not in on.claims)
    cited = [one.claim.text for one in on.basis(change.claims).claims]
    if change.text not in cited:
        yield from check(change.text, on.basis(change.claims), change.claims)


def _since(note: Note, glossary: Glossary | None) -> Iterator[Finding]:
    """What is said to be different from the last note, against what it cites of both notes."""
    if note.since_last is None:
        return
    every = citable_claims(note.claims, note.sources, glossary)
    titles = {story.title for story in (*note.stories, *note.others)}
    for story in note.since_last.stories:
        if story.state != "ended" and story.title not in titles:
            yield _tampered(f"“{story.title}” is called different from the last note and is no story of this one.")
        for change in story.changes:
            cited = (*change.claims, *change.earlier)
            yield from (_unknown(name) for name in cited if name not in every.claims)
            if all(name in every.claims for name in cited):
                yield from _different(change, every, note)


def _different(change: Change, on: CitableClaims, note: Note) -> Iterator[Finding]:
    now, then = ([on.claims[name].claim.text for name in ids] for ids in (change.claims, change.earlier))
    said = f"Since the last note: “{change.text}”"
    if change.kind != "new" and not then:
        yield _tampered(f"{said} cites nothing that the last note had.")
    elif change.kind == "changed":
        if not _moved(change, now, then):
            yield _tampered(f"{said} is not what the claims of both notes give.")
        elif not any((one.about, one.figures) == (change.about, change.figures) for one in _again(change, note)):
            yield flag("note.retold", f"{said} is told otherwise by the rules of this version.", scope="note").stamped()
    elif change.kind == "withdrawn":
        if change.before not in then or not change.text.endswith((WITHDRAWN, NO_LONGER)):
            yield _tampered(f"{said} is not what the claims of the last note give.")
    elif change.kind == "corrected":
        plain = change.model_copy(update={"earlier": ()})
        if plain not in corrections(note.claims, note.sources):
            yield from check(change.text, on.basis(change.claims), change.claims)
    elif change.text not in now:
        yield from check(change.text, on.basis(change.claims), change.claims)


def _moved(change: Change, now: Sequence[str], then: Sequence[str]) -> bool:
    """Does each side give its figure, and stand in the words of a claim that it cites?"""
    if change.figures is None or change.about is None or change.text not in now or change.before not in then:
        return False
    return all(
        any(_stands(value, text) for text in texts) for value, texts in zip(change.figures, (then, now), strict=True)
    )


def _again(change: Change, note: Note) -> Iterator[Change]:
    """What the articles of both sides give today."""
    sources = {one.id: one.source for one in note.claims}
    old = {sources[name] for name in change.earlier}
    story = next((s for s in (*note.stories, *note.others) if {sources[c] for c in change.claims} & {*s.sources}), None)
    new = {*(story.sources if story else ())} - old

    def side(numbers: set[int]) -> NoteSide:
        return NoteSide(
            tuple(s for s in note.sources if s.n in numbers), tuple(c for c in note.claims if c.source in numbers)
        )

    return changed_figures(side(new), side(old))


def _tables(note: Note, again: Sequence[Analysis]) -> Iterator[Finding]:
    """Each row of each table must be one that code derives from the story's claims, or, in a note of other rules, at
    least what the claims say that it cites."""
    for story in note.stories:
        part = _part(story, note)
        derived = tables(story, tuple(part.claims.values()), part.sources, again, WHOLE)
        for name in _TABLES:
            rows, right = getattr(story, name), getattr(derived, name)
            for row in rows:
                if row in right:
                    continue
                said = f"{name.replace('_', ' ').capitalize()}: “{getattr(row, 'text', None) or row.about}”"
                if _rests(row, part):
                    message = f"{said} is told otherwise by the rules of this version, from the same claims."
                    yield flag("note.retold", message, scope="note").stamped()
                else:
                    yield _tampered(f"{said} is not what the claims give.")


def _rests(row: Position | Event | Comparison | Change | Cited, on: CitableClaims) -> bool:
    """Do the claims that the row cites say it themselves, on the day and in the papers that it names?"""
    if isinstance(row, Comparison):
        enough = len(row.figures) == 1 if row.kind == "agreed" else len(row.figures) > 1
        return enough and _about(row) and all(_gives(figure, on) for figure in row.figures)
    cited = [on.claims[name] for name in row.claims if name in on.claims]
    if not cited or len(cited) < len(row.claims):
        return False
    texts = [one.claim.text for one in cited]
    if isinstance(row, Event):
        told = {*texts, *(f"{one.claim.speaker}: {one.claim.text}" for one in cited)}
        return row.text in told and any(_dated(row, one, on) for one in cited)
    if isinstance(row, Position):
        stances = {one.claim.stance for one in cited}
        speakers = {one.claim.speaker for one in cited}
        outlets = {source.outlet for source in on.sources if source.n in {one.source for one in cited}}
        return (
            row.text in texts and row.speaker in speakers and row.stance in stances and outlets >= {*row.outlets} - {""}
        )
    if (
        isinstance(row, Change)
        and row.before
        and row.before not in " ".join(s.de for one in on.sources for s in one.sentences)
    ):
        return False
    return row.text in texts or row.text == f"Disputed: {' '.join(texts)}" or row.text == " ".join(dict.fromkeys(texts))


def _about(row: Comparison) -> bool:
    """What is compared is called as the tables call it, or by the last word of a value."""
    roles = vocabulary(SOURCE, "body_roles").values()
    return (
        row.about in things()
        or row.about in roles
        or row.about in KINDS
        or row.about in {f.value.split()[-1] for f in row.figures}
    )


def _gives(figure: Figure, on: CitableClaims) -> bool:
    cited = [on.claims[name] for name in figure.claims if name in on.claims]
    said = any(_stands(figure.value, one.claim.text) or figure.value == day_in_words(one.claim) for one in cited)
    return said and len(cited) == len(figure.claims) and {one.source for one in cited} <= {*figure.sources}


def _stands(value: str, text: str) -> bool:
    """Has the text this value whole? 85 does not stand in 85 billion."""
    numbers = [fact for fact in facts(text, "en").numbers if isinstance(fact.value, Quantity)]
    return any(
        not any(place.start() <= fact.start < place.end() < fact.end for fact in numbers)
        for place in re.finditer(rf"(?<![\d.,]){re.escape(value)}(?![\d]|[.,]\d)", text)
    )


def _dated(row: Event, one: SourceClaim, on: CitableClaims) -> bool:
    published = next((source.published for source in on.sources if source.n == one.source), None)
    found = {day for e in one.claim.evidence for start, end, day in moments(e.text, published)
             if e.text[start:end] == row.phrase}  # fmt: skip
    if row.until not in (None, until(row.phrase)):
        return False
    return row.date in found or (one.claim.when is not None and one.claim.when.date == row.date)


def _part(story: Story, note: Note, glossary: Glossary | None = None) -> CitableClaims:
    own = tuple(source for source in note.sources if source.n in story.sources)
    return citable_claims([one for one in note.claims if one.source in story.sources], own, glossary)


def _unknown(name: str) -> Finding:
    return _error("citation.unknown", f"There is no claim {name} in the note.", name)


def _tampered(message: str) -> Finding:
    return _error("note.tampered", message)


def _error(code: str, message: str, claim: str | None = None) -> Finding:
    return flag(code, message, scope="note", grade="error").stamped(claim=claim)
