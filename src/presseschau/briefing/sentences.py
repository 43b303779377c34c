"""Sentences that a model wrote, held against the claims they cite: kept, written once more, or left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from presseschau.checks.meta import CODE as META
from presseschau.checks.meta import ECHO
from presseschau.checks.naming.glossary import Glossary
from presseschau.checks.note.check import Basis, check
from presseschau.checks.note.overlap import content, covered, key
from presseschau.errors import AnswerError
from presseschau.findings import badness, flag
from presseschau.models import Finding
from presseschau.notes import Cited, LeftOut, Source, SourceClaim
from presseschau.pipeline import note as task
from presseschau.pipeline.asking import Asker
from presseschau.pipeline.note import CitedDraft, Line


@dataclass(frozen=True)
class KeptSentences:
    """The sentences that hold, in order, and those that do not, with the reason."""

    sentences: tuple[Cited, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class CitableClaims:
    """The claims that may be cited, by id, and all sources; the glossary that holds for what is said of them."""

    claims: dict[str, SourceClaim]
    sources: tuple[Source, ...]
    glossary: Glossary | None = None

    def basis(self, ids: Iterable[str]) -> Basis:
        """The claims of these ids; unknown ones are left away."""
        return Basis(tuple(self.claims[name] for name in ids if name in self.claims), self.sources, self.glossary)


def citable_claims(
    claims: Sequence[SourceClaim], sources: Sequence[Source], glossary: Glossary | None = None
) -> CitableClaims:
    """Only claims without an error may be cited."""
    return CitableClaims({one.id: one for one in claims if one.claim.supported}, tuple(sources), glossary)


async def kept(asker: Asker, drafts: Sequence[CitedDraft], lines: Sequence[Line], on: CitableClaims) -> KeptSentences:
    """The drafts that say no more than the lines they cite. One that fails is asked for once more, else left out; one
    in other words than the glossary's is asked for once more, too, but stays."""
    first = [_cited(asker, draft, lines, on) for draft in drafts if draft.text.strip()]
    failing = [i for i, one in enumerate(first) if _to_mend(one.findings)]
    again: dict[int, Cited] = {}
    if failing and asker.options.rounds:
        again = dict(zip(failing, await _again(asker, [first[i] for i in failing], lines, on), strict=False))
    sentences, left_out = [], []
    for i, one in enumerate(first):
        held = [made for made in (one, again.get(i)) if made and sound(made.findings)]
        if held:
            sentences.append(min(held, key=lambda made: len(_to_mend(made.findings))))
        else:
            left_out.append(why(one))
    return KeptSentences(tuple(sentences), tuple(left_out))


def sound(findings: Iterable[Finding]) -> bool:
    """Is none of them an error?"""
    return not badness(findings)[0]


def _to_mend(findings: Iterable[Finding]) -> list[Finding]:
    """What a sentence is asked for once more for."""
    return [f for f in findings if f.severity == "error" or f.code.startswith("glossary.")]


def why(one: Cited) -> LeftOut:
    """The sentence with what is wrong with it, in words for a reader."""
    reasons = dict.fromkeys(f.message for f in one.findings if f.severity == "error")
    return LeftOut(text=one.text or "A sentence", reason=" ".join(reasons), claims=one.claims)


async def _again(asker: Asker, failed: Sequence[Cited], lines: Sequence[Line], on: CitableClaims) -> list[Cited]:
    """The sentences as the model writes them the second time; none if its answer cannot be used."""
    numbers = {name: line.n for line in lines for name in line.claims}
    told = [
        task.Failed(
            one.text,
            tuple(sorted({numbers[c] for c in one.claims})),
            asker.note(_to_mend(one.findings), folder="repair/note"),
        )
        for one in failed
    ]
    try:
        answer = await asker.answered(
            lambda notes: task.again(lines, told, asker.options.prompts, english=asker.options.english, notes=notes)
        )
    except AnswerError:
        return []
    return [_cited(asker, draft, lines, on) for draft in answer.sentences]


def _cited(asker: Asker, draft: CitedDraft, lines: Sequence[Line], on: CitableClaims) -> Cited:
    """The draft with the ids of the claims under its numbers, and the findings against them; one in the words of its
    instructions without its text."""
    by_number = {line.n: line.claims for line in lines}
    text = " ".join(draft.text.split())
    given = dict.fromkeys(draft.numbers)
    unknown = [f"number {n}" for n in given if n not in by_number]
    ids = tuple(dict.fromkeys(name for n in given for name in by_number.get(n, ())))
    if asker.options.echoed(text, on.basis(ids).german):
        return Cited(text="", claims=ids, findings=(flag(META, f"{ECHO} It is not used.", scope="note").stamped(),))
    made = Cited(text=text, claims=ids, findings=check(text, on.basis(ids), (*ids, *unknown)))
    return made if sound(made.findings) or unknown else _with_subject(made, on)


def _with_subject(made: Cited, on: CitableClaims) -> Cited:
    """The sentence with one more claim cited, if all that its claims lack is the name of what the story is about.

    Such a name is in half of the story's articles. The claim that has it is of an article that is cited already.
    """
    errors = [f for f in made.findings if f.severity == "error"]
    if not errors or any(f.code not in ("name.added", "place.added") or f.en_span is None for f in errors):
        return made
    cited = on.basis(made.claims).claims
    articles = {one.source for one in cited}
    for finding in errors:
        name = finding.en_span.text if finding.en_span else ""
        having = [one for one in on.claims.values() if key(name) in set(map(key, content(one.claim.text)))]
        if 2 * len({one.source for one in having}) < len({one.source for one in on.claims.values()}):
            return made
        near = [one for one in having if one.source in articles]
        if not near:
            return made
        best = max(near, key=lambda one: len(covered(made.text, (one.claim.text,))))
        cited = (*cited, best)
    ids = tuple(dict.fromkeys(one.id for one in cited))
    findings = check(made.text, on.basis(ids), ids)
    return Cited(text=made.text, claims=ids, findings=findings) if sound(findings) else made
