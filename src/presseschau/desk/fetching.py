"""The embedded model that is set, fetched by a button where it is not on this machine yet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from presseschau.errors import PresseschauError

if TYPE_CHECKING:
    from presseschau.desk.preferences import SetUp
    from presseschau.llm.local.download import DownloadProgress
    from presseschau.llm.local.store import LocalModel

_STEP = 10_000_000
"""Bytes between two pieces of news."""


def missing(set_up: SetUp) -> LocalModel | None:
    """The first model of the catalog that is needed and is not there in full."""
    every = (set_up.choice.local, set_up.choice.reader.local if set_up.choice.reader else None)
    for local in every:
        if local and local.catalog and not (local.path.is_file() and local.path.stat().st_size == local.catalog.size):
            return local
    return None


@dataclass
class ModelFetch:
    """One model at a time, in a thread that ends with the process; what came is continued the next time. `changed`
    hears how far it is, `ended` that the model is there. `said` is what went wrong."""

    changed: Callable[[], None]
    ended: Callable[[], None]
    name: str = ""
    done: int = 0
    total: int = 0
    said: str = ""
    _thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, local: LocalModel) -> None:
        """Begins, unless it has begun."""
        if not self.under_way:
            self.name, self.done, self.total, self.said = local.name, 0, 0, ""
            self._thread = threading.Thread(target=self._fetch, args=(local,), name="model", daemon=True)
            self._thread.start()

    def join(self) -> None:
        """Returns when nothing is fetched any more."""
        if self._thread is not None:
            self._thread.join()

    def _fetch(self, local: LocalModel) -> None:
        from presseschau.llm.local.download import pull

        assert local.catalog is not None
        try:
            pull(local.catalog, local.folder, on_progress=self._heard)
        except PresseschauError as error:
            self.said = str(error)
            self.changed()
        else:
            self.ended()

    def _heard(self, progress: DownloadProgress) -> None:
        news = abs(progress.done - self.done) >= _STEP or not self.total
        if news:
            self.done, self.total = progress.done, progress.total
            self.changed()
