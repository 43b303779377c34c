"""How a run shows how far it is: one moving display on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from presseschau.cli.exits import complain
from presseschau.cli.terminal import console, shown

if TYPE_CHECKING:
    from presseschau.archive.forecast import Forecast
    from presseschau.archive.progress import Progress
    from presseschau.llm.event import Event

_BAR = 60
"""Characters."""
_LINE_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""

Displays = tuple["Callable[[Progress], None] | None", "Callable[[Event], None]"]


@contextmanager
def display(*, quiet: bool) -> Iterator[Displays]:
    """Two listeners: to the progress, and to what happens to requests."""
    notes = Notes()
    if quiet:
        yield None, notes.hear
    elif sys.stderr.isatty():
        with _moving(notes) as show:
            yield show, notes.hear
    else:
        yield _lines(notes), notes.hear


class Notes:
    """The last word about what holds the run up; lasting troubles are printed once."""

    def __init__(self) -> None:
        self.now = ""
        self._said: set[str] = set()

    def hear(self, event: Event) -> None:
        if event.state == "answered":
            self.now = ""
        elif event.state == "retrying":
            self.now = f"waiting {event.wait:.0f} s: {event.detail}" if event.wait >= 1 else event.detail
        elif event.state in ("stepped_down", "not_stored") and event.detail not in self._said:
            self._said.add(event.detail)
            complain(event.detail)


@contextmanager
def _moving(notes: Notes) -> Iterator[Callable[[Progress], None]]:
    from rich.live import Live
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    with Live(console=console(), auto_refresh=False, transient=True) as live:

        def show(progress: Progress) -> None:
            table = Table.grid()
            pulse = progress.items is None
            table.add_row(ProgressBar(total=progress.items, completed=progress.done, pulse=pulse, width=_BAR))
            for line in filter(None, (described(progress), progress.note, notes.now)):
                table.add_row(Text(shown(line)))
            live.update(table, refresh=True)

        yield show


def _lines(notes: Notes) -> Callable[[Progress], None]:
    last, said = time.monotonic(), ""

    def show(progress: Progress) -> None:
        nonlocal last, said
        if time.monotonic() - last < _LINE_EVERY or (progress.note and progress.note == said):
            return  # a batch may take a day: it is spoken of when something moved
        last, said = time.monotonic(), progress.note
        print(progress.note or "; ".join(filter(None, (described(progress), notes.now))), file=sys.stderr, flush=True)

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
    parts += [_duration(left)] if left is not None else []
    parts.append(f"{progress.tokens:,} tokens")
    parts += [f"{progress.cost:.4f} USD"] if progress.cost is not None else []
    at_once = f", {progress.limit} requests at once" if progress.limit else ""
    parts.append(f"{progress.under_way} articles under way{at_once}")
    return " · ".join(parts)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min left" if minutes >= 60 else f"{minutes} min left"
