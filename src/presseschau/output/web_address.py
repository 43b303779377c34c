"""Which foreign addresses may be linked."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(source: str) -> str | None:
    """`source` if a reader may be sent there: http or https with a host and nothing odd in it; else None."""
    if not source.isprintable() or any(c in source for c in " \\\"'<>"):
        return None
    try:
        parts = urlsplit(source)
    except ValueError:
        return None
    named = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return source if named else None
