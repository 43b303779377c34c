"""An Analysis as one HTML page that needs nothing else: no network, no font, no script to be read."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from presseschau.models import Analysis

_TEMPLATES = Path(__file__).parent / "templates"


def html(analysis: Analysis) -> str:
    """The page: both languages side by side, summary, claims with their evidence, findings, how it was made.

    Everything from the article or the model is escaped and freed of control characters on its way out; the page's
    Content-Security-Policy lets run only the style and the script that it carries, and lets it load nothing.
    """
    import jinja2
    from markupsafe import Markup

    from presseschau.output.dates import in_words
    from presseschau.output.page import page
    from presseschau.output.placing import tally
    from presseschau.output.plain import plain

    def shown(value: object) -> object:
        return plain(value) if type(value) is str else value  # Markup is a str of our own making

    environment = jinja2.Environment(
        autoescape=True,
        finalize=shown,
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"in_words": in_words, "tally": tally}
    style, script = asset("page.css"), asset("page.js")
    return environment.get_template("page.html.j2").render(
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


@cache
def asset(name: str) -> str:
    """The text of templates/`name`, as it stands between its tags."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _source_hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
