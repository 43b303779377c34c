"""The claims of an Analysis for other programs: CSV for spreadsheets, JSON Lines, schema.org linked data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from presseschau.lang import SOURCE
from presseschau.models import Analysis, Article, Claim
from presseschau.output.inert import inert_json, one_line
from presseschau.output.wording import in_a_line, voices

COLUMNS = (
    "id", "claim", "supported", "stance", "speaker", "speaker_de", "relies_on", "via", "verb", "quotation", "when_de",
    "when", "sentences", "german", "english", "findings", "decided_by", "article", "source", "outlet", "agency",
    "published", "model", "notice", "url", "own_id", "metadata", "decided", "reviewer", "decided_at", "corrected",
)  # fmt: skip
"""In this order for good; a new column goes to the end."""

_FORMULA = tuple("=+-@＝＋－＠")  # a spreadsheet takes the wide forms too
BOM = "\ufeff"
"""So that Excel reads umlauts."""


def claims_csv(analysis: Analysis) -> str:
    """One row per claim under COLUMNS, every cell one line; begins with a BOM so that Excel reads umlauts.

    A cell that would begin a formula (= + - @, also behind blanks, TAB or CR) gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in cells(analysis):
        writer.writerow(inert(row[column]) for column in COLUMNS)
    return BOM + out.getvalue()


def cells(analysis: Analysis) -> Iterator[dict[str, str | None]]:
    """A row for each claim, under COLUMNS."""
    english = {row.n: row.en or "" for row in analysis.translation or ()}
    return (_cells(claim, analysis, english) for claim in analysis.claims or ())


def _cells(claim: Claim, analysis: Analysis, english: dict[int, str]) -> dict[str, str | None]:
    article, made = analysis.article, analysis.provenance
    further = _further(article)
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
        "url": article.metadata.get("url"),
        "own_id": article.metadata.get("id"),
        "metadata": json.dumps(further, ensure_ascii=False) if further else None,
        "decided": claim.decided,
        "reviewer": claim.decided_by,
        "decided_at": claim.decided_at,
        "corrected": _list(claim.corrected),
    }


def _further(article: Article) -> dict[str, str]:
    return {name: value for name, value in article.metadata.items() if name not in ("url", "id")}


def _list(items: Iterable[str]) -> str:
    return "; ".join(items)


def inert(text: str | None) -> str:
    """A cell on one line that no spreadsheet takes for a formula."""
    cell = one_line(text)  # tabs and line ends become blanks, the blanks around go
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def claims_jsonl(analysis: Analysis) -> str:
    """A line per claim: `article`, `source`, `outlet`, `agency`, `published`, `model`, then the fields of the
    claim; behind `model` also `url`, `own_id` and `metadata` if anything came with the article."""
    article = analysis.article
    about: dict[str, Any] = {
        "article": article.id,
        "source": article.source,
        "outlet": article.outlet,
        "agency": article.agency,
        "published": article.published,
        "model": analysis.provenance.model,
    }
    came = {"url": article.metadata.get("url"), "own_id": article.metadata.get("id"), "metadata": _further(article)}
    about |= came if article.metadata else {}
    lines = (
        inert_json(json.dumps(about | claim.model_dump(mode="json"), ensure_ascii=False)) + "\n"
        for claim in analysis.claims or ()
    )
    return "".join(lines)


_ARTICLE = {"@id": "#article"}


def claim_jsonld(analysis: Analysis) -> str:
    """A graph of one NewsArticle and a Claim for each claim (https://schema.org/Claim).

    A Claim names its speaker (`author`), the German sentences (`citation`, as Quotation), the article it appears in
    (`appearance`, `isBasedOn`), the chain of voices (`creditText`), its stance, or "unsupported", as
    `creativeWorkStatus`, and the person who decided on it (`editor`, `dateModified`). A speaker has no type: the
    article does not always say whether it is a person.
    """
    graph = [_article(analysis), *(_claim(c, i, analysis) for i, c in enumerate(analysis.claims or (), 1))]
    document = {"@context": "https://schema.org", "@graph": graph}
    return inert_json(json.dumps(document, ensure_ascii=False, indent=2), markup=True) + "\n"


def _article(analysis: Analysis) -> dict[str, Any]:
    article = analysis.article
    said = {name: one_line(value) for name, value in article.metadata.items()}
    digest = {"@type": "PropertyValue", "propertyID": "sha256", "value": article.id}
    own = [{"@type": "PropertyValue", "propertyID": one_line(name), "value": value} for name, value in said.items()]
    return _filled(
        {
            "@type": "NewsArticle",
            **_ARTICLE,
            "headline": one_line(article.headline),
            "inLanguage": article.language,
            "datePublished": article.published,
            "dateModified": article.updated,
            "author": {"name": one_line(article.author)} if article.author else None,
            "publisher": _organisation(article.outlet),
            "sourceOrganization": _organisation(article.agency),
            "identifier": [digest, *own] if own else digest,
            "url": said.get("url") if said.get("url", "").startswith(("http://", "https://")) else None,
            "articleSection": said.get("section"),
            "pagination": said.get("page"),
            "description": f"Source: {one_line(article.source)}",
        }
    )


def _claim(claim: Claim, position: int, analysis: Analysis) -> dict[str, Any]:
    article, when = analysis.article, claim.when
    return _filled(
        {
            "@type": "Claim",
            "@id": f"#claim-{position}",
            "identifier": claim.id,
            "position": position,
            "text": one_line(claim.text),
            "inLanguage": "en",
            "author": _author(claim, article),
            "creditText": one_line(in_a_line(voices(claim, article))),
            "creativeWorkStatus": claim.stance if claim.supported else "unsupported",
            "appearance": _ARTICLE,
            "isBasedOn": _ARTICLE,
            "citation": [_quotation(e.n, e.text) for e in claim.evidence],
            "temporalCoverage": when.date if when else None,
            "abstract": "; ".join(f"{finding.severity}: {one_line(finding.message)}" for finding in claim.findings),
            "editor": {"name": one_line(claim.decided_by)} if claim.decided_by else None,
            "dateModified": claim.decided_at,
            "usageInfo": one_line(analysis.provenance.notice),
        }
    )


def _quotation(n: int, text: str) -> dict[str, Any]:
    return {"@type": "Quotation", "position": n, "text": one_line(text), "inLanguage": SOURCE, "isPartOf": _ARTICLE}


def _author(claim: Claim, article: Article) -> dict[str, Any] | None:
    if not claim.speaker:
        return _organisation(article.outlet or article.agency)
    german = one_line(claim.speaker_de.text) if claim.speaker_de else None
    return _filled({"name": one_line(claim.speaker), "alternateName": german})


def _organisation(name: str | None) -> dict[str, Any] | None:
    return {"@type": "Organization", "name": one_line(name)} if name else None


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, "", [])}
