"""The Content-Security-Policy of our pages."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256


def content_policy(style: str, script: str | None = None) -> str:
    """The policy under which only this style and this script work, and nothing is loaded."""
    scripts = f"'{_source_hash(script)}'" if script is not None else "'none'"
    return (
        f"default-src 'none'; style-src '{_source_hash(style)}'; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def _source_hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
