"""What every page of the desk gets: templates that escape all that is put into them, the frame, tokens for forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from presseschau.output.inert import plain
from presseschau.output.page import Piece
from presseschau.output.placing import doubt
from presseschau.output.wording import decided_by, in_words, told_when

if TYPE_CHECKING:
    import jinja2

    from presseschau.desk.app import Desk

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
NAV = (("Inbox", "/inbox"), ("Archive", "/archive"), ("Notes", "/notes"), ("Settings", "/settings"))
"""The parts of the desk in order; one is shown once there is a page for it."""


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def by_of(request: Request) -> str | None:
    """Who decides in this browser."""
    visitor = request.scope.get("visitor")
    return visitor.by if visitor else None


def wants_part(request: Request) -> bool:
    """Does htmx ask, which puts a part of a page in the place of another?"""
    return request.headers.get("hx-request") == "true"


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, or a part of one, of templates/`template`.

    Besides `values` a template has `csrf()` (a hidden field, new for each form), `desk`, `nav`, `here` (the path),
    `by`, `american`, and the filters `day`, `decided`, `when`.
    """
    desk = desk_of(request)
    american = desk.american
    known = {
        "csrf": partial(_csrf, request),
        "desk": desk,
        "nav": [(name, path) for name, path in NAV if path in desk.paths],
        "here": request.url.path,
        "by": by_of(request),
        "american": american,
        "day": partial(in_words, american=american),
        "decided": partial(decided_by, american=american),
        "when": partial(told_when, american=american),
    }
    return HTMLResponse(_environment().get_template(template).render(known | values), status)


def trouble(request: Request, status: int, said: str) -> Response:
    """The page that says in plain words what is wrong; a line of it where htmx asks."""
    template = "trouble_line.html.j2" if wants_part(request) else "trouble.html.j2"
    titles = {401: "This browser is not let in", 404: "There is no such page", 409: "This was not done",
              413: "This is too large", 403: "This is refused", 421: "This is refused"}  # fmt: skip
    values = {"title": titles.get(status, "This did not work"), "said": said}
    return HTMLResponse(_environment().get_template(template).render(_BARE | values), status)


def ask_password(door: Any, request: Request, status: int, said: str) -> Response:
    """The page that asks for the password, where the desk listens to other machines."""
    token = Markup('<input type="hidden" name="csrf" value="{}">').format(door.form_token(None))
    values = {"title": "Sign in", "said": said, "token": token}
    return HTMLResponse(_environment().get_template("sign_in.html.j2").render(_BARE | values), status)


_BARE: dict[str, Any] = {"desk": None, "nav": (), "here": "", "by": None, "american": False}


def file_name(*told: str | None, otherwise: str = "file") -> str:
    """What a person finds again, without an ending: what is told in plain letters, 80 at the most."""
    from anyascii import anyascii

    words = re.findall(r"[a-z0-9]+", anyascii(" ".join(filter(None, told))).lower())
    return "-".join(words)[:80].strip("-") or otherwise


def download(name: str, body: str | bytes, kind: str) -> Response:
    """A file to be saved, never shown: what is in it is foreign."""
    said = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(body, media_type=kind, headers={"content-disposition": said})


def static_routes() -> list[Route]:
    """Style and scripts, read once."""
    return [_static(name) for name in _files()]


@cache
def _files() -> dict[str, bytes]:
    """By name: our own, and the styles of pages that `output` makes; those of a note hold inside of one alone."""
    shared = _HERE.parent / "output" / "templates"
    own = {path.name: path.read_bytes() for path in (_HERE / "static").glob("*.*") if path.suffix in _TYPES}
    note = b".note-page {\n" + (shared / "note.css").read_bytes().partition(b"@media print")[0] + b"}\n"
    return {**own, "base.css": (shared / "base.css").read_bytes(), "note.css": note}


def _static(name: str) -> Route:
    body, kind = _files()[name], _TYPES[Path(name).suffix]

    async def file(request: Request) -> Response:
        return Response(body, media_type=kind, headers={"cache-control": "max-age=31536000, immutable"})

    return Route(f"/static/{name}", file)


@cache
def _address(name: str) -> str:
    """Of a static file, another one for each version of it, so that a browser may keep it."""
    return f"/static/{name}?v={sha256(_files()[name]).hexdigest()[:12]}"


def _csrf(request: Request) -> Markup:
    token = desk_of(request).door.form_token(request.scope.get("visitor"))
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token)


_OF_THE_COMMAND_LINE = re.compile(r"(?:^|\s)--?[a-z]|same command|presseschau [a-z]+`|pip install")


def plainly(said: str) -> str:
    """What a message says, without the sentences that only help at the command line; all of it if none is left."""
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", said)
    return " ".join(one for one in sentences if not _OF_THE_COMMAND_LINE.search(one)) or said


def _marked(pieces: Iterable[Piece]) -> Markup:
    """A text with what findings are about, or what was searched for, marked."""
    return Markup("").join(
        Markup('<mark class="{}">{}</mark>').format(piece.mark, plain(piece.text)) if piece.mark else plain(piece.text)
        for piece in pieces
    )


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True,
        finalize=lambda value: plain(value) if type(value) is str else value,  # Markup is a str of our own making
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {"static": _address}
    environment.filters |= {"doubt": doubt, "marked": _marked, "plainly": plainly}
    return environment
