"""The templates of this room: everything that is put into one is escaped and freed of what cannot be seen."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau.output.dates import in_words
from presseschau.output.inert import plain
from presseschau.output.placing import tally

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
    environment.filters |= {"in_words": in_words, "tally": tally}
    return environment


def _shown(value: object) -> object:
    return plain(value) if type(value) is str else value  # Markup is a str of our own making
