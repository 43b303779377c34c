"""A comparison of two results as Markdown, as JSON, and as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.comparison import ClaimPair, ResultComparison, SentencePair, Side
from presseschau.models import Claim, Finding
from presseschau.output.inert import inert_json, quiet


def comparison_json(comparison: ResultComparison) -> str:
    """The whole comparison, indented, UTF-8 as it is."""
    return inert_json(comparison.model_dump_json(indent=2)) + "\n"


def figures(comparison: ResultComparison) -> list[tuple[str, str, str]]:
    """(what, of the first, of the second) in words."""

    def of(side: Side) -> dict[str, str]:
        usage = side.usage
        return {
            "model": side.model,
            "sentences missing": str(side.missing),
            "errors, warnings": f"{side.errors}, {side.warnings}",
            "claims supported": f"{side.supported} of {side.claims}",
            "requests; tokens read, written": f"{usage.requests}; {usage.prompt_tokens}, {usage.completion_tokens}",
            "USD": "not known" if side.cost is None else f"{side.cost:.5f}",
            "prompts": side.prompts,
            "failed": "; ".join(side.failures) or "nothing",
        }

    return [(name, first, of(comparison.b)[name]) for name, first in of(comparison.a).items()]


def comparison_markdown(comparison: ResultComparison) -> str:
    """Figures, then sentences and claims that differ."""
    blocks = [
        f"# Two results: {quiet(comparison.headline or comparison.source)}",
        f"> **{quiet(comparison.notice)}**",
        "\n".join(_table(comparison)),
        f"## Sentences\n\n{len(comparison.sentences)} differ, {comparison.same_sentences} do not.",
        *(_sentence(pair) for pair in comparison.sentences),
        "## Summary",
        *(f"**{side}** {quiet(made.bottom_line)}" if made and made.bottom_line else f"**{side}** *none*"
          for side, made in (("A", comparison.summary_a), ("B", comparison.summary_b))),
        f"## Claims\n\n{len(comparison.claims)} differ, {comparison.same_claims} do not.",
        *(_claim(pair) for pair in comparison.claims),
    ]  # fmt: skip
    return "\n\n".join(blocks) + "\n"


def _table(comparison: ResultComparison) -> Iterator[str]:
    yield "| | A | B |"
    yield "|---|---|---|"
    for row in figures(comparison):
        yield "| " + " | ".join(quiet(cell).replace("|", "\\|") for cell in row) + " |"


def _sentence(pair: SentencePair) -> str:
    lines = [f"**[{pair.n}]** {quiet(pair.de)}", *_side("A", pair.a, pair.only_a), *_side("B", pair.b, pair.only_b)]
    return "\n".join([*lines, *(f"- facts: {quiet(said)}" for said in facts_in_words(pair))])


def facts_in_words(pair: SentencePair) -> list[str]:
    """ "30 per cent / 13 per cent (number.missing)" for each fact that differs."""
    return [f"{fact.a or 'nothing'} / {fact.b or 'nothing'} ({fact.code})" for fact in pair.facts]


def _side(name: str, english: str | None, findings: tuple[Finding, ...]) -> Iterator[str]:
    yield f"- {name}: {quiet(english) if english else '*missing*'}"
    yield from (f"  - ⚠ **{f.severity}** {quiet(f.message)} ({quiet(f.code)})" for f in findings)


def _claim(pair: ClaimPair) -> str:
    lines = [f"- {name}: {_said(claim)}" for name, claim in (("A", pair.a), ("B", pair.b))]
    return "\n".join([*lines, *(f"- differs in {quiet(said)}" for said in pair.differs)])


def _said(claim: Claim | None) -> str:
    return f"{quiet(claim.text)} {''.join(f'[{n}]' for n in claim.sentences)}" if claim else "*no such claim*"


def comparison_page(comparison: ResultComparison) -> str:
    """The page; the same comparison gives the same bytes. Everything foreign is escaped, and nothing loads or runs."""
    from markupsafe import Markup

    from presseschau.output.templates import asset, content_policy, template

    style = asset("base.css") + asset("comparison.css")
    return template("comparison.html.j2").render(
        comparison=comparison,
        figures=figures(comparison),
        facts=facts_in_words,
        policy=content_policy(style),
        style=Markup(style),  # noqa: S704 - our own file
    )
