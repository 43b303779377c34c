"""What a reader should look at first, in every format alike: the sentences that are most likely wrong."""

from __future__ import annotations

from presseschau.models import READ_FIRST, Analysis, Risk, TranslatedSentence

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
