"""Two results of one article side by side: sentences, facts, findings, claims and price that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from presseschau.errors import InputError
from presseschau.models import Analysis, Claim, Finding, Printed, Role, Summary, TranslatedSentence, Usage, Value

__all__ = ["COMPARISON_SCHEMA", "ClaimPair", "FactDifference", "ResultComparison", "SentencePair", "Side", "compared"]

COMPARISON_SCHEMA = "presseschau/comparison/1"


class Side(Value):
    """One result: who made it, what it took (`cost` in US dollars, None if no price is known), and what it holds.

    `missing` sentences have no English; `failures` say why a part is missing.
    """

    model: str
    prompts: str
    usage: Usage
    cost: float | None
    missing: int
    errors: int
    warnings: int
    claims: int
    supported: int
    failures: tuple[str, ...]


class FactDifference(Value):
    """A fact that only one English states (the other is None), or that they state differently. `code` as of a finding,
    with `a` as the source."""

    code: str
    a: str | None
    b: str | None


class SentencePair(Value):
    """A sentence whose English differs: its wording, at least. `only_a`, `only_b`: findings about one alone."""

    n: int
    role: Role
    de: str
    a: str | None
    b: str | None
    facts: tuple[FactDifference, ...] = ()
    only_a: tuple[Finding, ...] = ()
    only_b: tuple[Finding, ...] = ()


class ClaimPair(Value):
    """A claim that only one list has, or two on the same sentences that differ in what `differs` names: speaker,
    stance, support or facts."""

    a: Claim | None
    b: Claim | None
    differs: tuple[str, ...] = ()


class ResultComparison(Printed):
    """Two results of the article `article` (its id). `same_sentences` are worded alike and have the same findings;
    `same_claims` differ in wording at most. The notice of either result holds for it."""

    schema_: str = COMPARISON_SCHEMA
    article: str
    source: str
    headline: str | None
    notice: str
    a: Side
    b: Side
    sentences: tuple[SentencePair, ...]
    same_sentences: int
    summary_a: Summary | None
    summary_b: Summary | None
    claims: tuple[ClaimPair, ...]
    same_claims: int


def compared(a: Analysis, b: Analysis, costs: tuple[float | None, float | None] = (None, None)) -> ResultComparison:
    """The comparison; `costs` in US dollars. Raises InputError if the results are not about the same German."""
    if a.article.id != b.article.id:
        raise InputError(
            f"The results are about different articles ({a.article.source} and {b.article.source}): "
            "only two of the same German can be compared."
        )
    pairs = [_sentence(*rows) for rows in zip(_rows(a), _rows(b), strict=True)]
    claims = list(_claims(a.claims or (), b.claims or ()))
    notices = dict.fromkeys((a.provenance.notice, b.provenance.notice))
    return ResultComparison(
        article=a.article.id,
        source=a.article.source,
        headline=a.article.headline,
        notice=max(notices, key=len),
        a=_side(a, costs[0]),
        b=_side(b, costs[1]),
        sentences=tuple(pair for pair in pairs if pair.a != pair.b or pair.only_a or pair.only_b),
        same_sentences=sum(pair.a == pair.b and not pair.only_a and not pair.only_b for pair in pairs),
        summary_a=a.summary,
        summary_b=b.summary,
        claims=tuple(pair for pair in claims if pair.differs or pair.a is None or pair.b is None),
        same_claims=sum(not pair.differs and pair.a is not None and pair.b is not None for pair in claims),
    )


def _side(made: Analysis, cost: float | None) -> Side:
    grave = [finding.severity for finding in made.findings]
    return Side(
        model=made.provenance.model,
        prompts=made.provenance.prompts,
        usage=made.provenance.usage,
        cost=cost,
        missing=sum(row.en is None for row in _rows(made)),
        errors=grave.count("error"),
        warnings=grave.count("warning"),
        claims=len(made.claims or ()),
        supported=sum(claim.supported for claim in made.claims or ()),
        failures=tuple(finding.message for finding in made.findings if finding.code == "task.failed"),
    )


def _rows(made: Analysis) -> list[TranslatedSentence]:
    """A row for every sentence of the article, whether it was translated or not."""
    known = {row.n: row for row in made.translation or ()}
    return [
        known.get(s.n)
        or TranslatedSentence(n=s.n, role=s.role, de=s.text, en=None, start=s.start, end=s.end, status="missing")
        for s in made.article.sentences
    ]


def _sentence(a: TranslatedSentence, b: TranslatedSentence) -> SentencePair:
    return SentencePair(
        n=a.n,
        role=a.role,
        de=a.de,
        a=a.en,
        b=b.en,
        facts=_facts(a.en, b.en),
        only_a=_only(a.findings, b.findings),
        only_b=_only(b.findings, a.findings),
    )


def _only(ours: Sequence[Finding], theirs: Sequence[Finding]) -> tuple[Finding, ...]:
    """Errors and warnings of a kind that the other side does not have."""
    codes = {finding.code for finding in theirs}
    return tuple(f for f in ours if f.severity != "info" and f.code not in codes)


def _facts(a: str | None, b: str | None) -> tuple[FactDifference, ...]:
    """What two English texts do not share; nothing where one is missing, since that says enough."""
    if not a or not b or a == b:
        return ()
    from presseschau.facts import compare, facts

    found = [difference for difference in compare(facts(a, "en"), facts(b, "en")) if not difference.weak]
    return tuple(
        FactDifference(code=d.code, a=d.source.text if d.source else None, b=d.target.text if d.target else None)
        for d in found
    )


def _claims(a: Sequence[Claim], b: Sequence[Claim]) -> Iterator[ClaimPair]:
    """Those of the first list in order, each with the claim of the second on the same sentences that is most like it,
    then what is left of the second."""
    left = list(b)
    for claim in a:
        other = _likest(claim, left)
        if other is not None:
            left.remove(other)
        yield ClaimPair(a=claim, b=other, differs=_differs(claim, other) if other else ())
    yield from (ClaimPair(a=None, b=claim) for claim in left)


def _likest(claim: Claim, others: Sequence[Claim]) -> Claim | None:
    from rapidfuzz.fuzz import token_sort_ratio

    near = [other for other in others if set(other.sentences) & set(claim.sentences)]
    return max(near, key=lambda other: token_sort_ratio(claim.text, other.text), default=None)


def _differs(a: Claim, b: Claim) -> tuple[str, ...]:
    facts = ", ".join(f"{fact.a or 'nothing'} / {fact.b or 'nothing'}" for fact in _facts(a.text, b.text))
    return tuple(
        said
        for said, differ in (
            (f"speaker: {a.speaker or 'the article'} / {b.speaker or 'the article'}", a.speaker != b.speaker),
            (f"stance: {a.stance} / {b.stance}", a.stance != b.stance),
            (f"supported: {_yes(a.supported)} / {_yes(b.supported)}", a.supported != b.supported),
            (f"facts: {facts}", bool(facts)),
        )
        if differ
    )


def _yes(supported: bool) -> str:
    return "yes" if supported else "no"
