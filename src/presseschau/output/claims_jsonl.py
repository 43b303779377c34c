"""The claims of an Analysis as JSON Lines: one claim a line, with the article it is from."""

from __future__ import annotations

import json

from presseschau.models import Analysis
from presseschau.output.inert import inert_json


def claims_jsonl(analysis: Analysis) -> str:
    """A line a claim: `article`, `source`, `outlet`, `agency`, `published`, `model`, then the fields of the claim."""
    article = analysis.article
    about = {
        "article": article.id,
        "source": article.source,
        "outlet": article.outlet,
        "agency": article.agency,
        "published": article.published,
        "model": analysis.provenance.model,
    }
    lines = (
        inert_json(json.dumps(about | claim.model_dump(mode="json"), ensure_ascii=False)) + "\n"
        for claim in analysis.claims or ()
    )
    return "".join(lines)
