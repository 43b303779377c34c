"""The templates of this room: everything that is put into one is escaped and freed of what cannot be seen."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau.output.inert import plain
from presseschau.output.placing import doubt, tally
from presseschau.output.wording import decided_by, in_words

if TYPE_CHECKING:
    import jinja2

_TEMPLATES = Path(__file__).parent / "templates"


def template(name: str) -> jinja2.Template:
    """templates/`name`, ready to be rendered."""
    return _environment().get_template(name)


@cache
def asset(name: str) -> str:
    """The text of templates/`name`, as it stands between its tags."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True,
        finalize=_shown,
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"decided_by": decided_by, "doubt": doubt, "in_words": in_words, "tally": tally}
    return environment


def _shown(value: object) -> object:
    return plain(value) if type(value) is str else value  # Markup is a str of our own making


def content_policy(style: str, script: str | None = None) -> str:
    """The policy under which only this style and this script work, and nothing is loaded."""
    scripts = f"'{_source_hash(script)}'" if script is not None else "'none'"
    return (
        f"default-src 'none'; style-src '{_source_hash(style)}'; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def _source_hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
