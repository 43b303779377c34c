"""Archive files from Python: results into one and out of it, search, what people decided, terms, meaning.

    archives.import_results("archive.db", "out.jsonl")              # as `batch -o archive.db` puts them there
    for hit in archives.search("archive.db", "Haushalt").hits: ...  # or a Question with filters
    archives.export("archive.db", "sentences.parquet")
    for stored in archives.notes("archive.db"): ...                 # those that `presseschau.note_of_day` kept
    archives.import_edits("archive.db", "edited.xlf")               # back from the translator
    options = Options(memory=archives.read_memory("archive.db"))    # what people wrote holds in later runs

An archive is read with `results.read_results`, too, like every other file of results. The command line calls the same
functions, which are thin: `Archive` and the files of `library/` do the work.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from presseschau.errors import ConfigurationError, InputError
from presseschau.facts.encoder import Encoder, sentence_encoder
from presseschau.library.schema import is_archive
from presseschau.output import ending
from presseschau.output.claims import BOM, inert
from presseschau.results import read_pairs, read_results
from presseschau.reviews import read_decisions, read_memory, write_decisions
from presseschau.storage.files import cannot_write, replacing, write_file
from presseschau.stored import analysis_of, lines_of, note_of

if TYPE_CHECKING:
    from presseschau.library.memory import Offer
    from presseschau.library.noted import StoredNote
    from presseschau.library.search import Answered, Question
    from presseschau.library.store import Archive, Outcome
    from presseschau.library.stories import StoredStory
    from presseschau.library.terms import ArchiveTerm
    from presseschau.library.versions import ArticleVersion
    from presseschau.models import Analysis
    from presseschau.notes import Note
    from presseschau.output.tables import TableName
    from presseschau.pipeline.decisions import Decision

__all__ = [
    "drop_note",
    "export",
    "forget",
    "import_edits",
    "import_results",
    "index",
    "notes",
    "offers",
    "read",
    "read_memory",
    "read_note",
    "read_version",
    "remember",
    "search",
    "stories",
    "terms",
    "versions",
    "write_glossary",
]


def import_results(archive: str | Path, sources: str | Path | Sequence[str | Path]) -> Mapping[Outcome, int]:
    """Puts the results in `sources` (as `read_results` takes them) into an archive, made if there is none, and what was
    decided beside them: how many were new, replaced an earlier one, or known. Each is read back as it went in.

    To do it again changes nothing, so what was interrupted is done again. Raises InputError, OutputError.
    """
    from presseschau.library.memory import remember_many
    from presseschau.library.store import Archive

    paths = [Path(source) for source in ([sources] if isinstance(sources, str | Path) else sources)]
    done: Counter[Outcome] = Counter()
    with Archive(Path(archive)) as opened:
        for path in paths:
            files: dict[Path, None] = {path: None} if is_archive(path) else {}
            done += opened.put(_checked(path, files))
            for file in files:
                remember_many(opened, read_decisions(file).decisions if str(file) != "-" else ())
    return done


def _checked(path: Path, files: dict[Path, None]) -> Iterator[bytes]:
    """The lines of the results in a file, a folder or an archive; `files` is told where they are from."""
    if is_archive(path):
        yield from _archived_lines(path, None, reviewed=False)
        return
    for file, line, where in lines_of(path):
        analysis = analysis_of(line, where)
        files[file] = None
        yield line if b"\n" not in line.strip() else analysis.model_dump_json().encode()


def export(
    source: str | Path, out: str | Path, format: str | None = None, *, table: TableName = "sentences",
    article: str | None = None, reviewed: bool = True,
) -> None:  # fmt: skip
    """Writes an archive, or other results, as one file: jsonl (results as `batch` writes them, from an archive to the
    byte), csv or parquet (a table), tmx or xliff (sentence pairs), or what Datasette must be told (datasette).
    `article` and `reviewed` as in `read_results`.

    Raises ValueError for another form, ConfigurationError if what makes it is not installed, InputError, OutputError.
    """
    from presseschau.archive.outputs import write_framed
    from presseschau.output.tables import table_csv

    source, out = Path(source), Path(out)
    format = format or ending(out)
    analyses = read_results(source, article=article, reviewed=reviewed)
    if format == "jsonl":
        lines = (
            _archived_lines(source, article, reviewed=reviewed)
            if is_archive(source)
            else (analysis.model_dump_json().encode() for analysis in analyses)
        )
        write_file(out, (f"{line.decode()}\n" for line in lines))
    elif format == "csv":
        write_file(out, table_csv(analyses, table))
    elif format == "parquet":
        if find_spec("pyarrow") is None:
            raise ConfigurationError("Parquet needs pyarrow: pip install 'presseschau[parquet]'.")
        from presseschau.output.tables import write_parquet

        try:
            with replacing(out) as file:
                write_parquet(analyses, table, file)
        except OSError as error:
            raise cannot_write(out, error) from None
    elif format in ("tmx", "xliff"):
        write_framed(analyses, out, format)
    elif format == "datasette":
        from presseschau.library.datasette import metadata

        write_file(out, json.dumps(metadata(source), indent=2) + "\n")
    else:
        raise ValueError(f"An export has no form {format!r}; it can be csv, datasette, jsonl, parquet, tmx, xliff.")


def _archived_lines(path: Path, article: str | None, *, reviewed: bool) -> Iterator[bytes]:
    from presseschau.library.memory import line_as_decided
    from presseschau.library.store import Archive

    with Archive(path, reads=True) as archive:
        numbers = archive.numbers() if article is None else [*archive.numbers(article)]
        if numbers == []:
            raise InputError(f"{path} holds no article {article}. Its ids and sources: `presseschau search {path}`.")
        for number in numbers:
            try:
                line = line_as_decided(archive, number) if reviewed else archive.read(number)
            except InputError:
                if archive.holds(number):
                    raise
                continue  # replaced since it was listed: the newer result has a later number
            yield line


def read(archive: str | Path, question: Question | None = None, *, reviewed: bool = True) -> Iterator[Analysis]:
    """The results of an archive that the filters of `question` leave (its text is not looked at), the newest first, one
    in memory at a time; `reviewed`: as people decided. Raises InputError."""
    from presseschau.library.memory import as_decided
    from presseschau.library.search import Question, matching
    from presseschau.library.store import Archive

    with Archive(Path(archive), reads=True) as opened:
        asked = question or Question()
        numbers = matching(opened, asked)
        while numbers:
            last, replaced = max(numbers), False
            for number in numbers:
                try:
                    analysis = opened.analysis(number)
                except InputError:
                    if opened.holds(number):
                        raise
                    replaced = True  # since it was listed: the newer result has a later number
                    continue
                yield as_decided(opened, analysis) if reviewed else analysis
            numbers = matching(opened, replace(asked, after=last)) if replaced else []


def versions(archive: str | Path, article: str) -> list[ArticleVersion]:
    """The earlier versions of an article (a source, or how an id begins) that `watch` saw change, the earliest first.
    Raises InputError if it is not there."""
    from presseschau.library import versions as kept
    from presseschau.library.store import Archive

    with Archive(Path(archive), reads=True) as opened:
        return kept.versions(opened, _source(opened, article))


def read_version(archive: str | Path, article: str, n: int) -> Analysis:
    """An earlier version of an article, as it was analysed then. Raises InputError if there is none."""
    from presseschau.library import versions as kept
    from presseschau.library.store import Archive
    from presseschau.models import Analysis

    with Archive(Path(archive), reads=True) as opened:
        return Analysis.model_validate_json(kept.version(opened, _source(opened, article), n))


def _source(archive: Archive, article: str) -> str:
    found = {one: None for (one,) in archive.database.all(
        "SELECT source FROM articles WHERE source = ? OR (article >= ? AND article < ?) UNION "
        "SELECT source FROM versions WHERE article >= ? AND article < ?",
        article, article, article + "\x7f", article, article + "\x7f",
    )}  # fmt: skip
    if len(found) != 1:
        what = f"{len(found)} articles named" if found else "no article"
        raise InputError(f"{archive.path} holds {what} {article}. Its ids and sources: `presseschau search`.")
    return str(next(iter(found)))


def search(
    archive: str | Path, question: Question | str, *, most: int = 20, skip: int = 0, semantic: bool = False
) -> Answered:
    """The articles of an archive that answer, `most` of them after the first `skip`: by words, or with `semantic` by
    meaning (needs that extra, and `index` before). Raises InputError, ConfigurationError."""
    from presseschau.library.search import Question
    from presseschau.library.search import search as asked_of
    from presseschau.library.store import Archive

    asked = Question(question) if isinstance(question, str) else question
    with Archive(Path(archive), reads=True) as opened:
        if semantic:
            from presseschau.library.meaning import search_meaning

            return search_meaning(opened, asked, sentence_encoder(), most=most, skip=skip)
        return asked_of(opened, asked, most=most, skip=skip)


def index(
    archive: str | Path, encoder: Encoder | None = None, on_progress: Callable[[int, int], None] | None = None
) -> int:
    """Makes the vectors that a search by meaning needs, as far as they are missing: how many. Stopped in any way, it
    goes on where it was; `on_progress` hears how many are made of how many. Raises ConfigurationError where the
    encoder is not installed, OutputError."""
    from presseschau.library.meaning import index as indexed
    from presseschau.library.store import Archive

    encoder = encoder or sentence_encoder()
    with Archive(Path(archive)) as opened:
        return indexed(opened, encoder, on_progress)


def notes(archive: str | Path, topic: str | None = None) -> list[StoredNote]:
    """The briefing notes that are kept in an archive, or those on this topic, the last one first. Raises InputError."""
    from presseschau.library.noted import entries
    from presseschau.library.store import Archive

    with Archive(Path(archive), reads=True) as opened:
        return list(entries(opened, topic))


def read_note(archive: str | Path, number: int) -> Note:
    """The note with this number in an archive. Raises InputError if there is none."""
    from presseschau.library.noted import line
    from presseschau.library.store import Archive

    with Archive(Path(archive), reads=True) as opened:
        return note_of(line(opened, number), f"note {number} of {archive}")


def stories(archive: str | Path) -> list[StoredStory]:
    """The stories of an archive, as its notes told them from day to day, the last reported first. Raises InputError."""
    from presseschau.library.store import Archive
    from presseschau.library.stories import entries

    with Archive(Path(archive), reads=True) as opened:
        return entries(opened)


def drop_note(archive: str | Path, number: int) -> bool:
    """Takes a note out of an archive; was it there? Raises OutputError."""
    from presseschau.library.noted import drop
    from presseschau.library.store import Archive

    with Archive(Path(archive)) as opened:
        return drop(opened, number)


def terms(
    archive: str | Path, question: Question | None = None, *, articles: int = 5000, least: int = 2
) -> list[ArchiveTerm]:
    """Names, offices and compound terms of an archive with their renderings, those in two ways first; of the newest
    `articles` that the filters of `question` leave, each in at least `least` sentences. Raises InputError."""
    from presseschau.library.store import Archive
    from presseschau.library.terms import terms as terms_of

    with Archive(Path(archive), reads=True) as opened:
        return terms_of(opened, question, articles=articles, least=least)


def write_glossary(found: Iterable[ArchiveTerm], out: str | Path) -> None:
    """Writes terms as a glossary, to be looked through and given with `--glossary`. Raises OutputError."""
    from presseschau.library.terms import glossary_rows

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([inert(cell) for cell in row] for row in glossary_rows(found))
    write_file(Path(out), BOM + text.getvalue())


def remember(archive: str | Path, decisions: Sequence[Decision]) -> None:
    """Adds decisions (`results.decide`) to an archive; a later one about the same words takes the place of the earlier
    one. Raises OutputError."""
    from presseschau.library import memory
    from presseschau.library.store import Archive

    with Archive(Path(archive)) as opened:
        memory.remember(opened, decisions)


def forget(archive: str | Path, decisions: Sequence[Decision]) -> None:
    """Takes decisions in an archive back, as if they had never been made. Raises OutputError."""
    from presseschau.library import memory
    from presseschau.library.store import Archive

    with Archive(Path(archive)) as opened:
        memory.forget(opened, decisions)


def offers(archive: str | Path, german: str) -> list[Offer]:
    """English that people accepted or wrote for this German or German like it, at most three, the most alike first.
    Raises InputError."""
    from presseschau.library.memory import offers as known
    from presseschau.library.store import Archive

    with Archive(Path(archive), reads=True) as opened:
        return known(opened, german)


def import_edits(result: str | Path, file: str | Path, *, by: str | None = None) -> tuple[int, int]:
    """Reads what a translator changed in a file of pairs that was exported from an archive or another result (XLIFF,
    TMX, CSV, TSV, JSONL): each sentence with other English than now becomes a decision, "edited", `by` that person.

    Returns how many, and how many pairs have German that the result does not hold. Raises InputError, OutputError.
    """
    from presseschau.library.edited import Edited
    from presseschau.library.memory import as_decided, remember_many
    from presseschau.library.store import Archive

    result, edited, now = Path(result), Edited(read_pairs(file)), datetime.now(UTC)
    if not is_archive(result):
        decisions, made = read_decisions(result), 0
        for analysis in read_results(result, reviewed=True):
            for decision in edited.decisions(analysis, by, now):
                decisions, made = decisions.with_one(decision), made + 1
        if made:
            write_decisions(result, decisions)
        return made, len(edited.left)
    if not result.exists():
        raise InputError(f"The archive {result} does not exist: put results into it first.")
    found: dict[tuple[str, str], Decision] = {}
    with Archive(result) as archive:
        for number in sorted({number for german in edited.german for number in archive.holding(german)}):
            for decision in edited.decisions(as_decided(archive, archive.analysis(number)), by, now):
                found[decision.german, decision.was] = decision
        remember_many(archive, list(found.values()))
    return len(found), len(edited.left)
