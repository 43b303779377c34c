"""A briefing note as one HTML page that needs nothing else: no network, no font, no script."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from presseschau.notes import Note

if TYPE_CHECKING:
    from presseschau.output.note_outline import Outline

_EMBEDDED = re.compile(r'<script type="application/json" id="note">(.*?)</script>', re.DOTALL)


def note_page(note: Note) -> str:
    """The page; the same note gives the same bytes.

    A citation opens its claim, the German and English sentence, the chain of voices, outlet and date, by the address
    alone. The note itself is embedded as inert JSON, for `note_in_page`. Everything foreign is escaped, and the page's
    Content-Security-Policy lets no script run and nothing load.
    """
    from markupsafe import Markup

    from presseschau.output.inert import inert_json
    from presseschau.output.templates import asset, content_policy, template

    style = asset("base.css") + asset("note.css")
    return template("note.html.j2").render(
        _pieces(note, {}),
        policy=content_policy(style),
        style=Markup(style),  # noqa: S704 - our own file
        embedded=Markup(inert_json(note.model_dump_json(), markup=True)),  # noqa: S704 - < > and & are escapes in it
    )


def note_text(note: Note, opened: Mapping[int, str]) -> tuple[Outline, str, str]:
    """The same for a page of another frame: the outline, the HTML of the table of contents, and that of the text, in
    which the evidence of a source leads to the address that `opened` has for its number."""
    from presseschau.output.templates import template

    pieces = _pieces(note, opened)
    contents, text = (template(f"note_{name}.html.j2").render(pieces) for name in ("contents", "sections"))
    return pieces["note"], contents, text


def _pieces(note: Note, opened: Mapping[int, str]) -> dict[str, Any]:
    from presseschau.output.inert import web_address
    from presseschau.output.note_outline import outline
    from presseschau.output.note_references import in_order, references

    whole = outline(note)
    cited = references(note, whole.numbers, whole.also)
    return {
        "note": whole,
        "references": cited,
        "ordered": partial(in_order, cited={one.id: one for one in cited}),
        "links": {row.n: web_address(row.link) for row in whole.sources},
        "opened": defaultdict(str, opened),
    }


def note_in_page(page: str) -> Note:
    """The note that a page carries. Raises ValueError if it carries none.

    If `note_page` of it is not the page again, the page was changed or made by another version.
    """
    found = _EMBEDDED.findall(page)
    if len(found) != 1:
        raise ValueError("the page holds no briefing note")
    return Note.model_validate_json(found[0])
