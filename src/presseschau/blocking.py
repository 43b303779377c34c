"""The plain wrappers around the async API, for scripts and notebooks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from presseschau.analysis import Options, analyze
from presseschau.briefing.brief import brief
from presseschau.llm.engine import choose, default_cache, open_engine
from presseschau.models import Analysis, Article
from presseschau.notes import Note

Made = TypeVar("Made")


def analyze_article(
    article: Article,
    model: str | None = None,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    cache: Path | None = None,
    options: Options | None = None,
) -> Analysis:
    """The Analysis of one article by the named model (None: the embedded one).

    Answers are cached in `cache` (None: where the command line has its own). Raises ConfigurationError. Holds up a
    running event loop (fine in a notebook); `await analyze(article, engine)` does not.
    """

    async def work() -> Analysis:
        choice = choose(model, base_url=base_url, api_key=api_key)
        async with open_engine(choice, cache=cache or default_cache()) as engine:
            return await analyze(article, engine, options)

    return _finished(work)


def brief_results(
    analyses: Sequence[Analysis],
    model: str | None = None,
    *,
    topic: str | None = None,
    since: str | None = None,
    previous: Note | None = None,
    pages: int = 2,
    base_url: str | None = None,
    api_key: str | None = None,
    cache: Path | None = None,
    options: Options | None = None,
) -> Note:
    """The briefing note made from analysed articles by the named model (None: the embedded one); see `brief`.

    Raises what `brief` raises. Holds up a running event loop (fine in a notebook); `await brief(...)` does not.
    """

    async def work() -> Note:
        choice = choose(model, base_url=base_url, api_key=api_key)
        async with open_engine(choice, cache=cache or default_cache()) as engine:
            return await brief(
                analyses, engine, topic=topic, since=since, previous=previous, pages=pages, options=options
            )

    return _finished(work)


def _finished(work: Callable[[], Coroutine[None, None, Made]]) -> Made:
    """What `work` makes; in a thread of its own where an event loop is running already, as in every notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()
