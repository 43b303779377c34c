"""Where each finding is shown: at its claim, its sentence, the summary, or with the whole article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from presseschau.models import Analysis, Finding, Part

_ORDER = {"error": 0, "warning": 1, "info": 2}
_NAMES = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("note", "notes")}


@dataclass(frozen=True)
class Placed:
    """Every finding once. `rest` are those of no sentence, claim or summary, failed parts among them."""

    everything: tuple[Finding, ...]
    sentences: Mapping[int, tuple[Finding, ...]]
    claims: Mapping[str, tuple[Finding, ...]]
    summary: tuple[Finding, ...]
    rest: tuple[Finding, ...]


def placed(analysis: Analysis) -> Placed:
    """The analysis' findings by place, errors first. A place that the analysis does not hold counts as `rest`."""
    everything = _everything(analysis)
    numbers = {sentence.n for sentence in analysis.article.sentences}
    ids = {claim.id for claim in analysis.claims or ()}
    sentences: defaultdict[int, tuple[Finding, ...]] = defaultdict(tuple)
    claims: defaultdict[str, tuple[Finding, ...]] = defaultdict(tuple)
    summary: list[Finding] = []
    rest: list[Finding] = []
    for finding in everything:
        if finding.claim in ids:
            claims[str(finding.claim)] += (finding,)
        elif finding.code == "task.failed":
            rest.append(finding)
        elif finding.part == "summary" and analysis.summary:
            summary.append(finding)
        elif finding.sentence is not None and finding.sentence in numbers:
            sentences[finding.sentence] += (finding,)
        else:
            rest.append(finding)
    return Placed(everything, dict(sentences), dict(claims), tuple(summary), tuple(rest))


def tally(findings: tuple[Finding, ...]) -> str:
    """ "1 error, 5 warnings, 2 notes"; "no findings" for none."""
    counts = {severity: sum(f.severity == severity for f in findings) for severity in _NAMES}
    parts = [f"{n} {_NAMES[severity][n != 1]}" for severity, n in counts.items() if n]
    return ", ".join(parts) or "no findings"


def why_absent(analysis: Analysis, part: Part) -> str:
    """Why a part of the analysis is None: what failed, or that nobody asked for it."""
    for finding in _everything(analysis):
        if finding.code == "task.failed" and finding.part == part:
            return finding.message
    return "Not asked for."


def _everything(analysis: Analysis) -> tuple[Finding, ...]:
    found = [
        *analysis.findings,
        *analysis.article.findings,
        *(finding for row in analysis.translation or () for finding in row.findings),
        *(finding for claim in analysis.claims or () for finding in claim.findings),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: _ORDER[finding.severity]))
