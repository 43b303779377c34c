"""Who may use the desk: whoever was given the address that it printed, from this machine, and no other web page.

Every request passes `Guard`: its Host must be ours, it must not come from another site, and it must have the cookie of
a session. A form carries a token that is good for one use, so that one that is sent again is refused.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from inspect import iscoroutinefunction
from itertools import count
from pathlib import PurePosixPath, PureWindowsPath
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from presseschau.pipeline.decisions import Decision

UPLOAD_CAP: Final = 64 * 1024 * 1024
"""Bytes of a request. What is larger is refused when it says so, or when this much has come."""
_FIELDS: Final = 2000
_FILES: Final = 500
_KEPT: Final = 100_000
"""Tokens of forms that are remembered as used. Those before the oldest of them are refused, too."""
_GUESSES: Final = 10
"""Wrong passwords in a minute, from whomever; the next must wait."""
_CSRF: Final = "csrf"
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass
class Visitor:
    """A browser that was let in. `by`: who decides there, as it is kept with decisions; `made`: the number of an
    article, a decision on it, and the one that it replaced before it."""

    key: str
    by: str | None
    made: list[tuple[int, Decision | None, Decision]] = field(default_factory=list)


@dataclass
class Door:
    """Who is in, the one-time tokens of addresses and forms; all of it in memory, and gone when the desk is closed.

    `listen` is the address that is bound, `port` what stands behind it; `password` is asked for only where others
    than this machine can come.
    """

    port: int
    listen: str = "127.0.0.1"
    password: str | None = None
    by: str | None = None
    on_entry: Callable[[str], None] = lambda address: None
    """Is told the next address, since the one that was used is of no more use."""
    _visitors: dict[str, Visitor] = field(default_factory=dict)
    _token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _numbers: Any = field(default_factory=lambda: count(1))
    _used: dict[int, None] = field(default_factory=dict)
    _least: int = 0
    _guesses: list[float] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where to go, with the token that opens the door once."""
        return f"{self.origin}/?token={self._token}"

    @property
    def origin(self) -> str:
        host = "127.0.0.1" if self.listen in ("0.0.0.0", "::") else self.listen  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def cookie(self) -> str:
        """Its name; ports do not keep cookies apart."""
        return f"presseschau-{self.port}"

    def visitor(self, request: Request) -> Visitor | None:
        """Whose session the request has."""
        return self._visitors.get(request.cookies.get(self.cookie, ""))

    def enter(self, token: str) -> Visitor | None:
        """A session for the token of the address; it is good once."""
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = secrets.token_urlsafe(32)
        self.on_entry(self.address)
        return self._let_in(self.by)

    def enter_with(self, password: str, by: str | None) -> Visitor | None:
        """A session for the password. Raises HTTPException after too many wrong ones."""
        now = monotonic()
        self._guesses = [one for one in self._guesses if now - one < 60]
        if len(self._guesses) >= _GUESSES:
            raise HTTPException(429, "Too many wrong passwords. Wait a minute, then try again.")
        if self.password is None or not hmac.compare_digest(password.encode(), self.password.encode()):
            self._guesses.append(now)
            return None
        return self._let_in(by)

    def leave(self, visitor: Visitor) -> None:
        self._visitors.pop(visitor.key, None)

    def set_cookie(self, response: Response, visitor: Visitor) -> None:
        response.set_cookie(self.cookie, visitor.key, httponly=True, samesite="strict", path="/")

    def form_token(self, visitor: Visitor | None) -> str:
        """For one form, once, of this session."""
        number = next(self._numbers)
        return f"{number}.{self._signed(visitor, number)}"

    def spend(self, visitor: Visitor | None, token: str) -> int:
        """The number of a form's token, which is used from now on. Raises HTTPException for one that is not of this
        session, or was used."""
        number, _, signed = token.partition(".")
        if not number.isascii() or not number.isdecimal() or len(number) > 18:
            raise HTTPException(403, "The form carries no token of this page. Load the page again.")
        at = int(number)
        if not hmac.compare_digest(signed.encode(), self._signed(visitor, at).encode()):
            raise HTTPException(403, "The form is not of this session. Load the page again.")
        if at in self._used or at <= self._least:
            raise HTTPException(409, "This form was sent already, and is not done twice. Load the page again.")
        self._used[at] = None
        if len(self._used) > _KEPT:
            for old in sorted(self._used)[: _KEPT // 2]:
                del self._used[old]
                self._least = old
        return at

    def give_back(self, number: int) -> None:
        """The form did nothing, since what it asked failed: it may be sent again."""
        self._used.pop(number, None)

    def knows_host(self, host: str) -> bool:
        """Is it one of our names? A name of someone else that leads here (DNS rebinding) is not."""
        try:
            parts = urlsplit(f"//{host}")
            name, port = (parts.hostname or "").lower(), parts.port or 80
        except ValueError:
            return False
        if port != self.port or "@" in host or "/" in host:
            return False
        if name in ("127.0.0.1", "localhost", "::1"):
            return True
        return not is_loopback(self.listen) and (_is_address(name) or name in _own_names(self.listen))

    def _let_in(self, by: str | None) -> Visitor:
        visitor = Visitor(secrets.token_urlsafe(32), by)
        self._visitors[visitor.key] = visitor
        return visitor

    def _signed(self, visitor: Visitor | None, number: int) -> str:
        about = f"{visitor.key if visitor else ''} {number}"
        return hmac.new(self._secret, about.encode(), "sha256").hexdigest()[:32]


def is_loopback(address: str) -> bool:
    """Does only this machine reach it?"""
    return address == "localhost" or (_is_address(address) and ipaddress.ip_address(address).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names(listen: str) -> set[str]:
    return {listen.lower(), socket.gethostname().lower(), socket.getfqdn().lower()}


class Guard:
    """The desk behind its door; `refuse` makes the page of a refusal, and `ask_password` the one that asks for it."""

    def __init__(
        self, app: ASGIApp, door: Door, refuse: Callable[[Request, int, str], Response],
        ask_password: Callable[[Request, int, str], Response],
    ) -> None:  # fmt: skip
        self.app, self.door, self._refuse, self._ask_password = app, door, refuse, ask_password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            receive = _capped(scope, receive)
            send = _with_headers(send)
            request = Request(scope, receive)
            answer = await self._answer(request)
            await (answer or self.app)(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        """What is said instead of a page; None for a request that may pass."""
        if not self.door.knows_host(request.headers.get("host", "")):
            return self._refuse(request, 421, "This is not an address of the desk. Use the one that it printed.")
        entering = request.url.path == "/" and request.method == "GET" and "token" in request.query_params
        if not entering and (said := _from_elsewhere(request, self.door)):
            return self._refuse(request, 403, said)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > UPLOAD_CAP:
            return self._refuse(request, 413, too_large())
        if request.url.path.startswith("/static/"):
            return None
        if entering and (let_in := self.door.enter(request.query_params["token"])):
            return self._entered(request, let_in)
        visitor = self.door.visitor(request)
        request.scope["visitor"] = visitor
        if visitor is not None:
            return RedirectResponse("/", 303) if entering else None
        if self.door.password is not None:
            return await self._asked(request)
        said = "Open the last address that the desk printed where it was started: each lets one browser in, once."
        return self._refuse(request, 401, said)

    async def _asked(self, request: Request) -> Response:
        """The page that asks for the password, or what comes of it."""
        if request.method != "POST" or request.url.path != "/login":
            return self._ask_password(request, 401, "")
        try:
            form = await request.form(max_files=0, max_fields=8)
            self.door.spend(None, str(form.get(_CSRF, "")))
            by = " ".join(str(form.get("by", "")).split())[:100] or None
            visitor = self.door.enter_with(str(form.get("password", "")), by)
        except HTTPException as error:
            return self._ask_password(request, error.status_code, error.detail)
        return (
            self._entered(request, visitor)
            if visitor
            else self._ask_password(request, 403, "This is not the password. Try again.")
        )

    def _entered(self, request: Request, visitor: Visitor) -> Response:
        """With the cookie to the first page; by a page in between where a link of another site led here, since a
        browser sends no strict cookie on the way from there."""
        elsewhere = request.headers.get("sec-fetch-site") not in (None, "none", "same-origin")
        response = Response(headers={"refresh": "0; url=/"}) if elsewhere else RedirectResponse("/", 303)
        self.door.set_cookie(response, visitor)
        return response


def _from_elsewhere(request: Request, door: Door) -> str | None:
    """Why a request is not one of our own pages, or a person at the address bar; None if it is."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin", "none"):
        return "Another web page asked for this. Open the desk itself, and do it there."
    ours = origin is not None and origin == f"http://{request.headers.get('host', '')}"
    if origin is not None and not ours and not (origin == "null" and site == "same-origin"):
        return "The request came from another web page. Open the desk itself, and do it there."
    # A page without a referrer says "null"; that it is ours its browser says in Sec-Fetch-Site.
    if request.method not in ("GET", "HEAD") and not ours and site != "same-origin":
        return "The browser does not say which page this form is of. Use a newer one."
    return None


def too_large() -> str:
    return (
        f"This is more than {UPLOAD_CAP // 1024 // 1024} MB, which is more than is taken at a time. Send less at once."
    )


def _capped(scope: Scope, receive: Receive) -> Receive:
    """`receive` that ends a body which is larger than the cap, however large it said to be."""
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > UPLOAD_CAP:
            raise HTTPException(413, too_large())
        return message

    return counted


def _with_headers(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return told


Posted = Callable[[Request, FormData], Any]
"""What a form does: called with the request and its fields in a thread, or awaited, it gives a Response."""


def post(path: str, does: Posted, *, repeatable: bool = False) -> Route:
    """The route of a form: its token is checked before `does` is called, and good again if that fails.

    `repeatable`: it changes nothing, so that the page it gives may be loaded again.
    """

    @wraps(does)
    async def endpoint(request: Request) -> Response:
        door: Door = request.app.state.desk.door
        async with request.form(max_files=_FILES, max_fields=_FIELDS, max_part_size=UPLOAD_CAP) as form:
            number = door.spend(request.scope["visitor"], str(form.get(_CSRF, "")))
            done = False
            try:
                made = does(request, form) if iscoroutinefunction(does) else run_in_threadpool(does, request, form)
                response: Response = await made
                done = response.status_code < 400 and not repeatable
            finally:
                if not done:
                    door.give_back(number)
        return response

    endpoint.checks_form = True  # type: ignore[attr-defined]  # a test asks every route that takes a form
    return Route(path, endpoint, methods=["POST"])


def bare_name(name: str | None) -> str:
    """The name of a file that was sent, without any folder, drive or control character; "" if nothing is left."""
    last = PureWindowsPath(PurePosixPath(name or "").name).name
    said = "".join(character for character in last if character.isprintable())
    return "" if said.strip(". ") == "" else said[:200]
