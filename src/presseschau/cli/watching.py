"""Running a watch from the command line: signals, what is said of each round, exit codes."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau.cli.exits import INTERRUPTED, TERMINATED, complain, raise_on_signals
from presseschau.cli.terminal import emit, tell
from presseschau.errors import CacheError, ConfigurationError, OutputError, PresseschauError

if TYPE_CHECKING:
    from presseschau.analysis import Options
    from presseschau.cli.groups import CacheChoice
    from presseschau.ingest import ReadOptions
    from presseschau.llm.engine import Choice
    from presseschau.llm.spending import RequestEvent
    from presseschau.watching.buying import Allowance
    from presseschau.watching.sources import Watchlist
    from presseschau.watching.watcher import Round, Watcher

NOTHING_NEW = 8
"""Exit code of a single round in which nothing was new."""
_GRACE = 8.0
"""Seconds that articles under way have to be finished once a signal came."""
_AGAIN = timedelta(minutes=5)
"""After which a round is tried again whose archive or cache could not be written."""
_SHOWN = 10


@dataclass(frozen=True)
class WatchJob:
    """What the options ask for."""

    archive: Path
    watch: Watchlist
    choice: Choice
    options: Options
    purse: Allowance
    cache: CacheChoice
    read: ReadOptions
    german_only: bool
    every: timedelta
    once: bool
    asks: bool


def run_watch(job: WatchJob, *, quiet: bool) -> int:
    """Does it, and returns the exit code. Raises ConfigurationError, and OutputError if another process watches."""
    from presseschau.library.store import Archive
    from presseschau.llm.purchases import Amount
    from presseschau.watching.clock import locked
    from presseschau.watching.watcher import Watcher

    job.purse.budget(job.choice, Amount())  # says at once which price is missing
    caught: list[signal.Signals] = []
    last: list[Round] = []

    async def work() -> None:
        with locked(job.archive), Archive(job.archive) as archive:
            watcher = Watcher(
                archive, _read_so(job), job.choice, job.options, job.purse, job.cache.path, job.cache.mode, job.read,
                job.every, job.once, job.asks, on_event=_Trouble().hear,
            )  # fmt: skip
            _listen(watcher, caught)
            await _rounds(watcher, job, last, quiet=quiet)

    try:
        asyncio.run(work())
    except asyncio.CancelledError:
        pass
    finally:
        raise_on_signals()  # the loop took its handlers with it
    if caught and caught[0] is signal.SIGINT:
        return INTERRUPTED  # for which the program has a word
    if caught:
        complain("Terminated. What was done is in the archive, and the rest waits: start it again to go on.")
        return TERMINATED
    return exit_code(last[-1])


async def _rounds(watcher: Watcher, job: WatchJob, last: list[Round], *, quiet: bool) -> None:
    """Until it is stopped. A full disk, or a file that is held, is waited for, unless there is one round only."""
    while not watcher.stopping.is_set():
        try:
            done = await watcher.round()
        except (OutputError, CacheError) as error:
            if job.once:
                raise
            complain(f"{error} It is tried again in {_AGAIN.seconds // 60} minutes.")
            await watcher.clock.until(watcher.clock.now() + _AGAIN, watcher.stopping)
            continue
        say(done, job, first=not last, quiet=quiet)
        last[:] = [done]
        if isinstance(done.error, ConfigurationError) and not isinstance(done.error, CacheError):
            raise done.error  # it will be the same in every round
        if job.once:
            return
        if done.next is not None:
            await watcher.clock.until(done.next, watcher.stopping)


def _read_so(job: WatchJob) -> Watchlist:
    """With `--lang-check off` for every source."""
    if job.german_only:
        return job.watch
    anything = tuple(one.model_copy(update={"language": "any"}) for one in job.watch.sources)
    return replace(job.watch, sources=anything)


class _Trouble:
    """Lasting troubles are said once."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def hear(self, event: RequestEvent) -> None:
        if event.state in ("stepped_down", "noted", "not_stored") and event.detail not in self._said:
            self._said.add(event.detail)
            complain(event.detail)


def _listen(watcher: Watcher, caught: list[signal.Signals]) -> None:
    loop = asyncio.get_running_loop()

    def heard(number: signal.Signals) -> None:
        caught.append(number)
        if len(caught) == 1:
            watcher.stop()
            loop.call_later(_GRACE, watcher.cancel)
            complain("Stopping once the articles under way are finished. Press again to stop at once; nothing is lost.")
        else:
            watcher.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, heard, number)


def say(done: Round, job: WatchJob, *, first: bool, quiet: bool) -> None:
    """What a round was like, on stderr; nothing of one in which nothing happened, but of the first and only. `quiet`:
    only what went wrong."""
    for sentence in done.said[:_SHOWN] if not quiet else ():
        complain(sentence)
    if len(done.said) > _SHOWN and not quiet:
        complain(f"And {len(done.said) - _SHOWN:,} more such lines.")
    for fault in dict.fromkeys(done.faults):
        complain(f"Not read: {fault}")
    for row in done.resting if (job.once or first) and not quiet else ():
        complain(f"Not asked before {_when(row.due)}, since it failed {row.failures} times: {row.fault}")
    for fault in done.failed[:_SHOWN]:
        complain(f"Failed for good: {fault}")
    if done.forecast is not None and not quiet and (line := _forecast(done, job)):
        complain(line)
    happened = done.seen.total() or done.done or done.failed or done.notes or done.told or done.error or done.faults
    if (happened or first or job.once) and not quiet:
        complain(f"{done.at.astimezone():%H:%M}: {described(done, job)}.")
    if done.error is not None and (
        isinstance(done.error, CacheError) or not isinstance(done.error, ConfigurationError)
    ):
        complain(_ended(done, job))


def described(done: Round, job: WatchJob) -> str:
    """A round in one line."""
    sources = f"{done.looked} source{'s' * (done.looked != 1)} read"
    if done.faults:
        sources = f"{done.looked - len(done.faults)} of {sources}"
    names = ("new", "changed", "same", "kept", "passed", "refused", "corrected", "withdrawn", "gone")
    seen = [f"{done.seen[name]} {_WORDS.get(name, name)}" for name in names if done.seen[name]]
    parts = [f"{sources}: {', '.join(seen) or 'nothing new'}"]
    parts += [f"{done.done} analysed"] if done.done else []
    parts += [f"{len(done.failed)} failed"] if done.failed else []
    parts += [f"{done.waiting} wait{'s' * (done.waiting == 1)}"] if done.waiting else []
    parts += [f"note {file}" for file in done.notes]
    parts += [f"{done.told} told"] if done.told else []
    if done.today.requests and job.purse.day.max_cost is not None:
        parts.append(f"{done.spent.cost:.4f} USD, today {done.today.cost:.4f} of {job.purse.day.max_cost:.2f}")
    elif done.spent.requests:
        cost = f", {done.spent.cost:.4f} USD" if done.spent.cost else ""
        parts.append(f"{done.spent.prompt_tokens + done.spent.completion_tokens:,} tokens{cost}")
    return "; ".join(parts)


_WORDS = {"same": "the same as others", "passed": "left out", "refused": "not readable as articles",
          "gone": "with a page that is gone"}  # fmt: skip


def _forecast(done: Round, job: WatchJob) -> str:
    found = done.forecast
    if found is None or not found.requests:
        return ""
    articles = f"{found.articles:,} article{'s' * (found.articles != 1)}"
    what = f"{articles} to analyse: {found.requests:,} request{'s' * (found.requests != 1)}"
    if found.cost is None:
        return f"{what}, price not known (--price IN,OUT)." if not job.asks else ""
    return f"{what}, likely {found.cost[1]:.4f} USD, at the most {found.cost[2]:.4f}."


def _ended(done: Round, job: WatchJob) -> str:
    from presseschau.errors import BudgetReachedError
    from presseschau.llm.spending import TO_GO_ON

    if isinstance(done.error, BudgetReachedError):
        return (
            f"{str(done.error).removesuffix(TO_GO_ON)} What waits ({done.waiting:,}) is done first after midnight, "
            "or at once if watch is started with a higher limit."
        )
    return f"{done.error} What waits is tried again in the next round."


def exit_code(done: Round) -> int:
    """Of a single round, the most telling first: an error, sources or articles that failed, new items, nothing new."""
    if isinstance(done.error, PresseschauError):
        return done.error.exit_code
    if done.faults or done.failed:
        return 3
    happened = done.done or done.notes or any(done.seen[name] for name in ("new", "changed", "kept"))
    return 0 if happened else NOTHING_NEW


def tell_status(archive: Path, *, json: bool) -> None:
    """Prints what is known of a watch. Raises InputError for a file that is no archive."""
    from json import dumps

    from presseschau.watching.state import status

    found = status(archive)
    if json:
        emit(dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    if not found.sources:
        tell(f"Nothing was watched into {archive} yet.")
        return
    for one in found.sources:
        row = one.row
        tell(f"{row.source}  ({row.kind or 'not read yet'})")
        if row.address not in ("", row.source):
            tell(f"    read at   {row.address}")
        tell(f"    looked    {_when(row.looked)}, read {_when(row.read)}, next {_when(row.due)}")
        if row.ended:
            tell(f"    ended     {row.ended}")
        elif row.fault:
            tell(f"    failed    {row.failures} times in a row: {row.fault}")
        counts = ", ".join(f"{count:,} {_STATES.get(state, state)}" for state, count in sorted(one.states.items()))
        tell(f"    items     {counts or 'none'}")
    wait = found.states.get("waiting", 0) + found.states.get("page", 0)
    tell(f"archive    {found.articles:,} articles, {found.changed:,} with earlier versions; {wait:,} items wait")
    for day, model, requests, cost, state in found.days:
        known = cost or not requests or model.startswith("local:")
        money = f"{cost or 0:.4f} USD" if known else "its price is not known (--price)"
        tell(f"{day}  {requests:,} requests to {model}, {money}{'' if state == 'running' else f' ({state})'}")
    for day, file in found.notes:
        tell(f"note       {day}  {file or 'nothing to write about'}")
    for search, told, left, fault in found.matches:
        tell(f"search     {search}: {told:,} told, {left:,} to be told{f'; {fault}' if fault else ''}")
    for headline, reason in found.failed:
        tell(f"failed     {headline}: {reason}")


_STATES = {"page": "with a page to be read", "same": "the same as others", "passed": "left out",
           "refused": "not readable as articles", "failed": "failed for good"}  # fmt: skip


def _when(stamp: str | None) -> str:
    return f"{datetime.fromisoformat(stamp).astimezone():%Y-%m-%d %H:%M}" if stamp else "never"
