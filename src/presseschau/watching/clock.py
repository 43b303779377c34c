"""The clock on the wall, asked again every few seconds, since a machine may sleep and its clock be set; and the lock by
which one process alone watches into an archive."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from presseschau.errors import OutputError

_GLANCE = 10.0
"""Seconds after which the clock is looked at again."""


class WatchClock(Protocol):
    """What tells the time. `now` has its zone; `until` returns at that time, or as soon as `stop` is set."""

    def now(self) -> datetime: ...
    async def until(self, when: datetime, stop: asyncio.Event) -> None: ...


class WallClock:
    """The machine's own, which may be set, and stand still while the machine sleeps."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def until(self, when: datetime, stop: asyncio.Event) -> None:
        longest = when - self.now()
        while not stop.is_set() and timedelta(0) < (left := when - self.now()) <= longest + timedelta(minutes=1):
            try:
                async with asyncio.timeout(min(_GLANCE, left.total_seconds())):
                    await stop.wait()
            except TimeoutError:
                continue


@contextmanager
def locked(archive: Path) -> Iterator[None]:
    """While it is held no other process watches into this archive; it goes with the process, however that ends.

    Raises OutputError if another one does.
    """
    path = archive.with_name(f".{archive.name}.watch")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}. Check the rights of its folder.") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputError(
                f"Another process already watches into {archive}. Let it end, or name another archive."
            ) from None
        yield
    finally:
        os.close(descriptor)


def local(now: datetime) -> datetime:
    """The same moment as clocks show it here."""
    return now.astimezone()


def day_of(now: datetime) -> str:
    """The local day, ISO 8601."""
    return local(now).date().isoformat()


def day_before(now: datetime) -> str:
    """The one before."""
    return (local(now).date() - timedelta(days=1)).isoformat()


def midnight(now: datetime) -> datetime:
    """When the local day began."""
    return datetime.combine(local(now).date(), time.min).astimezone()  # which may have another distance from UTC
