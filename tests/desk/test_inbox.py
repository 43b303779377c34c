"""The inbox from the form to the archive, over a model's server on the loopback: price, cancel, budget, kill."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest

import presseschau as package
from desk_visit import token
from desk_work import ONCE, at_work
from fault_server import Reply, completion, error
from in_process import presseschau
from note_server import endpoint, everything
from presseschau.desk.inbox import _news_of
from presseschau.desk.jobs import Jobs
from presseschau.desk.queue import Queue
from presseschau.errors import OutputError
from presseschau.library.store import Archive
from presseschau.llm.places import purchases_there
from presseschau.llm.purchases import Amount, For, Spend

BRIEFING = Path(__file__).parents[2] / "fixtures" / "briefing"
TEXT = (BRIEFING / "a1-hansebote.txt").read_text("utf-8")
OTHER = (BRIEFING / "a2-foerdezeitung.txt").read_text("utf-8")
HEADLINE = "Großbrand in Brunsbek: 14 Verletzte"


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-a-key-that-nobody-may-see")


def test_a_pasted_text_is_priced_then_read_as_by_the_command_line(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything]) as work:
        job = work.put_in(text=TEXT.replace("\n", "\r\n"))
        offered = work.until("offered", job)
        page = work.client.get(f"/inbox/{job}").text
        assert work.requests == []  # nothing is asked before somebody says yes
        assert "What it costs" in page
        assert "USD" in page
        assert work.url in page
        assert offered.price["requests"] == 3

        work.press("start", f"/inbox/{job}")
        done = work.until("done", job)

        assert done.requests == len(work.requests) == 3
        assert done.cost == pytest.approx(done.cost)
        (line,) = work.lines()
        link = f'href="/article/{work.items(job)[0].stored}">'
        assert f"{link}Read the article</a>" in work.client.get(f"/inbox/{job}").text
        assert f"{link}read the article</a>" in work.client.get("/inbox/list").text
    file = tmp_path / "a1.txt"
    file.write_text(TEXT, "utf-8")
    with endpoint([everything]) as server:
        model = ["-m", "m", "--base-url", server["url"], "--cache", str(tmp_path / "other.sqlite3")]
        said = presseschau("article", str(file), *model, "--json", "-q")
    theirs, ours = json.loads(said.out), json.loads(line)
    assert (ours["article"].pop("source"), theirs["article"].pop("source")) == ("pasted text", str(file))
    for one in (ours, theirs):
        one["provenance"].pop("engine")  # the two servers have other ports
    assert ours == theirs


def test_files_and_addresses_are_told_apart_and_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything]) as work:
        files = [
            ("files", ("../../etc/a1.txt", TEXT.encode())),
            ("files", ("english.txt", b"This is an English text about a fire in a town, which nobody can use here.")),
        ]
        addresses = "http://127.0.0.1:1/secret\nhttp://169.254.169.254/latest\n"
        job = work.put_in(addresses=addresses, files=files)
        work.until("offered", job)
        said = {item.source: (item.state, item.said) for item in work.items(job)}
        page = work.client.get(f"/inbox/{job}").text

        assert said["a1.txt"][0] == "waiting"
        assert said["english.txt"][0] == "skipped"
        assert "--lang-check" not in page  # of no use to who has no terminal
        for address in addresses.split():
            assert said[address][0] == "skipped"
            assert "address" in said[address][1]
        assert work.requests == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "nothing to read yet"),
        ({"addresses": "/etc/passwd"}, "is not a web address"),
        ({"addresses": "file:///etc/passwd"}, "is not a web address"),
        ({"text": "Ein Text.", "published": "gestern"}, "year, month and day"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(tmp_path: Path, fields: dict[str, str], said: str) -> None:
    with at_work(tmp_path, [everything]) as work:
        page = work.client.get("/inbox")
        answer = work.client.post("/inbox", data={"csrf": token(page.text), **fields})
        assert answer.status_code == 422
        wrong = re.search(r'aria-describedby="([^"]*-error)" aria-invalid="true"', answer.text)
        assert wrong
        assert f'id="{wrong[1].split()[-1]}"' in answer.text
        assert said in answer.text
        assert all(value in answer.text for value in fields.values())
        assert work.all() == []


def test_cancelling_leaves_nothing_half_done_and_what_was_bought_is_not_bought_again(tmp_path: Path) -> None:
    hanging = threading.Event()

    def slow(seen):  # the second question is never answered, until it is asked again
        if len(seen_before) == 1 and not hanging.is_set():
            hanging.set()
            return Reply(ending="hang")
        seen_before.append(seen)
        return everything(seen)

    seen_before: list[object] = []
    with at_work(tmp_path, [slow]) as work:
        job = work.put_in(text=TEXT)
        work.until("offered", job)
        work.press("start", f"/inbox/{job}")
        assert hanging.wait(60)
        work.wait(lambda: any(one.answers for one in work.desk.queue.now.items.values()))
        page = work.client.get(f"/inbox/{job}").text
        assert "0 of 1 article done" in page
        work.press("cancel", f"/inbox/{job}")
        work.wait(lambda: not work.desk.queue.now.items)
        assert work.job(job).state == "cancelled"
        assert work.lines() == []
        bought = len(seen_before)

        work.press("again", f"/inbox/{job}")
        work.until("done", job)
        assert len(work.lines()) == 1
        prompts = [one.json["messages"][-1]["content"][-300:] for one in seen_before]
        assert bought < len(prompts) == len(set(prompts)) == 3


def test_a_budget_that_ends_leaves_the_rest_waiting_and_says_why(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything]) as work:
        save(work, budget="0.0001")
        job = work.put_in(text=TEXT)
        work.until("offered", job)
        work.press("start", f"/inbox/{job}")
        work.wait(lambda: work.desk.queue.now.held is not None)
        page = work.client.get(f"/inbox/{job}").text
        assert "Today's budget is used up." in page.replace("&#39;", "'")
        assert "same command" not in page
        assert work.job(job).state == "queued"
        assert work.requests == []
        assert work.lines() == []

        save(work, budget="5")
        assert work.until("done", job).count("done") == 1


def test_the_budget_of_the_day_counts_what_the_terminal_spends_meanwhile(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything]) as work:
        save(work, budget="5")
        for text, state in ((TEXT, "done"), (OTHER, "queued")):
            job = work.put_in(text=text)
            work.until("offered", job)
            work.press("start", f"/inbox/{job}")
            work.wait(lambda job=job, state=state: work.job(job).state == state and not work.desk.queue.now.items)
            with purchases_there(tmp_path / "answers.sqlite3") as terminal:
                terminal.write([Spend(For("run", "m", "h", True), "known", Amount(1, 1, 1, 6.0))])
        work.wait(lambda: work.desk.queue.now.held is not None)
        assert work.desk.queue.now.held.reason == "budget"


def test_what_an_article_took_before_it_failed_is_counted(tmp_path: Path) -> None:
    asked = []

    def reply(seen):
        asked.append(seen)
        return everything(seen) if len(asked) == 1 else error(401, "bad key", "invalid_api_key")

    with at_work(tmp_path, [reply]) as work:
        job = work.put_in(text=TEXT)
        work.until("offered", job)
        work.press("start", f"/inbox/{job}")
        work.wait(lambda: work.desk.queue.now.held is not None and not work.desk.queue.now.items)
        assert work.job(job).state == "queued"
        assert work.job(job).cost > 0


def test_a_full_disk_while_reading_is_waited_for_and_nothing_is_lost(tmp_path: Path, monkeypatch) -> None:
    offered, full = Jobs.offer, [True]

    def offer(self, job, price):
        if full.pop() if full else False:
            raise OutputError("Make room on the disk.")
        offered(self, job, price)

    monkeypatch.setattr(Jobs, "offer", offer)
    with at_work(tmp_path, [everything]) as work:
        job = work.put_in(text=TEXT)
        work.wait(lambda: work.desk.queue.now.held is not None)
        assert (work.desk.queue.now.held.reason, work.job(job).state) == ("disk", "reading")
        work.press("go-on", "/inbox")
        assert work.until("offered", job).count("waiting") == 1


def test_a_price_is_of_the_model_that_this_desk_was_given(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything]) as work:
        job = work.put_in(text=TEXT)
        assert work.until("offered", job).price["model"] == "m"
    with at_work(tmp_path, [everything], model="dear") as work:
        work.wait(lambda: work.job(job).price.get("model") == "dear")


def test_a_yes_to_one_model_is_no_yes_to_another(tmp_path: Path) -> None:
    with at_work(tmp_path, [error(503, "down")]) as work:
        job = work.put_in(text=TEXT)
        work.until("offered", job)
        work.press("start", f"/inbox/{job}")
        work.wait(lambda: work.desk.queue.now.held is not None)
    with at_work(tmp_path, [everything], model="dear") as work:
        assert work.until("offered", job).price["model"] == "dear"
        assert work.requests == []
        work.press("start", f"/inbox/{job}")
        assert work.until("done", job).count("done") == 1


def test_a_server_that_is_away_is_said_and_asked_again(tmp_path: Path) -> None:
    away = [True]

    def reply(seen):
        return error(503, "down") if away[0] else everything(seen)

    with at_work(tmp_path, [reply]) as work:
        job = work.put_in(text=TEXT)
        work.until("offered", job)
        work.press("start", f"/inbox/{job}")
        work.wait(lambda: work.desk.queue.now.held is not None)
        assert work.desk.queue.now.held.reason == "away"
        assert "The model does not answer." in work.client.get("/inbox").text
        assert work.job(job).state == "queued"

        away[0] = False
        work.press("go-on", "/inbox")
        work.until("done", job)
        assert "The model does not answer." not in work.client.get("/inbox").text


def test_a_key_that_is_refused_holds_the_queue_until_somebody_says_go_on(tmp_path: Path) -> None:
    refused = [True]

    def reply(seen):
        return error(401, "bad key", "invalid_api_key") if refused[0] else everything(seen)

    with at_work(tmp_path, [reply]) as work:
        job = work.put_in(text=TEXT)
        work.until("offered", job)
        work.press("start", f"/inbox/{job}")
        work.wait(lambda: work.desk.queue.now.held is not None)
        assert work.desk.queue.now.held.reason == "set-up"
        assert "Something has to be set first." in work.client.get("/inbox").text
        refused[0] = False
        work.press("go-on", "/inbox")
        assert work.until("done", job).count("done") == 1


def test_an_article_that_fails_takes_no_other_with_it(tmp_path: Path) -> None:
    def reply(seen):  # lies about one of the two
        if HEADLINE in seen.json["messages"][-1]["content"]:
            return completion('{"sentences": "<script>alert(1)</script>"}')
        return everything(seen)

    with at_work(tmp_path, [reply]) as work:
        job = work.put_in(files=[("files", ("a1.txt", TEXT.encode())), ("files", ("a2.txt", OTHER.encode()))])
        work.until("offered", job)
        work.press("start", f"/inbox/{job}")
        work.until("done", job)
        states = {item.source: item.state for item in work.items(job)}
        assert states == {"a1.txt": "done", "a2.txt": "partly"}
        page = work.client.get(f"/inbox/{job}").text
        assert "done in part" in page
        assert "<script>alert" not in page
        assert "Try again what is not done" in page


def test_script_in_every_field_is_inert(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    with at_work(tmp_path, [everything]) as work:
        job = work.put_in(
            text=f"{evil}\n\nDie Ministerin sprach am Montag in Kiel. {evil} Das sagte der Sprecher der Stadt gestern.",
            outlet=evil, addresses=f"https://nowhere.invalid/{evil.replace(' ', '')}",
            files=[("files", (f"{evil}.txt", TEXT.encode()))],
        )  # fmt: skip
        work.wait(lambda: work.job(job).state != "reading")
        wrong = work.client.post(
            "/inbox", data={"csrf": token(work.client.get("/inbox").text), "addresses": evil, "outlet": evil}
        )
        pages = [work.client.get(at).text for at in ("/inbox", f"/inbox/{job}", f"/inbox/{job}/part", "/inbox/list")]
        for page in [*pages, wrong.text]:
            assert "<script>alert" not in page
            assert "<img src=x" not in page
        assert "&lt;script&gt;" in pages[1]


async def test_news_come_as_events_while_the_queue_works(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything]) as work:
        stream = _news_of(work.desk.queue)
        assert await anext(stream) == "retry: 3000\n\n"
        heard = asyncio.create_task(anext(stream))
        await asyncio.to_thread(work.put_in, text=TEXT)
        assert await asyncio.wait_for(heard, 20) == "data: news\n\n"
        await stream.aclose()
        assert work.desk.queue._listeners == set()


def test_of_two_desks_on_an_archive_one_does_the_work_and_the_other_waits(tmp_path: Path) -> None:
    with at_work(tmp_path, [everything]) as work:
        job = work.put_in(text=TEXT)
        work.until("offered", job)
        second = Queue(work.desk.archive, work.desk.given, ONCE)
        news = threading.Event()
        second.listen(news.set)
        second.start()
        while second.now.held is None:
            assert news.wait(60)
            news.clear()
        assert second.now.held.reason == "elsewhere"
        work.desk.queue.close()
        second.wake()
        while second.now.held is not None:
            assert news.wait(60)
            news.clear()
        second.close()


@pytest.mark.slow
def test_a_desk_that_is_killed_goes_on_and_pays_for_nothing_twice(tmp_path: Path) -> None:
    """By kill -9 while the questions about the second article are on their way, and the first one is done."""
    go = threading.Event()
    asked: list[str] = []

    def reply(seen):
        asked.append(seen.json["messages"][-1]["content"])
        second = HEADLINE in asked[-1]
        return Reply(ending="hang") if second and not go.is_set() else everything(seen)

    path = tmp_path / "archive.db"
    with endpoint([reply]) as server:
        with serving(path, server["url"]) as (process, client):
            files = [("files", ("a1.txt", TEXT.encode())), ("files", ("a2.txt", OTHER.encode()))]
            sent = client.post("/inbox", data={"csrf": token(client.get("/inbox").text)}, files=files)
            at = sent.headers["location"]
            started = re.search(r'action="([^"]+/start)">(<input[^>]+>)', shown(client, at, 'id="start"'))
            assert started
            client.post(started[1], data={"csrf": token(started[2])})
            shown(client, at, "1 of 2 articles done")
            process.send_signal(signal.SIGKILL)
            process.wait()
        before = list(asked)
        go.set()
        with serving(path, server["url"]) as (process, client):
            shown(client, at, "Done.")
    with Archive(path, reads=True) as archive:
        assert archive.count() == 2
    assert len(before) >= 3
    assert 1 <= len(asked) - len(before) <= 3
    assert all(HEADLINE in one for one in asked[len(before) :])


def shown(client: httpx2.Client, at: str, words: str) -> str:
    """The page, once it says so; asked for whenever there is news."""
    with client.stream("GET", "/inbox/events") as events:
        for _ in events.iter_lines():
            page = client.get(at).text
            if words in page:
                return page
    raise AssertionError(words)


class serving:  # noqa: N801 - used as a function
    """`presseschau serve` in a process of its own, and a browser that it let in."""

    def __init__(self, path: Path, url: str) -> None:
        code = "from presseschau.cli import main; main()"
        arguments = ["serve", str(path), "--port", "0", "-m", "m", "--base-url", url, "--price", "1,2"]
        source = str(Path(package.__file__).parents[1])
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments, "--cache", str(path.with_name("answers.sqlite3"))],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PYTHONPATH": source},
        )  # fmt: skip

    def __enter__(self) -> tuple[subprocess.Popen[str], httpx2.Client]:
        assert self.process.stdout
        address = self.process.stdout.readline().split()[-1]
        origin = address.partition("/?")[0]
        self.client = httpx2.Client(
            base_url=origin, headers={"origin": origin, "sec-fetch-site": "same-origin"}, timeout=60
        )
        assert self.client.get(address).status_code == 303
        return self.process, self.client

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


def save(work, **fields: str) -> None:
    page = work.client.get("/settings")
    answer = work.client.post(
        "/settings", data={"csrf": token(page.text), "english": "british", "at_once": "4", **fields}
    )
    assert answer.status_code == 200, answer.text
