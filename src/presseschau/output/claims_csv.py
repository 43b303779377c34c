"""The claims of an Analysis as CSV that spreadsheets read as text and never as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from presseschau.models import Analysis, Claim
from presseschau.output.inert import one_line

COLUMNS = (
    "id", "claim", "supported", "stance", "speaker", "speaker_de", "relies_on", "via", "verb", "quotation", "when_de",
    "when", "sentences", "german", "english", "findings", "decided_by", "article", "source", "outlet", "agency",
    "published", "model", "notice",
)  # fmt: skip
"""In this order for good; a new column goes to the end."""

_FORMULA = tuple("=+-@＝＋－＠")  # a spreadsheet takes the wide forms too
_BOM = "\ufeff"


def claims_csv(analysis: Analysis) -> str:
    """One row a claim under COLUMNS, every cell one line; begins with a BOM so that Excel reads umlauts.

    A cell that would begin a formula (= + - @, also behind blanks, TAB or CR) gets an apostrophe in front.
    """
    english = {row.n: row.en or "" for row in analysis.translation or ()}
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for claim in analysis.claims or ():
        cells = _cells(claim, analysis, english)
        writer.writerow(_inert(cells[column]) for column in COLUMNS)
    return _BOM + out.getvalue()


def _cells(claim: Claim, analysis: Analysis, english: dict[int, str]) -> dict[str, str | None]:
    article, made = analysis.article, analysis.provenance
    return {
        "id": claim.id,
        "claim": claim.text,
        "supported": "yes" if claim.supported else "no",
        "stance": claim.stance,
        "speaker": claim.speaker,
        "speaker_de": claim.speaker_de.text if claim.speaker_de else None,
        "relies_on": claim.relies_on,
        "via": _list(claim.via),
        "verb": claim.verb,
        "quotation": claim.quotation,
        "when_de": claim.when.text if claim.when else None,
        "when": claim.when.date if claim.when else None,
        "sentences": _list(map(str, claim.sentences)),
        "german": " ".join(f"[{e.n}] {e.text}" for e in claim.evidence),
        "english": " ".join(f"[{n}] {english.get(n, '')}" for n in claim.sentences) if english else None,
        "findings": _list(f"{finding.severity} {finding.code}: {finding.message}" for finding in claim.findings),
        "decided_by": "person" if claim.status == "human" else "model",
        "article": article.id,
        "source": article.source,
        "outlet": article.outlet,
        "agency": article.agency,
        "published": article.published,
        "model": made.model,
        "notice": made.notice,
    }


def _list(items: Iterable[str]) -> str:
    return "; ".join(items)


def _inert(text: str | None) -> str:
    cell = one_line(text)  # tabs and line ends become blanks, the blanks around go
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
