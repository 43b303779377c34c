"""An Analysis as one HTML page that needs nothing else: no network, no font, no script to be read."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from presseschau.models import Analysis


def html(analysis: Analysis) -> str:
    """The page: both languages side by side, summary, claims with their evidence, findings, how it was made.

    Everything from the article or the model is escaped and freed of control characters on its way out; the page's
    Content-Security-Policy lets run only the style and the script that it carries, and lets it load nothing.
    """
    from markupsafe import Markup

    from presseschau.output.environment import asset, template
    from presseschau.output.page import page

    style, script = asset("page.css"), asset("page.js")
    return template("page.html.j2").render(
        page=page(analysis),
        policy=policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
    )


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy under which only this style and this script work."""
    return (
        f"default-src 'none'; style-src '{_source_hash(style)}'; script-src '{_source_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _source_hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
