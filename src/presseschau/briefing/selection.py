"""Which articles a note is made from: usable, of some days and papers, on a topic; their claims are checked again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from presseschau.briefing.days import is_since, is_until
from presseschau.briefing.sources import article, sources
from presseschau.checks.claim.check import check_claim
from presseschau.checks.note.overlap import content, key
from presseschau.findings import flag
from presseschau.models import Analysis, Article, Claim, Finding, Sentence, Span
from presseschau.notes import LeftOut


def rechecked(analysis: Analysis) -> Analysis:
    """The analysis with only those claims supported that hold today. What a person wrote or accepted stays."""
    if not any(claim.supported for claim in analysis.claims or ()):
        return analysis
    read = article(sources((analysis,))[0])
    claims = tuple(_rechecked(claim, read) for claim in analysis.claims or ())
    return analysis.model_copy(update={"claims": claims})


def _rechecked(claim: Claim, read: Article) -> Claim:
    if not claim.supported or not any(finding.severity == "error" for finding in findings(claim, read)):
        return claim
    return claim.model_copy(update={"supported": False})


def findings(claim: Claim, read: Article, name: str | None = None) -> tuple[Finding, ...]:
    """What is wrong with the claim, against its article as a note keeps it; `name` is set into the findings.

    `evidence.altered`: German that does not stand where it says.
    """
    altered = tuple(_altered(claim, read, name))
    if claim.status == "human":
        return altered
    cited = [s for s in read.sentences if s.n in {piece.n for piece in claim.evidence}]
    return (*altered, *check_claim(claim.text, cited, read, claim.speaker, claim=name, cited=claim.sentences))


def _altered(claim: Claim, read: Article, name: str | None) -> Iterator[Finding]:
    known = {s.n: s for s in read.sentences}
    for piece in claim.evidence:
        there = known.get(piece.n)
        if there is None or (there.start, there.end, there.text) != (piece.start, piece.end, piece.text):
            message = "The German given as evidence does not stand in the source."
            yield flag("evidence.altered", message, scope="note").stamped(claim=name)
    place = claim.speaker_de
    if place and not any(_holds(s, place) for s in read.sentences):
        message = "The German given for the speaker does not stand in the source."
        yield flag("evidence.altered", message, scope="note").stamped(claim=name)


def _holds(sentence: Sentence, place: Span) -> bool:
    at = place.start - sentence.start
    return at >= 0 and sentence.text[at : at + len(place.text)] == place.text


@dataclass(frozen=True)
class Selection:
    """The analyses that a note may be made from, and what was passed over, with the reason."""

    analyses: tuple[Analysis, ...]
    left_out: tuple[LeftOut, ...] = ()


def usable(analyses: Sequence[Analysis]) -> Selection:
    """Each article once, with the claims that its German supports today, at least one."""
    kept: dict[str, Analysis] = {}
    left_out = []
    unasked = 0
    for analysis in analyses:
        if analysis.article.id in kept:
            continue
        if not analysis.provenance.model:  # `watch` kept it, as the rules of its source say
            unasked += 1
            continue
        held = rechecked(_dated(analysis))
        if any(claim.supported for claim in held.claims or ()):
            kept[held.article.id] = held
        else:
            left_out.append(LeftOut(text=name(held), reason=_why(held)))
    if unasked:
        articles = "1 article" if unasked == 1 else f"{unasked} articles"
        left_out.append(LeftOut(text=articles, reason="Kept in the archive without being analysed."))
    return Selection(tuple(kept.values()), tuple(left_out))


def _dated(analysis: Analysis) -> Analysis:
    """An article that only says when it was brought up to date ("Stand: 27.05.2026") is of that day."""
    article = analysis.article
    if article.published or not article.updated:
        return analysis
    return analysis.model_copy(update={"article": article.model_copy(update={"published": article.updated})})


def between(analyses: Sequence[Analysis], since: str | None, until: str | None) -> Selection:
    """Those published on these ISO days, or from this minute to that, in German time, or between them."""
    if since is None and until is None:
        return Selection(tuple(analyses))
    dated = [(a, a.article.published) for a in analyses if a.article.published]
    early = {id(a) for a, day in dated if since and not is_since(day, since)}
    late = {id(a) for a, day in dated if until and not is_until(day, until)}
    kept = tuple(a for a, _ in dated if id(a) not in early | late)
    left_out = [
        LeftOut(text=name(a), reason="It has no date of publication.") for a in analyses if not a.article.published
    ]
    left_out += _counted(len(early), f"Published before {since}.")
    left_out += _counted(len(late), f"Published after {until}.")
    return Selection(kept, tuple(left_out))


def of_outlets(analyses: Sequence[Analysis], outlets: Collection[str]) -> Selection:
    """Those of one of the papers, whose names are compared without regard to case; all if none is named."""
    wanted = {one.strip().casefold() for one in outlets} - {""}
    kept = tuple(a for a in analyses if not wanted or (a.article.outlet or "").casefold() in wanted)
    left_out = _counted(len(analyses) - len(kept), f"Of none of these outlets: {', '.join(outlets)}.")
    return Selection(kept, tuple(left_out))


def without(analyses: Sequence[Analysis], words: str | None) -> Selection:
    """Those that have not every word of a phrase; of several phrases, divided by commas, one is enough to go."""
    phrases = _phrases(words)
    kept = tuple(a for a in analyses if not any(phrase <= _words(a) for phrase in phrases)) if phrases else analyses
    return Selection(tuple(kept), tuple(_counted(len(analyses) - len(kept), f"Excluded by “{words}”.")))


def about(
    analyses: Sequence[Analysis], groups: Sequence[tuple[int, ...]], topic: str | None
) -> tuple[tuple[tuple[int, ...], ...], tuple[LeftOut, ...]]:
    """The groups of articles on the topic, those half of which have every word of it; and what was passed over.

    Of other groups only the articles that have them are kept. English and German are looked at, forms of a word are
    one word, and of several topics divided by commas one is enough.
    """
    wanted = _phrases(topic)
    if not wanted:
        return tuple(groups), ()
    on_topic = {i for i, a in enumerate(analyses) if any(phrase <= _words(a) for phrase in wanted)}
    kept = [
        one if 2 * len(on_topic & set(one)) >= len(one) else tuple(i for i in one if i in on_topic) for one in groups
    ]
    passed = len(analyses) - sum(map(len, kept))
    return tuple(one for one in kept if one), tuple(_counted(passed, f"Not on the topic “{topic}”."))


def name(analysis: Analysis) -> str:
    """The article as a reader knows it: paper, headline or file."""
    article = analysis.article
    parts = [article.outlet or article.agency, article.headline or article.source]
    return ": ".join(part for part in parts if part)


def _phrases(words: str | None) -> list[frozenset[str]]:
    return [frozenset(map(key, content(phrase))) for phrase in (words or "").split(",") if content(phrase)]


def _words(analysis: Analysis) -> frozenset[str]:
    summary = analysis.summary
    english = [row.en for row in analysis.translation or () if row.en]
    english += [claim.text for claim in analysis.claims or ()]
    english += (
        [summary.headline, summary.bottom_line or "", *(point.text for point in summary.points)] if summary else []
    )
    article = analysis.article
    german = [s.text for s in article.sentences] + [article.topic or ""]
    return frozenset(key(word) for text in (*english, *german) for word in content(text))


def _counted(number: int, reason: str) -> list[LeftOut]:
    return [LeftOut(text="1 article" if number == 1 else f"{number} articles", reason=reason)] if number else []


def _why(analysis: Analysis) -> str:
    failures = [f.message for f in analysis.findings if f.code == "task.failed"]
    if analysis.claims is None:
        return f"It has no claims: {' '.join(failures)}" if failures else "It was analysed without claims."
    if not analysis.claims:
        return "No claims were found in it."
    return "None of its claims is supported by its German."
