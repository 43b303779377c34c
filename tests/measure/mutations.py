"""Would a test notice? Random small faults in the program, one at a time, and the tests that are likely to see them.

    python tests/measure/executed.py        # once, half an hour: which tests run which lines
    python tests/measure/mutations.py [--number 20] [--seed 1] [--list] [--only K ...] [--jobs 1]

In src/: a comparison turned, an operator or number changed, `and` for `or`, a statement left out, a value not returned;
in lang/: a rule that never fits, a row that is gone. Each is made in a copy of the tree. All tests are tried that run
the line, as executed.py recorded it (for what runs at import: the lines of its file that use the name), those of test
files that are near it and quick first, for at most `SECONDS`; then what has come since into the nearest files, and the
nearest files that are not recorded. The first failure ends it. Prints noticed (by which test) or not. A fault that
changes nothing counts as not noticed: who reads the list says so. Twenty take ten to twenty minutes of one idle
processor.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from executed import Executed, known

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "presseschau"
NETS = (
    "test_pinned_findings.py", "test_spans.py", "test_analysis.py", "test_end_to_end.py", "test_cli.py",
    "test_review.py", "test_as_before.py",
    "test_cli_options.py", "test_cli_inputs.py", "test_public_surface.py", "test_cli_library.py",
)  # fmt: skip
TURNED = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
OTHER = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*", ast.BitOr: "&"}
HOLDS = "tests/test_as_before.py::test_what_is_made_is_what_was_made"
HELD = {
    "ingest": (
        *("bounded files", "bent trees", "bent books", "drawn pages", "bent layouts", "bent pages"),
        "limited ingest",
        *("bent files", "articles"),
    ),
    "facts": ("spliced facts", "limited facts", "bent sentences", "facts"), "llm": ("sent", "refusals", "answers"),
    "checks": ("crossed pairs", "crossed claims", "bent translations", "limited checks", "bent pairs"),
    "pipeline": ("bent answers", "analyses"), "briefing": ("bent notes", "bent parts", "analyses"),
    "output": ("bent forms", "forms"),
    "cli": ("commands", "values"), "desk": ("pages", "forms sent", "settings", "values"), "assistant": ("assistant",),
    "watching": ("watch", "values"), "archive": ("values", "commands"),
    **dict.fromkeys(("archives", "library", "reviews", "results", "stored"), ("library", "commands")),
}  # fmt: skip
"""Room -> what is pinned of the whole of it: tried last, as lines move after they were recorded."""
MINUTES = 20
SECONDS = 400


@dataclass(frozen=True)
class Fault:
    """Characters `start` to `end` of the file become `new`; `name`: the function, rule or word it stands in.

    `runs`: first and last line of what runs with it; for what runs at import, `used` is the name it gives a value.
    """

    path: Path
    line: int
    start: int
    end: int
    new: str
    what: str
    name: str
    runs: tuple[int, int] = (0, 0)
    used: str = ""

    def said(self) -> str:
        old = self.path.read_text("utf-8")[self.start : self.end]
        return (
            f"{self.path.relative_to(SRC)}:{self.line} ({self.name}) {self.what}: {_short(old)} -> {_short(self.new)}"
        )


def _short(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= 60 else words[:57] + "...")


def faults() -> list[Fault]:
    """Every fault that could be made, in a fixed order."""
    found: list[Fault] = []
    for path in sorted(SRC.rglob("*.py")):
        found += _in_python(path)
    for path in sorted((SRC / "lang").glob("*/*.toml")):
        found += _in_rules(path)
    for path in sorted((SRC / "lang").glob("*/*.csv")):
        found += _in_table(path)
    return found


def _in_python(path: Path) -> Iterator[Fault]:
    text = path.read_text("utf-8")
    starts = [0]
    for line in text.splitlines(True):
        starts.append(starts[-1] + len(line))
    lines = text.splitlines(True)

    def at(line: int, column: int) -> int:  # ast counts bytes
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def place(node: ast.AST) -> tuple[int, int]:
        return at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    runs, used = (0, 0), ""

    def fault(node: ast.AST, span: tuple[int, int], new: str, what: str, name: str) -> Fault:
        within = runs if runs[0] else (node.lineno, node.end_lineno)  # type: ignore[attr-defined]
        return Fault(path, node.lineno, *span, new, what, name, within, used)  # type: ignore[attr-defined]

    def between(one: ast.AST, other: ast.AST, new: str) -> tuple[tuple[int, int], str]:
        a, b = place(one)[1], place(other)[0]
        old = text[a:b]
        return (a, b), re.sub(
            r"(?:not\s+in|is\s+not|[<>=!]=|//|\*\*|[-+*/%<>|]|\bin\b|\bis\b|\band\b|\bor\b)", new, old, count=1
        )

    def walk(node: ast.AST, name: str, fixed: bool) -> Iterator[Fault]:
        nonlocal runs, used
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                used = _target(part) or node.name
                yield from walk(part, node.name, fixed)
            used = ""
            return
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            before, used, runs = used, "", (node.body[0].lineno, node.body[-1].end_lineno or 0)
            for part in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
                yield from walk(part, node.name, fixed)
            runs = (0, 0)
            for part in node.body:
                yield from walk(part, node.name, fixed)
            used = before
            return
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Raise | ast.Assert | ast.Global):
            return
        if isinstance(node, ast.AnnAssign):
            if node.value:
                yield from walk(node.value, name, fixed)
            return
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
            span, new = between(node.left, node.comparators[0], TURNED[type(node.ops[0])])
            yield fault(node, span, new, "comparison", name)
        if isinstance(node, ast.BinOp) and type(node.op) in OTHER and not fixed:
            span, new = between(node.left, node.right, OTHER[type(node.op)])
            yield fault(node, span, new, "operator", name)
        if isinstance(node, ast.BoolOp):
            span, new = between(node.values[0], node.values[1], "or" if isinstance(node.op, ast.And) else "and")
            yield fault(node, span, new, "and/or", name)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield fault(node, (place(node)[0], place(node)[0] + 3), "", "not", name)
        if isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes) and node.value not in (None, ...):
            new = str(not node.value) if isinstance(node.value, bool) else repr(node.value * 2 or 1)
            yield fault(node, place(node), new, "constant", name)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await | ast.Yield | ast.YieldFrom):
            yield fault(node, place(node), "pass", "left out", name)
        if isinstance(node, ast.AugAssign | ast.Continue | ast.Break):
            yield fault(node, place(node), "pass", "left out", name)
        if isinstance(node, ast.Return) and node.value and not isinstance(node.value, ast.Constant):
            yield fault(node, place(node), "return None", "returned", name)
        for child in ast.iter_child_nodes(node):
            if not (isinstance(child, ast.keyword) and child.arg == "strict"):  # asserts, as `assert` does
                yield from walk(child, name, fixed)

    for node in ast.parse(text).body:
        used = _target(node)
        yield from walk(node, path.stem, fixed=False)


def _target(node: ast.AST) -> str:
    """The name to which a statement gives a value; empty if it gives none."""
    target = (
        node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else node
    )
    return target.id if isinstance(target, ast.Name) else ""


def _in_rules(path: Path) -> Iterator[Fault]:
    text = path.read_text("utf-8")
    for match in re.finditer(r"^\[([\w-]+)\]\n(?:(?!\[[\w-]+\]\n).*\n)*?(pattern = )(['\"]{1,3})", text, re.MULTILINE):
        if match[1] != "parts":
            line, end = text.count("\n", 0, match.start()) + 1, text.index(match[3], match.end())
            yield Fault(path, line, match.end(), end, "(?!)", "rule off", match[1])


def _in_table(path: Path) -> Iterator[Fault]:
    text, position, header = path.read_text("utf-8"), 0, False
    for number, line in enumerate(text.splitlines(True), 1):
        if line.strip() and not line.startswith("#"):
            if header and line.count('"') % 2 == 0:
                yield Fault(
                    path, number, position, position + len(line), "", "row gone", re.split(r"[,|]", line)[0].strip('"')
                )
            header = True
        position += len(line)


def drawn(number: int, seed: int) -> list[Fault]:
    """So many faults, the same for the same seed and tree: nine of ten in Python, the rest in lang/."""
    chance, every = random.Random(seed), faults()
    python = [fault for fault in every if fault.path.suffix == ".py"]
    rules = [fault for fault in every if fault.path.suffix == ".toml"]
    table = [fault for fault in every if fault.path.suffix == ".csv" and fault.path.name != "lexicon.csv"]
    words = max(1, number // 20)
    return [*chance.sample(python, number - 2 * words), *chance.sample(rules, words), *chance.sample(table, words)]


def likely(fault: Fault) -> list[str]:
    """Test files, the nearest first."""
    room = fault.path.relative_to(SRC).parts
    module = "presseschau." + ".".join(fault.path.relative_to(SRC).with_suffix("").parts)
    scores: dict[str, float] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "scale" in path.parts:
            continue
        text, score = path.read_text("utf-8"), 0.0
        near = len(room) > 1 and room[0] in path.parts
        if re.search(rf"\b{re.escape(fault.name.lstrip('_'))}\b", text) and len(fault.name) > 3:
            score += 2 if near else 1
        if module in text or module.removesuffix(".__init__") in text:
            score += 3
        if near:
            score += 3
        if len(room) > 2 and room[1] in path.stem:
            score += 2
        if path.name == "test_pinned_findings.py" and room[0] in ("facts", "checks", "lang"):
            score += 4.5
        if path.name == "test_as_before.py":
            score += 4.5
        if fault.path.stem.strip("_") in path.stem:
            score += 2
        if path.name in NETS:
            score += 0.5
        if fault.path.suffix != ".py" and ("lang" in path.parts or path.name == "test_pinned_findings.py"):
            score += 3
        if score:
            scores[str(path.relative_to(ROOT))] = score
    return sorted(scores, key=lambda name: -scores[name])


def copied(folder: Path) -> Path:
    """The tree as git lists it, and what is not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in listed:
        if (source := ROOT / name).exists() or source.is_symlink():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name, follow_symlinks=False)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    return folder


def tests_of(fault: Fault, executed: Executed | None) -> list[str]:
    """What is tried: tests that run the line, or that are about the rule or row; else files, the nearest first."""
    near = likely(fault)
    if fault.path.suffix == ".toml":
        asked = f"[{fault.path.parent.name}-{fault.path.stem}-{fault.name}]"
        of_rule = ("finds_its_own_examples_only", "is_missed_when_it_is_gone")
        return [f"tests/lang/test_rules.py::test_a_rule_{name}{asked}" for name in of_rule]
    if fault.path.suffix == ".csv":
        return ["tests/test_as_before.py", *near[:8]]
    if executed is None:
        return near[:30]
    place = str(fault.path.relative_to(ROOT))
    lines = fault.path.read_text("utf-8").splitlines()
    uses = [n for n, line in enumerate(lines, 1) if re.search(rf"\b{fault.used}\b", line)]
    where = {place: uses if fault.used else [*range(fault.runs[0], fault.runs[1] + 1)]}
    times = executed.tests(where)
    rank = {name: n for n, name in enumerate(near)}
    ordered = sorted(times, key=lambda name: (rank.get(name.partition("::")[0], 99) > 2, times[name]))
    spent = list(accumulate(times[name] for name in ordered))
    run = [name for name, sofar in zip(ordered, spent, strict=True) if sofar < SECONDS]
    other = [name for name in near if name not in executed.files][: 4 if run else 8]
    new = executed.new([*near[:8], "tests/test_as_before.py"])
    if fault.used or fault.line < fault.runs[0]:  # a constant or a default: these hold what they are
        new += ["tests/test_public_surface.py", *(f"{HOLDS}[{which}]" for which in ("data", "limits"))]
    room = fault.path.relative_to(SRC).parts[0].removesuffix(".py")
    sets = (f"{room} functions", *HELD.get(room, ()))
    new += [f"{HOLDS}[{which}]" for which in sets]
    other = [*dict.fromkeys(name for name in new if name.partition("::")[0] not in other), *other]
    return [*other, *run] if fault.used else [*run, *other]


def tried(fault: Fault, tree: Path, executed: Executed | None) -> str | None:
    """The test that notices, and does not fail without the fault; None if none does."""
    target = tree / fault.path.relative_to(ROOT)
    sound = target.read_text("utf-8")
    tests, sick = tests_of(fault, executed), list[str]()
    while len(sick) < 5:
        target.write_text(sound[: fault.start] + fault.new + sound[fault.end :], "utf-8")
        failed = first_failure(tree, tests, sick)
        target.write_text(sound, "utf-8")
        if failed is None or failed.startswith("(") or first_failure(tree, [failed], []) is None:
            return failed
        sick.append(failed)
    return None


def first_failure(tree: Path, tests: list[str], but: list[str]) -> str | None:
    """The first of these tests that fails there, or what else happened, in brackets; None if all pass."""
    known = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    (tree / "build").mkdir(exist_ok=True)
    (tree / "build" / "tests").write_text("\n".join(name for name in tests if name not in but), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--timeout", "120"]
    command += ["-m", "not model", *(f"--deselect={name}" for name in but), "@build/tests"]
    try:
        done = subprocess.run(
            command, cwd=tree, env=known, capture_output=True, text=True, timeout=60 * MINUTES, check=False
        )
    except (
        subprocess.TimeoutExpired
    ):  # a test that hangs has failed by itself: these were too many, or the load is high
        return None
    if done.returncode in (0, 5, -15):  # ended by somebody: says nothing
        return None
    failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    return (
        failed[1] if failed else f"(pytest ended with {done.returncode}: {(done.stdout + done.stderr).strip()[-200:]})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="only say which")
    parser.add_argument(
        "--only", nargs="+", type=int, metavar="K", help="of these, by their place in the list (from 1)"
    )
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    chosen = [(n, f) for n, f in enumerate(drawn(given.number, given.seed), 1) if not given.only or n in given.only]
    executed = known()
    if given.list:
        for n, fault in chosen:
            tests = tests_of(fault, executed)
            print(f"{n:3} {fault.said()}\n      {len(tests)} tests: {' '.join(tests[:3])}")
        return
    with tempfile.TemporaryDirectory() as name:
        trees = [copied(Path(name) / f"tree{job}") for job in range(given.jobs)]

        def one(item: tuple[int, Fault]) -> bool:
            n, fault = item
            tree, began = trees.pop(), time.monotonic()
            seen = tried(fault, tree, executed)
            trees.append(tree)
            print(
                f"{n:3} {'noticed' if seen else 'NOT NOTICED':12}{fault.said()}   {seen or ''} "
                f"({time.monotonic() - began:.0f} s)",
                flush=True,
            )
            return seen is not None

        with ThreadPoolExecutor(given.jobs) as pool:
            noticed = list(pool.map(one, chosen))
    print(f"seed {given.seed}: {sum(noticed)} of {len(noticed)} noticed")


if __name__ == "__main__":
    main()
