"""Papers that correct themselves: in the article's text, or in a note of the editors beside it.

A note beside the text is not evidence and no model reads it; it is given in German under the name of its paper, and the
claims of the article on the same thing are cited. In the text, the claims on the correcting sentences tell it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from presseschau.briefing.likeness import german, nouns
from presseschau.briefing.sources import usable
from presseschau.facts.speech.carried import own_report
from presseschau.lang import SOURCE, any_of, regex
from presseschau.models import EVIDENCE_ROLES, Article
from presseschau.notes import Change, Comparison, Figure, Source, SourceClaim, SourceSentence

_DIGITS = re.compile(r"\D")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b\d\.)(?<!\b\d\d\.)\s+(?=[A-ZÄÖÜ„»“\"])")


def corrections(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Change, ...]:
    """One Change of kind "corrected" a correction, in the order of the sources; a copy repeats none."""
    return tuple(
        change
        for source in sources
        if source.copy_of is None
        for change in _of_source(source, [c for c in usable(claims) if c.source == source.n])
    )


def recalled(article: Article) -> str:
    """What an article, or a note beside it, says of a report of its paper that was wrong; "" for one that does not."""
    headline = next((s.text for s in article.sentences if s.role == "headline"), "")
    body = [s.text for s in article.sentences if s.role in EVIDENCE_ROLES]
    if regex(SOURCE, "corrections", "headed").match(headline):
        return " ".join(body)
    notes = [kept.text for kept in article.kept if _recalls(kept.text) and _says_wrong(kept.text)]
    return " ".join([*notes, *(text for span in _wrong(body) for text in body[span])])


def taken_off(article: Article) -> str:
    """What an article, or a note beside it, says of its having been taken back; "" for one that does not."""
    said = (*(s.text for s in article.sentences), *(kept.text for kept in article.kept))
    return " ".join(text for text in said if any_of(SOURCE, "withdrawn", "withdrawn").search(text))


def taken_back(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> dict[str, frozenset[str]]:
    """Ids of the claims with figures that their own paper has since corrected, and these as the German writes them:
    they stand in what the correction recalls and not in what it says instead, and claim and correction share a noun."""
    figures = regex(SOURCE, "corrections", "figure").findall
    found: dict[str, frozenset[str]] = {}
    for source in sources:
        for passage in _passages(source):
            wrong = _wrong_figures(passage)
            papers = {s.n for s in sources if s.outlet and s.outlet == source.outlet and s.n != source.n}
            for claim in claims:
                text = german(claim)
                mine = frozenset(wrong & set(figures(text)))
                if claim.source in papers and mine and nouns(text) & nouns(passage):
                    found[claim.id] = found.get(claim.id, frozenset()) | mine
    return found


def put_right(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> dict[str, frozenset[str]]:
    """Ids of the claims that stand on a correction, and the ids of all other claims of the same paper."""
    papers = {s.n: s.outlet for s in sources}
    passages = {s.n: {one.n for span in _in_text(s) for one in span} for s in sources if s.outlet}
    on = [c for c in claims if passages.get(c.source, set()) & {e.n for e in c.claim.evidence}]
    return {c.id: frozenset(o.id for o in claims if papers[o.source] == papers[c.source] and o not in on) for c in on}


def marked(
    comparison: Comparison, wrong: Mapping[str, frozenset[str]], right: Mapping[str, frozenset[str]] | None = None
) -> Comparison:
    """With each figure marked that all who gave it have taken back, or that only the paper gave which puts it `right`
    here (`put_right`)."""
    corrected = [
        (right or {})[claim] for figure in comparison.figures for claim in figure.claims if claim in (right or {})
    ]
    digits = {claim: {_DIGITS.sub("", one) for one in figures} for claim, figures in wrong.items()}

    def is_wrong(figure: Figure) -> bool:
        denied = all(_DIGITS.sub("", figure.value) in digits.get(claim, ()) for claim in figure.claims)
        return denied or any(own >= {*figure.claims} for own in corrected)

    figures = (f.model_copy(update={"taken_back": True}) if is_wrong(f) else f for f in comparison.figures)
    return comparison.model_copy(update={"figures": tuple(figures)})


def _recalls(sentence: str) -> bool:
    """Does the sentence name a report of the paper's own?"""
    return own_report(sentence) or any_of(SOURCE, "corrections", "mistake").search(sentence) is not None


def _says_wrong(sentence: str) -> bool:
    return any_of(SOURCE, "corrections", "wrong").search(sentence) is not None


def _passages(source: Source) -> Iterator[str]:
    """What each correction says, what it recalls included."""
    yield from (" ".join(s.de for s in wrong) for wrong in _in_text(source))
    yield from _notes(source)


def _wrong_figures(passage: str) -> set[str]:
    """The figures that a correction denies (nicht 410, sondern 140); else those that it only recalls."""
    denied = {found["figure"] for found in regex(SOURCE, "corrections", "denied_figure").finditer(passage)}
    if denied:
        return denied
    figures, parts = regex(SOURCE, "corrections", "figure").findall, _SENTENCE.split(passage)
    before = [part for part in parts if _recalls(part)]
    now = " ".join(part for part in parts if part not in before)
    return set(figures(" ".join(before))) - set(figures(now)) if now else set()


def _of_source(source: Source, claims: Sequence[SourceClaim]) -> Iterator[Change]:
    spans = list(_in_text(source))
    for wrong in spans:
        told = [c for c in claims if {e.n for e in c.claim.evidence} & {s.n for s in wrong}]
        yield _from_text(source, wrong, told)
    for note in _notes(source):
        yield _from_note(source, note, claims)


def _notes(source: Source) -> list[str]:
    """The editors' notes outside the text that recall a report and say that it was wrong."""
    return [note for note in source.kept if _recalls(note) and _says_wrong(note)]


def _in_text(source: Source) -> Iterator[list[SourceSentence]]:
    """Sentences that recall a report of the paper and, themselves or in the next one, say that it was wrong."""
    body = [s for s in source.sentences if s.role in EVIDENCE_ROLES]
    yield from (body[span] for span in _wrong([s.de for s in body]))


def _wrong(body: Sequence[str]) -> Iterator[slice]:
    for i, sentence in enumerate(body):
        if not _recalls(sentence):
            continue
        if _says_wrong(sentence):
            figures = regex(SOURCE, "corrections", "figure")
            denied = regex(SOURCE, "corrections", "denied_figure").search(sentence)
            yield slice(i, i + (2 if not denied and any(map(figures.search, body[i + 1 : i + 2])) else 1))
        elif i + 1 < len(body) and _says_wrong(body[i + 1]):
            yield slice(i, i + 2)


def _from_text(source: Source, wrong: Sequence[SourceSentence], told: Sequence[SourceClaim]) -> Change:
    passage, english = " ".join(s.de for s in wrong), " ".join(s.en or "" for s in wrong)
    if not all(s.en for s in wrong):
        english = ""
    if told:
        text = " ".join(dict.fromkeys(c.claim.text for c in told))
        return Change(
            kind="corrected", text=text, before=passage, english=english or None, claims=tuple(c.id for c in told)
        )
    text = f"{_paper(source)} corrects itself: “{english or passage}”"
    return Change(kind="corrected", text=text, before=passage if english else None, claims=())


def _from_note(source: Source, note: str, claims: Sequence[SourceClaim]) -> Change:
    """Before: the sentence that recalls the report; the text: what the note says of it, without courtesies."""
    parts = _SENTENCE.split(regex(SOURCE, "corrections", "heading").sub("", note.strip()))
    kept = [part for part in parts if not regex(SOURCE, "corrections", "courtesy").search(part)]
    before = [part for part in kept if _recalls(part) and not (_says_wrong(part) and len(kept) == 1)]
    now = " ".join(part for part in kept if part not in before) or note
    about = nouns(" ".join(kept))
    like = sorted((c for c in claims if nouns(german(c)) & about), key=lambda c: -len(nouns(german(c)) & about))
    return Change(
        kind="corrected",
        text=f"{_paper(source)} corrects itself (note of the editors, in German): “{now}”",
        before=" ".join(before) or None,
        claims=tuple(c.id for c in like[:1]),
    )


def _paper(source: Source) -> str:
    return source.outlet or source.agency or f"Source {source.n}"
