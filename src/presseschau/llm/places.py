"""Where answers and purchases are kept: a file and another one beside it, or a database that machines share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from presseschau.errors import CacheError
from presseschau.llm.cache import AnswerCache, CacheMode
from presseschau.storage.files import cache_folder
from presseschau.storage.postgres import DatabaseUrl, Shared

if TYPE_CHECKING:
    from presseschau.llm.purchases import PurchaseStore
    from presseschau.llm.shared_cache import Cache
    from presseschau.llm.spending import RequestEvent

CachePlace: TypeAlias = Path | DatabaseUrl


def default_cache() -> Path:
    """Where the answer cache lies unless told otherwise."""
    return cache_folder() / "answers.sqlite3"


def cache_place(named: str | None) -> CachePlace:
    """What a user named: postgresql://user@host/name or a file; None: the default file. Raises ConfigurationError."""
    return (DatabaseUrl.read(named) or Path(named)) if named else default_cache()


def cache_exists(place: CachePlace) -> bool:
    """Whether there is a file; of a database only opening it can say."""
    return isinstance(place, DatabaseUrl) or place.exists()


def open_cache(place: CachePlace, mode: CacheMode = "normal") -> Cache:
    """The answers there, to be closed by the caller. Raises CacheError, and ConfigurationError without the extra."""
    if isinstance(place, DatabaseUrl):
        from presseschau.llm.shared_cache import SharedCache

        return SharedCache(place, mode)
    return AnswerCache(place, mode)


def make_cache(place: CachePlace) -> None:
    """Makes the tables or the file, if they are missing. Raises CacheError."""
    if isinstance(place, DatabaseUrl):
        Shared(place, make=True).close()
    else:
        AnswerCache(place).close()


def open_purchases(cache: CachePlace | None) -> PurchaseStore | None:
    """The purchases beside a cache, or beside the default one; None if a file cannot be written there.

    Raises CacheError if a shared database cannot be used: without it others would buy the same.
    """
    place = cache or default_cache()
    try:
        return purchases_there(place)
    except CacheError:
        if isinstance(place, DatabaseUrl):
            raise
        return None


def purchases_there(cache: CachePlace) -> PurchaseStore:
    """The same; raises CacheError also for a file."""
    if isinstance(cache, DatabaseUrl):
        from presseschau.llm.shared_purchases import SharedPurchases

        return SharedPurchases(cache)
    from presseschau.llm.purchase_file import PurchaseFile

    return PurchaseFile(PurchaseFile.beside(cache))


def purchases_exist(cache: CachePlace) -> bool:
    """Whether anything was ever written to the file beside the cache."""
    from presseschau.llm.purchase_file import PurchaseFile

    return isinstance(cache, DatabaseUrl) or PurchaseFile.beside(cache).exists()


def counted_at(cache: CachePlace, moment: datetime) -> datetime:
    """The same moment in the zone by whose days what is spent is counted: UTC in a database, this machine's beside a
    file."""
    return moment.astimezone(UTC if isinstance(cache, DatabaseUrl) else None)


def wait_aloud(
    cache: Cache | None, purchases: PurchaseStore | None, on_event: Callable[[RequestEvent], None] | None
) -> None:
    """Has a listener, who lives in this event loop, told when a shared database is waited for."""
    if on_event is None:
        return
    loop = asyncio.get_running_loop()

    def say(detail: str) -> None:
        loop.call_soon_threadsafe(on_event, RequestEvent("", "noted", detail=detail))

    for database in (getattr(cache, "database", None), getattr(purchases, "database", None)):
        if database is not None:
            database.on_wait = say
