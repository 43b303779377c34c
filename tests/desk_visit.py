"""A browser in this process: the desk over an archive of own articles, and what a page holds."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from starlette.testclient import TestClient

from output.own_analysis import SLUGS, own
from presseschau.desk.app import Desk, app
from presseschau.desk.security import Door
from presseschau.library.store import Archive

ORIGIN = "http://127.0.0.1:8765"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@cache
def _filled() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with Archive(path) as archive:
            archive.put(own(slug).model_dump_json().encode() for slug in SLUGS)
        return path.read_bytes()


def filled(path: Path) -> Path:
    """An archive with the own articles, made once."""
    path.write_bytes(_filled())
    return path


def desk(archive: Path, by: str | None = "Anna Berg") -> Desk:
    return Desk(archive, Door(8765, by=by))


def browser(made: Desk, *, let_in: bool = True) -> TestClient:
    """It says of its forms where they are from, as browsers do."""
    client = TestClient(app(made), ORIGIN, headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"})
    if let_in:
        parts = urlsplit(made.door.address)
        assert client.get(f"{parts.path}?{parts.query}", follow_redirects=False).status_code == 303
    return client


def token(page: str) -> str:
    """Of the first form of a page."""
    found = _TOKEN.search(page)
    assert found, page
    return found[1]
