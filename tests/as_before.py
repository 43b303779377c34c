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
import io
import pkgutil
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel

sys.path.insert(0, str(Path(__file__).parent / "output"))

from own_analysis import RICH, SLUGS, own

import briefing_world
import presseschau
from note_engine import NoteEngine
from note_sample import sample
from pinned import FIXTURES, rows
from presseschau.briefing.brief import brief
from presseschau.facts import compare, facts
from presseschau.facts.fact import Facts
from presseschau.ingest import iter_articles
from presseschau.lang import tables
from presseschau.output import FORMATS, NOTE_FORMATS, rendered, rendered_note

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
    for row in rows("pinned.jsonl"):
        german, english = facts(row["de"], "de"), facts(row["en"], "en")
        said[row["set"]] += [*_facts(german), *_facts(english), *map(repr, compare(german, english))]
        said[row["set"]] += map(repr, compare(german, english, "within"))
    yield from sorted(said.items())


def _facts(read: Facts) -> Iterator[str]:
    return (f"{name} {fact}" for name in read.concepts for fact in getattr(read, name))


def data() -> Made:
    """What the dataclasses and models of each room have: fields, defaults, whether they can be changed."""
    said: dict[str, list[str]] = defaultdict(list)
    for module in sorted(pkgutil.walk_packages(presseschau.__path__, "presseschau."), key=lambda one: one.name):
        if module.name not in ("presseschau.distributed", "presseschau.__main__"):  # Daft; runs the program
            kinds = vars(importlib.import_module(module.name)).values()
            here = [kind for kind in kinds if isinstance(kind, type) and kind.__module__ == module.name]
            said[module.name.split(".")[1]] += [ADDRESS.sub("", line) for kind in here for line in _fields(kind)]
    yield from ((room, lines) for room, lines in said.items() if lines)


def _fields(kind: type) -> Iterator[str]:
    name = f"{kind.__module__}.{kind.__name__}"
    if dataclasses.is_dataclass(kind):
        yield f"{name} frozen: {kind.__dataclass_params__.frozen} slots: {hasattr(kind, '__slots__')}"
        for field in dataclasses.fields(kind):
            default = "" if field.default is dataclasses.MISSING else _named(field.default)
            yield f"{name}.{field.name} {default} {field.default_factory is dataclasses.MISSING}"
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
        yield form, [line for slug in (RICH, *SLUGS[:2]) for line in _lines(rendered(own(slug), form))]
    for form in NOTE_FORMATS:
        yield f"note {form}", _lines(rendered_note(sample(), form))


def _lines(made: str | bytes) -> list[str]:
    if isinstance(made, str):
        return made.splitlines()
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        texts = [name for name in file.namelist() if name in ("word/document.xml", "word/footnotes.xml")]
        return [line for name in texts for line in file.read(name).decode().splitlines()]


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
        yield f"{name}, note as text", _lines(rendered_note(note, "md"))


SETS: dict[str, Callable[[], Made]] = {
    "articles": articles, "facts": read_facts, "rows": word_rows, "data": data, "forms": forms, "analyses": analyses,
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
