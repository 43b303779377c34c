"""What a person decided about claims and sentences, and an analysis as that person wants it.

A decision is keyed by its kind and the German it is about, so that it holds when the article is read, translated or
summarised again, and is ignored where the German has changed. It wins over the model on every later run.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any, Literal, TypedDict, get_args

from pydantic import Field

from presseschau import checks
from presseschau.findings import flag
from presseschau.models import (
    UNREVIEWED,
    Analysis,
    Article,
    Claim,
    Correctable,
    Evidence,
    Finding,
    Moment,
    Provenance,
    Stance,
    Summary,
    TranslatedSentence,
    Value,
)
from presseschau.pipeline.claims import checked, renamed

Kind = Literal["claim", "sentence"]
Verdict = Literal["accepted", "edited", "rejected"]
SCHEMA = "presseschau/review/1"
REJECTED = "review.rejected"
"""Code of the finding of a sentence whose English a person rejected."""
CORRECTED_AFTER = "review.evidence"
"""Code of the finding of what rests on a sentence whose English a person corrected after it was written."""


_UNSAID: Any = Field(default=None, exclude_if=lambda value: value is None)  # what is not there is not printed


class Corrections(TypedDict, total=False):
    """What a person puts in the stead of what a claim says of itself: its speaker (None: the article), its stance, and
    the ISO date of what it tells (None: none)."""

    speaker: str | None
    stance: Stance
    when: str | None


class Decision(Value):
    """One verdict. `german` is the sha256 of the German; `was` what the model wrote, `english` what stands from now on
    (None: nothing). `claim` is the whole claim as decided, so that it can be put back where a model leaves it out, and
    its `corrected` names what a person corrected in it; `text` the German of a sentence, so that like ones can be
    found. `by` is who decided, `at` when (ISO 8601, UTC)."""

    kind: Kind
    german: str
    verdict: Verdict
    was: str
    english: str | None = None
    claim: Claim | None = None
    text: str | None = _UNSAID
    by: str | None = _UNSAID
    at: str | None = _UNSAID

    @property
    def first(self) -> str:
        """The key of the sentence that it is about, of a claim's evidence the first."""
        evidence = self.claim.evidence if self.claim else ()
        return key([evidence[0].text]) if evidence else self.german

    @classmethod
    def on(
        cls,
        about: TranslatedSentence | Claim,
        verdict: Verdict,
        english: str | None = None,
        *,
        corrections: Corrections | None = None,
        by: str | None = None,
        at: datetime | None = None,
    ) -> Decision:
        """The verdict on a sentence or a claim of a result; `english` is what stands from now on.

        What a person wrote stays edited when it is accepted. Raises ValueError for a stance or a date that is none, and
        for corrections of a sentence.
        """
        when = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
        if verdict == "accepted" and about.decided == "edited":
            verdict = "edited"
        made = partial(cls, verdict=verdict, english=english, by=by, at=when)
        if isinstance(about, Claim):
            kept = corrected(about, corrections or {}) if english else None
            return made(kind="claim", german=claim_key(about), was=about.text, claim=kept)
        if corrections:
            raise ValueError("Only a claim has a speaker, a stance and a time that can be corrected.")
        text = " ".join(about.de.split())
        return made(kind="sentence", german=key([text]), was=about.en or "", text=text)


def corrected(claim: Claim, corrections: Corrections) -> Claim:
    """The claim with these corrections, and their names. Raises ValueError for a stance or a date that is none."""
    update: dict[str, Any] = {}
    if "speaker" in corrections and (name := " ".join((corrections["speaker"] or "").split()) or None) != claim.speaker:
        update |= {"speaker": name, "speaker_de": None}
    if "stance" in corrections and (stance := corrections["stance"]) != claim.stance:
        if stance not in get_args(Stance):
            raise ValueError(f"{stance!r} is no stance: it is one of {', '.join(get_args(Stance))}.")
        update |= {"stance": stance}
    if "when" in corrections and (day := corrections["when"] or None) != (claim.when and claim.when.date):
        update |= {"when": day and Moment(text=claim.when.text if claim.when else day, date=_date(day))}
    named = tuple(name for name in get_args(Correctable) if name in update or name in claim.corrected)
    return claim.model_copy(update=update | {"corrected": named})


def _date(day: str) -> str:
    """`day`, if it is a year, a month or a day in ISO form; else ValueError."""
    for form in ("%Y", "%Y-%m", "%Y-%m-%d"):
        with suppress(ValueError):
            if datetime.strptime(day, form).strftime(form) == day:
                return day
    raise ValueError(f"{day!r} is no date: write 2026, 2026-05 or 2026-05-14.")


class Decisions(Value):
    """What is kept beside a result. A later decision about the same words takes the place of the earlier one."""

    schema_version: str = SCHEMA
    decisions: tuple[Decision, ...] = ()

    def with_one(self, new: Decision) -> Decisions:
        """These decisions and `new`, which replaces one about the same words."""
        kept = (d for d in self.decisions if (d.kind, d.german, d.was) != (new.kind, new.german, new.was))
        return Decisions(decisions=(*kept, new))

    def about(self, analysis: Analysis) -> Decisions:
        """Those whose German is in this result: of an archive's memory few."""
        found = {at for one in keys_of(analysis) for at in self._by_key.get(one, ())}
        return Decisions(decisions=tuple(self.decisions[at] for at in sorted(found)))

    @cached_property
    def _by_key(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for at, decision in enumerate(self.decisions):
            for one in {decision.german, decision.first}:
                found[one].append(at)
        return found

    def without(self, old: Decision) -> Decisions:
        """These decisions without `old`, as if it had never been made."""
        return Decisions(decisions=tuple(one for one in self.decisions if one != old))

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with any decision; "" for none."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12] if self.decisions else ""


def key(texts: Iterable[str]) -> str:
    """The sha256 of German sentences; white space between words does not count."""
    return hashlib.sha256("\n".join(" ".join(text.split()) for text in texts).encode()).hexdigest()


def claim_key(claim: Claim) -> str:
    """The key of the evidence of a claim."""
    return key(e.text for e in claim.evidence)


def keys_of(analysis: Analysis) -> frozenset[str]:
    """The keys of its sentences, and of the evidence of its claims."""
    sentences = (key([sentence.text]) for sentence in analysis.article.sentences)
    return frozenset((*sentences, *map(claim_key, analysis.claims or ())))


def decided(analysis: Analysis, decisions: Decisions) -> Analysis:
    """The analysis as the person wants it: edits and acceptances have the status `human`, rejected claims are gone.

    A claim of a later run about the same German as a decided one gives way to it. A rejected sentence has no English.
    What was decided has no risk, since somebody has looked; the risk of the whole is that of the other sentences. What
    a person wrote is checked like all English, and what is found stays as a note.
    """
    decisions = decisions.about(analysis)
    if not decisions.decisions:
        return analysis
    rows = analysis.translation and _rows(analysis.article, analysis.translation, decisions)
    claims = None if analysis.claims is None else _claims(analysis.article, analysis.claims, decisions)
    summary = analysis.summary and _summary(analysis.summary, analysis.translation or (), rows or ())
    corrected_at = {
        b.n: b.decided_at or ""
        for a, b in zip(analysis.translation or (), rows or (), strict=True)
        if a.en and a.en != b.en
    }
    claims = claims and tuple(_resting(claim, corrected_at) for claim in claims)
    made: list[Finding] = [f for row in rows or () for f in row.findings]
    made += [f for claim in claims or () for f in claim.findings]
    others = [f for f in analysis.findings if f.part not in ("translation", "claims") or f.code == "task.failed"]
    others += [f for f in _resting_parts(analysis.summary, summary, corrected_at) if f not in others]
    risks = [row.risk.value for row in rows or () if row.risk]
    return analysis.model_copy(
        update={
            "translation": rows,
            "risk": round(sum(risks) / len(risks), 2) if risks and analysis.risk is not None else None,
            "summary": summary,
            "claims": claims,
            "findings": (*others, *made),
            "provenance": _seen(analysis.provenance, rows or (), claims or ()),
        }
    )


def _summary(summary: Summary, before: Sequence[TranslatedSentence], now: Sequence[TranslatedSentence]) -> Summary:
    """The summary whose parts that are the English of a sentence, as those of a small model are, say what the person
    wrote there, and go where it was rejected. What a model worded itself stays."""
    told = {a.n: (a.en, b.en) for a, b in zip(before, now, strict=True) if a.en and a.en != b.en}

    def said(text: str | None, sentences: Iterable[int]) -> str | None:
        return next((told[n][1] for n in sentences if n in told and told[n][0] == text), text)

    line = said(summary.bottom_line, summary.bottom_line_sentences)
    points = ((point, said(point.text, point.sentences)) for point in summary.points)
    return summary.model_copy(
        update={
            "headline": said(summary.headline, told) or "",
            "bottom_line": line,
            "bottom_line_sentences": summary.bottom_line_sentences if line else (),
            "points": tuple(point.model_copy(update={"text": text}) for point, text in points if text),
        }
    )


def _resting(claim: Claim, corrected_at: Mapping[int, str]) -> Claim:
    """The claim, marked if a sentence that it rests on was corrected and nobody has decided on the claim since."""
    after = (n for n in claim.sentences if n in corrected_at and not (claim.decided_at or "") > corrected_at[n])
    if (n := next(after, None)) is None or (claim.status == "human" and not corrected_at[n]):
        return claim
    mark = flag(CORRECTED_AFTER, said={"part": "the claim", "n": n}).stamped(part="claims", claim=claim.id)
    return claim.model_copy(update={"findings": tuple(dict.fromkeys((*claim.findings, mark)))})


def _resting_parts(before: Summary | None, now: Summary | None, corrected_at: Mapping[int, str]) -> Iterator[Finding]:
    """A mark for the bottom line and each point that stays as a model worded it on a sentence that was corrected."""
    if before is None or now is None:
        return
    told = {before.bottom_line, *(point.text for point in before.points)}
    parts = [("the bottom line", now.bottom_line, now.bottom_line_sentences)]
    parts += [(f"point {at}", point.text, point.sentences) for at, point in enumerate(now.points, 1)]
    for part, text, sentences in parts:
        n = next((n for n in sentences if n in corrected_at), None)
        if n is not None and text in told:
            yield flag(CORRECTED_AFTER, said={"part": part, "n": n}).stamped(part="summary")


def _seen(provenance: Provenance, rows: Sequence[TranslatedSentence], claims: Sequence[Claim]) -> Provenance:
    """The provenance with how much of the result a person has decided on."""
    sentences, kept = sum(of_a_person(row) for row in rows), sum(claim.status == "human" for claim in claims)
    said = f"{UNREVIEWED[:-1]} except for {sentences} of {len(rows)} sentences and {kept} of {len(claims)} claims."
    notice = re.sub(rf"{re.escape(UNREVIEWED[:-1])}[^.]*\.", said, provenance.notice)  # it may have been said before
    return provenance.model_copy(update={"notice": notice})


def of_a_person(row: TranslatedSentence) -> bool:
    """Did a person accept, write or reject this English?"""
    return row.status == "human" or any(finding.code == REJECTED for finding in row.findings)


def _rows(
    article: Article, before: Sequence[TranslatedSentence], decisions: Decisions
) -> tuple[TranslatedSentence, ...]:
    now = [_row(row, decisions) for row in before]
    written = {b.n for a, b in zip(before, now, strict=True) if b.decided and b.en and b.en != a.en}
    if not written:
        return tuple(now)
    english = {row.n: row.en for row in now}
    found = checks.check_translation([(s, english.get(s.n)) for s in article.sentences])
    return tuple(row.model_copy(update={"findings": settled(found[row.n])}) if row.n in written else row for row in now)


def _row(row: TranslatedSentence, decisions: Decisions) -> TranslatedSentence:
    mine = [d for d in decisions.decisions if d.kind == "sentence" and d.german == key([row.de])]
    if not mine:
        return row
    last = mine[-1]
    if last.english is None:
        message = f"{last.by} rejected this English." if last.by else None
        finding = flag(REJECTED, message).stamped(part="translation", sentence=row.n)
        gone = {"en": None, "decided": None, "findings": (finding,)}
        return row.model_copy(update={**_by_a_person(last), **gone, "status": "missing"})
    findings = settled(row.findings) if last.english == row.en else ()
    return row.model_copy(update={"en": last.english, "findings": findings, **_by_a_person(last)})


def _by_a_person(decision: Decision) -> dict[str, str | None]:
    by = {"decided_by": decision.by, "decided_at": decision.at}
    return {"status": "human", "decided": decision.verdict, "risk": None, **by}


def settled(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """A person has seen them: they stay to be read, but nothing is wrong any more."""
    return tuple(finding.model_copy(update={"severity": "info"}) for finding in findings)


def _claims(article: Article, claims: Sequence[Claim], decisions: Decisions) -> tuple[Claim, ...]:
    mine = [d for d in decisions.decisions if d.kind == "claim"]
    keys = {d.german for d in mine}
    about = {(d.german, d.was) for d in mine} | {(d.german, d.english) for d in mine}
    old = [c for c in claims if claim_key(c) not in keys or _beside(c, claims, about)]
    own = [claim for d in _last(mine) if d.claim and d.english and (claim := _put_back(article, d.claim, d))]
    whole = sorted((*old, *own), key=lambda c: c.sentences)
    return tuple(renamed(claim, f"c{i}") for i, claim in enumerate(whole, 1))


def _last(mine: Sequence[Decision]) -> list[Decision]:
    """The decisions without those on whose English a person decided again."""
    kept: list[Decision] = []
    again: set[tuple[str, str | None]] = set()
    for decision in reversed(mine):
        if (decision.german, decision.english) not in again:
            kept.append(decision)
        again.add((decision.german, decision.was))
    return kept[::-1]


def _beside(claim: Claim, claims: Sequence[Claim], about: set[tuple[str, str | None]]) -> bool:
    """Is this a claim that the person has not come to yet: others of the same run on its German were the decided?"""
    same = [one for one in claims if claim_key(one) == claim_key(claim)]
    met = [one for one in same if (claim_key(one), one.text) in about]
    return bool(met) and (claim_key(claim), claim.text) not in about


def _put_back(article: Article, claim: Claim, decision: Decision) -> Claim | None:
    """The decided claim with its evidence as it stands in this article; None if the German is not there any more."""
    by_text = {" ".join(s.text.split()): s for s in article.sentences}
    cited = [by_text.get(" ".join(e.text.split())) for e in claim.evidence]
    if not cited or any(sentence is None for sentence in cited):
        return None
    evidence = tuple(Evidence.of(s) for s in cited if s)
    here = claim.model_copy(
        update={
            "text": decision.english,
            "evidence": evidence,
            "sentences": tuple(e.n for e in evidence),
            "status": "ok",
        }
    )
    read = checks.grounded(here, article)
    own = {"speaker": claim.speaker, "stance": claim.stance, "when": claim.when}
    stands: dict[str, Any] = {name: own[name] for name in ("stance", *claim.corrected)}
    if claim.speaker is None and "speaker" in claim.corrected:
        stands |= {"speaker_de": None}
    made = read.model_copy(update={"supported": True, **stands, **_by_a_person(decision)})
    return made.model_copy(update={"findings": judged(made, checked(article, made).findings)})


def judged(claim: Claim, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings about a claim on which a person decided: settled, and what the German says otherwise about its
    speaker says who gave it."""
    said = f" The speaker was given by {claim.decided_by or 'a person'}." if "speaker" in claim.corrected else ""
    return tuple(
        one.model_copy(update={"message": one.message + said}) if one.code.startswith("speaker.") else one
        for one in settled(findings)
    )
