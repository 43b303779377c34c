"""What a person decided about claims and sentences, and an analysis as that person wants it.

A decision is keyed by its kind and the German it is about, so that it holds when the article is read, translated or
summarised again, and is ignored where the German has changed. It wins over the model on every later run.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from presseschau.findings import flag
from presseschau.models import Analysis, Article, Claim, Evidence, Finding, Provenance, TranslatedSentence, Value
from presseschau.pipeline.claims import checked, renamed

Kind = Literal["claim", "sentence"]
Verdict = Literal["accepted", "edited", "rejected"]
SCHEMA = "presseschau/review/1"
UNREVIEWED = "Machine translation, not reviewed by a person."
REJECTED = "review.rejected"
"""Code of the finding of a sentence whose English a person rejected."""


_UNSAID: Any = Field(default=None, exclude_if=lambda value: value is None)  # what is not there is not printed


class Decision(Value):
    """One verdict. `german` is the sha256 of the German; `was` what the model wrote, `english` what stands from now on
    (None: nothing). `claim` is the whole claim as decided, so that it can be put back where a model leaves it out;
    `text` the German of a sentence, so that like ones can be found."""

    kind: Kind
    german: str
    verdict: Verdict
    was: str
    english: str | None = None
    claim: Claim | None = None
    text: str | None = _UNSAID

    @property
    def first(self) -> str:
        """The key of the sentence that it is about, of a claim's evidence the first."""
        evidence = self.claim.evidence if self.claim else ()
        return key([evidence[0].text]) if evidence else self.german

    @classmethod
    def on(cls, about: TranslatedSentence | Claim, verdict: Verdict, english: str | None = None) -> Decision:
        """The verdict on a sentence or a claim of a result; `english` is what stands from now on."""
        if isinstance(about, Claim):
            kept = about if english else None
            return cls(
                kind="claim", german=claim_key(about), verdict=verdict, was=about.text, english=english, claim=kept
            )
        was, text = about.en or "", " ".join(about.de.split())
        return cls(kind="sentence", german=key([text]), verdict=verdict, was=was, english=english, text=text)


class Decisions(Value):
    """What is kept beside a result. A later decision about the same words takes the place of the earlier one."""

    schema_version: str = SCHEMA
    decisions: tuple[Decision, ...] = ()

    def with_one(self, new: Decision) -> Decisions:
        """These decisions and `new`, which replaces one about the same words."""
        kept = (d for d in self.decisions if (d.kind, d.german, d.was) != (new.kind, new.german, new.was))
        return self.model_copy(update={"decisions": (*kept, new)})

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
    """
    decisions = decisions.about(analysis)
    if not decisions.decisions:
        return analysis
    rows = analysis.translation and tuple(_row(row, decisions) for row in analysis.translation)
    claims = None if analysis.claims is None else _claims(analysis.article, analysis.claims, decisions)
    made: list[Finding] = [f for row in rows or () for f in row.findings]
    made += [f for claim in claims or () for f in claim.findings]
    others = [f for f in analysis.findings if f.part not in ("translation", "claims") or f.code == "task.failed"]
    return analysis.model_copy(
        update={
            "translation": rows,
            "claims": claims,
            "findings": (*others, *made),
            "provenance": _seen(analysis.provenance, rows or (), claims or ()),
        }
    )


def _seen(provenance: Provenance, rows: Sequence[TranslatedSentence], claims: Sequence[Claim]) -> Provenance:
    """The provenance with how much of the result a person has decided on."""
    sentences, kept = sum(of_a_person(row) for row in rows), sum(claim.status == "human" for claim in claims)
    said = f"{UNREVIEWED[:-1]} but for {sentences} of {len(rows)} sentences and {kept} of {len(claims)} claims."
    notice = re.sub(rf"{re.escape(UNREVIEWED[:-1])}[^.]*\.", said, provenance.notice)  # it may have been said before
    return provenance.model_copy(update={"notice": notice})


def of_a_person(row: TranslatedSentence) -> bool:
    """Did a person accept, write or reject this English?"""
    return row.status == "human" or any(finding.code == REJECTED for finding in row.findings)


def _row(row: TranslatedSentence, decisions: Decisions) -> TranslatedSentence:
    mine = [d for d in decisions.decisions if d.kind == "sentence" and d.german == key([row.de])]
    if not mine:
        return row
    if mine[-1].english is None:
        finding = flag(REJECTED).stamped(part="translation", sentence=row.n)
        return row.model_copy(update={"en": None, "status": "missing", "decided": None, "findings": (finding,)})
    findings = settled(row.findings) if mine[-1].verdict == "accepted" and mine[-1].english == row.en else ()
    return row.model_copy(
        update={"en": mine[-1].english, "status": "human", "decided": mine[-1].verdict, "findings": findings}
    )


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
    found = checked(article, here)
    stands = {"text": decision.english, "stance": claim.stance, "supported": True}
    by = {"status": "human", "decided": decision.verdict, "findings": settled(found.findings)}
    return found.model_copy(update=stands | by)
