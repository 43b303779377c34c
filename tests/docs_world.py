"""What the commands and snippets of the documents find when they are run: articles, results, a model on loopback.

A block of shell or Python is run line by line in a folder of its page, as a reader would. What it names and is not
there (article.txt, out.jsonl, archive.db ...) is put there first. Models of any name answer on loopback: about articles
of fixtures/ well, about any other with a sentence for each number. No network is reached.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from inspect import iscoroutinefunction
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import labelled_server
import note_server
from fault_server import Reply, Seen, completion
from in_process import presseschau
from presseschau import results
from scripted import numbers_in

ROOT = Path(__file__).parent.parent
ARTICLES = ROOT / "fixtures" / "briefing"
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
EXCUSE = re.compile(r"<!-- not run(?: `([^`]+)`)?: ([^>]+?) -->\s*\Z")
COMMAND = re.compile(r"^ *(presseschau|python|pytest|pip|make|export|git|cd|mkdir) ", re.MULTILINE)
EXIT = re.compile(r"\bexit (\d+)")
LOOPBACK_OPTIONS = ("--base-url", "--reader-base-url")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, its text. `excuse` says why it, or its lines that begin with
    `excused`, are not run."""

    page: str
    line: int
    language: str
    text: str
    excuse: str = ""
    excused: str = ""


def blocks(page: Path) -> list[Block]:
    text = page.read_text("utf-8")
    found = []
    for fence in FENCE.finditer(text):
        before, excused, why = text[: fence.start()], "", ""
        while excuse := EXCUSE.search(before):
            excused, why, before = excuse[1] or "", excuse[2], before[: excuse.start()]
            if not excused:
                break
        lines = re.sub(rf"^{fence[1]}", "", fence[3], flags=re.MULTILINE)
        found.append(Block(page.name, text[: fence.start()].count("\n") + 1, fence[2], lines, why, excused))
    return found


def answers(seen: Seen) -> Reply:
    """Of an article that is known what a very good model would say, else a sentence for each number."""
    if '"errors"' in json.dumps(seen.json.get("response_format", "")):  # a second reader
        return completion(json.dumps({"errors": []}))
    for known in (note_server.everything, labelled_server.as_labelled()):
        try:
            return known(seen)
        except (ValueError, StopIteration, KeyError, TypeError):
            continue
    said = seen.json["messages"][-1]["content"]
    if " into " in said:
        return completion(json.dumps({"sentences": [{"n": n, "en": "It was said so."} for n in numbers_in(said)]}))
    if "Task: summarise" in said:
        point = {"sentences": [2], "text": "It was said so."}
        return completion(json.dumps({"points": [point], "bottom_line": point, "headline": "News"}))
    return completion(json.dumps({"claims": []}))


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """The model on loopback, the pages of https://example.org likewise, and all that commands may name."""
    pages = folder / "example.org"
    pages.mkdir(parents=True)
    texts = [file.read_text("utf-8").split("\n\n") for file in sorted(ARTICLES.glob("b*.txt"))]
    for name, text in zip(("a", *"1234"), texts, strict=True):
        body = f"<h1>{text[1]}</h1>{''.join(f'<p>{one}</p>' for one in text[3:])}"
        (pages / name).write_text(
            f"<html lang=de><head><title>{text[1]}</title></head><body><article>{body}</article>", "utf-8"
        )
    handler = partial(_Quiet, directory=str(pages))
    with note_server.endpoint([answers]) as model, ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        items = "".join(
            f"<item><title>{text[1]}</title><link>http://127.0.0.1:{site.server_port}/{name}</link>"
            f"<description>{' '.join(text[3:])}</description><pubDate>Tue, 10 Mar 2026 11:15:00 +0100</pubDate></item>"
            for name, text in zip(("a", *"1234"), texts, strict=True)
        )
        (pages / "feed.xml").write_text(f'<rss version="2.0"><channel>{items}</channel></rss>', "utf-8")
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        try:
            yield World(folder, model["url"], f"http://127.0.0.1:{site.server_port}")
        finally:
            site.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {"": "text/html", ".xml": "application/rss+xml"}  # noqa: RUF012

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class World:
    folder: Path
    model: str
    site: str

    def __post_init__(self) -> None:
        self.prepared = self.folder / "prepared"
        self.prepared.mkdir()
        self.environment = {
            "XDG_CACHE_HOME": str(self.folder / "cache"), "XDG_DATA_HOME": str(self.folder / "data"),
            "OPENAI_BASE_URL": self.model, "PRESSESCHAU_MODEL": "m", "OPENAI_API_KEY": "none",
        }  # fmt: skip
        self._prepare()

    def _prepare(self) -> None:
        here = self.prepared
        for name in ("archive", "articles"):
            (here / name).mkdir()
            for file in sorted(ARTICLES.glob("b*.txt")):
                shutil.copy(file, here / name)
        for name in ("article.txt", "new.txt"):
            shutil.copy(ARTICLES / "b1-sundkurier.txt", here / name)
        for name in ("article.html", "page.html"):
            shutil.copy(self.folder / "example.org" / "a", here / name)
        shutil.copy(self.folder / "example.org" / "feed.xml", here)
        pairs = [("Die Werft streicht 420 Stellen.", "The shipyard is cutting 420 jobs."), ("Er kam.", "He came.")]
        (here / "pairs.jsonl").write_text("".join(json.dumps({"de": de, "en": en}) + "\n" for de, en in pairs), "utf-8")
        (here / "pairs.tsv").write_text("".join(f"{de}\t{en}\n" for de, en in pairs), "utf-8")
        rows = [
            json.dumps({"id": f.stem, "text": f.read_text("utf-8")}) + "\n" for f in sorted(ARTICLES.glob("b*.txt"))
        ]
        for name in ("archive.jsonl", "shard-3.jsonl"):
            (here / name).write_text("".join(rows), "utf-8")
        for name in ("mistral.key", "key.txt"):
            (here / name).write_text("none\n", "utf-8")
        (here / "words.csv").write_text("source,target\nStellen,jobs\n", "utf-8")
        (sources,) = (block.text for block in blocks(ROOT / "docs" / "watch.md") if block.language == "toml")
        (here / "quellen.toml").write_text(sources, "utf-8")
        exports = ROOT / "fixtures" / "ingest" / "exports"
        shutil.copy(exports / "nexis.html", here / "nexis.html")
        for line in (
            "article article.txt -o result.json", "article article.txt -o a.json", "article article.txt -m n -o b.json",
            "batch archive/ -o out.jsonl", "import archive.db out.jsonl", "brief out.jsonl -o note.json",
            "render note.json -o note.html", "render result.json -o pairs.tmx", "render result.json -o edited.xlf",
            "render result.json -o ours.docx",
        ):  # fmt: skip
            self.command(shlex.split(line), here, {"quiet"})
        edited = (here / "edited.xlf").read_text("utf-8").replace("cut 420 jobs", "shed 420 jobs")
        (here / "edited.xlf").write_text(edited, "utf-8")

    def run(self, block: Block, folder: Path, state: dict[str, Any]) -> list[str]:
        """Runs the lines of a block; gives those that were excused. Raises AssertionError for one that fails."""
        if block.excuse and not block.excused:
            return [block.text]
        if block.language == "python":
            self._python(block, folder, state)
            return []
        left = []
        for line in re.sub(r" *\\\n *", " ", block.text).splitlines():
            allowed = {0, *map(int, EXIT.findall(line.partition("#")[2]))}
            for part in re.sub(r"(^|\s)#.*$", "", line).split("; "):
                if not part.strip():
                    continue
                if block.excused and part.strip().startswith(block.excused):
                    left.append(part.strip())
                    continue
                self._shell(part.strip(), folder, state, allowed, f"{block.page}:{block.line}")
        return left

    def _shell(self, line: str, folder: Path, state: dict[str, Any], allowed: set[int], where: str) -> None:
        said = "q\n"
        if piped := re.fullmatch(r"cat (\S+) \| (presseschau .*)", line):
            self._provide(piped[1], folder)
            said, line = (folder / piped[1]).read_text("utf-8"), piped[2]
        word, *words = shlex.split(line)
        if word == "export":
            name, _, value = words[0].partition("=")
            at_loopback = {"OPENAI_API_KEY": "none", "PRESSESCHAU_BASE_URL": self.model}
            state["environment"][name] = at_loopback.get(name, value)
        elif word == "presseschau":
            found = self.command(words, folder, set(), state["environment"], said)
            assert found.code in allowed, f"{where}: {line} ended with {found.code}\n{found.err}{found.out[-500:]}"
        elif word == "mkdir":
            (folder / words[-1]).mkdir(exist_ok=True)
        elif word == "pip":  # what is installed is what pyproject.toml offers
            extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
            assert {one for named in re.findall(r"\[([\w,]+)\]", line) for one in named.split(",")} <= set(extras), (
                where
            )
        elif word == "make":  # nor is the program built or tested here: its targets are there
            assert re.search(rf"^{words[0]}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE), f"{where}: {line}"
        elif Path(word).name in ("python", "pytest"):  # scripts have tests of their own: they are there
            paths = [one for one in words if re.fullmatch(r"(?:tests|examples|src|docs)/[\w./-]+", one)]
            assert paths, f"{where}: {line}"
            assert [one for one in paths if not (ROOT / one).exists()] == [], f"{where}: {line}"
        else:
            raise AssertionError(f"{where}: nobody knows how to run {line!r}")

    def command(
        self, words: list[str], folder: Path, flags: set[str], more: dict[str, str] | None = None, said: str = "q\n"
    ) -> Any:
        """The end of `presseschau WORDS` in the folder."""
        given = list(self._words(words, folder))
        with patch.dict(os.environ, {**self.environment, **(more or {})}), _inside(folder):
            ended = presseschau(*given, said=said)
        assert not flags or ended.code == 0, (words, ended)
        return ended

    def _words(self, words: list[str], folder: Path) -> Iterator[str]:
        local = False
        before = ""
        for word in words:
            if before in LOOPBACK_OPTIONS:
                yield self.model
            elif word.startswith("https://example.org"):
                local = True
                yield word.replace("https://example.org", self.site)
            elif word == "ID":
                self._provide(words[1], folder)
                yield next(iter(results.read_results(folder / words[1]))).article.source
            else:
                if before not in ("-o", "--output", "--metrics"):
                    self._provide(word, folder)
                yield from sorted(map(str, folder.glob(word))) if "*" in word else [word]
            before = word
        if local:
            yield "--allow-private"
        if "--max-cost" in words:  # what is known of prices at OpenAI is not known of loopback
            yield from ("--price", "1,4", *(("--reader-price", "1,4") if "--second-reader" in words else ()))

    def _provide(self, word: str, folder: Path) -> None:
        """Puts there what the word names, and what belongs to it, unless it is there."""
        name = word.rstrip("/")
        source = self.prepared / name
        if not name or "/" in name or not source.exists() or (folder / name).exists():
            return
        for one in [source, *self.prepared.glob(f"{name}.d")]:
            if one.is_dir():
                shutil.copytree(one, folder / one.name)
            else:
                shutil.copy(one, folder)

    def _python(self, block: Block, folder: Path, state: dict[str, Any]) -> None:
        from presseschau.llm import engine
        from presseschau.llm.endpoint import Endpoint

        def choose(model: str | None = None, **given: Any) -> engine.Choice:
            return engine.Choice(Endpoint(base_url=self.model, model=model or "m"), reader=given.get("reader"))

        for word in re.findall(r"[\"']([\w./-]+)[\"']", block.text):
            self._provide(word, folder)
        with (
            patch.dict(os.environ, {**self.environment, **state["environment"]}),
            patch("presseschau.llm.engine.choose", choose), patch("presseschau.blocking.choose", choose),
            patch("presseschau.archive.many.choose", choose),
            _inside(folder), redirect_stdout(StringIO()),
        ):  # fmt: skip
            exec(compile(block.text, f"{block.page}:{block.line}", "exec"), state["python"])
            main = state["python"].pop("main", None)
            if iscoroutinefunction(main):
                asyncio.run(main())


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    sys.path_importer_cache.clear()
    try:
        yield
    finally:
        os.chdir(before)
