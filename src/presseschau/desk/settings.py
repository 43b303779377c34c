"""Settings: model, English, budget; what the program says of itself, what was spent by day, and what is stored. The
embedded model that is set is fetched by a button where it is not on this machine yet.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from presseschau.archive.prices import cost_by_day
from presseschau.desk import preferences
from presseschau.desk.inbox import dollars, jobs_of, queue_of
from presseschau.desk.page import desk_of, render
from presseschau.desk.preferences import MOST_AT_ONCE, FromCommandLine, Preferences
from presseschau.desk.security import bare_name, post
from presseschau.diagnosis import cache_found, model_found, packages, version_of
from presseschau.errors import ConfigurationError, PresseschauError
from presseschau.library.store import Archive
from presseschau.llm.engine import KEY, OPENAI, READER_KEY
from presseschau.llm.local.store import default_model
from presseschau.llm.places import default_cache, purchases_exist, purchases_there
from presseschau.llm.retry import Policy

if TYPE_CHECKING:
    from presseschau.desk.preferences import SetUp
    from presseschau.llm.local.download import DownloadProgress
    from presseschau.llm.local.store import LocalModel
    from presseschau.llm.places import CachePlace

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


_TEXTS = ("model", "base_url", "price", "second_reader", "reader_base_url", "reader_price", "english", "budget",
          "at_once")  # fmt: skip
_DAYS = 14
"""Days of costs that are shown."""
_QUICK = Policy(attempts=2, elapsed=60.0)
"""For a person who waits for what a model says."""


def settings(request: Request) -> Response:
    return _page(request, {}, {})


def _page(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str], status: int = 200) -> Response:
    desk = desk_of(request)
    with Archive(desk.archive, reads=True) as archive:
        kept, articles = preferences.read(archive), archive.count()
    wanted = desk.given.over(kept)
    place = desk.given.cache or default_cache()
    return render(
        request, "settings.html.j2", status, values={**_shown(wanted), **typed}, wrong=wrong, won=desk.given.won(),
        saved="saved" in request.query_params, kept=kept, keys=_keys(desk.given, wanted), most=MOST_AT_ONCE,
        built_in=_built_in(desk.given), found=desk.checked, state=_state(place), days=_days(place), money=dollars,
        lacking=desk.lacking(), articles=articles, size=_size(desk.archive), place=place,
    )  # fmt: skip


def _shown(wanted: Preferences) -> dict[str, str]:
    """The fields of the form as text."""
    return {name: "" if getattr(wanted, name) is None else f"{getattr(wanted, name)}" for name in _TEXTS}


def save(request: Request, form: FormData) -> Response:
    """Keeps what can be used; if a field cannot be, nothing is changed."""
    desk = desk_of(request)
    won = desk.given.won()
    typed = {name: str(form[name]) for name in _TEXTS if name in form and name not in won}
    wrong: dict[str, str] = {}
    given = {**typed, **_glossary(form, wrong)}
    with Archive(desk.archive) as archive:
        before = preferences.read(archive)
        after, more = preferences.checked(given, before)
        wrong |= more
        if not wrong:
            wrong |= _unusable(after, desk.given)
        if wrong:
            return _page(request, typed, wrong, 422)
        preferences.choose_here(after)
        preferences.write(archive, after)
    with jobs_of(request) as jobs:
        for job in jobs.in_state("offered"):
            jobs.price_anew(job)
    queue_of(request).go_on()
    return RedirectResponse("/settings?saved", 303)


def _glossary(form: FormData, wrong: dict[str, str]) -> dict[str, str]:
    """The glossary that was sent, or that there shall be none; nothing if it stays."""
    if form.get("no_glossary"):
        return {"glossary": "", "glossary_name": ""}
    sent = form.get("glossary")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return {}
    name = bare_name(sent.filename) or "glossary"
    try:
        return {"glossary": preferences.glossary_text(sent.file.read(), name), "glossary_name": name}
    except ValueError as error:
        wrong["glossary"] = str(error)
        return {}


def _unusable(after: Preferences, given: FromCommandLine) -> dict[str, str]:
    """Why what was chosen cannot be followed, by the field that is to blame; no model is asked for that."""
    try:
        set_up = preferences.set_up(after, given, sends=False)
    except ConfigurationError as error:
        without = replace(after, second_reader="", reader_base_url="", reader_price="")
        try:
            preferences.set_up(without, given, sends=False)
        except ConfigurationError:
            return {"model": str(error)}
        return {"second_reader": str(error)}
    try:
        set_up.limits.budget(set_up.choice)
    except ConfigurationError:
        said = "No price of this model is known, so a budget cannot be kept: give the price, or leave the budget empty."
        try:
            replace(set_up.limits, reader_price=(0.0, 0.0)).budget(set_up.choice)
        except ConfigurationError:
            return {"price": said}
        return {"reader_price": said}
    return {}


def _keys(given: FromCommandLine, wanted: Preferences) -> list[str]:
    """Where the keys come from, and whether they are there; never what they are."""
    found = []
    of = {"model": (given.api_key_file, KEY), "second_reader": (given.reader_api_key_file, READER_KEY)}
    for name, (model, address) in preferences.destinations(wanted).items():
        file, variable = of[name]
        if file is not None:
            there = f"the file {file}, which {'is there' if file.is_file() else 'is not there'}"
        else:
            state = "set" if os.environ.get(variable) else "not set"
            there = f"the variable {variable} of the environment, which is {state}"
        needed = "" if address == OPENAI else ", if it needs one"
        found.append(f"The key of {model} at {address}{needed}, is in {there}.")
    return found


def _built_in(given: FromCommandLine) -> str:
    try:
        return default_model(given.models).name
    except PresseschauError as error:
        return str(error)


def _state(place: CachePlace) -> list[tuple[str, str]]:
    """What `doctor` says without asking a model."""
    found = [("presseschau", f"{version_of('presseschau')}, Python {sys.version.split()[0]}"), *packages()]
    try:
        found.append(("Answers that were paid for are kept in", cache_found(place)))
    except PresseschauError as error:
        found.append(("Answers cannot be kept", str(error)))
    return found


def check(request: Request, form: FormData) -> Response:
    """Asks the model that is set a tiny question, and keeps what came of it until the next time."""
    desk = desk_of(request)
    found: list[tuple[str, str]] = []
    try:
        with Archive(desk.archive, reads=True) as archive:
            choice = preferences.set_up(preferences.read(archive), desk.given).choice
        found.append(("model", choice.endpoint.model))
        found += model_found(choice, _QUICK)
        if choice.reader:
            found.append(("second reader", choice.reader.endpoint.model))
            found += model_found(choice.reader, _QUICK)
    except PresseschauError as error:
        found.append(("", str(error)))
    desk.checked = found
    return RedirectResponse("/settings#state", 303)


def fetch(request: Request, form: FormData) -> Response:
    """Fetches the embedded model that is set, in the background; what waits for it goes on then."""
    desk = desk_of(request)
    if (local := desk.lacking()) is not None:
        desk.fetch.start(local)
    return RedirectResponse("/settings#state", 303)


def _days(place: CachePlace) -> list[Any]:
    if not purchases_exist(place):
        return []
    with purchases_there(place) as file:
        days = cost_by_day(file)
    last = sorted({one.day for one in days})[-_DAYS:]
    return [one for one in reversed(days) if one.day in last]


def _size(path: Path) -> str:
    """Of a file, in words."""
    size = path.stat().st_size
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:,.0f} kB"


routes = [Route("/settings", settings), post("/settings", save), post("/settings/check", check),
          post("/settings/fetch", fetch)]  # fmt: skip
