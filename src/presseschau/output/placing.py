"""What a reader is shown where, in every format alike: each finding at its claim, its sentence, the summary or the
whole article; and first of all the sentences that are most likely wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from presseschau.models import READ_FIRST, Analysis, Finding, Part, Risk, TranslatedSentence

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


MOST = 20
UNUSABLE = "Not usable for facts: most of these sentences are probably wrong."

UNFIT = "No sentence is translated well enough to be the bottom line."


def read_first(analysis: Analysis) -> tuple[TranslatedSentence, ...]:
    """The sentences with the highest risk, the riskiest first; none below `READ_FIRST`."""
    risky = [row for row in analysis.translation or () if row.risk and row.risk.value >= READ_FIRST]
    return tuple(sorted(risky, key=lambda row: -(row.risk.value if row.risk else 0))[:MOST])


def not_for_facts(analysis: Analysis) -> bool:
    """Whether most of the article is probably wrong."""
    return analysis.risk is not None and analysis.risk >= READ_FIRST


def doubt(risk: Risk | None) -> str:
    """A risk from `READ_FIRST` on and its reasons, as in: risk 0.83; rests on sentence 4. "" below."""
    return "; ".join((f"risk {risk.value:.2f}", *risk.reasons)) if risk and risk.value >= READ_FIRST else ""
