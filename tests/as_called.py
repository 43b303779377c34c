"""What each function of a room makes of samples of what it takes, for as_before.py: also those that only others call.

A function is called if all that it needs is annotated with a kind of which there are samples (`_samples`), as often as
the longest list of these has items. What is made is told with sets in order and floats rounded, so that it is the same
on every machine. Rooms whose functions ask a network, a clock or the user are left out.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import http.client
import importlib
import inspect
import io
import json
import os
import pkgutil
import re
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache, partial
from itertools import cycle, islice
from tempfile import TemporaryDirectory
from types import FunctionType, ModuleType
from typing import Any
from unittest.mock import patch

from own_analysis import RICH, own
from pydantic import BaseModel

import as_shown
import briefing_world
import pinned
import presseschau
from accounts_world import labelled, stories
from note_sample import sample
from presseschau.briefing.statements import statement
from presseschau.checks.bitext import bitext
from presseschau.checks.note.check import Basis
from presseschau.checks.pair.untranslated import Near
from presseschau.facts import compare, facts
from presseschau.facts.fact import Fact
from presseschau.facts.words import words
from presseschau.ingest.document import ReadOptions
from presseschau.ingest.formats.unread import Look
from presseschau.ingest.layout.blocks import Block, Part
from presseschau.llm.reply import Received
from presseschau.models import Provenance

Made = Iterable[tuple[str, list[str]]]
ROOMS = (
    "archive", "assistant", "briefing", "checks", "cli", "comparison", "desk", "facts", "ingest", "lang", "library",
    "llm", "notes", "output", "pipeline", "watching",
)  # fmt: skip
_NOT = re.compile(
    r"desk\.(?:app\.default_archive|security\._own_names|queue|settings)|archive\.(?:prices|progress|run)\b|docx|_page\b"
    r"|output\.(?:templates|html)|desk\.page\._(?:static|address)|ingest\.(?:fetch|polite|sources|formats\.(?:archive|warc))"
    r"|pipeline\.prompts|cli\.(?:cache|doctor|model|review|serve|exits\.run)|llm\.(?:token_count|local|engine|transport|places)"
)
"""They ask the machine, a network or the user, or make whole files, which other sets have."""
_MADE_BY = re.compile(r"(?<=\"presseschau\": \")[^\"]+|(?<=\"prompts\": \")[^\"]+")
_ADDRESS = re.compile(" at 0x[0-9a-f]+")


def functions(room: str) -> Made:
    """Module by module, what its functions make of the samples."""
    with as_shown._in_germany(), TemporaryDirectory() as nowhere, contextlib.chdir(nowhere), _home(nowhere):
        for info in pkgutil.walk_packages(presseschau.__path__, "presseschau."):
            if info.name.split(".")[1] == room and not _NOT.search(info.name):
                module = importlib.import_module(info.name)
                lines = [line for name, one in sorted(vars(module).items()) for line in _called(module, name, one)]
                if lines:
                    yield info.name.removeprefix("presseschau."), lines


def _home(folder: str) -> Any:
    return patch.dict(os.environ, {"HOME": folder, "PATH": os.environ["PATH"], "TZ": "Europe/Berlin"}, clear=True)


def _called(module: ModuleType, name: str, one: object) -> Iterator[str]:
    inner = inspect.unwrap(one) if callable(one) and not isinstance(one, type) else one
    if not isinstance(inner, FunctionType) or inner.__code__.co_filename != module.__file__ or _is_left_out(inner):
        return
    needed = [p for p in inspect.signature(inner).parameters.values() if p.default is p.empty]
    kinds = [str(p.annotation) for p in needed]
    room = module.__name__.split(".")[1]
    known = [(_inner() if room in _READ else _samples()).get(kind, ()) for kind in kinds]
    lists = [copy.deepcopy(one) if kind in _SPENT else one for kind, one in zip(kinds, known, strict=True)]
    if lists and all(lists):
        pairs = cycle(lists[1][1:] + lists[1][:1]) if len(lists) == 2 and lists[0] == lists[1] else None
        columns = (
            [lists[0], pairs]
            if pairs
            else [cycle(one) if len(one) < len(max(lists, key=len)) else one for one in lists]
        )
        for values in zip(*columns, strict=False):
            yield _MADE_BY.sub("", f"{name} {_answer(one, values)}")


def _is_left_out(function: FunctionType) -> bool:
    return inspect.iscoroutinefunction(function) or bool(_NOT.search(f"{function.__module__}.{function.__name__}"))


def _answer(function: Any, values: list[Any]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        try:
            made = function(*values)
            made = list(islice(made, 300)) if inspect.isgenerator(made) else made
        except Exception as error:  # noqa: BLE001 - the samples fit no more than the kind
            return f"{type(error).__name__}"
    return f"{_told(made)} {out.getvalue()}".rstrip()


def _told(value: object) -> str:
    """The same for the same value, whatever the process."""
    if isinstance(value, float):
        return f"{value:.9g}"
    if isinstance(value, str | bytes | int | None):
        return repr(value)
    if isinstance(value, Provenance):  # by which version
        return "Provenance"
    if isinstance(value, BaseModel):
        return f"{type(value).__name__}{_told({name: getattr(value, name) for name in type(value).model_fields})}"
    if dataclasses.is_dataclass(value):
        known = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.repr}
        return f"{type(value).__name__}{_told(known)}"
    if isinstance(value, Mapping):
        pairs = [f"{_told(key)}: {_told(one)}" for key, one in value.items()]
        return f"{{{', '.join(sorted(pairs))}}}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_told, value)))}}}"
    if isinstance(value, list | tuple):
        return f"({', '.join(map(_told, value))})"
    return _ADDRESS.sub("", repr(value))


@cache
def _samples() -> Mapping[str, list[Any]]:
    """Annotation -> values of that kind; two in a row of the same kind are of one thing."""
    rows = pinned.rows("pinned.jsonl")[5::60]
    told = [*map(labelled, stories()[:14])]
    claims = [one for some, _, _ in told for one in some]
    sources = [one for _, some, _ in told for one in some]
    alike = [_pair(row) for name in ("side_by_side", "kinds") for row in _rows(name)]
    analyses = [*briefing_world.analyses()[:4], own(RICH)]
    texts = [
        *json.loads((pinned.FIXTURES / "shown" / "samples.json").read_text("utf-8")),
        *(text for row in rows for text in (row["de"], row["en"])),
    ]
    found = {
        "str": texts,
        "bytes": [one.encode() for one in texts],
        "int": [*range(4), 59, 60, 61, 3600, 123456],
        "bool": [True, False],
        "float": [0.0, 0.04, 0.5, 0.95, 1.0, 1.5, 59.6, 3600.0],
        "Lang": ["de", "en"],
        "Facts": [facts(row[lang], lang) for row in rows for lang in ("de", "en")],
        "Bitext": [bitext(row["de"], row["en"]) for row in rows],
        "datetime": [datetime(2026, 3, 12, 23, 30, tzinfo=UTC)],
        "date": [date(2026, 3, 12)],
        "Article": [one.article for one in analyses],
        "Analysis": analyses,
        "Note": [sample()],
        "Sequence[Analysis]": [analyses[:4], analyses[2:3], []],
        "Sequence[Article]": [[one.article for one in analyses], []],
        "Sequence[SourceClaim]": [some for some, _, _ in told],
        "Sequence[Source]": [some for _, some, _ in told],
        "SourceClaim": claims,
        "Source": sources,
        "Claim": [one.claim for one in claims],
        "ClaimWords": [one for pair in alike for one in pair],
        "Sequence[str]": [texts, texts[:1], []],
        "ReadOptions": [ReadOptions()],
        "Finding": [one for analysis in analyses for one in analysis.findings],
        "Sentence": analyses[0].article.sentences,
        "TranslatedSentence": [*(analyses[0].translation or ())],
        "Change": [*sample().changes],
        "Comparison": [one for story in sample().stories for one in story.comparisons],
        "Story": [*sample().stories],
    }
    return _many(found)


def _many(found: dict[str, list[Any]]) -> Mapping[str, list[Any]]:
    """And of each kind none, or several."""
    optional = {f"{kind} | None": [None, *values] for kind, values in found.items()}
    several = {
        f"{many}[{kind}]": [values[:9], values[3:5], []]
        for many in ("Iterable", "Sequence", "Collection", "list")
        for kind, values in found.items()
        if "[" not in kind
    }
    return {**several, **optional, **found}


@cache
def _inner() -> Mapping[str, list[Any]]:
    return _many(_parts_of(_samples())) | _samples()


_READ = ("facts", "ingest", "lang", "llm", "pipeline")
"""Rooms whose functions take parts of texts and pages."""


def _parts_of(found: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """What is within the samples, or stands around them: words and facts, marks and lines of pages, values of JSON."""
    texts, pairs = found["str"], found["Bitext"]
    every = [fact for read in found["Facts"] for name in read.concepts for fact in getattr(read, name)]
    known = [word for text in texts[-12:] for word in words(text)]
    errors = (pinned.FIXTURES / "llm" / "errors.jsonl").read_text("utf-8").splitlines()
    values = [json.loads(line)["body"] for line in errors] + [{"text": one, "title": one[:40]} for one in texts[:9]]
    notes = found["Note"][0]
    claims = [*notes.claims]
    return {
        "Word": known,
        "tuple[Word, ...]": [words(text) for text in texts],
        "tuple[str, ...]": [tuple(text.split()) for text in texts],
        "frozenset[str]": [frozenset(text.split()) for text in texts[:9]],
        "Fact": [fact for fact in every if isinstance(fact, Fact)],
        "Difference": [one for pair in pairs for one in compare(pair.german.facts, pair.english.facts)],
        "English": [pair.english for pair in pairs],
        "German": [pair.german for pair in pairs],
        "Near": [Near(*(n >> k & 1 == 1 for k in range(8)), *("der", "the")[:: 1 - 2 * (n & 1)], n < 9, n > 5) for n in
                 (0, 255, 1, 2, 4, 8, 16, 32, 64, 128, 3, 12, 85, 170)],
        "Span": [one.de_span for one in found["Finding"] if one.de_span],
        "Summary": [one.summary for one in found["Analysis"] if one.summary],
        "Basis": [Basis((one,), notes.sources) for one in claims[:9]] + [Basis(tuple(claims[:4]), notes.sources)],
        "Look": [Look(text) for text in texts],
        "Part": [_part(text) for text in texts],
        "list[Part]": [[_part(text) for text in texts[n : n + 4]] for n in range(0, 24, 3)],
        "Sequence[Part]": [[_part(text) for text in texts[n : n + 4]] for n in range(0, 24, 3)],
        "Received": [Received("application/json", json.dumps(one).encode()) for one in values] + [Received("", b"<a")],
        "Mapping[str, Any]": values,
        "dict[str, Any]": values,
        "Mapping[str, str]": [{"text": one, "content-type": one[:9], "retry-after": str(n)} for n, one in
                              enumerate(texts[:9])],
        "Mapping[int, str]": [dict(enumerate(texts[n : n + 5], 1)) for n in (0, 9, 14)],
        "object": [None, True, 0, 1, -1, 2.0, 2.5, "7", "Text", [], ["a", 1], {}, {"text": "x"}, *values[:9]],
        "Exception": [OSError(2, "gone"), ValueError("x"), http.client.IncompleteRead(b""), zlib.error("x"),
                      http.client.BadStatusLine("x"), ssl.SSLError("x"), UnicodeError("x"), OSError()],
    }  # fmt: skip


def _part(text: str) -> Part:
    return Part(Block(0, len(text), text))


_SPENT = ("Part", "list[Part]", "Sequence[Part]", "Mapping[str, Any]", "dict[str, Any]")
"""What a function may change: each has its own."""


def _rows(name: str) -> list[dict[str, Any]]:
    path = pinned.FIXTURES / "briefing" / f"{name}.jsonl"
    return [*map(json.loads, path.read_text("utf-8").splitlines())]


def _pair(row: dict[str, Any]) -> tuple[Any, Any]:
    """The claims of two papers, as they are compared."""
    papers = [
        {"outlet": f"Blatt {n}", "agency": None, "day": f"2026-09-1{n}", "told": [{**row[side], "about": "", "is": ""}]}
        for n, side in enumerate(("one", "other"))
    ]
    claims, _, _ = labelled({"papers": papers})
    one, other = map(statement, claims)
    return one, other


SETS: dict[str, Callable[[], Made]] = {f"{room} functions": partial(functions, room) for room in ROOMS}
