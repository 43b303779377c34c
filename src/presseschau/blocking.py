"""The plain wrappers around the async API, for scripts and notebooks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from presseschau.analysis import Options, analyze
from presseschau.briefing.brief import brief
from presseschau.errors import InputError
from presseschau.ingest import read_article
from presseschau.llm.engine import Choice, choose, open_engine
from presseschau.llm.places import CachePlace, default_cache
from presseschau.models import Analysis, Article
from presseschau.notes import Note

Made = TypeVar("Made")


def analyze_article(
    article: Article | str,
    model: Choice | str | None = None,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    cache: CachePlace | None = None,
    options: Options | None = None,
) -> Analysis:
    """The Analysis of one article, as `read` gave it or its German text, by `model`: a name, what `choose` gave, or
    None for the embedded one.

    Answers are cached in `cache` (None: where the command line has its own). Raises ConfigurationError, and InputError
    for a text that is not a German article. Holds up a running event loop (fine in a notebook); `await analyze(article,
    engine)` does not.
    """
    read = article if isinstance(article, Article) else _read(article)

    async def work() -> Analysis:
        choice = _chosen(model, base_url, api_key)
        async with open_engine(choice, cache=cache or default_cache()) as engine:
            return await analyze(read, engine, options)

    return _finished(work)


def _read(text: str) -> Article:
    if len(text) < 255 and "\n" not in text and Path(text).is_file():
        raise InputError(f"{text} is the name of a file, not the text of an article: give read({text!r}).")
    return read_article(text, source="text")


def brief_results(
    analyses: Sequence[Analysis],
    model: Choice | str | None = None,
    *,
    topic: str | None = None,
    since: str | None = None,
    until: str | None = None,
    outlets: Collection[str] = (),
    exclude: str | None = None,
    title: str | None = None,
    previous: Note | None = None,
    pages: int = 2,
    base_url: str | None = None,
    api_key: str | None = None,
    cache: CachePlace | None = None,
    options: Options | None = None,
) -> Note:
    """The briefing note made from analysed articles by `model`, named as for `analyze_article`; see `brief`.

    Raises what `brief` raises. Holds up a running event loop (fine in a notebook); `await brief(...)` does not.
    """

    async def work() -> Note:
        choice = _chosen(model, base_url, api_key)
        async with open_engine(choice, cache=cache or default_cache()) as engine:
            return await brief(
                analyses, engine, topic=topic, since=since, until=until, outlets=outlets, exclude=exclude, title=title,
                previous=previous, pages=pages, options=options,
            )  # fmt: skip

    return _finished(work)


def _chosen(model: Choice | str | None, base_url: str | None, api_key: str | None) -> Choice:
    if not isinstance(model, Choice):
        return choose(model, base_url=base_url, api_key=api_key)
    if base_url or api_key:
        raise TypeError("base_url and api_key go to choose(): what it gives has an address and a key already")
    return model


def _finished(work: Callable[[], Coroutine[None, None, Made]]) -> Made:
    """What `work` makes; in a thread of its own where an event loop is running already, as in every notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()
