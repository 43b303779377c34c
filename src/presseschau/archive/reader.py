"""The input, read ahead in a thread of its own: what has ended is passed over, what is new is read as an article.

The thread goes no further than a few articles ahead of those being worked on, so memory stays flat however long the
input is, and a blocked pipe or a slow disk holds up nothing else.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from presseschau.archive.journal import Failure, Journal, Recorded, Row, State, digest_of, noted
from presseschau.archive.recorder import Recorder
from presseschau.errors import InputError, PresseschauError
from presseschau.ingest.document import Document, Item, Skipped
from presseschau.ingest.formats.fields import KEYS
from presseschau.models import Article

_LOOKED_UP = 512
"""Rows of the journal that are fetched at once."""
_REPORTED = 256
"""Items passed over that are reported together."""


@dataclass(frozen=True)
class Todo:
    """An article that is still to be analysed."""

    position: int
    digest: bytes
    article: Article


@dataclass(frozen=True)
class EarlierItems:
    """Items that ended in an earlier run, by state."""

    states: tuple[State, ...]


@dataclass(frozen=True)
class End:
    """There is no more input; `error` says if that is because it could not be read on."""

    items: int
    error: BaseException | None = None


Read = Todo | Row | EarlierItems | End


class Reader(threading.Thread):
    """Reads `items` and hands on what `get` gives, in order. A daemon: it never keeps the process alive."""

    def __init__(
        self, items: Iterable[Item], read: Callable[[Document], Article], journal: Journal, recorder: Recorder,
        ahead: int,
    ) -> None:  # fmt: skip
        super().__init__(name="reader", daemon=True)
        self._items = items
        self._read = read
        self._journal = journal
        self._recorder = recorder
        self._room = threading.Semaphore(ahead)
        self._stopped = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Read] = asyncio.Queue()
        self._under_way: dict[str, str] = {}  # article id -> source, of those that are not in the journal yet
        self._moved = journal.leftovers()

    async def get(self) -> Read:
        """The next thing that was read; an End comes to everybody who asks."""
        read = await self._queue.get()
        self._room.release()
        if isinstance(read, End):
            self._queue.put_nowait(read)
        return read

    def stop(self) -> None:
        """Reads no further; `get` gives what was read already."""
        self._stopped.set()
        self._queue.put_nowait(End(-1))

    def ended(self, article: str) -> None:
        """An article's row is in the journal, or it will not be done in this run."""
        self._under_way.pop(article, None)

    def run(self) -> None:
        items = -1
        passed: list[State] = []
        try:
            for items, (item, known) in enumerate(self._looked_up()):
                if known is not None:
                    passed.append(known.state)
                if passed and (known is None or len(passed) >= _REPORTED):
                    self._put(EarlierItems(tuple(passed)))
                    passed.clear()
                if known is None:
                    self._put(self._new(items, item))
                if self._stopped.is_set():
                    return
            self._put(EarlierItems(tuple(passed)))
            self._put(End(items + 1))
        except BaseException as error:  # noqa: BLE001 - told to whoever waits for the next item
            self._put(End(items + 1, error))

    def _put(self, read: Read) -> None:
        while not self._stopped.is_set():
            if self._room.acquire(timeout=0.1):
                self._loop.call_soon_threadsafe(self._queue.put_nowait, read)
                return

    def _looked_up(self) -> Iterator[tuple[Item, Recorded | None]]:
        """Every item, and its row if it has ended."""
        rows: dict[int, Recorded] = {}
        for position, item in enumerate(self._items):
            if position % _LOOKED_UP == 0:
                rows = self._journal.known(position, _LOOKED_UP)
            known = rows.get(position)
            if known is not None and known.digest not in digests(item):
                self._journal.set_aside(position)
                self._recorder.rewind(position)
                self._moved = True
                rows, known = {}, None
            yield item, known

    def _new(self, position: int, item: Item) -> Todo | Row:
        digest, *earlier = digests(item)
        if isinstance(item, Skipped):
            return skipped_row(position, digest, item)
        found = (self._journal.adopt(one, position) for one in (digest, *earlier) if self._moved)
        adopted = next(filter(None, found), None)
        if adopted is not None and (adopted.article is None or self._original(adopted.article, position) is None):
            if adopted.article is not None:
                self._under_way[adopted.article] = adopted.source
            return adopted
        article = article_or_row(position, digest, item, self._read)
        if isinstance(article, Row):
            return article
        original = self._original(article.id, position)
        if original is not None:
            return duplicate_row(position, digest, item.source, article, original)
        self._under_way[article.id] = item.source
        return Todo(position, digest, article)

    def _original(self, article: str, position: int) -> str | None:
        return self._under_way.get(article) or self._journal.original(article, position)


def internal(error: Exception) -> str:
    """A bug in this program, worded so that it can be reported: what, and in which line of ours."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_globals.get('__name__', '?')}:{frame.tb_lineno}" if frame else "?"
    return f"A bug in presseschau; please report it: {type(error).__name__} in {place}."


def article_or_row(
    position: int, digest: bytes, document: Document, read: Callable[[Document], Article]
) -> Article | Row:
    """The article in a document, or the row that says why there is none. Raises PresseschauError for what would be so
    with every other one."""
    try:
        return read(document)
    except InputError as error:
        failures = (Failure("read", error.failure, str(error)), *noted(document.metadata))
        return Row(position, document.source, digest, "skipped", reason=error.failure, failures=failures)
    except PresseschauError:
        raise
    except Exception as error:  # noqa: BLE001 - one item must not end the run of all others
        failures = (Failure("read", "internal-error", internal(error)), *noted(document.metadata))
        return Row(position, document.source, digest, "failed", reason="internal-error", failures=failures)


def skipped_row(position: int, digest: bytes, item: Skipped) -> Row:
    failures = (Failure("read", item.reason, item.detail),)
    return Row(position, item.source, digest, "skipped", reason=item.reason, failures=failures)


def duplicate_row(position: int, digest: bytes, source: str, article: Article, original: str) -> Row:
    return Row(position, source, digest, "duplicate", article.id, original, noted(article.metadata))


def digests(item: Item) -> tuple[bytes, ...]:
    """The digest of an item with all that came with it, and the one of earlier versions, which left columns out that
    change no answer."""
    if isinstance(item, Skipped):
        return (digest_of(item.source, None, {"reason": item.reason}),)
    text = item.text if item.text is not None else item.data
    more = {" charset": item.declared, **({" follow": item.address} if item.load else {})}
    known = {key: value for key, value in item.metadata.items() if key in KEYS}
    of_all = {**item.metadata, **more}
    earlier = {**known, **more}
    return tuple(
        digest_of(item.source, text, said) for said in ((of_all, earlier) if of_all != earlier else (earlier,))
    )
