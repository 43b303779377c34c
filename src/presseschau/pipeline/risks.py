"""How far to trust each part of a result: a risk for every sentence, and from those for points and claims."""

from __future__ import annotations

from collections.abc import Mapping

from presseschau import checks
from presseschau.models import READ_FIRST, Analysis, Risk, TranslatedSentence


def weighed(analysis: Analysis, *, demonstration: bool) -> Analysis:
    """The analysis with the risk of its sentences, of claims and points that rest on them, and of the whole.

    What a person decided has none. Without a translation there is nothing to go by, and nothing is said.
    """
    if analysis.translation is None:
        return analysis
    rows = tuple(_row(row, demonstration) for row in analysis.translation)
    risks = {row.n: row.risk for row in rows if row.risk}
    claims = analysis.claims and tuple(
        claim if claim.status == "human" else claim.model_copy(update={"risk": _of(claim.sentences, risks)})
        for claim in analysis.claims
    )
    summary = analysis.summary and analysis.summary.model_copy(
        update={
            "points": tuple(
                point.model_copy(update={"risk": _of(point.sentences, risks)}) for point in analysis.summary.points
            )
        }
    )
    wrong = sum(risk.value for risk in risks.values()) / len(risks) if risks else None
    whole = None if wrong is None else round(wrong, 2)
    return analysis.model_copy(update={"translation": rows, "claims": claims, "summary": summary, "risk": whole})


def _row(row: TranslatedSentence, demonstration: bool) -> TranslatedSentence:
    if not row.en or row.status == "human":
        return row
    risk = checks.risk(row.de, row.en, row.findings, demonstration=demonstration)
    return row.model_copy(update={"risk": risk})


def _of(numbers: tuple[int, ...], risks: Mapping[int, Risk]) -> Risk | None:
    """That of the riskiest sentence of these."""
    known = [(risks[n].value, -n) for n in numbers if n in risks]
    if not known:
        return None
    value, n = max(known)
    return Risk(value=value, reasons=(f"rests on sentence {-n}",) if value >= READ_FIRST else ())
