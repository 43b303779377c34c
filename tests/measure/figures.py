"""Writes the figures of the docs into them, each from an output that can be made again (docs/figures/README.md).

    python tests/measure/figures.py                        # live figures anew, what is missing, then the docs
    python tests/measure/figures.py --check                # changes nothing; 1 if a figure is not what its output says
    python tests/measure/figures.py --record NAME ...      # scripts of all.py again; `times`, `counts`: all of a kind
    python tests/measure/figures.py --bind checks          # finds where the figures of new blocks of a page come from

A block is the paragraph, list or table below `<!-- figures: NAME -->`. Its figures, in order, are bound in
docs/figures/bindings.toml, each to `OUTPUT|LINE|K`: the Kth number (from 0) of the first line of OUTPUT.txt there that
is LINE, begins with it or has it (`A > B`: of those below A), or to `=VALUE WHY`, which nothing measures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from all import RUNS, Run, missing
from outside import HERE, ROOT, digests, folder

KEPT = ROOT / "docs" / "figures"
BINDINGS = KEPT / "bindings.toml"
MARKER = re.compile(r"<!-- figures: ([\w-]+) -->\s*")
NUMBER = re.compile(r"(?<![\w.,/^-])(?<!\d:)[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w^/]|:\d|\.\d|,\d|-\w)")
"""A number that stands alone: no part of a name (WMT22), a version, a date, a time, a score or a power."""
UNIT = re.compile(r"[ \u00a0]?(?:%|(?:s|ms|MB|KB|GB|MiB|USD|seconds|articles a second|a second)(?!\w))")
HIDDEN = re.compile(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->|https?://\S+")
WHY = {"goal", "defined", "set", "price", "reckoned", "limit"}
"""What is no measurement: a goal, a definition, the size of a set, a list price, arithmetic, a limit in code."""


@dataclass(frozen=True)
class Figure:
    """A number in a page: `text` as it stands at `start` to `end` of the whole page, in line `line` (from 1)."""

    text: str
    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Block:
    """Lines of a page that belong together; `name` as its marker says, None without one."""

    name: str | None
    figures: tuple[Figure, ...]
    text: str = ""


class Wrong(Exception):
    """A figure cannot be told; the sentence says which and what to do."""


def pages() -> dict[str, Path]:
    """The documents whose figures are held, by name."""
    found = [*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]
    names = {
        path: "README" if path.parent == ROOT else str(path.relative_to(ROOT / "docs").with_suffix(""))
        for path in found
    }
    return {
        name: path for path, name in sorted(names.items()) if name not in settings()["pages"] and "figures/" not in name
    }


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a page that have figures, or a marker."""
    shown = HIDDEN.sub(_blank, re.sub(r"^ *```.*?^ *```", _blank, text, flags=re.S | re.M))
    name, held, lines, position = None, list[Figure](), list[str](), 0
    for number, (line, real) in enumerate(zip(shown.splitlines(True), text.splitlines(True), strict=True), 1):
        marker = MARKER.fullmatch(real.strip())
        if (marker or not real.strip()) and lines:
            if name or held:
                yield Block(name, tuple(held), "".join(lines))
            name, held, lines = None, [], []
        if marker:
            name = marker[1]
        elif real.strip():
            lines.append(real)
            held += [Figure(text[a:b], a, b, number) for a, b in _spans(line, position)]
        position += len(real)
    if name or held:
        yield Block(name, tuple(held), "".join(lines))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "x", match[0])


def _spans(line: str, position: int) -> list[tuple[int, int]]:
    """Where figures stand: all numbers of a table's row; else those with a unit, shares (8 of 109) and intervals."""
    found = [match.span() for match in NUMBER.finditer(line)]
    if not line.lstrip().startswith("|"):
        shares = [
            match.span()
            for match in re.finditer(r"\d[\d,.]*(?: %)? of (?:the )?\d[\d,]*|\[-?[\d.]+, \+?[\d.]+\]", line)
        ]
        found = [
            (a, b)
            for a, b in found
            if UNIT.match(line, b) or line[a - 1 : a] == "$" or any(c <= a and b <= d for c, d in shares)
        ]
    return [(position + a, position + b) for a, b in found]


def value(figure: str) -> float:
    return float(figure.replace(",", "").replace("\u2212", "-").removeprefix("+"))


def like(number: float, figure: str) -> str:
    """The number written as the figure is: decimals, sign, commas of thousands."""
    decimals = len(figure.partition(".")[2])
    if not decimals and number < 100 and round(number) == 100:
        decimals = 1  # nearly all is not all
    sign = "+" if figure.startswith("+") and number >= 0 else ""
    grouped = "," if "," in figure or (abs(number) >= 1_000 and not decimals) else ""
    return sign + format(number, f"{grouped}.{decimals}f")


@cache
def settings() -> dict[str, dict[str, str]]:
    """docs/figures/exceptions.toml: pages and patterns that hold no figures of ours, each with its reason."""
    return tomllib.loads((KEPT / "exceptions.toml").read_text("utf-8"))


@cache
def bindings() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(BINDINGS.read_text("utf-8")) if BINDINGS.exists() else {}


@cache
def output(name: str) -> tuple[str, ...]:
    """The lines of an output, white space squeezed, without its head; a live one is made now."""
    run = next((run for run in RUNS if run.name == name), None)
    if run and run.live:
        raw = ran(run)
    elif (path := KEPT / f"{name}.txt").is_file():
        raw = path.read_text("utf-8").partition("\n\n")[2]
    else:
        raise Wrong(f"there is no docs/figures/{name}.txt: run figures.py --record {name}")
    return tuple(" ".join(line.split()) for line in raw.splitlines())


def told(address: str, figure: str) -> str:
    """What the docs must say where `figure` stands. Raises Wrong if the address leads nowhere."""
    if address.startswith("="):
        fixed, _, why = address[1:].partition(" ")
        if why.split(":")[0] not in WHY:
            raise Wrong(f"{address!r} gives no reason ({', '.join(sorted(WHY))})")
        return fixed
    try:
        name, label, place = address.split("|")
    except ValueError:
        raise Wrong(f"{address!r} is not of the form OUTPUT|LINE|K") from None
    number, _, factor = place.partition("*")
    lines, line = output(name), ""
    for part in label.split(" > "):
        lines, line = _below(lines, part)
        if line is None:
            raise Wrong(f"docs/figures/{name}.txt has no line with {part!r} (of {label!r})")
    numbers = NUMBER.findall(line.replace("/", " "))
    if int(number) >= len(numbers):
        raise Wrong(f"docs/figures/{name}.txt: {line!r} has only {len(numbers)} numbers, not a number {number}")
    return like(value(numbers[int(number)]) * float(factor or 1), figure)


def written(name: str, text: str) -> tuple[str, list[str]]:
    """The page with its figures as their outputs say, and what cannot be told, each a sentence."""
    wrong, seen, changes = [], set[str](), []
    known = bindings().get(name, {})
    excepted = [re.compile(pattern) for pattern in settings().get(name, {})]
    for block in blocks(text):
        where = f"{name}.md:{block.figures[0].line}" if block.figures else f"{name}.md, {block.name}"
        if block.name is None:
            for figure in block.figures:
                line = text.splitlines()[figure.line - 1]
                searched = line if line.startswith("|") else block.text
                if not any(pattern.search(searched) for pattern in excepted):
                    wrong.append(f"{name}.md:{figure.line}: {figure.text} has no marker (docs/figures/README.md)")
            continue
        if block.name in seen:
            wrong.append(f"{where}: a second block {block.name!r}")
        seen.add(block.name)
        places = known.get(block.name, [])
        if len(places) != len(block.figures):
            wrong.append(f"{where}: {len(block.figures)} figures, {len(places)} bound: figures.py --bind {name}")
            continue
        for figure, address in zip(block.figures, places, strict=True):
            try:
                changes.append((figure, told(address, figure.text)))
            except Wrong as error:
                wrong.append(f"{name}.md:{figure.line}: {figure.text}: {error}")
    wrong += [f"{name}.md: no block {gone!r}, but it is bound" for gone in known if gone not in seen]
    for figure, new in reversed(changes):
        text = text[: figure.start] + new + text[figure.end :]
    return text, wrong


def _below(lines: tuple[str, ...], part: str) -> tuple[tuple[str, ...], str | None]:
    """The first line that is `part`, else that begins with it, else that has it; and the lines below."""
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for i, line in enumerate(lines):
            if fits(line, part):
                return lines[i + 1 :], line
    return (), None


# Running


def ran(run: Run) -> str:
    """What the script prints. Raises Wrong if it fails."""
    script, *options = run.command.split()
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PRESSESCHAU_DATA": str(folder().resolve())}
    done = subprocess.run(
        [sys.executable, str(HERE / script), *options], cwd=ROOT, env=known, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Wrong(f"{run.command} ended with exit code {done.returncode}: {done.stderr.strip()[-1000:]}")
    return done.stdout


def machine() -> str:
    cpu = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.*)", cpu.read_text()) if cpu.exists() else None
    return f"{os.cpu_count()} cores, {found[1] if found else platform.machine()}, Python {platform.python_version()}"


def head(run: Run) -> str:
    """What stands above a kept output: command, day, machine, load, commit, data sets with their hashes."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    known = digests(folder())
    lines = [
        f"# python tests/measure/{run.command}",
        f"# {datetime.now(UTC):%d %B %Y}, {machine()}, load {os.getloadavg()[0]:.1f}, commit {commit.stdout.strip()}",
        *(f"# data: {name}@{known[name]}" for name in run.data),
    ]
    return "\n".join(lines) + "\n\n"


def record(runs: list[Run]) -> list[str]:
    """Run them and keep what they print; what could not be run, each a sentence."""
    wrong = []
    for run in runs:
        if gone := missing(run, folder()):
            print(f"kept as recorded: {run.name}: there is no {', '.join(gone)} (python tests/measure/outside.py)")
            continue
        print(f"running {run.command}", flush=True)
        before = head(run)
        try:
            (KEPT / f"{run.name}.txt").write_text(before + ran(run), "utf-8")
        except Wrong as error:
            wrong.append(str(error))
    output.cache_clear()
    return wrong


def used() -> set[str]:
    """The outputs that the docs rest on."""
    every = [address for page in bindings().values() for places in page.values() for address in places]
    return {address.split("|")[0] for address in every if not address.startswith("=")}


def other_data() -> list[str]:
    """Kept outputs whose data sets lie here, but are others."""
    here, wrong = digests(folder()), []
    for path in sorted(KEPT.glob("*.txt")):
        for name, digest in re.findall(r"^# data: (\S+)@(\w+)$", path.read_text("utf-8"), re.M):
            if here.get(name, digest) != digest:
                wrong.append(f"{path.name} was made with {name}@{digest}, here lies {here[name]}")
    return wrong


# Binding


def proposed(figure: Figure, line: str, near: list[str]) -> str:
    """The likeliest place of a figure: a number like it in a line that shares words with the figure's own; else `?`."""
    words = set(re.findall(r"[a-zäöü]{3,}", line.lower()))
    best, address = 0.0, f"?{figure.text}"
    for name in sorted({path.stem for path in KEPT.glob("*.txt")} | {run.name for run in RUNS if run.live}):
        lines = output(name)
        for i, raw in enumerate(lines):
            for k, number in enumerate(NUMBER.findall(raw.replace("/", " "))):
                if like(value(number), figure.text) != figure.text:
                    continue
                own = set(re.findall(r"[a-zäöü]{3,}", raw.lower()))
                score = 1 + len(words & own) / (1 + len(own)) + (2 if name in near else 0) + len(figure.text) / 10
                if score > best:
                    best, address = score, f"{name}|{_label(lines, i)}|{k}"
    return address


def _label(lines: tuple[str, ...], i: int) -> str:
    """Words by which the line is found: those before its first number, after a line that only it follows if need be."""
    label = re.split(r"(?<!\w)[-+]?\d", lines[i])[0].strip(" :|([") or lines[i].strip()
    if _below(lines, label)[0] == lines[i + 1 :]:
        return label
    for j in range(i - 1, -1, -1):
        above = re.split(r"(?<!\w)[-+]?\d", lines[j])[0].strip(" :|([")
        below, _ = _below(lines, above)
        if len(above) > 2 and below == lines[j + 1 :] and _below(below, label)[0] == lines[i + 1 :]:
            return f"{above} > {label}"
    return lines[i]


def bind(names: list[str]) -> None:
    """Bind what is not bound yet; what was bound and still stands there keeps its place."""
    every = {page: dict(places) for page, places in bindings().items()}
    for name in names:
        text = pages()[name].read_text("utf-8")
        lines = text.splitlines()
        old, new = every.get(name, {}), {}
        for block in blocks(text):
            if block.name is None:
                continue
            before = old.get(block.name, [])
            stood = [_known(address) for address in before]
            stands = [figure.text for figure in block.figures]
            kept: dict[int, str] = {}
            if len(stood) == len(stands):
                kept = {i: place for i, place in enumerate(before) if not place.startswith("?")}
            else:
                for a, b, size in SequenceMatcher(None, stood, stands, autojunk=False).get_matching_blocks():
                    kept |= {b + i: before[a + i] for i in range(size)}
            near = re.findall(
                r"(\w+)\.py", "\n".join(lines[max(0, block.figures[0].line - 8) : block.figures[-1].line + 1])
            )
            new[block.name] = [
                kept.get(i) or proposed(figure, lines[figure.line - 1], near) for i, figure in enumerate(block.figures)
            ]
        every[name] = new
    parts = [
        f"[{json.dumps(page)}]\n"
        + "".join(
            f"{json.dumps(block)} = [\n" + "".join(f"  {json.dumps(a, ensure_ascii=False)},\n" for a in places) + "]\n"
            for block, places in every[page].items()
        )
        for page in sorted(every)
        if every[page]
    ]
    BINDINGS.write_text(
        "# Where each figure comes from (docs/figures/README.md). Made by figures.py --bind, and corrected by hand.\n\n"
        + "\n".join(parts),
        "utf-8",
    )


def _known(address: str) -> str:
    """A bound figure as its output says it, in two decimals at most; "" if it cannot be told."""
    try:
        return told(address, "0")
    except Wrong:
        return address.lstrip("?")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit code 1 if a figure is not as it should be"
    )
    parser.add_argument(
        "--record", nargs="+", default=[], metavar="NAME", help="a script's name, or: times, counts, missing"
    )
    parser.add_argument("--bind", nargs="+", metavar="PAGE", help="pages, as checks for docs/checks.md")
    given = parser.parse_args()
    if given.bind:
        bind(given.bind)
        return
    needed = [run for run in RUNS if run.name in used() and not run.live]
    kinds = {
        "times": [run for run in needed if run.times and not run.long],
        "counts": [run for run in needed if not run.times and not run.long],
        "missing": [run for run in needed if not (KEPT / f"{run.name}.txt").is_file()],
    }
    wanted = {
        run.name: run for kind in given.record for run in kinds.get(kind, [run for run in RUNS if run.name == kind])
    }
    if unknown := set(given.record) - {run.name for run in RUNS} - set(kinds):
        parser.error(f"there is no {', '.join(sorted(unknown))}; all.py --list names what there is")
    if not given.check:
        wanted |= {run.name: run for run in kinds["missing"]}
    wrong = record(list(wanted.values())) + other_data()
    for name, path in pages().items():
        text = path.read_text("utf-8")
        new, faults = written(name, text)
        wrong += faults
        if given.check and new != text:
            for one, other in zip(text.splitlines(), new.splitlines(), strict=True):
                if one != other:
                    wrong.append(f"{name}.md says {one.strip()!r}, its outputs {other.strip()!r} (make figures)")
        elif not given.check and new != text:
            path.write_text(new, "utf-8")
            print(f"{name}.md: figures written")
    print("\n".join(wrong) if wrong else f"{len(used())} outputs, all figures as they say")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
