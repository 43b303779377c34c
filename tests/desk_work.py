"""A desk at work: its queue, a model's server that is scripted, and a browser that puts things in and waits."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from starlette.testclient import TestClient

from desk_visit import browser, token
from note_server import endpoint
from presseschau.desk.app import Desk
from presseschau.desk.jobs import DeskJob, JobItem, Jobs
from presseschau.desk.preferences import FromCommandLine
from presseschau.desk.queue import Queue
from presseschau.desk.security import Door
from presseschau.library.store import Archive
from presseschau.llm.retry import Policy

ONCE = Policy(attempts=1, base=0.001)
"""No second try: what fails has failed at once."""
_PATIENCE = 60.0


@dataclass
class Work:
    """The desk and its browser. `requests` are those that the model's server has got."""

    desk: Desk
    client: TestClient
    url: str
    requests: list[Any] = field(default_factory=list)

    def put_in(self, **fields: Any) -> int:
        """The number of the job for what is put into the inbox."""
        files = fields.pop("files", None)
        page = self.client.get("/inbox")
        answer = self.client.post(
            "/inbox", data={"csrf": token(page.text), **fields}, files=files, follow_redirects=False
        )
        assert answer.status_code == 303, answer.text
        return int(answer.headers["location"].rpartition("/")[2])

    def press(self, button: str, at: str) -> httpx2.Response:
        """What comes of a button on a page, by its id."""
        page = self.client.get(at).text
        found = re.search(rf'action="([^"]+)">(<input[^>]+>)<button id="{button}"', page)
        assert found, page
        return self.client.post(found[1], data={"csrf": token(found[2])})

    def until(self, state: str, job: int) -> DeskJob:
        """The job, once it is in this state."""
        self.wait(lambda: self.job(job).state == state)
        return self.job(job)

    def wait(self, met: Callable[[], bool]) -> None:
        """Returns once the queue has brought it about."""
        news = threading.Event()
        stop = self.desk.queue.listen(news.set)
        try:
            while not met():
                assert news.wait(_PATIENCE), (self.desk.queue.now, [self.job(one.id) for one in self.all()])
                news.clear()
        finally:
            stop()

    def all(self) -> list[DeskJob]:
        with Archive(self.desk.archive, reads=True) as archive:
            return Jobs(archive).all()

    def job(self, number: int) -> DeskJob:
        with Archive(self.desk.archive, reads=True) as archive:
            return Jobs(archive).get(number)

    def items(self, number: int) -> list[JobItem]:
        with Archive(self.desk.archive, reads=True) as archive:
            return Jobs(archive).items(number)

    def lines(self) -> list[bytes]:
        """What the archive holds."""
        with Archive(self.desk.archive, reads=True) as archive:
            return [archive.read(number) for number in archive.numbers()]


@contextmanager
def at_work(folder: Path, script: Any, *, named: bool = True, policy: Policy = ONCE, **given: Any) -> Iterator[Work]:
    """A desk on an archive in `folder`; `named`: the model was named when it was started, not in the settings."""
    with endpoint(script) as server:
        model = {"model": "m", "base_url": server["url"], "price": "1,2"} if named else {}
        options = FromCommandLine(cache=folder / "answers.sqlite3", **{**model, **given})
        path = folder / "archive.db"
        Archive(path).close()
        desk = Desk(path, Door(8765, by="Anna Berg"), options)
        desk.queue = Queue(path, options, policy)
        with browser(desk) as client:
            yield Work(desk, client, server["url"], server["requests"])
