"""On whose word a claim stands: the speaker, those it came through, and the paper or agency that printed it."""

from __future__ import annotations

from dataclasses import dataclass

from presseschau.models import Article, Claim
from presseschau.notes import Source


@dataclass(frozen=True)
class Voice:
    """One link of the chain. `german` is how the article names the speaker, if it was found there."""

    part: str
    name: str
    german: str | None = None


def voices(claim: Claim, article: Article | Source) -> tuple[Voice, ...]:
    """The chain from the speaker outwards: "said by" or "stated by", "relying on", "via" ..., "carried by"."""
    carrier = carrier_of(article)
    source = (Voice("relying on", claim.relies_on),) if claim.relies_on else ()
    passed_on = (*source, *(Voice("via", name) for name in claim.via))
    if not claim.speaker:
        return (Voice("stated by", carrier or "the article"), *passed_on)
    german = claim.speaker_de.text if claim.speaker_de else None
    said = Voice("said by", claim.speaker, german)
    return (said, *passed_on, *((Voice("carried by", carrier),) if carrier else ()))


def in_a_line(chain: tuple[Voice, ...]) -> str:
    """ "said by Rustam Yusupov (“der Unterhändler Rustam Jussupow”), via Silkpress, carried by dpa"."""
    return ", ".join(f"{v.part} {v.name}" + (f" (“{v.german}”)" if v.german else "") for v in chain)


def carrier_of(article: Article | Source) -> str | None:
    """Outlet and agency as "Mittelland-Kurier (dpa)", or the one that is known, or None."""
    outlet, agency = article.outlet, article.agency
    return f"{outlet} ({agency})" if outlet and agency and outlet != agency else outlet or agency
