"""A field cut short at a quotation mark: “ closes a German quotation, and as ASCII \" it ends a JSON string.

The answer then parses and is valid, but the English stops where the German quotation begins or ends.
"""

from __future__ import annotations

import re

from presseschau.findings import Found, flag, span

CODE = "content.omitted"
SHORT = 0.62
"""English shorter than this share of the German is looked at; a full sentence is shorter in 0.3 % of good pairs."""
REST = 12
"""Characters of German that must follow the mark: less is only the end of the sentence."""

_MARK = re.compile(r"[„“”\"»«›‹]")
_END = re.compile(r"[.!?…][\"”’'»)\]]*\s*$|[”\"’»)\]]\s*$")


def cut_short(de: str, en: str) -> tuple[Found, ...]:
    """One `content.omitted` finding if `en` stops at a quotation mark of `de`, else none."""
    if len(en) >= SHORT * len(de) or not _END.search(de) or _END.search(en):
        return ()
    marks = [match.start() for match in _MARK.finditer(de) if len(de) - match.end() >= REST]
    if not marks:
        return ()
    mark = min(marks, key=lambda at: abs(at - len(en)))
    if abs(mark - len(en)) > max(10, 0.35 * mark):
        return ()
    lost = span(de, mark, len(de))
    return (
        flag(CODE, f"The English stops at a quotation mark; the German goes on: {lost.text[:60].strip()}…", de=lost),
    )
