"""The claims of an Analysis as schema.org linked data, for fact-checkers' tools."""

from __future__ import annotations

import json
from typing import Any

from presseschau.models import Analysis, Article, Claim
from presseschau.output.inert import inert_json, one_line
from presseschau.output.voices import in_a_line, voices

_ARTICLE = {"@id": "#article"}


def claim_jsonld(analysis: Analysis) -> str:
    """A graph of one NewsArticle and a Claim for each claim (https://schema.org/Claim).

    A Claim names its speaker (`author`), the German sentences (`citation`, as Quotation), the article it appears in
    (`appearance`, `isBasedOn`), the chain of voices (`creditText`) and its stance, or "unsupported", as
    `creativeWorkStatus`. A speaker has no type: the article does not always say whether it is a person.
    """
    graph = [_article(analysis), *(_claim(c, i, analysis) for i, c in enumerate(analysis.claims or (), 1))]
    document = {"@context": "https://schema.org", "@graph": graph}
    return inert_json(json.dumps(document, ensure_ascii=False, indent=2), markup=True) + "\n"


def _article(analysis: Analysis) -> dict[str, Any]:
    article = analysis.article
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
            "identifier": {"@type": "PropertyValue", "propertyID": "sha256", "value": article.id},
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
            "usageInfo": one_line(analysis.provenance.notice),
        }
    )


def _quotation(n: int, text: str) -> dict[str, Any]:
    return {"@type": "Quotation", "position": n, "text": one_line(text), "inLanguage": "de", "isPartOf": _ARTICLE}


def _author(claim: Claim, article: Article) -> dict[str, Any] | None:
    if not claim.speaker:
        return _organisation(article.outlet or article.agency)
    german = one_line(claim.speaker_de.text) if claim.speaker_de else None
    return _filled({"name": one_line(claim.speaker), "alternateName": german})


def _organisation(name: str | None) -> dict[str, Any] | None:
    return {"@type": "Organization", "name": one_line(name)} if name else None


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, "", [])}
