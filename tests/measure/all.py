"""The figures of all measuring scripts that need no model: printed, kept in a folder, and two such folders compared.

    python tests/measure/all.py [--out FOLDER] [--only NAME ...] [--long]
    python tests/measure/all.py --list
    python tests/measure/all.py --compare BEFORE AFTER [--only NAME ...]

A script whose data sets are missing is left out with a sentence (tests/measure/README.md says what they are). `--long`
also runs those that take more than about five minutes. Exit code: 1 if a script failed, or if figures differ between
the two folders. What differs from run to run (seconds, memory, chance) is printed as such and changes no exit code.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from outside import HERE, ROOT, add_data

ALL = r".+"
PAIRS = ("pud-parallel", "wmt22-deen", "ntrex-deen")


@dataclass(frozen=True)
class Run:
    """One script with its options. `data`: the sets that it needs; `varies`: what differs from run to run; `live`: so
    cheap and exact that every check of the docs runs it (figures.py); `minutes`: about how long it takes on two idle
    cores, if that is more than five, and then it runs only when it is named or with --long."""

    name: str
    command: str
    data: tuple[str, ...] = ()
    minutes: int = 0
    varies: str = r"\Z"  # a regular expression
    live: bool = False

    @property
    def long(self) -> bool:
        return self.minutes > 5

    @property
    def times(self) -> bool:
        """Whether it measures time or memory, which wants an idle machine."""
        return self.varies == ALL or " s CPU" in self.varies


RUNS = (
    Run("counts", "counts.py", live=True),
    Run("false_alarms", "false_alarms.py", PAIRS),
    Run("detection", "detection.py", (*PAIRS, "demetr-de", "bbh-salient-errors", "mlqe-critical-ende")),
    Run("unseen_third", "unseen.py fixtures/checks/unseen_third.jsonl"),
    Run("unseen_fourth", "unseen.py fixtures/checks/unseen_fourth.jsonl"),
    Run("unseen_sixth", "unseen.py fixtures/checks/unseen_sixth.jsonl"),
    Run("meaning", "meaning.py"),
    Run("severities", "severities.py", (*PAIRS, "demetr-de", "bbh-salient-errors")),
    Run("opposites", "opposites.py", (*PAIRS, "europarl-ner-deen")),
    Run("voice_alarms", "voice_alarms.py", PAIRS),
    Run("omissions", "omissions.py", PAIRS),
    Run("strangers", "strangers.py", PAIRS, varies=r"[\d.]+ s CPU"),
    Run("distributed", "distributed.py", minutes=10, varies=ALL),
    Run("shared_cache", "shared_cache.py", varies=ALL),
    Run("risk", "risk.py", PAIRS),
    Run("risk_sample", "risk_sample.py"),
    Run("reader_forecast", "reader_forecast.py"),
    Run("second_english", "second_english.py --most 250", ("wmt22-deen", "demetr-de")),
    Run("word_coverage", "word_coverage.py", ("wmt22-deen", "pud-parallel")),
    Run("names", "names.py", (*PAIRS, "demetr-de", "europarl-ner-deen", "bbh-salient-errors"), varies=r" +\d+\.\d{3} "),
    Run("inconsistent_names", "inconsistent_names.py", ("ntrex-deen",)),
    Run("negation", "negation.py", (*PAIRS, "demetr-de", "dfki-testsuite-deen", "bbh-salient-errors")),
    Run("number_checks", "number_checks.py", (*PAIRS, "demetr-de", "bbh-salient-errors"), varies=r"[\d.]+ s\b.*"),
    Run("number_reading", "number_reading.py", ("numbers-dates-de",)),
    Run("periods", "periods.py", PAIRS),
    Run("german_left", "german_left.py", PAIRS),
    Run("voices", "voices.py", (*PAIRS, "quotes-wikinews")),
    Run("quotes", "quotes.py", (*PAIRS, "quotes-wikinews")),
    Run("echoes", "echoes.py", PAIRS),
    Run("own_articles", "own_articles.py"),
    Run("own_answers", "own_answers.py"),
    Run("neighbours", "neighbours.py"),
    Run("injection", "injection.py", ("quotes-wikinews", "ntrex-deen", "tenkgnad")),
    Run("injection_second", "injection.py --set second", ("quotes-wikinews", "ntrex-deen", "tenkgnad")),
    Run("claims_spoiled", "claims_spoiled.py", PAIRS),
    Run("claims_spoiled_second", "claims_spoiled.py --set second"),
    Run("claims_spoiled_natural", "claims_spoiled.py --set natural"),
    Run("claims_spoiled_unseen_second", "claims_spoiled.py --set unseen_second"),
    Run("claims_spoiled_unseen_third", "claims_spoiled.py --set unseen_third"),
    Run("claims_spoiled_unseen_fourth", "claims_spoiled.py --set unseen_fourth"),
    Run("claim_coverage", "claim_coverage.py"),
    Run("claim_lists", "claim_lists.py"),
    Run("stances", "stances.py"),
    Run("speakers", "speakers.py", ("quotes-wikinews",)),
    Run("speakers_unseen", "speakers.py --unseen"),
    Run("briefing", "briefing.py"),
    Run("briefing_second", "briefing.py --corpus second"),
    Run("briefing_third", "briefing.py --corpus third"),
    Run("briefing_fourth", "briefing.py --corpus fourth"),
    Run("briefing_fifth", "briefing.py --corpus fifth"),
    Run("briefing_sixth", "briefing.py --corpus sixth"),
    Run("briefing_seventh", "briefing.py --corpus seventh"),
    Run("briefing_eighth", "briefing.py --corpus eighth"),
    Run("briefing_ninth", "briefing.py --corpus ninth"),
    Run("briefing_tenth", "briefing.py --corpus tenth"),
    Run("briefing_citations", "briefing_citations.py"),
    Run("stories", "stories.py", ("tenkgnad", "quotes-wikinews", "ntrex-deen"), varies=r"[\d.]+ s CPU"),
    Run("stories_history", "stories.py --history"),
    Run("note_pages", "note_pages.py"),
    Run("sentences", "sentences.py", ("ud-german",), varies=r"[\d.]+ million"),
    Run("encoding", "encoding.py", ("tenkgnad", "ntrex-deen"), varies=r"(?<=%) +\d+ "),
    Run("layout", "layout.py"),
    Run("refused", "refused.py", ("tenkgnad", "quotes-wikinews", "ntrex-deen")),
    Run("html_pages", "html_pages.py", varies=r" *[\d.]+$"),
    Run("pages", "pages.py"),
    Run("check_speed", "check_speed.py", PAIRS, varies=ALL),
    Run("briefing_speed", "briefing_speed.py", varies=ALL),
    Run("ingest_speed", "ingest_speed.py", varies=ALL),
    Run("second_exports", "second_exports.py"),
    Run("readers_speed", "readers_speed.py", varies=ALL),
    Run("readers_memory", "readers_memory.py", varies=ALL),
    Run("readers_memory_2048", "readers_memory.py --mib 2048", minutes=90, varies=ALL),
    Run("reading_speed", "reading_speed.py", ("ntrex-deen",), minutes=10, varies=ALL),
    Run("client_speed", "client_speed.py", varies=ALL),
    Run("start_up", "start_up.py", varies=ALL),
    Run("article_cpu", "article_cpu.py", varies=ALL),
    Run("cache_speed", "cache_speed.py", varies=ALL),
    Run("rivals", "rivals.py --quick", minutes=20, varies=ALL),
    Run("rivals_all", "rivals.py", minutes=90, varies=ALL),
    Run("mutations", "mutations.py --seed 13", minutes=40, varies=ALL),
    Run("archive_client", "archive_client.py", varies=ALL),
    Run("archive_processes", "archive_processes.py", varies=ALL),
    Run("archive_faults", "archive_faults.py", varies=ALL),
    Run("archive_batch", "archive_batch.py", varies=ALL),
    Run("archive_batch_kills", "archive_batch.py --kills 20", varies=ALL),
    Run("archive_batch_memory", "archive_batch.py --memory --articles 1000", minutes=10, varies=ALL),
    Run("archive_kills_processes", "archive_kills.py --processes --articles 150 --kills 8", varies=ALL),
    Run("archive_kills", "archive_kills.py", minutes=30, varies=ALL),
    Run("archive_kills_money", "archive_kills.py --max-tokens 3000000", minutes=30, varies=ALL),
    Run("archive_file", "archive_file.py", varies=ALL),
    Run("watch_week", "watch_week.py", minutes=6, varies=ALL),
    Run("archive_file_100000", "archive_file.py --articles 100000", minutes=60, varies=ALL),
    Run("archive_rerun", "archive_rerun.py --articles 10000", varies=ALL),
    Run("archive_rerun_200000", "archive_rerun.py --articles 10000 200000", minutes=30, varies=ALL),
)


def missing(run: Run, data: Path) -> list[str]:
    """The data sets of the run that are not there."""
    return [name for name in run.data if not (data / name).is_dir()]


def measured(run: Run, data: Path, out: Path) -> bool:
    """Run one script; its output is printed and kept as NAME.txt. False, and its errors printed, if it failed."""
    script, *options = run.command.split()
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PRESSESCHAU_DATA": str(data.resolve())}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(HERE / script), *options], cwd=ROOT, env=known, capture_output=True, text=True, check=False
    )
    (out / f"{run.name}.txt").write_text(done.stdout, "utf-8")
    print(f"=== {run.command}   ({time.monotonic() - began:.0f} s)\n{done.stdout}", flush=True)
    if done.returncode:
        print(f"!!! {run.command} ended with exit code {done.returncode}: {done.stderr.strip()[-2000:]}", flush=True)
    return not done.returncode


def measure(chosen: list[Run], data: Path, out: Path) -> int:
    """Run what can run; the number of scripts that failed."""
    out.mkdir(parents=True, exist_ok=True)
    able = [run for run in chosen if not missing(run, data)]
    failed = [run.name for run in able if not measured(run, data, out)]
    for run in chosen:
        if gone := missing(run, data):
            print(f"not run: {run.command}: there is no {', '.join(gone)} in {data} (tests/measure/README.md, --data)")
    print(f"{len(able)} of {len(chosen)} scripts ran, {len(failed)} failed{': ' if failed else ''}{', '.join(failed)}")
    return len(failed)


def compare(chosen: list[Run], before: Path, after: Path) -> int:
    """Print each line that differs; the number of scripts with other figures, what varies not counted."""
    different = 0
    for run in chosen:
        files = [folder / f"{run.name}.txt" for folder in (before, after)]
        if not all(file.is_file() for file in files):
            if any(file.is_file() for file in files):
                print(f"{run.name}: only in {(before if files[0].is_file() else after).name}")
            continue
        old, new = (file.read_text("utf-8").splitlines() for file in files)
        changed = [line for line in difflib.unified_diff(old, new, lineterm="", n=0) if line[:1] in "+-"][2:]
        fixed = [[re.sub(run.varies, "", line) for line in lines] for lines in (old, new)]
        differs = fixed[0] != fixed[1]
        print(
            f"{run.name}: {'differs' if differs else 'only what varies' if changed else f'the same, {len(new)} lines'}"
        )
        for line in changed:
            print(f"   {'before' if line[0] == '-' else 'after '}  {line[1:].strip()}")
        different += differs
    print(f"{different} scripts have other figures")
    return different


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "figures", help="(default: build/figures)")
    parser.add_argument("--only", nargs="+", choices=[run.name for run in RUNS], metavar="NAME")
    parser.add_argument("--long", action="store_true", help="also what takes more than five minutes")
    parser.add_argument("--list", action="store_true", help="what there is, and what it needs")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("BEFORE", "AFTER"))
    given = parser.parse_args()
    if given.compare:
        chosen = [run for run in RUNS if not given.only or run.name in given.only]
        sys.exit(bool(compare(chosen, *given.compare)))
    if given.only:
        chosen = [run for run in RUNS if run.name in given.only]
    else:
        chosen = [run for run in RUNS if given.long or not run.long]
    if given.list:
        for run in RUNS:
            takes = f"{run.minutes} minutes, " if run.long else ""
            print(f"{run.name:24} {run.command:55} {takes}{' '.join(run.data) or 'no outside data'}")
    else:
        sys.exit(bool(measure(chosen, given.data, given.out)))


if __name__ == "__main__":
    main()
