"""Running an archive from the command line: display, signals, what is said at the end, exit code.

On a terminal the display is one moving block, elsewhere a line now and then.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from presseschau.cli.exits import INTERRUPTED, TERMINATED, complain, raise_on_signals
from presseschau.cli.terminal import console, shown, tell
from presseschau.errors import BudgetReachedError, PresseschauError, ProviderDownError

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.archive.forecast import Forecast
    from presseschau.archive.many import Control, Delivery, Input, Limits
    from presseschau.archive.outputs import Format
    from presseschau.archive.progress import Progress
    from presseschau.archive.report import Report
    from presseschau.cli.groups import CacheChoice
    from presseschau.llm.cache import CacheMode
    from presseschau.llm.engine import Choice
    from presseschau.llm.places import CachePlace
    from presseschau.llm.spending import RequestEvent
    from presseschau.models import Article

_BAR = 60
"""Characters."""
_LINE_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""

Listeners = tuple["Callable[[Progress], None] | None", "Callable[[RequestEvent], None]"]


@contextmanager
def display(*, quiet: bool) -> Iterator[Listeners]:
    """Two listeners: to the progress, and to what happens to requests."""
    trouble = LastTrouble()
    if quiet:
        yield None, trouble.hear
    elif sys.stderr.isatty():
        with _moving(trouble) as show:
            yield show, trouble.hear
    else:
        yield _lines(trouble), trouble.hear


class LastTrouble:
    """The last word about what holds the run up; lasting troubles are printed once."""

    def __init__(self) -> None:
        self.now = ""
        self._said: set[str] = set()

    def hear(self, event: RequestEvent) -> None:
        if event.state == "answered":
            self.now = ""
        elif event.state == "retrying":
            self.now = f"waiting {event.wait:.0f} s: {event.detail}" if event.wait >= 1 else event.detail
        elif event.state == "waiting":
            self.now = event.detail
        elif event.state in ("stepped_down", "noted", "not_stored") and event.detail not in self._said:
            self._said.add(event.detail)
            complain(event.detail)


@contextmanager
def _moving(trouble: LastTrouble) -> Iterator[Callable[[Progress], None]]:
    from rich.live import Live
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    with Live(console=console(), auto_refresh=False, transient=True) as live:

        def show(progress: Progress) -> None:
            table = Table.grid()
            pulse = progress.items is None
            table.add_row(ProgressBar(total=progress.items, completed=progress.done, pulse=pulse, width=_BAR))
            for line in filter(None, (described(progress), progress.note, trouble.now)):
                table.add_row(Text(shown(line)))
            live.update(table, refresh=True)

        yield show


def _lines(trouble: LastTrouble) -> Callable[[Progress], None]:
    last, said = time.monotonic(), ""

    def show(progress: Progress) -> None:
        nonlocal last, said
        if time.monotonic() - last < _LINE_EVERY or (progress.note and progress.note == said):
            return  # a batch may take a day: it is spoken of when something moved
        last, said = time.monotonic(), progress.note
        print(progress.note or "; ".join(filter(None, (described(progress), trouble.now))), file=sys.stderr, flush=True)

    return show


def counting(*, quiet: bool, clock: Callable[[], float] = time.monotonic) -> Callable[[Forecast], None]:
    """A line now and then while a forecast reads the archive: of 100,000 articles, that takes minutes."""
    last = clock()

    def show(found: Forecast) -> None:
        nonlocal last
        if not quiet and clock() - last >= _LINE_EVERY:
            last = clock()
            complain(f"{found.articles:,} articles read")

    return show


def described(progress: Progress) -> str:
    """The figures in one line."""
    of = f" of {progress.items:,}" if progress.items is not None else ""
    parts = [f"{progress.done:,}{of} done"]
    parts += [f"{progress.earlier.total():,} earlier"] if progress.earlier else []
    every = progress.ended + progress.earlier
    parts += [f"{count:,} {state}" for state, count in sorted(every.items()) if not state.startswith("done")]
    parts += [f"{progress.cached:,} answers cached"] if progress.cached else []
    parts.append(f"{progress.per_minute:,.0f} a minute")
    left = progress.seconds_left
    parts += [f"{_duration(left)} left"] if left is not None else []
    parts.append(f"{progress.tokens:,} tokens")
    parts += [f"{progress.cost:.4f} USD"] if progress.cost is not None else []
    at_once = f", {_count(progress.limit, 'request')} at once" if progress.limit else ""
    parts.append(f"{_count(progress.under_way, 'article')} under way{at_once}")
    return " · ".join(parts)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


_GRACE = {signal.SIGINT: 30.0, signal.SIGTERM: 8.0}
"""Seconds that articles under way have to be finished once a signal came."""


@dataclass(frozen=True)
class Job:
    """What the options ask for."""

    sources: Sequence[str]
    out: Path | None
    choice: Choice
    options: Options
    read: Input
    format: Format
    cache: CachePlace | None
    cache_mode: CacheMode
    limits: Limits
    delivery: Delivery | None = None
    processes: int = 1


def run_archive(job: Job, *, concurrency: int | None, retry_failed: bool, overwrite: bool, quiet: bool) -> int:
    """Does it, and returns the exit code."""
    from presseschau.archive.many import Control, analyze_many

    control = Control()
    caught: list[signal.Signals] = []

    async def work() -> Report:
        _listen(control, caught)
        with display(quiet=quiet) as (on_progress, on_event):
            return await analyze_many(
                job.sources, out, job.choice, options=job.options, read=job.read, format=job.format,
                cache=job.cache, cache_mode=job.cache_mode, limits=job.limits, concurrency=concurrency,
                retry_failed=retry_failed, overwrite=overwrite, on_progress=on_progress, on_event=on_event,
                control=control, delivery=job.delivery, processes=job.processes,
            )  # fmt: skip

    if job.out is None:
        raise typer.BadParameter("name the output: -o FILE (or --dry-run).")
    out = job.out
    try:
        report = asyncio.run(work())
    finally:
        raise_on_signals()  # the loop took its handlers with it
    if report.error is not None and not isinstance(report.error, PresseschauError):
        raise report.error
    if job.choice.local is not None:
        from presseschau.llm.local.measured import remember_speed

        spent = report.spent
        remember_speed(job.choice.local, spent.prompt_tokens, spent.completion_tokens, spent.seconds)
    code = _exit_code(report, caught)
    for sentence in _said(report, interrupted=code == INTERRUPTED, bills=job.choice.local is None):
        complain(sentence)
    return code


def run_forecast(job: Job, *, quiet: bool) -> int:
    """Prints what it would use, and returns the exit code."""
    from presseschau.archive.forecast import forecast
    from presseschau.archive.provider_batch.waves import batched_reader

    found = asyncio.run(
        forecast(
            job.sources, job.choice, options=job.options, read=job.read, cache=job.cache, cache_mode=job.cache_mode,
            limits=job.limits, batch=job.delivery is not None,
            batch_reader=batched_reader(job.delivery, job.choice) is not None, on_article=counting(quiet=quiet),
        )
    )  # fmt: skip
    tell_forecast(found)
    for one in found.first_skipped:
        complain(f"{one.source}: skipped: {_why(one.detail, one.source)}")
    if more := found.skipped - len(found.first_skipped):
        complain(f"{more:,} more {'are' if more > 1 else 'is'} skipped.")
    return _nothing(found.reasons) if not found.articles + found.pages else 0


def run_one_forecast(
    article: Article, choice: Choice, cache: CacheChoice, options: Options, limits: Limits
) -> Forecast:
    """What one article would use."""
    from presseschau.archive.forecast import forecast_articles

    return asyncio.run(
        forecast_articles([article], choice, options=options, cache=cache.path, cache_mode=cache.mode, limits=limits)
    )


def tell_forecast(found: Forecast) -> None:
    """Prints the figures."""
    tell(f"articles   {found.articles:,} ({found.skipped:,} skipped, {found.duplicates:,} duplicates)")
    if found.pages:
        tell(f"pages      {found.pages:,} to be fetched, which are in no figure below")
    if found.skipped:
        tell(f"skipped    {', '.join(f'{reason} {count:,}' for reason, count in found.reasons.most_common())}")
    tell(f"requests   {found.requests:,} to send, {found.cached:,} answered from the cache at no cost")
    if found.reader:
        tell(f"reader     {found.reader.requests:,} requests more to the second reader, in the figures below")
    for name, (asked, written), cost in zip(
        ("low", "likely", "high"), found.tokens, found.cost or (None, None, None), strict=True
    ):
        dollars = f"  {cost:10,.2f} USD" if cost is not None else ""
        tell(f"{name:6}     {asked:14,} tokens read {written:14,} written{dollars}")
    if found.price is None:
        tell("price      not known for this model and endpoint: give --price IN,OUT (US dollars per million tokens)")
    else:
        price = found.price
        tell(f"price      {price.prompt:g} / {price.completion:g} USD per million tokens read/written, {price.source}")
    if found.seconds is not None and found.speed is not None:
        known = f"measured here on {found.speed.measured}" if found.speed.measured else "expected, not measured yet"
        reads, writes = found.speed.speed.reads, found.speed.speed.writes
        low, likely, high = map(_duration, found.seconds)
        tell(f"time       {low}, likely {likely}, high {high}")
        tell(f"speed      {reads:.0f} tokens read and {writes:.0f} written a second, {known}")


def _nothing(reasons: Mapping[str, int]) -> int:
    """The exit code where there is no article: an address that was not to be fetched is a matter of usage."""
    if reasons.get("follow"):
        complain(_not_fetched(reasons["follow"]))
    elif not reasons:
        complain(_EMPTY)
    return 2 if reasons.get("follow") else 1


_EMPTY = "There is nothing to read: no file, or no article in one, in what was given."


def _not_fetched(count: int) -> str:
    return f"Of {count:,} item{'s' * (count != 1)} only a web address is given: use --follow to fetch the pages."


def _listen(control: Control, caught: list[signal.Signals]) -> None:
    """The first signal ends the run in good order, the second at once, a third as the system does it."""
    loop = asyncio.get_running_loop()

    def heard(number: signal.Signals) -> None:
        caught.append(number)
        if len(caught) == 1:
            control.stop(_GRACE[number])
            complain("Stopping once the articles under way are finished. Press again to stop at once; nothing is lost.")
        else:
            control.cancel()
            for each in _GRACE:
                loop.remove_signal_handler(each)

    for number in _GRACE:
        loop.add_signal_handler(number, heard, number)


def _said(report: Report, *, interrupted: bool = False, bills: bool = True) -> list[str]:
    """`interrupted`: how to go on is said by what ends the program (`exits.run`). `bills`: the model is no embedded
    one, for which nobody pays."""
    counts = report.counts
    spent = report.spent
    warned = counts["done-with-findings"]
    found = f" ({warned:,} with warnings about the article or its English)" if warned else ""
    parts = [f"{report.usable:,} done{found}"]
    parts += [f"{report.partly:,} done in part ({_parts(report)})"] if report.partly else []
    parts += [f"{lost:,} failed"] if (lost := counts["failed"] - report.partly) else []
    parts += [f"{report.counts['skipped']:,} skipped"] if counts["skipped"] else []
    parts += [_count(counts["duplicate"], "duplicate")] if counts["duplicate"] else []
    cost = f", {spent.cost:.4f} USD" if spent.cost is not None else ""
    lost, unknown = spent.possibly_billed if bills else 0, spent.usage_unknown
    billed = f" ({_count(lost, 'request')} may have been billed for nothing)" if lost else ""
    billed += f" (usage unknown for {_count(unknown, 'request')}: counted in full)" if unknown else ""
    items, runs = _count(report.items, "item"), " in all runs" if spent.invocations > 1 else ""
    sentences = [f"{items}: {', '.join(parts)}. {spent.tokens:,} tokens{cost}{billed}{runs}."]
    if report.error is not None:
        sentences.append(str(report.error))
    if left := counts["failed"] + counts["skipped"]:
        sentences += _left_out(report.paths.failed)
        more = f"{left - _NAMED:,} more, and why, are" if left > _NAMED else "The whole list is"
        sentences.append(f"{more} in {report.paths.failed}.")
    if report.skipped.get("follow"):
        sentences.append(_not_fetched(report.skipped["follow"]))
    sentences += [_EMPTY] if report.complete and not report.items else []
    sentences += report.waiting
    told = interrupted or report.waiting or isinstance(report.error, BudgetReachedError)
    if not report.complete and not told:
        sentences.append("The run is not finished: run the same command to continue.")
    return sentences


_PARTS = {
    "translation": ("translation", "translations"),
    "summary": ("summary", "summaries"),
    "claims": ("list of claims", "lists of claims"),
}


def _parts(report: Report) -> str:
    """ "3 translations made; 3 summaries failed", of the items of which something failed."""
    said = []
    for what in ("made", "failed"):
        counts = [(part, counted[what]) for part, counted in report.parts.items() if counted[what]]
        named = ", ".join(f"{count:,} {_PARTS[part][count != 1]}" for part, count in counts)
        said += [f"{named} {what}"] if named else []
    return "; ".join(said)


_NAMED = 5
"""Items that failed or were skipped that are named on stderr."""
_LONGEST = 200


def _left_out(failed: Path) -> Iterator[str]:
    """The first items that failed or were skipped, and why, each once."""
    reasons: dict[str, str] = {}
    with suppress(OSError), failed.open("rb") as lines:
        for told in map(json.loads, lines):
            if told["source"] not in reasons and len(reasons) == _NAMED:
                break
            verb = "skipped" if told["task"] == "read" else f"{told['task']} failed"
            reasons.setdefault(told["source"], f"{verb}: {_why(told['message'], told['source'])}")
    yield from (f"{source}: {why}" for source, why in reasons.items())


def _why(message: str, source: str) -> str:
    """The message, short, without the source in front of it."""
    why = message.removeprefix(f"{source} ").removeprefix(f"{source}: ")
    return textwrap.shorten(why, _LONGEST, placeholder=" …")


def _exit_code(report: Report, caught: Sequence[signal.Signals]) -> int:
    if isinstance(report.error, PresseschauError):
        return report.error.exit_code
    if report.ended == "waiting":
        return ProviderDownError.exit_code  # nothing is wrong; there is something to be done before it can go on
    if not report.complete:
        return TERMINATED if caught and caught[0] is signal.SIGTERM else INTERRUPTED
    if not report.usable and not report.partly:
        return 2 if report.skipped.get("follow") else 1
    return 3 if report.counts["failed"] or report.unread else 0
