"""What the program makes of the fixtures, a digest each: a wide net that says that something changed, and where.

    PYTHONPATH=src python tests/as_before.py              # pins it anew in fixtures/as_before.tsv: review, commit
    PYTHONPATH=src python tests/as_before.py --show NAME  # all of it, to be compared with that of another commit

A line of the pins: set and name, the number of lines of what is made, and their digest. The sets stand in `SETS`.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import hashlib
import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import cycle, product
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FunctionType, ModuleType

from pydantic import BaseModel

sys.path.insert(0, str(Path(__file__).parent / "output"))
sys.path.insert(0, str(Path(__file__).parent / "ingest"))
sys.path.insert(0, str(Path(__file__).parent / "llm"))

from damage import misread, misread_bytewise, some_lines
from own_analysis import RICH, SLUGS, own

import as_bent
import as_called
import as_crossed
import as_limited
import as_packed
import as_sent
import as_shown
import as_told
import briefing_world
import presseschau
from note_engine import NoteEngine
from note_sample import sample
from pinned import FIXTURES, rows
from presseschau.briefing.brief import brief
from presseschau.errors import MalformedAnswer
from presseschau.facts import compare, facts
from presseschau.facts.fact import Facts, Lang
from presseschau.facts.time.moments import moments
from presseschau.ingest import iter_articles, read_article
from presseschau.lang import tables
from presseschau.library.search import Question, search
from presseschau.library.store import Archive
from presseschau.library.terms import terms
from presseschau.llm.faults import of_error_in_200, of_status
from presseschau.llm.reply import Completion, check, completion_of, read
from presseschau.models import EngineInfo, Message, Request
from presseschau.output import FORMATS, NOTE_FORMATS, rendered, rendered_note
from presseschau.pipeline.translation import TranslationAnswer
from scripted import ScriptedEngine

PINS = FIXTURES / "as_before.tsv"
LANG = Path(tables.__file__).parent
READ = {
    "articles": "articles/own/*.txt", "pages": "ingest/html/*.html", "more pages": "ingest/pages30/*.html",
    "systems": "ingest/cms/*.html", "exports": "ingest/exports/*", "readers": "ingest/readers/*",
    "unread": "ingest/unread/*", "encodings": "ingest/encoding/*", "web archives": "ingest/warc/*.warc*",
    "papers": "briefing/*.txt", "neighbours": "neighbours/*.txt",
}  # fmt: skip
ADDRESS = re.compile(" at 0x[0-9a-f]+")
Made = Iterable[tuple[str, list[str]]]
"""Names, and lines of what is made of each."""


def articles() -> Made:
    """What is read of files as a user names them: articles with all their parts, refusals with their reason."""
    for name, pattern in READ.items():
        paths = [path for path in sorted(FIXTURES.glob(pattern)) if path.name != "README.md"]
        yield name, [repr(item).replace(str(path), path.name) for path in paths for item in iter_articles(path)]


def read_facts() -> Made:
    """What is read in both sentences of the pinned pairs, and how they compare as pairs and as claims."""
    said: dict[str, list[str]] = defaultdict(list)
    for path in sorted((FIXTURES / "facts").glob("*.jsonl")):
        texts = [
            row for row in map(json.loads, path.read_text("utf-8").splitlines()) if "text" in row and "lang" in row
        ]
        said[path.stem] += [line for row in texts for line in _facts(facts(row["text"], row["lang"]))]
    for row in rows("pinned.jsonl"):
        german, english = facts(row["de"], "de"), facts(row["en"], "en")
        said[row["set"]] += [*_facts(german), *_facts(english), *map(repr, compare(german, english))]
        said[row["set"]] += map(repr, compare(german, english, "within"))
    yield from ((name, lines) for name, lines in sorted(said.items()) if lines)


def figures() -> Made:
    """Figures and number words on both sides of every limit, in all forms that they take: which numbers and days."""
    grid = json.loads((FIXTURES / "facts" / "figures.json").read_text("utf-8"))
    langs: tuple[Lang, ...] = ("de", "en")
    for lang in langs:
        for form in grid[f"{lang} forms"]:
            rows = zip(grid["numbers"], cycle(grid[f"{lang} words"]), strict=False)
            texts = dict.fromkeys(form.format(n=n, next=n + 1, word=word) for n, word in rows)
            read = [facts(text, lang) for text in texts]
            yield f"{lang} {form}", [f"{one.text} {[*one.numbers, *one.dates, *one.periods]}" for one in read]


def damaged() -> Made:
    """Beginnings of four articles, broken by each code page that the web breaks them with, as they are mended."""
    texts = [path.read_text("utf-8")[:900] for path in sorted((FIXTURES / "articles/own").glob("*.txt"))[::9]]
    for codec in ("cp1252", "latin-1", "iso8859-15", "iso8859-16", "cp850", "cp437", "mac-roman", "cp1250"):
        broken = [misread(text, codec, lost) for text in texts for lost in ("keep", "replace", "drop")]
        broken += [misread(misread(text, codec), codec) for text in texts]
        broken += [misread_bytewise(text, codec, read) for text in texts for read in ("cp1252", "mac-roman", "cp850")]
        broken += [some_lines(text, lambda line, codec=codec: misread(line, codec), 0.5) for text in texts]
        yield codec, [repr(read_article(text, source="", lang_check=False)) for text in broken]


def refusals() -> Made:
    """What each status with each error body means for the program: which failure, its words, how long to wait."""
    known = [*map(json.loads, (FIXTURES / "llm" / "errors.jsonl").read_text("utf-8").splitlines())]
    for status in (301, 400, 401, 402, 403, 404, 405, 408, 409, 413, 418, 422, 425, 429, 499, 500, 501, 502, 503, 529):
        bodies = [(row["body"], row.get("headers", {})) for row in known if isinstance(row["body"], dict)]
        yield str(status), [_failure(of_status(status, body, headers)) for body, headers in bodies]
    yield "in 200", [_failure(completion_of(row["body"])) for row in known]
    errors = [row["body"]["error"] for row in known if "error" in row["body"]]
    yield "error in 200", [_failure(of_error_in_200(error)) for error in errors]


def _failure(one: object) -> str:
    inner = getattr(one, "failure", None)
    return f"{type(one).__name__} {one} {_failure(inner) if inner else getattr(one, '__dict__', '')}"


def answers() -> Made:
    """An answer cut at each place, and with each kind of thing around it, as it is read."""
    whole = '{"sentences": [{"n": 1, "en": "He said: \\"No.\\""}, {"n": 2, "en": "It is {so}."}]}'
    around = ("", "```json\n", "Here it is:\n", "<think>{no}</think>", "[", "\ufeff", whole)
    other = (("1", '"1"'), ("2", "2.0"), ("2", "2.5"), ('"n"', '"m"'), ("}]}", '}], "a": 1}'))
    texts = [whole[:n] for n in range(len(whole))] + [whole.replace(*pair) for pair in other]
    texts += [before + whole + after for before in around for after in ("", "\n```", "\nThat is all.", "]", "\n\n{")]
    request = Request("translate", (Message(role="user", content="Eins."),), TranslationAnswer, 200)
    finishes = (None, "stop", "length", "content_filter", "error", "tool_calls", "SAFETY")
    yield "read", [_tried(lambda text=text: read(text, request)) for text in texts]
    said = product(("", " ", "{", whole), finishes, ("", "I cannot."), ("", "{"))
    yield "checked", [_failure(check(Completion(*one, None, 0))) for one in said]


def _tried(call: Callable[[], object]) -> str:
    try:
        return repr(call())
    except MalformedAnswer as error:
        return f"{error} {error.raw}"


def found() -> Made:
    """Which articles of an archive, and which sentences and claims of them, answer a question."""
    with TemporaryDirectory() as folder, Archive(Path(folder) / "a.db") as archive:
        archive.put(f"{one.model_dump_json()}\n".encode() for one in briefing_world.analyses())
        for question in map(json.loads, (FIXTURES / "archive" / "questions.jsonl").read_text("utf-8").splitlines()):
            answer = search(archive, Question(**question), most=7)
            lines = [f"{hit.article.headline} {hit.sentences} {hit.claims}" for hit in answer.hits]
            yield str(question), [str(answer.total), *lines]
        yield "terms", [repr(term) for term in terms(archive, Question(), least=1)]


def days() -> Made:
    """Which day the phrases of time mean, seen from each weekday, and from the ends of months and of a leap year."""
    known = map(json.loads, (FIXTURES / "facts" / "moments.jsonl").read_text("utf-8").splitlines())
    sentences = dict.fromkeys(row["sentence"] for row in known)
    seen = [f"2026-06-0{day}" for day in range(1, 8)]
    for published in (*seen, "2024-02-29", "2025-12-31", "2026-01-01", "2026-03-31", "2026-10-01", "2026"):
        yield published, [f"{sentence} {moments(sentence, published)}" for sentence in sentences]


def _facts(read: Facts) -> Iterator[str]:
    return (f"{name} {fact}" for name in read.concepts for fact in getattr(read, name))


def data() -> Made:
    """What the dataclasses, named tuples and models of each room have: fields, defaults, if frozen."""
    said: dict[str, list[str]] = defaultdict(list)
    for module in _modules():
        said[_room(module)] += [ADDRESS.sub("", line) for kind in _own(module, type) for line in _fields(kind)]
    yield from ((room, lines) for room, lines in said.items() if lines)


def limits() -> Made:
    """The numbers that the modules of each room name, and what the functions take where nothing is given."""
    said: dict[str, list[str]] = defaultdict(list)
    for module in _modules():
        named = (f"{module.__name__}.{name} {value!r}" for name, value in vars(module).items() if _is_number(value))
        owners = (module, *_own(module, type))
        written = (one for owner in owners for one in vars(owner).values() if _is_written_in(module, one))
        said[_room(module)] += [*named, *(ADDRESS.sub("", line) for one in written for line in _defaults(one))]
    yield from ((room, lines) for room, lines in said.items() if lines)


def _modules() -> Iterator[ModuleType]:
    for module in sorted(pkgutil.walk_packages(presseschau.__path__, "presseschau."), key=lambda one: one.name):
        if module.name not in ("presseschau.distributed", "presseschau.__main__"):  # Daft; runs the program
            yield importlib.import_module(module.name)


def _room(module: ModuleType) -> str:
    return module.__name__.split(".")[1]


def _own(module: ModuleType, kind: type) -> list[type]:
    return [one for one in vars(module).values() if isinstance(one, kind) and one.__module__ == module.__name__]


def _is_written_in(module: ModuleType, one: object) -> bool:
    return isinstance(one, FunctionType) and one.__code__.co_filename == module.__file__


def _is_number(value: object) -> bool:
    """Or several."""
    if isinstance(value, Mapping):
        return bool(value) and all(map(_is_number, value.values()))
    if isinstance(value, tuple):
        return bool(value) and all(map(_is_number, value))
    return isinstance(value, int | float) and value is not False  # TYPE_CHECKING


def _defaults(function: FunctionType) -> Iterator[str]:
    for one in inspect.signature(function).parameters.values():
        if one.default is not one.empty and not isinstance(one.default, Path):
            yield f"{function.__module__}.{function.__qualname__}({one.name}={_named(one.default)})"


def _fields(kind: type) -> Iterator[str]:
    name = f"{kind.__module__}.{kind.__name__}"
    if dataclasses.is_dataclass(kind):
        yield f"{name} frozen: {kind.__dataclass_params__.frozen}"
        for field in dataclasses.fields(kind):
            default = "" if field.default is dataclasses.MISSING else _named(field.default)
            yield f"{name}.{field.name} {default} {field.default_factory is dataclasses.MISSING}"
    if issubclass(kind, tuple):  # a named one
        defaults = getattr(kind, "_field_defaults", {})
        yield f"{name} {[(field, _named(defaults[field]) if field in defaults else '') for field in kind._fields]}"
    if issubclass(kind, BaseModel):
        yield f"{name} {sorted(kind.model_config.items())}"
        yield from (f"{name}.{field} {_named(one.default)} {one.metadata}" for field, one in kind.model_fields.items())


def _named(default: object) -> str:
    return getattr(default, "__qualname__", None) or repr(default)


def word_rows() -> Made:
    """The rows of each table of words: none is lost, none moved."""
    for path in sorted(LANG.glob("*/*.csv")):
        yield path.relative_to(LANG).as_posix(), [line for _, line in tables.lines(path.parent.name, path.name)]


def forms() -> Made:
    """An analysis with everything in it, two plain ones, and a note, in each form that is written."""
    for form in FORMATS:
        yield form, [line for slug in (RICH, *SLUGS[:2]) for line in as_bent.lines(rendered(own(slug), form))]
    for form in NOTE_FORMATS:
        yield f"note {form}", as_bent.lines(rendered_note(sample(), form))


def analyses() -> Made:
    """The analyses of three corpora by the engine that knows good answers, and their notes with the words of a page."""
    for name in ("first", "second", "third"):
        folder = briefing_world.CORPORA[name]
        whole = briefing_world.analyses(folder)
        for one in whole:
            yield (
                f"{name} {one.article.source}",
                one.model_dump_json(indent=1, exclude={"provenance", "risk"}).splitlines(),
            )
        note = asyncio.run(brief(whole, NoteEngine() if name == "first" else briefing_world.engine(folder)))
        yield f"{name}, note", note.model_dump_json(indent=1, exclude={"provenance", "seal"}).splitlines()
        yield f"{name}, note as text", as_bent.lines(rendered_note(note, "md"))


def requests() -> Made:
    """All that a model and a second reader are asked about two articles."""
    answered = briefing_world.engine().reply
    engine = ScriptedEngine(lambda request: {"errors": []} if request.reader else answered(request))
    own_info = engine.info
    engine.info = EngineInfo(
        own_info.model, own_info.identity, own_info.context_tokens, reader=EngineInfo("judge", "judge")
    )
    briefing_world.analysed([*briefing_world.articles().values()][:2], engine)
    said = sorted(f"{one.task} {one.reader} {one.max_tokens} {one.messages}" for one in engine.requests)
    yield "all", said


SETS: dict[str, Callable[[], Made]] = {
    "articles": articles, "facts": read_facts, "figures": figures, "days": days, "damaged": damaged,
    "refusals": refusals, "answers": answers, "rows": word_rows, "data": data, "limits": limits,
    "forms": forms, "requests": requests, "analyses": analyses, "found": found,
    **as_shown.SETS,
    **as_told.SETS,
    **as_called.SETS,
    "bent files": partial(as_bent.files, READ), "bent sentences": as_bent.sentences, "bent pairs": as_bent.pairs,
    "bent answers": as_bent.answers, "bent notes": as_bent.notes, "bent forms": as_bent.forms,
    "bent parts": as_bent.tampered, **as_packed.SETS, **as_crossed.SETS, **as_limited.SETS, "sent": as_sent.sent,
}  # fmt: skip


def pins(which: str) -> Iterator[str]:
    """The lines of one set as they are now."""
    for name, lines in SETS[which]():
        yield f"{which}: {name}\t{len(lines)}\t{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:12]}"


def pinned(which: str) -> list[str]:
    """The lines of one set as they were."""
    return [line for line in PINS.read_text("utf-8").splitlines() if line.startswith(f"{which}: ")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", metavar="NAME", help="print what is made: SET: NAME as a line of the pins begins")
    given = parser.parse_args()
    if given.show:
        which, _, wanted = given.show.partition(": ")
        print(*(line for name, lines in SETS[which]() if name == wanted for line in lines), sep="\n")
    else:
        PINS.write_text("".join(f"{line}\n" for which in SETS for line in pins(which)), "utf-8")


if __name__ == "__main__":
    main()
