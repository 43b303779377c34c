"""`content.url`: a web or mail address in the English that the German does not have: a leak, or an injected link."""

from __future__ import annotations

import re

from presseschau.findings import Found, Scope, flag, span

CODE = "content.url"

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]“”\"']+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|org|net|de|at|ch|eu|info|io|gov|edu|ru|cn|uk|biz|app|dev|ly|me)\b(?:/[^\s<>()\[\]“”\"']*)?",
    re.IGNORECASE,
)


def links(source: str, en: str, scope: Scope = "pair") -> tuple[Found, ...]:
    """One finding for each address of `en` that does not stand in `source` (upper and lower case are the same)."""
    known = source.lower()
    return tuple(
        flag(
            CODE,
            scope=scope,
            said={"target": address},
            en=span(en, match.start(), match.start() + len(address)),
        )
        for match in _LINK.finditer(en)
        if (address := match.group().rstrip(".,;:!?")).lower() not in known
    )
