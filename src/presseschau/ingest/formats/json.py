"""JSON: one object, or a list of them, bare or under one key. JSONL: one object per line, read as a stream; the lines
of a shard among them, articles that `presseschau split` has read already.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from pydantic import ValidationError

from presseschau.errors import FormatError, InputError
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.agency import digitalwires, is_digitalwires, is_ninjs, ninjs
from presseschau.ingest.formats.bounded import lines, read_all
from presseschau.ingest.formats.detect import refuse
from presseschau.ingest.formats.feeds import json_feed
from presseschau.ingest.formats.fields import USUAL, document_of, value_at
from presseschau.ingest.text.decode import decode
from presseschau.models import Article

_MOST_OBJECTS = 3_000_000  # they take twenty times as much memory
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_JSON_FEED = re.compile(r"https?://(?:www\.)?jsonfeed\.org/")


def read_json(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a JSON file; their sources are `source`, or `source#1` onwards in a list."""
    data = read_all(stream, options.max_json)
    if data.count(b"{") + data.count(b"[") > _MOST_OBJECTS:
        yield Skipped(source, "large", f"The file has more than {_MOST_OBJECTS:,} objects. Write one per line (JSONL).")
        return
    parsed = _parse(data, source, options, whole=True)
    if isinstance(parsed, Skipped):
        yield parsed
        return
    if _is_feed(parsed):
        yield from json_feed(parsed, source)
        return
    rows = _rows(parsed, options)
    for number, row in enumerate(rows, 1):
        name = f"{source}#{number}" if (rows is not parsed and len(rows) > 1) or isinstance(parsed, list) else source
        yield _row(row, name, options)


def read_jsonl(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of a JSONL stream, one line in memory at a time; their sources are `source#LINE`."""
    for number, line in lines(stream, options.max_item):
        name = f"{source}#{number}"
        if line is None:
            yield Skipped(name, "large", f"The line is longer than {options.max_item:,} bytes.")
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            parsed = _parse(line, name, options)
            yield parsed if isinstance(parsed, Skipped) else _row(parsed, name, options)


def _parse(data: bytes, source: str, options: ReadOptions, *, whole: bool = False) -> Any:
    try:
        text = decode(data, options.charset).text
        try:
            parsed = json.loads(text)
        except ValueError:
            if whole:
                refuse(text)
            raise
        if whole and not _is_read(parsed):
            refuse(text)
        return parsed
    except FormatError as error:
        return Skipped(source, error.failure, str(error))
    except RecursionError:
        return Skipped(source, "damaged", "The JSON is nested too deeply.")
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return Skipped(source, "damaged", f"This is not valid JSON: it cannot be read beyond {where}.")
    except ValueError:
        return Skipped(source, "damaged", "This is not valid JSON: it holds a number with too many digits.")
    except InputError as error:
        return Skipped(source, "damaged", str(error))


def _is_read(parsed: Any) -> bool:
    """Is it of a kind that has a reader of its own here?"""
    return _is_feed(parsed) or any(map(is_ninjs, parsed[:1] if isinstance(parsed, list) else [parsed]))


def _is_feed(parsed: Any) -> bool:
    version = parsed.get("version") if isinstance(parsed, Mapping) else None
    return isinstance(version, str) and _JSON_FEED.match(version) is not None


def _rows(parsed: Any, options: ReadOptions) -> list[Any]:
    """The objects of a file: its list, the only list of objects under a key, or the file's own object."""
    if isinstance(parsed, list):
        return parsed
    wanted = options.mapping.get("text")
    if isinstance(parsed, Mapping) and (wanted is None or value_at(parsed, wanted) is None):
        named = wanted is None and {str(key).lower() for key in parsed} & set(USUAL["text"])
        lists = [value for value in parsed.values() if isinstance(value, list) and value and _all_objects(value)]
        if wanted is not None:
            lists = [rows for rows in lists if any(value_at(row, wanted) is not None for row in rows)]
        if len(lists) == 1 and not named:
            return lists[0]
    return [parsed]


def _all_objects(values: list[Any]) -> bool:
    return all(isinstance(value, Mapping) for value in values)


def _row(row: Any, source: str, options: ReadOptions) -> Item:
    if isinstance(row, str) and row.strip():
        row = {"url" if _ADDRESS.fullmatch(row.strip()) else "text": row.strip()}
    if not isinstance(row, Mapping):
        return Skipped(source, "fields", "This is not a JSON object with named fields.")
    if row.get("schema") == SHARD:
        return article_of(row, source)
    if "text" not in options.mapping and (is_ninjs(row) or is_digitalwires(row)):
        return (ninjs if is_ninjs(row) else digitalwires)(row, source)
    return document_of(row, source, options)


SHARD = "presseschau/shard/1"
"""The schema of a line."""


def line_of(article: Article, source: str) -> str:
    """A line, with its end; `source` is what the item was called where it was read."""
    return json.dumps(
        {"schema": SHARD, "source": source, "article": article.model_dump(mode="json")}, ensure_ascii=False
    ) + "\n"  # fmt: skip


def article_of(row: Mapping[str, Any], source: str) -> Item:
    """The article of a line; Skipped if it is not one as it was written."""
    try:
        article = Article.model_validate_json(json.dumps(row["article"]))
        named = str(row["source"])
    except (KeyError, ValidationError):
        return Skipped(source, "damaged", "This line of a shard holds no article as `presseschau split` writes it.")
    numbered = "\n".join(sentence.text for sentence in article.sentences)
    if hashlib.sha256(numbered.encode()).hexdigest() != article.id:
        return Skipped(source, "damaged", "This line of a shard was changed: its article is not that of its id.")
    return Document(named, text=article.text, metadata=article.metadata, article=article)
