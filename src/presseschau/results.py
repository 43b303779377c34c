"""Stored results and notes: read back, shown in every form, checked again, decided on. No model is asked.

    for analysis in results.read_results("out.jsonl"):                  # a file, .gz, a folder, several of them
        findings = results.verify(analysis)
    results.write(analysis, "page.html")                                # the ending says the form
    results.write_all(results.read_results("out.jsonl"), "claims.csv")  # one file, or a folder with form="html"
    decisions = results.read_decisions("out.jsonl")                     # what people decided, beside the result
    analysis = results.apply_decisions(analysis, decisions)
    for name, findings in results.check_pairs("pairs.tsv"): ...         # anyone's translation

A `source` is a path, or `-` for standard input. The command line calls the same functions.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast, overload

from pydantic import ValidationError

from presseschau.errors import ConfigurationError, InputError, misfit
from presseschau.findings import flag
from presseschau.models import ANALYSIS_SCHEMA, Analysis, Finding
from presseschau.storage.files import cannot_write, write_file

if TYPE_CHECKING:
    from presseschau.checks import BadRow, Glossary, Pair
    from presseschau.facts.encoder import Encoder
    from presseschau.notes import Note
    from presseschau.pipeline.decisions import Decisions

__all__ = [
    "apply_decisions",
    "check_pairs",
    "read_decisions",
    "read_glossary",
    "read_note",
    "read_pairs",
    "read_results",
    "read_stored",
    "render",
    "review_path",
    "verify",
    "verify_stored",
    "write",
    "write_all",
    "write_decisions",
]

_HEAD = 4096
_OWN = "presseschau/"


def read_results(
    sources: str | Path | Sequence[str | Path], *, article: str | None = None, reviewed: bool = False
) -> Iterator[Analysis]:
    """The Analyses in `sources`, in order, one in memory at a time.

    A file holds one, or one per line as `batch` writes them, and may be packed (.gz); of a folder, all files below it
    that hold results, by name. `article`: only the one with this source, or with an id that begins so. `reviewed`:
    with what was decided beside each file. Raises InputError for a result that is damaged or of another schema, where
    there is none, or if `article` names none or several.
    """
    paths = [Path(source) for source in ([sources] if isinstance(sources, str | Path) else sources)]
    every = chain.from_iterable(_analyses(path, None, reviewed) for path in paths)
    yield from _chosen(every, article, ", ".join(map(str, paths)))


def read_note(source: str | Path) -> Note:
    """The note in a file, JSON or its HTML page. Raises InputError if there is none."""
    return _note(_bytes(Path(source)), source)


def read_stored(source: str | Path, *, article: str | None = None, reviewed: bool = False) -> Note | Iterator[Analysis]:
    """The note in a file, or its results as `read_results` gives them. Raises InputError."""
    path = Path(source)
    text = _whole(path)
    if text is not None and is_note(text):
        return _note(text, path)
    return _chosen(_analyses(path, text, reviewed), article, str(path))


@overload
def render(result: Analysis, format: str = "md") -> str: ...
@overload
def render(result: Note, format: str = "md") -> str | bytes: ...
def render(result: Analysis | Note, format: str = "md") -> str | bytes:
    """A result or a note in one of its forms, every line ended; bytes only for a note as docx.

    A result: json, md, html; its claims as csv, jsonl, jsonld; its sentences as tmx. A note: json, md, html, docx.
    Raises ValueError for another form, ConfigurationError if what makes it is not installed.
    """
    from presseschau.output import rendered, rendered_note

    if isinstance(result, Analysis):
        return rendered(result, _known(format, result))
    if format == "docx" and find_spec("docx") is None:
        raise ConfigurationError("Word files need python-docx: pip install 'presseschau[docx]'.")
    return rendered_note(result, _known(format, result))


def write(result: Analysis | Note, path: str | Path, format: str | None = None) -> None:
    """Writes a file in one step; its extension decides the format unless `format` does.

    Raises what `render` raises, and OutputError.
    """
    path = Path(path)
    write_file(path, render(result, format or path.suffix.lstrip(".").lower()))


def write_all(results: Iterable[Analysis], out: str | Path, format: str | None = None) -> None:
    """Writes many: one file as csv, jsonl (claims) or tmx, else a folder with a file each. Raises ValueError for
    another form, and OutputError."""
    from presseschau.archive.outputs import file_name, write_framed

    out = Path(out)
    format = format or out.suffix.lstrip(".").lower()
    if format == "jsonl":
        write_file(out, (render(one, format) for one in results))
    elif format in ("csv", "tmx"):
        write_framed(results, out, format)
    else:
        try:
            out.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_write(out, error) from None
        for position, one in enumerate(results):
            write(one, out / file_name(position, one.article.id, format), format)


def verify(
    result: Analysis | Note, glossary: Glossary | None = None, encoder: Encoder | None = None
) -> tuple[Finding, ...]:
    """All findings about a result or a note, made anew against its German, whatever findings are stored in it.

    `glossary` (None: the built-in one) and `encoder` (`sentence_encoder()`) are for results. What a person
    decided is checked too; its findings are "info".
    """
    if isinstance(result, Analysis):
        from presseschau.pipeline.recheck import recheck

        return recheck(result, glossary or read_glossary(), encoder)
    from presseschau.briefing.verify import verify as findings_of

    return findings_of(result)


def verify_stored(
    source: str | Path, glossary: Glossary | None = None, encoder: Encoder | None = None
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """(id of the article, findings) for each result in a file, with what was decided beside it; (file, findings) for a
    note, whose page must be the one that it gives. Raises InputError."""
    path = Path(source)
    text = _whole(path)
    if text is None or not is_note(text):
        glossary = glossary or read_glossary()
        for analysis in _analyses(path, text, True):
            yield analysis.article.id, verify(analysis, glossary, encoder)
        return
    note = _note(text, path)
    findings = verify(note)
    if _is_page(text) and cast(str, render(note, "html")).encode() != text:
        message = "The page is not the one that its note gives."
        findings = (*findings, flag("note.tampered", message).stamped())
    yield str(path), findings


def read_pairs(path: str | Path) -> Iterator[Pair | BadRow]:
    """German sentences and their English in a file (`-`: standard input): JSONL `{"id", "de", "en"}`, TSV, CSV or TMX,
    one by one. Raises InputError if it cannot be read; a row that is not a pair is a BadRow."""
    from presseschau.checks import UnreadableError
    from presseschau.checks import read_pairs as rows_of

    try:
        yield from rows_of(Path(path), sys.stdin.buffer if str(path) == "-" else None)
    except UnreadableError as error:
        raise InputError(str(error)) from None


def check_pairs(
    pairs: str | Path | Iterable[Pair | BadRow], glossary: Glossary | None = None, encoder: Encoder | None = None
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """(id, findings) for each pair, or each row of a file; a BadRow has the error `input.row`. `glossary` is checked if
    given. With an `encoder` (`sentence_encoder()`) English that speaks of something else is found by its meaning, too.
    Raises InputError if the file cannot be read."""
    from presseschau.checks import verify_pairs

    return verify_pairs(read_pairs(pairs) if isinstance(pairs, str | Path) else pairs, glossary, encoder)


def read_glossary(file: str | Path | None = None, *, english: Literal["british", "american"] = "british") -> Glossary:
    """The built-in glossary, extended by a CSV file of your own (source, target, forbidden, note). Raises
    ConfigurationError, which names a bad row."""
    from presseschau.checks import UnreadableError, house_glossary, load_glossary

    house = house_glossary(english)
    try:
        return house.extended(load_glossary(Path(file))) if file else house
    except UnreadableError as error:
        raise ConfigurationError(str(error)) from None


def review_path(result: str | Path) -> Path:
    """Where the decisions about a result lie: result.json -> result.review.json, so for any ending."""
    return Path(str(result).removesuffix(".gz")).with_suffix(".review.json")


def read_decisions(result: str | Path) -> Decisions:
    """The decisions beside a result; none if there is no such file. Raises InputError for a file that is no review."""
    from presseschau.pipeline.decisions import SCHEMA, Decisions

    path = review_path(result)
    try:
        found = Decisions.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Decisions()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        raise InputError(f"{path} is not a review of presseschau ({misfit(error)}). Fix it or move it away.") from None
    if found.schema_version != SCHEMA:
        raise InputError(f"{path} has the schema {found.schema_version!r}; this version reads {SCHEMA!r}.")
    return found


def write_decisions(result: str | Path, decisions: Decisions) -> None:
    """Puts the decisions beside a result, in place of those that are there. Raises OutputError."""
    write_file(review_path(result), decisions.model_dump_json(indent=1) + "\n")


def apply_decisions(analysis: Analysis, decisions: Decisions) -> Analysis:
    """The analysis as people want it: what they accepted or wrote has the status "human", what they rejected is gone.

    A decision is about the German, so it also holds for another run; where the German has changed it does not.
    """
    if not decisions.decisions:
        return analysis
    from presseschau.pipeline.decisions import decided

    return decided(analysis, decisions)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file in a folder, to any depth, by name, without dot files and what lies beside an output."""
    from presseschau.ingest.sources import BESIDE_OUTPUT, is_run_folder

    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if file.is_file() and not any(part.startswith(".") or part.endswith(BESIDE_OUTPUT) for part in parts):
            within = [above for above in file.parents if above != folder and above.is_relative_to(folder)]
            if not any(map(is_run_folder, within)):
                yield file


def schema_of(file: Path) -> str | None:
    """The schema of ours that a .json or .jsonl file (packed or not) names on its first line, or as a whole; None for
    others."""
    if Path(str(file).removesuffix(".gz")).suffix.lower() not in (".json", ".jsonl") or not file.is_file():
        return None
    with _opened(file) as opened:
        if b'"schema"' not in opened.read(_HEAD):
            return None
        opened.seek(0)
        first = opened.readline()
        found = _json(first) or _json(first + opened.read())
    schema = found.get("schema") if isinstance(found, dict) else None
    return schema if isinstance(schema, str) and schema.startswith(_OWN) else None


def _chosen(every: Iterable[Analysis], article: str | None, where: str) -> Iterator[Analysis]:
    """All, or the one that `article` names."""
    if article is None:
        yield from every
        return
    found = [one for one in every if one.article.source == article or one.article.id.startswith(article)]
    if not found:
        raise InputError(f"{where} holds no article {article}. Its ids are under article.id, its files under source.")
    if len(found) > 1:
        raise InputError(f"{len(found)} articles of {where} begin with {article!r}. Give more of the id.")
    yield from found


def _analyses(path: Path, text: bytes | None, reviewed: bool) -> Iterator[Analysis]:
    """Those of a file, whose `text` may have been read already, or of the files in a folder."""
    if path.is_dir():
        files = [file for file in files_below(path) if (schema_of(file) or "").startswith(f"{_OWN}analysis/")]
        if not files:
            raise InputError(f"The folder {path} holds no result of presseschau.")
        for found in files:
            yield from _analyses(found, None, reviewed)
        return
    decisions = read_decisions(path) if reviewed and str(path) != "-" else None
    empty = True
    with _opened(path) if text is None else io.BytesIO(text) as file:
        first = file.readline()
        lines = [first + file.read()] if _json(first) is None else chain([first], file)
        for n, line in enumerate(lines, 1):
            if line.strip():
                analysis = _analysis(line, f"{path}, line {n}" if n > 1 else str(path))
                yield apply_decisions(analysis, decisions) if decisions else analysis
                empty = False
    if empty:
        raise InputError(f"{path} is empty: there is no result in it.")


def _whole(path: Path) -> bytes | None:
    """What is in a file, unless it has one result a line: such a file may be large, and is not a note."""
    if path.is_dir() or path.name.removesuffix(".gz").endswith(".jsonl"):
        return None
    return _bytes(path)


def _bytes(path: Path) -> bytes:
    with _opened(path) as file:
        return file.read()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with (
            sys.stdin.buffer
            if str(path) == "-"
            else cast(BinaryIO, gzip.open(path))
            if path.suffix == ".gz"
            else path.open("rb")
        ) as file:
            yield file
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or "it is damaged, or not a compressed file"
        raise InputError(f"{path} cannot be read: {why}.") from None


def _analysis(text: bytes, where: str) -> Analysis:
    try:
        analysis = Analysis.model_validate_json(text)
    except ValidationError as error:
        raise _unfit(error, text, where, "result", ANALYSIS_SCHEMA, "`article --json` or `batch` wrote") from None
    if analysis.schema_ != ANALYSIS_SCHEMA:
        raise _other_schema(where, analysis.schema_, ANALYSIS_SCHEMA)
    return analysis


def _note(text: bytes, where: str | Path) -> Note:
    from presseschau.notes import NOTE_SCHEMA, Note
    from presseschau.output.note_page import note_in_page

    try:
        note = note_in_page(text.decode(errors="replace")) if _is_page(text) else Note.model_validate_json(text)
    except ValidationError as error:
        raise _unfit(error, text, where, "note", NOTE_SCHEMA, "`brief` wrote as .json or .html") from None
    except ValueError as error:
        raise InputError(f"{where} is not a note of presseschau: {error}. Give what `brief` wrote.") from None
    if note.schema_ != NOTE_SCHEMA:
        raise _other_schema(where, note.schema_, NOTE_SCHEMA)
    return note


def _unfit(error: ValidationError, text: bytes, where: object, what: str, schema: str, wrote: str) -> InputError:
    """What to say of JSON that does not fit: if it names another schema, that explains it."""
    found = _json(text)
    named = found.get("schema") if isinstance(found, dict) else None
    if isinstance(named, str) and named != schema:
        return _other_schema(where, named, schema)
    return InputError(f"{where} is not a {what} of presseschau ({misfit(error)}). Give what {wrote}.")


def _other_schema(where: object, found: str, wanted: str) -> InputError:
    return InputError(f"{where} has the schema {found!r}; this version reads {wanted!r}.")


def is_note(text: bytes) -> bool:
    """Is this the JSON of a note, or a page with a note in it?"""
    return b'"presseschau/note/' in text[:_HEAD] or _is_page(text)


def _is_page(text: bytes) -> bool:
    return text.lstrip()[:1] == b"<" and b'id="note"' in text


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _known(format: str, result: Analysis | Note) -> str:
    from presseschau.output import FORMATS, NOTE_FORMATS

    what, known = ("result", FORMATS) if isinstance(result, Analysis) else ("note", NOTE_FORMATS)
    if format not in known:
        raise ValueError(f"A {what} has no form {format!r}; it can be {', '.join(sorted(known))}.")
    return format
