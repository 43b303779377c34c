"""`content.url`: a web or mail address in the English that the German does not have: a leak, or an injected link."""

from __future__ import annotations

import re

from presseschau.checks.finding import finding, span
from presseschau.checks.severity import Scope
from presseschau.models import Finding

CODE = "content.url"

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]“”\"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|org|net|de|at|ch|eu|info|io|gov|edu|ru|cn|uk|biz|app|dev|ly|me)\b(?:/[^\s<>()\[\]“”\"']*)?",
    re.IGNORECASE,
)


def links(source: str, en: str, scope: Scope = "pair") -> tuple[Finding, ...]:
    """One finding for each address of `en` that does not stand in `source` (upper and lower case are the same)."""
    known = source.lower()
    return tuple(
        finding(
            CODE,
            f"The English has the address “{address}”, which the German does not have.",
            scope=scope,
            en=span(en, match.start(), match.start() + len(address)),
        )
        for match in _LINK.finditer(en)
        if (address := match.group().rstrip(".,;:!?")).lower() not in known
    )
