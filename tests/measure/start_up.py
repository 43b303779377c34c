"""What a start costs: CPU of a cached `article`, of `--help` and `--version`, and the patterns compiled on the way.

Usage: python tests/measure/start_up.py [--runs N]

The article's answers come from a loopback server that speaks for a careful model (fixtures/translations, fixtures/
claims), once; what is measured is the run after it, which sends nothing and finds the code of the patterns that the
first left (storage/kept.py). Each figure is the median of N runs (7), user and system time of the process and what
it started, with bytecode at hand as in an installed program. The same is given for `python -c pass` and for the
smallest Typer program, since they are what cannot be saved.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from archive_server import LateServer  # noqa: E402
from fault_server import Reply, Seen, completion  # noqa: E402

SLUG = "bahn-warnstreik"
ARTICLE = ROOT / "fixtures" / "articles" / "own" / f"{SLUG}.txt"
ENGLISH = json.loads((ROOT / "fixtures" / "translations" / "own" / f"{SLUG}.json").read_text("utf-8"))
CLAIMS = [
    claim
    for line in (ROOT / "fixtures" / "claims" / "own_claims.jsonl").read_text("utf-8").splitlines()
    if (claim := json.loads(line))["article"] == SLUG
]
FIELDS = ("sentences", "speaker", "via", "stance", "text")
HELLO = "import typer\napp = typer.Typer()\n@app.command()\ndef hello(name: str = 'x') -> None:\n    print(name)\napp()"
COUNTED = """
import atexit, re._compiler, sys
compiled, compile_ = [], re._compiler.compile
def counting(pattern, flags=0):
    compiled.append(pattern if isinstance(pattern, str) else "")
    return compile_(pattern, flags)
re._compiler.compile = counting
atexit.register(lambda: print("compiled", len(compiled), sum(map(len, compiled)), file=sys.stderr))
from presseschau.cli import main
main()
"""


def answer(seen: Seen) -> Reply:
    """The model: translation, claims or summary of the article, whichever is asked for."""
    schema = json.dumps(seen.json["response_format"])
    if "bottom_line" in schema:
        points = [{"text": claim["text"], "sentences": claim["sentences"]} for claim in CLAIMS[:4]]
        value = {"points": points, "bottom_line": points[0], "headline": ENGLISH["1"]}
    elif "speaker" in schema:
        value = {"claims": [{field: claim[field] for field in FIELDS} for claim in CLAIMS]}
    else:
        value = {"sentences": [{"n": int(n), "en": english} for n, english in ENGLISH.items()]}
    return completion(json.dumps(value), prompt_tokens=len(str(seen.json)) // 4)


def command(*arguments: str, counted: bool = False) -> list[str]:
    return [sys.executable, *(["-c", COUNTED] if counted else ["-m", "presseschau"]), *arguments]


def environment() -> dict[str, str]:
    ours = {"PYTHONPATH": str(ROOT / "src"), "OPENAI_API_KEY": "none"}
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | ours


def cpu(arguments: list[str], runs: int) -> float:
    """Median seconds of CPU; stops with what it said if the command fails."""
    taken = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(arguments, capture_output=True, text=True, env=environment(), check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            sys.exit(done.stderr)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)


async def cached(folder: str) -> list[str]:
    """The arguments of an `article` whose answers are all in its cache."""
    common = ["--model", "careful", "--cache", f"{folder}/answers.sqlite3", "--json"]
    async with LateServer(0, answer) as server:
        arguments = ["article", str(ARTICLE), "--base-url", server.base_url, *common]
        first = await asyncio.create_subprocess_exec(
            *command(*arguments), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, error = await first.communicate()
    if first.returncode or not (result := json.loads(out))["claims"] or not result["summary"]:
        sys.exit(error.decode() or "no analysis")
    return [*arguments, "--cache-only"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        article = asyncio.run(cached(folder))
        for name, arguments in (("cached article", article), ("--help", ["--help"]), ("--version", ["--version"])):
            done = subprocess.run(
                command(*arguments, counted=True), capture_output=True, text=True, env=environment(), check=True
            )
            _, patterns, letters = done.stderr.splitlines()[-1].split()
            print(f"{name}: {patterns} patterns of {letters} letters compiled")
        bare, hello = cpu([sys.executable, "-c", "pass"], runs), cpu([sys.executable, "-c", HELLO, "--help"], runs)
        print(f"python -c pass: {bare:.3f} s CPU; --help of the smallest Typer program: {hello:.3f} s")
        print(f"cached article: {cpu(command(*article), runs) - bare:.2f} s CPU above python -c pass")
        print(f"--help: {cpu(command('--help'), runs) / hello:.2f} times the smallest Typer program's")
        print(f"--version: {cpu(command('--version'), runs) / bare:.1f} times python -c pass")


if __name__ == "__main__":
    main()
