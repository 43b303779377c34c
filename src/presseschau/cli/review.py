"""`review`: a person accepts, edits or rejects what a stored result says, sentence by sentence and claim by claim."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.options import OneArticle

if TYPE_CHECKING:
    from presseschau.models import Analysis, Claim, Finding, TranslatedSentence
    from presseschau.pipeline.decisions import Decision, Decisions, Verdict

_VERDICTS: dict[str, Verdict] = {"a": "accepted", "e": "edited", "r": "rejected"}
_QUESTION = "accept, edit, reject, skip or quit? [a/e/r/s/q] "


def review(
    result: Annotated[Path, typer.Argument(help="What `article --json` or `batch` wrote.", show_default=False)],
    every: Annotated[bool, typer.Option("--all", help="Every sentence, not only those with a finding.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also what was decided before.")] = False,
    article: OneArticle = None,
) -> None:
    """Accept, edit or reject sentences and claims. Decisions lie beside the result and win on every later run."""
    from presseschau.errors import InputError
    from presseschau.results import read_decisions, read_results, review_path, write_decisions

    if str(result) == "-":
        raise InputError("A review needs a file, so that its decisions can lie beside it. Save the result first.")
    chosen = read_results(result, article=article)
    decisions, made = read_decisions(result), 0
    for decision in _asked_about(chosen, decisions, every=every, again=again):
        decisions = decisions.with_one(decision)
        write_decisions(result, decisions)
        made += 1
    where = f" They are in {review_path(result)}." if decisions.decisions else ""
    print(f"{made} decisions, {len(decisions.decisions)} in all.{where}", file=sys.stderr)


def _asked_about(chosen: Iterable[Analysis], before: Decisions, *, every: bool, again: bool) -> Iterator[Decision]:
    """The decisions about one article after the other, until the person stops."""
    for analysis in chosen:
        for decision in _asked(analysis, before, every=every, again=again):
            if decision is None:
                return
            yield decision


def _asked(analysis: Analysis, decisions: Decisions, *, every: bool, again: bool) -> Iterator[Decision | None]:
    """One decision after the other; None when the person stops."""
    from presseschau.pipeline.decisions import Decision

    done = {(d.kind, d.german, d.was) for d in decisions.decisions}
    rows = [
        row
        for row in analysis.translation or ()
        if every or row.status == "missing" or any(f.severity != "info" for f in row.findings)
    ]
    found: list[TranslatedSentence | Claim] = [*rows, *(analysis.claims or ())]
    for about in found:
        rejected = Decision.on(about, "rejected")
        if not again and (rejected.kind, rejected.german, rejected.was) in done:
            continue
        answer = _answer(_lines(about), rejected.was or None)
        if answer is None:
            yield None
            return
        verdict, english = answer
        if verdict:
            yield Decision.on(about, verdict, english)


def _answer(lines: list[str], english: str | None) -> tuple[Verdict | None, str | None] | None:
    """The verdict and the English that stands; a verdict of None is a skip; None alone ends the review."""
    from presseschau.cli.terminal import tell

    tell("\n" + "\n".join(lines))
    while True:
        said = _line(_QUESTION)
        choice = (said or "q").strip().lower()[:1]
        if choice == "q":
            return None
        if choice == "s":
            return None, None
        if choice == "e" and (text := " ".join((_line("English: ") or "").split())):
            return "accepted" if text == english else "edited", text
        if choice == "r":
            return "rejected", None
        if choice == "a" and english:
            return "accepted", english


def _line(question: str) -> str | None:
    """A line from the person; None at the end of the input."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline() or None


def _lines(about: TranslatedSentence | Claim) -> list[str]:
    from presseschau.models import Claim

    if not isinstance(about, Claim):
        english = f"  English: {about.en or '-'}"
        return [f"Sentence {about.n} ({about.role})", f"  German:  {about.de}", english, *_told(about.findings)]
    chain = "".join(f", via {name}" for name in about.via) + (f", relying on {about.relies_on}" * bool(about.relies_on))
    said = f"{about.speaker or 'the article'}{chain} ({about.stance})"
    german = [f"  German {e.n}: {e.text}" for e in about.evidence]
    return [f"Claim {about.id}, said by {said}", *german, f"  English: {about.text}", *_told(about.findings)]


def _told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"  {f.severity}: {f.message}" for f in findings if f.severity != "info"]
