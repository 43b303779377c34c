"""Running a model from the command line: progress on stderr, signals, failures, and what the run took."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from presseschau.cli.exits import Terminated, complain, raise_on_signals
from presseschau.cli.terminal import console, shown

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.archive.prices import Limits
    from presseschau.cli.groups import CacheChoice
    from presseschau.llm.client import Client
    from presseschau.llm.engine import Choice
    from presseschau.llm.retry import Policy
    from presseschau.llm.spending import Budget, RequestEvent, Spending
    from presseschau.models import Analysis, Article


@dataclass(frozen=True)
class Metrics:
    """`seconds` of wall time; `requests` sent and `cached` answers; tokens of the requests sent.

    `possibly_billed` counts requests that were sent and lost, `usage_unknown` those whose answers do not say their
    tokens in usable figures; the tokens of neither are counted.
    """

    seconds: float
    requests: int
    cached: int
    prompt_tokens: int
    completion_tokens: int
    retries: int
    possibly_billed: int
    usage_unknown: int

    def __add__(self, other: Metrics) -> Metrics:
        return Metrics(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def metrics(spending: Spending, seconds: float) -> Metrics:
    """The spending of a client and the time it took."""
    return Metrics(
        seconds=round(seconds, 2),
        requests=spending.bought.requests,
        cached=spending.cached,
        prompt_tokens=spending.bought.prompt_tokens,
        completion_tokens=spending.bought.completion_tokens,
        retries=spending.retries,
        possibly_billed=spending.possibly_billed,
        usage_unknown=spending.unknown.requests,
    )


def check_metrics(file: Path | None, inputs: Iterable[str | Path | None], *, force: bool) -> None:
    """Raises what `check_output` raises if the file may not be written; the result's file counts as an input."""
    from presseschau.cli.destination import check_output

    if file:
        check_output(file, inputs, force=force, ours=_is_metrics)


def _is_metrics(file: BinaryIO) -> bool:
    try:
        return {*json.loads(file.read(4096))} == {field.name for field in fields(Metrics)}
    except (ValueError, TypeError, RecursionError):
        return False


def report(taken: Metrics, file: Path | None, *, quiet: bool) -> None:
    """One line on stderr, and the JSON file if one was asked for. Raises OutputError if it cannot be written."""
    if file:
        from presseschau.storage.files import write_file

        write_file(file, json.dumps(asdict(taken), indent=2) + "\n")
    if not quiet:
        lost = f", {taken.possibly_billed} possibly billed" if taken.possibly_billed else ""
        lost += f", usage unknown for {taken.usage_unknown} requests" if taken.usage_unknown else ""
        print(
            f"{taken.requests} request{'s' * (taken.requests != 1)} sent, {taken.cached} from the cache; "
            f"{taken.prompt_tokens} tokens read, {taken.completion_tokens} written{lost}; {taken.seconds:.1f} s.",
            file=sys.stderr,
        )


Made = TypeVar("Made")


def run_analysis(
    article: Article, choice: Choice, cache: CacheChoice, options: Options, limits: Limits, *, quiet: bool
) -> tuple[Analysis, Metrics]:
    """The analysis and what this run took. Raises ConfigurationError; KeyboardInterrupt and Terminated leave cache and
    engine in order."""
    from presseschau.analysis import analyze

    async def work(engine: Client) -> Analysis:
        return await analyze(article, engine, options)

    return run_with_engine(work, choice, cache, options, quiet=quiet, budget=limits.budget(choice))


def run_with_engine(
    work: Callable[[Client], Coroutine[None, None, Made]],
    choice: Choice,
    cache: CacheChoice,
    options: Options,
    *,
    quiet: bool,
    budget: Budget | None = None,
    policy: Policy | None = None,
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

    async def run(on_event: Callable[[RequestEvent], None]) -> tuple[Made, Metrics]:
        task = asyncio.current_task()
        if task:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, terminate, task)
        async with open_engine(
            choice,
            cache=cache.path,
            cache_mode=cache.mode,
            on_event=on_event,
            schema_prompt=options.prompts.text("schema/user"),
            policy=policy,
            budget=budget,
        ) as engine:
            made = await work(engine)
            taken = metrics(engine.spending, time.monotonic() - begun)
        if choice.local is not None:
            from presseschau.llm.local.measured import remember_speed

            remember_speed(choice.local, taken.prompt_tokens, taken.completion_tokens, taken.seconds)
        return made, taken

    with _progress(quiet=quiet) as on_event:
        try:
            return asyncio.run(run(on_event))
        except asyncio.CancelledError:
            raise (Terminated() if terminated else KeyboardInterrupt()) from None
        finally:
            raise_on_signals()  # the loop took its handlers with it


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[RequestEvent], None]]:
    """A line on the terminal that says what is being asked and for how long; elsewhere only what went wrong."""
    if quiet or not sys.stderr.isatty():
        yield _trouble(quiet=quiet)
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console(), transient=True) as progress:
        line = progress.add_task("reading")

        def show(event: RequestEvent) -> None:
            progress.update(line, description=shown(f"{event.task}: {event.detail or event.state}"))

        yield show


def _trouble(*, quiet: bool) -> Callable[[RequestEvent], None]:
    """Says each trouble once; what fails in the end is said by whoever asked."""
    said: set[str] = set()

    def say(event: RequestEvent) -> None:
        again, waits = event.state == "retrying", event.state == "waiting"
        what = event.state if waits else event.detail
        if event.detail and event.state != "failed" and what not in said and not (quiet and (again or waits)):
            said.add(what)
            detail = event.detail.rstrip(".")
            complain(f"{detail}{'; asking again' if again else ''}.")

    return say
