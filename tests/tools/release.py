"""What is published, tried as its user has it: sdist and wheel built, checked, installed alone, and run on the sample.

    python tests/tools/release.py [--dist DIR]        # make release

The wheel is built from the sdist, so that one holds all that is needed. It is installed into an empty environment with
the versions of constraints.txt, and there the commands run outside of the repository: the sample against a server on
this machine that answers from the labels of the shipped articles, and again from the cache. Any other connection would
go to a proxy that nobody serves. Publishes nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "gericht-muehle.txt"


def version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def check_changelog(number: str) -> None:
    """The version has its dated part, and nothing lies unreleased above it."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## \[{re.escape(number)}\] - \d{{4}}-\d\d-\d\d$", text, re.MULTILINE):
        sys.exit(f"CHANGELOG.md has no dated part for {number}.")
    unreleased = re.search(r"^## \[Unreleased\]\n(.*?)^## \[", text, re.MULTILINE | re.DOTALL)
    if unreleased and unreleased[1].strip():
        sys.exit(f"CHANGELOG.md says things under Unreleased: they belong to {number}, or wait.")


def said(*command: object, **more: object) -> str:
    """What it prints; ends with what it said if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(
            f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return str(done.stdout)


def build(dist: Path) -> Path:
    """The wheel, made from the sdist; both lie in `dist`, their metadata checked."""
    shutil.rmtree(dist, ignore_errors=True)
    said(sys.executable, "-m", "build", "--outdir", dist, ROOT)
    (wheel,), files = dist.glob("*.whl"), sorted(dist.iterdir())
    try:
        said(sys.executable, "-m", "twine", "check", "--strict", *files)
    except SystemExit as error:
        if "No module named twine" not in str(error):
            raise
        print("twine is not installed: metadata not checked (pip install twine)")
    print("built:", ", ".join(f"{file.name} ({file.stat().st_size / 1e6:.1f} MB)" for file in files))
    return wheel


def installed(wheel: Path, home: Path) -> Path:
    """The program in an empty environment."""
    said(sys.executable, "-m", "venv", home)
    python = home / "bin" / "python"
    said(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", ROOT / "constraints.txt", wheel)
    return home / "bin" / "presseschau"


async def tried(program: Path, folder: Path, number: str) -> None:
    """The sample as a user runs it."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    from archive_server import LateServer
    from labelled_server import as_labelled

    closed = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    known = {"PATH": os.environ["PATH"], "HOME": str(folder), **closed, "NO_PROXY": "127.0.0.1"}

    def run(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [str(program), *arguments], cwd=folder, env=known, capture_output=True, text=True, check=False
        )
        print(f"   presseschau {' '.join(arguments)}: {done.returncode}")
        if done.returncode != code:
            raise RuntimeError(f"it should end with {code}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    shutil.copy(ROOT / "fixtures" / "models" / "articles" / SAMPLE, folder / SAMPLE)
    assert number in run("--version")
    assert "German" in run("--help")
    run("read", SAMPLE)
    async with LateServer(0.001, as_labelled()) as server:
        asked = ("article", SAMPLE, "-m", "m", "--base-url", server.base_url)
        await asyncio.to_thread(run, *asked, "-o", "result.json")
        bought = len(server.seen)
        await asyncio.to_thread(run, *asked, "-o", "page.html")
        assert len(server.seen) == bought, "the second run was not answered from the cache"
        await asyncio.to_thread(run, "batch", SAMPLE, "-m", "m", "--base-url", server.base_url, "-o", "archive.db")
    result = json.loads((folder / "result.json").read_text("utf-8"))
    assert len(result["translation"]) == 14, "sentences are missing"
    assert result["claims"], "claims are missing"
    assert result["provenance"]["versions"]["presseschau"] == number, "another version ran"
    assert "<html" in (folder / "page.html").read_text("utf-8")
    run("verify", "result.json")
    run("render", "result.json", "-f", "md")
    run("search", "archive.db", "Mühle")
    print(
        f"presseschau {number}: {len(result['translation'])} sentences, {len(result['claims'])} claims, "
        f"{bought} requests"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    number, dist = version(), parser.parse_args().dist
    check_changelog(number)
    wheel = build(dist)
    with tempfile.TemporaryDirectory() as name:
        program = installed(wheel, Path(name) / "venv")
        (Path(name) / "desk").mkdir()
        asyncio.run(tried(program, Path(name) / "desk", number))
    print(f"now: git tag -a v{number} -m 'presseschau {number}'; publish what lies in {dist.name}/")


if __name__ == "__main__":
    main()
