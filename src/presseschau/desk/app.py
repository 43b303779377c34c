"""The desk as an ASGI app: a plain list of routes, which each page's file gives, behind its door."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from presseschau.desk import (
    archive_page,
    article,
    deciding,
    inbox,
    note_pages,
    preferences,
    settings,
)
from presseschau.desk.page import ask_password, static_routes, trouble
from presseschau.desk.preferences import FromCommandLine
from presseschau.desk.queue import Queue
from presseschau.desk.security import Door, Guard
from presseschau.desk.settings import ModelFetch, missing
from presseschau.errors import ConfigurationError, InputError, PresseschauError
from presseschau.library.store import Archive

if TYPE_CHECKING:
    from presseschau.llm.local.store import LocalModel


@dataclass
class Desk:
    """What all pages share: the archive file that they show, and the door."""

    archive: Path
    door: Door
    given: FromCommandLine = field(default_factory=FromCommandLine)
    """The settings that `serve` was given, which win over those that are kept."""
    checked: list[tuple[str, str]] = field(default_factory=list)
    """What came of asking the model a tiny question, the last time."""
    paths: frozenset[str] = field(default=frozenset())
    """Of all pages."""
    queue: Queue = field(init=False)
    fetch: ModelFetch = field(init=False)

    def __post_init__(self) -> None:
        self.queue = Queue(self.archive, self.given)
        self.fetch = ModelFetch(lambda: self.queue.changed(), lambda: self.queue.go_on())

    @property
    def american(self) -> bool:
        """Is the English of this archive American?"""
        with Archive(self.archive, reads=True) as archive:
            return self.given.over(preferences.read(archive)).english == "american"

    def lacking(self) -> LocalModel | None:
        """The embedded model that is set and is not on this machine yet."""
        with Archive(self.archive, reads=True) as archive:
            kept = preferences.read(archive)
        try:
            return missing(preferences.set_up(kept, self.given, sends=False))
        except ConfigurationError:
            return None

    @asynccontextmanager
    async def working(self, app: Starlette) -> AsyncIterator[None]:
        """The queue works as long as the server does."""
        self.queue.start()
        Thread(target=deciding.load, daemon=True).start()
        try:
            yield
        finally:
            await run_in_threadpool(self.queue.close)


def app(desk: Desk) -> Guard:
    """The desk, to be served. Its archive must be there."""
    pages = (inbox, archive_page, article, deciding, note_pages, settings)
    routes = [Route("/", _home), *(route for page in pages for route in page.routes), *static_routes()]
    desk.paths = frozenset(route.path for route in routes)
    inner = Starlette(
        routes=routes,
        lifespan=desk.working,
        exception_handlers={
            HTTPException: _http_error,
            OverflowError: _no_such_number,
            PresseschauError: _known_error,
            Exception: _fault,
        },
    )
    inner.state.desk = desk
    return Guard(inner, desk.door, trouble, partial(ask_password, desk.door))


def default_archive() -> Path:
    """The archive that is opened when none is named: in the XDG data folder, which is made."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "presseschau" / "archive.db"


def _home(request: Request) -> Response:
    """The archive, or where it holds nothing yet the inbox."""
    with Archive(request.app.state.desk.archive, reads=True) as archive:
        return RedirectResponse("/archive" if archive.count() else "/inbox", 303)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {404: "The address leads nowhere. Start from the archive.", 405: "A form leads here, not an address."}
    return trouble(request, error.status_code, words.get(error.status_code, error.detail))


async def _no_such_number(request: Request, error: Exception) -> Response:
    """A number that no row of a table can have."""
    return await _http_error(request, HTTPException(404))


async def _known_error(request: Request, error: Exception) -> Response:
    return trouble(request, 422 if isinstance(error, InputError) else 503, str(error))


async def _fault(request: Request, error: Exception) -> Response:
    said = (
        "This is a fault of presseschau, not of yours. The window of the desk says more; go back to see what was done."
    )
    return trouble(request, 500, said)
