"""Outcome results and notes: read back, shown in every form, checked again, decided on. No model is asked.

    for analysis in results.read_results("out.jsonl"):                  # a file, .gz, a folder, several of them
        findings = results.verify(analysis)
    results.write(analysis, "page.html")                                # the ending says the form
    results.write_all(results.read_results("out.jsonl"), "claims.csv")  # one file, or a folder with form="html"
    decisions = results.read_decisions("out.jsonl")                     # what people decided, beside the result
    mine = results.decide(claim, "accepted", claim.text, corrections={"speaker": "Anna Berg"}, by="me")
    results.write_decisions("out.jsonl", decisions := decisions.with_one(mine))
    analysis = results.apply_decisions(analysis, decisions)
    for name, findings in results.check_pairs("pairs.tsv"): ...         # anyone's translation

A `source` is a path, or `-` for standard input. The command line calls the same functions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, overload

from presseschau.errors import ConfigurationError, InputError
from presseschau.findings import flag
from presseschau.library.schema import is_archive
from presseschau.models import Analysis, Finding
from presseschau.reviews import apply_decisions, decide, read_decisions, review_path, write_decisions
from presseschau.storage.files import cannot_write, write_file
from presseschau.stored import analysis_of, content, is_note, is_page, lines_of, note_of, whole

if TYPE_CHECKING:
    from presseschau.checks import Glossary
    from presseschau.checks.files.pairs import BadRow, Pair
    from presseschau.comparison import ResultComparison
    from presseschau.facts.encoder import Encoder
    from presseschau.notes import Note
    from presseschau.output import Word

__all__ = [
    "apply_decisions",
    "check_pairs",
    "compare",
    "decide",
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


def read_results(
    sources: str | Path | Sequence[str | Path], *, article: str | None = None, reviewed: bool = False
) -> Iterator[Analysis]:
    """The Analyses in `sources`, in order, one in memory at a time.

    A file holds one, or one per line as `batch` writes them, and may be packed (.gz), or is an archive (.db); of a
    folder, all files below it that hold results, by name. `article`: only the one with this source, or with an id that
    begins so. `reviewed`: with what was decided beside each file. Raises InputError for a result that is damaged or of
    another schema, where there is none, or if `article` names none or several.
    """
    paths = [Path(source) for source in ([sources] if isinstance(sources, str | Path) else sources)]
    every = chain.from_iterable(_analyses(path, None, reviewed, article) for path in paths)
    yield from _chosen(every, article, ", ".join(map(str, paths)))


def read_note(source: str | Path) -> Note:
    """The note in a file, JSON or its HTML page. Raises InputError if there is none."""
    return note_of(content(Path(source)), source)


def read_stored(source: str | Path, *, article: str | None = None, reviewed: bool = False) -> Note | Iterator[Analysis]:
    """The note in a file, or its results as `read_results` gives them. Raises InputError."""
    path = Path(source)
    text = whole(path)
    if text is not None and is_note(text):
        return note_of(text, path)
    return _chosen(_analyses(path, text, reviewed, article), article, str(path))


@overload
def render(result: Analysis, format: Word, template: str | Path | None = None) -> bytes: ...  # type: ignore[overload-overlap]
@overload
def render(result: Analysis, format: str = "md") -> str: ...
@overload
def render(result: Note, format: str = "md", template: str | Path | None = None) -> str | bytes: ...
def render(result: Analysis | Note, format: str = "md", template: str | Path | None = None) -> str | bytes:
    """A result or a note in one of its forms, every line ended; bytes for docx.

    A result: json, md, html, txt; docx (German beside English), docx-english (with footnotes); its claims as csv,
    jsonl, jsonld; its sentences as tmx, xliff. A note: json, md, html, docx. `template` is a Word file whose paper,
    styles, header and footer a docx takes. Raises ValueError for another form, ConfigurationError if what makes it is
    not installed, InputError for a template that is none.
    """
    from presseschau.output import rendered, rendered_note

    known = _known(format, result)
    if not known.startswith("docx"):
        return rendered(result, known) if isinstance(result, Analysis) else rendered_note(result, known)
    if find_spec("docx") is None:
        raise ConfigurationError("Word files need python-docx: pip install 'presseschau[docx]'.")
    own = content(Path(template)) if template is not None else None
    try:
        if isinstance(result, Analysis):
            return rendered(result, cast("Word", known), own)
        return rendered_note(result, known, own)
    except ValueError as error:
        raise InputError(f"The template {template} cannot be used: {error}.") from None


def compare(a: Analysis, b: Analysis) -> ResultComparison:
    """Two results of one article side by side, at list prices. Raises InputError if they are not of the same German."""
    from presseschau.archive.prices import cost_of
    from presseschau.comparison import compared

    return compared(a, b, (cost_of(a.provenance), cost_of(b.provenance)))


def write(
    result: Analysis | Note, path: str | Path, format: str | None = None, template: str | Path | None = None
) -> None:
    """Writes a file in one step; its extension decides the format unless `format` does. `template` as in `render`.

    Raises what `render` raises, and OutputError.
    """
    from presseschau.output import ending

    path = Path(path)
    made: str | bytes = render(cast("Note", result), format or ending(path), template)
    write_file(path, made)


def write_all(results: Iterable[Analysis], out: str | Path, format: str | None = None) -> None:
    """Writes many: one file as csv, jsonl (claims), tmx or xliff, else a folder with a file each, and an index of them
    where that is html or md. Raises ValueError for another form, and OutputError."""
    from presseschau.archive.outputs import FOLDERS, Listing, file_name, write_framed, write_index
    from presseschau.output import ending

    out = Path(out)
    format = format or ending(out)
    if format == "jsonl":
        write_file(out, (render(one, format) for one in results))
    elif format in ("csv", "tmx", "xliff"):
        write_framed(results, out, format)
    else:
        try:
            out.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_write(out, error) from None
        listed: list[Listing] = []
        for position, one in enumerate(results):
            write(one, out / file_name(position, one.article.id, format), format)
            listed.append(Listing.of(position, one.model_dump(include={"article", "translation"})))
        if format in FOLDERS:
            write_index(listed, out, format)


def verify(
    result: Analysis | Note, glossary: Glossary | None = None, encoder: Encoder | None = None
) -> tuple[Finding, ...]:
    """All findings about a result or a note, made anew against its German, whatever findings are stored in it.

    `glossary` is the built-in one if None is given, `encoder` (`sentence_encoder()`) is for results. What a person
    decided is checked too; its findings are "info".
    """
    if isinstance(result, Analysis):
        from presseschau.pipeline.recheck import recheck

        return recheck(result, glossary or read_glossary(), encoder)
    from presseschau.briefing.verify import verify as findings_of

    return findings_of(result, glossary or read_glossary())


def verify_stored(
    source: str | Path, glossary: Glossary | None = None, encoder: Encoder | None = None
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """(id of the article, findings) for each result in a file, with what was decided beside it; (file, findings) for a
    note (JSON, its page, which must say what it says, or Markdown). Raises InputError."""
    path = Path(source)
    text = whole(path)
    from presseschau.output.note_markdown_read import is_markdown_note

    if text is not None and is_markdown_note(said := text.decode(errors="replace")):
        yield str(path), _verify_markdown(said)
        return
    glossary = glossary or read_glossary()
    if text is None or not is_note(text):
        for analysis in _analyses(path, text, True):
            yield analysis.article.id, verify(analysis, glossary, encoder)
        return
    note = note_of(text, path)
    findings = verify(note, glossary)
    if is_page(text) and cast(str, render(note, "html")).encode() != text:
        findings = (*findings, _page_of_another_version(text.decode(errors="replace"), note))
    yield str(path), findings


def _verify_markdown(text: str) -> tuple[Finding, ...]:
    """All findings about a note in Markdown, which holds the German that it cites and a seal of its text."""
    from presseschau.briefing.verify import verify_sentences
    from presseschau.output.note_markdown_read import read_markdown_note

    note = read_markdown_note(text)
    cited = [(one.text, one.claims, one.figure) for one in note.statements]
    found = verify_sentences(
        [(said, ids) for said, ids, figure in cited if not figure],
        [(said, ids) for said, ids, figure in cited if figure],
        note.claims,
        note.sources,
    )
    if note.sealed is None:
        message = "The text carries no seal, as those of earlier versions do not: what it cites was checked."
        return (*found, flag("note.retold", message, scope="note").stamped())
    changed = "The text was changed after it was made: its seal does not match."
    return found if note.sealed else (flag("note.tampered", changed, scope="note").stamped(), *found)


_SHOWN = 200
"""Characters of a place that was changed."""


def _page_of_another_version(page: str, note: Note) -> Finding:
    """What is to be said of a page that is not, byte for byte, the one that this version makes of its note."""
    from presseschau.output.note_compared import strange_in

    if (said := strange_in(page, note)) is not None:
        said = said if len(said) <= _SHOWN else f"{said[:_SHOWN]} …"
        return flag("note.tampered", f"The page is not the one that its note gives: “{said}”.", scope="note").stamped()
    message = "The page is set otherwise than by this version; all that it says stands in its note."
    return flag("note.retold", message, scope="note").stamped()


def read_pairs(path: str | Path) -> Iterator[Pair | BadRow]:
    """German sentences and their English in a file (`-`: standard input): JSONL `{"id", "de", "en"}`, TSV, CSV, TMX
    or XLIFF, one by one. Raises InputError if it cannot be read; a row that is not a pair is a BadRow."""
    from presseschau.checks import UnreadableError
    from presseschau.checks.files.pairs import read_pairs as rows_of

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
    from presseschau.checks.files.pairs import verify_pairs

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


def _analyses(path: Path, text: bytes | None, reviewed: bool, article: str | None = None) -> Iterator[Analysis]:
    """Those of a file, whose `text` may have been read already, or of the files in a folder; of an archive only the one
    that `article` names."""
    if is_archive(path):
        yield from _archived(path, reviewed, article)
        return
    decisions = None
    for file, line, where in lines_of(path, text):
        analysis = analysis_of(line, where)
        if reviewed and str(file) != "-":
            decisions = decisions if decisions and decisions[0] == file else (file, read_decisions(file))
            analysis = apply_decisions(analysis, decisions[1])
        yield analysis


def _archived(path: Path, reviewed: bool, article: str | None) -> Iterator[Analysis]:
    from presseschau.library.memory import as_decided
    from presseschau.library.store import Archive

    with Archive(path, reads=True) as archive:
        for number in archive.numbers(article):
            try:
                analysis = archive.analysis(number)
            except InputError:
                if archive.holds(number):
                    raise
                continue  # replaced since it was listed: the newer result has a later number
            yield as_decided(archive, analysis) if reviewed else analysis


def _known(format: str, result: Analysis | Note) -> str:
    from presseschau.output import FORMATS, NOTE_FORMATS

    what, known = ("result", FORMATS) if isinstance(result, Analysis) else ("note", NOTE_FORMATS)
    if format not in known:
        raise ValueError(f"A {what} has no form {format!r}; it can be {', '.join(sorted(known))}.")
    return format
