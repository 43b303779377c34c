"""The inbox: what is to be read is put in, its price is said before anything is asked, and how far it is meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from presseschau.desk.jobs import DeskJob, InboxInput, Jobs
from presseschau.desk.making import PASTED
from presseschau.desk.page import desk_of, render
from presseschau.desk.security import bare_name, post
from presseschau.ingest.sources import is_web_address
from presseschau.library.store import Archive
from presseschau.llm.engine import LOCAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from presseschau.desk.queue import Queue
    from presseschau.llm.local.store import LocalModel

_LONGEST_TITLE = 90
_MOST_ADDRESSES = 200
_HEARTBEAT, _PAUSE = 20.0, 0.4
"""Seconds: between two signs of life to a browser that listens, and at least between two pieces of news."""


def queue_of(request: Request) -> Queue:
    return desk_of(request).queue


@contextmanager
def jobs_of(request: Request) -> Iterator[Jobs]:
    """The jobs, to be changed; the queue hears of it."""
    with Archive(desk_of(request).archive) as archive:
        yield Jobs(archive)
    queue_of(request).wake()


def inbox(request: Request) -> Response:
    return _page(request, {}, {})


def _page(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200) -> Response:
    return render(request, "inbox.html.j2", status, typed=typed, wrong=wrong, **_listed(request))


def listed(request: Request) -> Response:
    """The list alone, for a page that is open."""
    return render(request, "inbox_list.html.j2", **_listed(request))


def _listed(request: Request) -> dict[str, Any]:
    with Archive(desk_of(request).archive, reads=True) as archive:
        jobs = Jobs(archive).all()
    now = queue_of(request).now
    under_way = {job for job, _ in dict(now.items)}
    return {"jobs": jobs, "now": now, "news": _news(jobs), "under_way": under_way, "lacking": _lacking(request)}


def _lacking(request: Request, asked: bool = False) -> LocalModel | None:
    """The model that is still to be fetched, where somebody `asked`, or the queue waits for it."""
    held = queue_of(request).now.held
    return desk_of(request).lacking() if asked or (held and held.reason == "set-up") else None


def _news(jobs: list[DeskJob]) -> str:
    """The last thing that came to an end, for who does not see the page."""
    ended = [job for job in jobs if job.ended]
    if not ended:
        return ""
    last = max(ended, key=lambda job: job.ended or "")
    return f"{last.title}: {last.state}"


def give(request: Request, form: FormData) -> Response:
    """Takes what was put in as a job, which is read and priced at once; begun it is only when somebody says so."""
    typed = {name: str(form.get(name, "")) for name in ("text", "addresses", "outlet", "published")}
    wrong: dict[str, str] = {}
    inputs = [*_pasted(typed, wrong), *_files(form), *_addresses(typed["addresses"], wrong)]
    if not inputs and not wrong:
        wrong["text"] = "There is nothing to read yet: paste a text, choose files, or give an address."
    if wrong:
        return _page(request, typed, wrong, 422)
    with jobs_of(request) as jobs:
        job = jobs.add(_title(inputs), inputs)
    return RedirectResponse(f"/inbox/{job}", 303)


def _pasted(typed: Mapping[str, str], wrong: dict[str, str]) -> list[InboxInput]:
    about = {name: " ".join(typed[name].split())[:200] for name in ("outlet", "published")}
    if about["published"]:
        try:
            date.fromisoformat(about["published"])
        except ValueError:
            wrong["published"] = "Give the day as year, month and day, such as 2026-11-30."
    text = typed["text"].replace("\r\n", "\n").strip("\n")
    if not text.strip():
        return []
    if is_web_address(text.strip()) and len(text.split()) == 1:
        return [InboxInput("address", text.strip())]
    return [InboxInput("text", PASTED, f"{text}\n".encode(), {name: said for name, said in about.items() if said})]


def _files(form: FormData) -> list[InboxInput]:
    sent = [one for one in form.getlist("files") if isinstance(one, UploadFile)]
    return [InboxInput("file", bare_name(one.filename) or "file", one.file.read()) for one in sent if one.filename]


def _addresses(text: str, wrong: dict[str, str]) -> list[InboxInput]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    bad = next((line for line in lines if not is_web_address(line) or len(line.split()) > 1), None)
    if bad is not None:
        wrong["addresses"] = f"“{bad[:80]}” is not a web address: each stands on a line and begins with https://."
    elif len(lines) > _MOST_ADDRESSES:
        wrong["addresses"] = f"These are {len(lines)} addresses; at most {_MOST_ADDRESSES} are taken at a time."
    return [] if wrong.get("addresses") else [InboxInput("address", line) for line in dict.fromkeys(lines)]


def _title(inputs: list[InboxInput]) -> str:
    first = inputs[0]
    said = first.name if first.how != "text" else first.data.decode().strip().partition("\n")[0]
    cut = said if len(said) <= _LONGEST_TITLE else f"{said[: _LONGEST_TITLE - 1].rstrip()}…"
    more = len(inputs) - 1
    return f"{cut} and {more} more" if more else cut


def job(request: Request) -> Response:
    return render(request, "job.html.j2", **_one(request))


def job_part(request: Request) -> Response:
    """What changes of a job's page, for one that is open."""
    return render(request, "job_part.html.j2", **_one(request))


def _one(request: Request) -> dict[str, Any]:
    number = int(request.path_params["job"])
    with Archive(desk_of(request).archive, reads=True) as archive:
        jobs = Jobs(archive)
        found = jobs.get(number)
        items = jobs.items(number)
    now = queue_of(request).now
    under_way = {n: progress for (job, n), progress in dict(now.items).items() if job == number}
    return {
        "job": found, "items": items, "now": now, "under_way": under_way, "read": now.read.get(number, 0),
        "price": priced(found.price), "lacking": _lacking(request, found.state == "offered"),
    }  # fmt: skip


def priced(price: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a job would cost, in words: what is meant, and how much."""
    if not price or "said" in price:
        return []
    asks, cached = price["requests"], price["cached"]
    earlier = f"; {cached:,} more are known from earlier and cost nothing" if cached else ""
    found = [("Articles", f"{price['articles']:,}")]
    if price.get("duplicates"):
        found[0] = ("Articles", f"{price['articles']:,}, and {price['duplicates']:,} that are the same again")
    found.append(("Goes to", _where(price["model"], price["address"])))
    if price["reader"]:
        found.append(("Read again by", _where(price["reader"], price["reader_address"])))
    if not asks:
        found.append(("Cost", "nothing: all of it is known from earlier"))
    elif price["cost"] is None:
        found.append(("Cost", "not known, since no price of this model is. You can give one in the settings"))
    elif not price["cost"][2]:
        found.append(("Cost", "free, on this machine" if not price["address"] else "free"))
    else:
        _, likely, most = price["cost"]
        found.append(("Cost", f"about {dollars(likely)}, at most {dollars(most)}"))
    if price["seconds"] and asks:
        low, likely, high = price["seconds"]
        known = "as measured here" if price["measured"] else "a guess: nothing was measured here yet"
        found.append(("Time", f"about {duration(likely)}, between {duration(low)} and {duration(high)} ({known})"))
    found.append(("Questions to the model", f"{asks:,}{earlier}"))
    _, likely, most = price["tokens"]
    found.append(("Tokens", f"about {likely:,}, at most {most:,}"))
    return found


def _where(model: str, address: str) -> str:
    return f"{model} at {address}" if address else f"{model.removeprefix(LOCAL)}, on this machine: no text leaves it"


def dollars(amount: float) -> str:
    """US dollars, as exactly as it takes to see them."""
    return f"{amount:,.2f} USD" if amount >= 0.1 or not amount else f"{amount:.4f} USD"


def duration(seconds: float) -> str:
    """In words, roughly."""
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours {minutes % 60} minutes"


def start(request: Request, form: FormData) -> Response:
    return _done(request, "begin")


def cancel(request: Request, form: FormData) -> Response:
    return _done(request, "cancel")


def again(request: Request, form: FormData) -> Response:
    return _done(request, "again")


def price_anew(request: Request, form: FormData) -> Response:
    return _done(request, "price_anew")


def _done(request: Request, what: str) -> Response:
    number = int(request.path_params["job"])
    with jobs_of(request) as jobs:
        jobs.get(number)
        getattr(jobs, what)(number)
    return RedirectResponse(f"/inbox/{number}", 303)


def remove(request: Request, form: FormData) -> Response:
    with jobs_of(request) as jobs:
        jobs.remove(int(request.path_params["job"]))
    return RedirectResponse("/inbox", 303)


def go_on(request: Request, form: FormData) -> Response:
    queue_of(request).go_on()
    return RedirectResponse("/inbox", 303)


async def events(request: Request) -> Response:
    """Says whenever there is something new; what it is the page asks for."""
    return StreamingResponse(_news_of(queue_of(request)), media_type="text/event-stream")


async def _news_of(queue: Queue) -> AsyncIterator[str]:
    loop, new = asyncio.get_running_loop(), asyncio.Event()

    def heard() -> None:
        with suppress(RuntimeError):  # the server is closing
            loop.call_soon_threadsafe(new.set)

    stop = queue.listen(heard)
    try:
        yield "retry: 3000\n\n"
        while True:
            try:
                await asyncio.wait_for(new.wait(), _HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            new.clear()
            yield "data: news\n\n"
            await asyncio.sleep(_PAUSE)
    finally:
        stop()


routes = [
    Route("/inbox", inbox),
    post("/inbox", give),
    Route("/inbox/list", listed),
    Route("/inbox/events", events),
    post("/inbox/go-on", go_on),
    Route("/inbox/{job:int}", job),
    Route("/inbox/{job:int}/part", job_part),
    post("/inbox/{job:int}/start", start),
    post("/inbox/{job:int}/cancel", cancel),
    post("/inbox/{job:int}/again", again),
    post("/inbox/{job:int}/price", price_anew),
    post("/inbox/{job:int}/remove", remove),
]
