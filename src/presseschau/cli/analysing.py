"""Running an analysis from the command line: progress on stderr, signals, failures returned as an Analysis."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from presseschau.cli.exits import Terminated, complain, raise_on_signals
from presseschau.cli.metrics import Metrics, metrics
from presseschau.cli.terminal import console, shown

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.cli.engine import CacheChoice
    from presseschau.llm.budget import Budget
    from presseschau.llm.client import Client
    from presseschau.llm.engine import Choice
    from presseschau.llm.event import Event
    from presseschau.models import Analysis, Article

Made = TypeVar("Made")


def analysed(
    article: Article, choice: Choice, cache: CacheChoice, options: Options, *, quiet: bool
) -> tuple[Analysis, Metrics]:
    """The analysis and what this run took. Raises ConfigurationError; KeyboardInterrupt and Terminated leave cache and
    engine in order."""
    from presseschau.analysis import analyze

    async def work(engine: Client) -> Analysis:
        return await analyze(article, engine, options)

    return asked(work, choice, cache, options, quiet=quiet)


def asked(
    work: Callable[[Client], Coroutine[None, None, Made]],
    choice: Choice,
    cache: CacheChoice,
    options: Options,
    *,
    quiet: bool,
    budget: Budget | None = None,
) -> tuple[Made, Metrics]:
    """What `work(engine)` makes and what this run took. Raises what it raises; KeyboardInterrupt and Terminated leave
    cache and engine in order."""
    from presseschau.llm.engine import open_engine

    terminated = False
    begun = time.monotonic()

    def terminate(task: asyncio.Task[tuple[Made, Metrics]]) -> None:
        nonlocal terminated
        terminated = True
        task.cancel()

    async def run(on_event: Callable[[Event], None]) -> tuple[Made, Metrics]:
        task = asyncio.current_task()
        if task:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate, task)
        async with open_engine(
            choice,
            cache=cache.path,
            cache_mode=cache.mode,
            on_event=on_event,
            schema_prompt=options.prompts.text("schema/user"),
            budget=budget,
        ) as engine:
            made = await work(engine)
            return made, metrics(engine.spending, time.monotonic() - begun)

    with _progress(quiet=quiet) as on_event:
        try:
            return asyncio.run(run(on_event))
        except asyncio.CancelledError:
            raise (Terminated() if terminated else KeyboardInterrupt()) from None
        finally:
            raise_on_signals()  # the loop took its handlers with it


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[Event], None]]:
    """A line on the terminal that says what is being asked and for how long; elsewhere only what went wrong."""
    if quiet or not sys.stderr.isatty():
        yield _trouble(quiet=quiet)
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console(), transient=True) as progress:
        line = progress.add_task("reading")

        def show(event: Event) -> None:
            progress.update(line, description=shown(f"{event.task}: {event.detail or event.state}"))

        yield show


def _trouble(*, quiet: bool) -> Callable[[Event], None]:
    """Says each trouble once; what fails in the end is said by whoever asked."""
    said: set[str] = set()

    def say(event: Event) -> None:
        again = event.state == "retrying"
        if event.detail and event.state != "failed" and event.detail not in said and not (quiet and again):
            said.add(event.detail)
            detail = event.detail.rstrip(".")
            complain(f"{detail}{'; asking again' if again else ''}.")

    return say
