"""What is read of files with parts within, for as_before.py: trees bent, pages drawn otherwise, limits on both sides.

As as_bent.py bends lines, this bends what a file of marks or of values has in it: the children, attributes and texts of
each element, the fields and kinds of values of each object, the lines drawn on a page.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby, product
from typing import Any

import zstandard
from lxml import etree

from as_bent import WAYS, Way, bend, items_bent, words_bent
from made_files import docx, epub, odt, packed, pdf, set_lines
from pinned import FIXTURES
from presseschau.errors import PresseschauError
from presseschau.ingest import ReadOptions, iter_documents

Made = Iterable[tuple[str, list[str]]]
Bend = Callable[[bytes, Way], bytes]
_FEW = ("every third gone", "first third gone", "second half gone", "doubled", "swapped", "none empty", "sixfold")
_SENTENCE = "Der Rat hat am Montag den Bau der Brücke beschlossen."
_PROSE = [
    *("Rat baut Brücke", "Von Kim Albers", "", "Wuppertal (dpa). Der Rat hat am Montag den Bau der neuen Brücke be-"),
    *("schlossen. Sie kostet zwölf Millionen Euro und soll im Mai", "fertig sein.", "", "Auch der Landkreis zahlt."),
    *("Die Kosten:", "Stahl  7 Millionen", "Beton  5 Millionen", "", "Das sagte der Bürgermeister nach der Sitzung."),
]


def read(data: bytes, options: ReadOptions | None = None) -> list[str]:
    """What is found in it, or why nothing can be."""
    try:
        return [repr(item) for item in iter_documents("-", stdin=io.BytesIO(data), options=options)]
    except PresseschauError as error:
        return [f"{type(error).__name__} {error}"]


def _files(*endings: str) -> Iterator[tuple[str, bytes]]:
    for folder in ("exports", "readers", "unread"):
        for path in sorted((FIXTURES / "ingest" / folder).iterdir()):
            if path.suffix in endings and path.name != "expected.json":
                yield f"{folder}/{path.name}", path.read_bytes()


def _children(data: bytes, way: Way) -> bytes:
    return _tree(data, lambda node: _put(node, items_bent([*node], way)))


def _texts(data: bytes, way: Way) -> bytes:
    def turned(node: Any) -> None:
        node.text, node.tail = (text and words_bent(way, text) for text in (node.text, node.tail))

    return _tree(data, turned)


def _attributes(data: bytes, way: Way) -> bytes:
    """The names stay, each with the value of another."""

    def turned(node: Any) -> None:
        kept = way([*map(str, node.attrib.values())])
        for name, value in zip([*node.attrib], [*kept, *[""] * len(node.attrib)], strict=False):
            node.attrib[name] = "".join(filter(str.isprintable, value))

    return _tree(data, turned)


def _tree(data: bytes, turned: Callable[[Any], None]) -> bytes:
    is_page = data[:300].lower().find(b"<html") >= 0 and not data.startswith(b"<?xml")
    parser = etree.HTMLParser() if is_page else etree.XMLParser(recover=True, resolve_entities=False)
    root = etree.fromstring(data, parser)
    for node in [one for one in root.iter() if isinstance(one.tag, str)]:
        turned(node)
    if is_page:
        return b"<!doctype html>" + etree.tostring(root, encoding="utf-8", method="html")
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _put(node: Any, children: list[Any]) -> None:
    if len(node) > 1:
        node[:] = children


def _values(data: bytes, way: Way) -> bytes:
    return json.dumps(bend(json.loads(data), way, words=False), ensure_ascii=False).encode()


def _words(data: bytes, way: Way) -> bytes:
    return json.dumps(bend(json.loads(data), way, words=True), ensure_ascii=False).encode()


def _fields(data: bytes, way: Way) -> bytes:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(value[name]) for name in way([*value]) if name in value}
        return [*map(turned, value)] if isinstance(value, list) else value

    return json.dumps(turned(json.loads(data)), ensure_ascii=False).encode()


def _kinds(data: bytes, put: Callable[[Any], Any]) -> Iterator[bytes]:
    """Every field once as another kind of value."""
    whole = json.loads(data)

    def turned(value: Any, name: str) -> Any:
        if isinstance(value, dict):
            return {key: put(one) if key == name else turned(one, name) for key, one in value.items()}
        return [turned(one, name) for one in value] if isinstance(value, list) else value

    def names(value: Any) -> Iterator[str]:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        yield from value if isinstance(value, dict) else ()
        for one in inner:
            yield from names(one)

    for name in dict.fromkeys(names(whole)):
        yield json.dumps(turned(whole, name), ensure_ascii=False).encode()


def trees() -> Made:
    """Exports in XML and JSON of which the parts are bent."""
    bends: dict[str, tuple[Bend, Iterator[tuple[str, bytes]]]] = {
        "children": (_children, _files(".xml")), "attributes": (_attributes, _files(".xml")),
        "texts": (_texts, _files(".xml")), "values": (_values, _files(".json")), "fields": (_fields, _files(".json")),
        "words": (_words, _files(".json")),
    }  # fmt: skip
    for what, (turn, files) in bends.items():
        known = [*files]
        for how in _FEW if what in ("children", "values", "fields") else ("swapped", "cut", "other digits"):
            yield f"{what}, {how}", [line for _, data in known for line in read(turn(data, WAYS[how]))]
    others: dict[str, Callable[[Any], Any]] = {
        "null": lambda _: None, "text": str, "list": lambda one: [one], "object": lambda one: {"name": one},
        "number": lambda _: 7, "empty": lambda one: type(one)(),
    }  # fmt: skip
    for kind, put in others.items():
        yield kind, [line for _, data in _files(".json") for one in _kinds(data, put) for line in read(one)]


def books() -> Made:
    """Files of word processors and books, each member bent."""
    made = {
        "docx": docx(["Rat baut", ("link", "Ein|Verweis"), ("Heading1", "Brücke"), *_PROSE], header="Kopf", title="T"),
        "odt": odt([("h", "Rat baut"), *_PROSE]),
        "epub": epub(
            {
                "a.xhtml": f"<h1>Rat</h1><h2>baut</h2><p class='k'>Von Kim</p><p>{_SENTENCE * 3}</p><p>Es regnete.</p>",
                "b.xhtml": f"<p>{_SENTENCE * 2}</p><ul><li>Eins</li><li>Zwei</li></ul>",
                "cover.xhtml": "<p>Umschlag</p>",
            },
            meta="<dc:title>Blatt</dc:title><dc:date>2026-03-01</dc:date><dc:creator>Kim</dc:creator>",
        ),
    }
    for name, data in made.items():
        for turn, how in product((_children, _attributes, _texts), _FEW):
            yield (
                f"{name} {turn.__name__[1:]}, {how}",
                read(_repacked(data, lambda one, b=turn, h=how: b(one, WAYS[h]))),
            )
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        first = members.pop("mimetype", b"").decode()
        for gone in members:
            yield f"{name} without {gone}", read(packed({k: v for k, v in members.items() if k != gone}, first))
            yield f"{name} damaged {gone}", read(packed(members | {gone: members[gone][:-9]}, first))
            yield f"{name} empty {gone}", read(packed(members | {gone: b""}, first))


def _repacked(data: bytes, turned: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    first = members.pop("mimetype", b"").decode()
    marked = (".xml", ".xhtml", ".opf")
    return packed({k: turned(v) if k.endswith(marked) and v else v for k, v in members.items()}, first)


def pages() -> Made:
    """Saved pages of which the elements, their attributes or their texts are bent."""
    saved = [*sorted((FIXTURES / "ingest/html").glob("*.html")), *sorted((FIXTURES / "ingest/cms").glob("*.html"))[::3]]
    for turn, how in product((_children, _attributes, _texts), _FEW):
        few = saved[_FEW.index(how) % 3 :: 3]
        yield f"{turn.__name__[1:]}, {how}", [line for path in few for line in read(turn(path.read_bytes(), WAYS[how]))]


Line = tuple[float, float, float, str]


def drawn() -> Made:
    """Pages of one text set in other sizes, steps and columns, with heads, feet and gaps at their limits."""
    plain = set_lines(_PROSE)

    def changed(n: int, x: float = 0, y: float = 0, size: float = 1) -> list[Line]:
        return [(a + x, b + y, c * size, t) if k == n else (a, b, c, t) for k, (a, b, c, t) in enumerate(plain)]

    for size in (1.05, 1.1, 1.11, 1.125, 1.13, 1.19, 1.2, 1.21, 1.5, 3):
        yield f"size {size}", [*read(pdf([changed(0, size=size)])), *read(pdf([changed(5, size=size)]))]
    for x in (3, 4, 5, 6, 20, 44, 45, 46, 60, 200):
        yield f"indented {x}", [*read(pdf([changed(5, x=x)])), *read(pdf([changed(6, x=x)]))]
    for step in (0.2, 0.49, 0.5, 0.51, 1, 1.2, 1.34, 1.35, 1.36, 1.5, 1.51, 2, 3):
        lower = [(x, y - (step - 1) * 14 if n > 5 else y, size, text) for n, (x, y, size, text) in enumerate(plain)]
        yield f"step {step}", [*read(pdf([lower])), *read(pdf([set_lines(_PROSE, step=14 * step)]))]
    for gap in (0, 0.3, 1, 2, 2.9, 3, 3.1, 5, 20):
        beside = [*plain, (60 + 0.5 * 11 * 12 + gap * 11, 400, 11, "Millionen"), (60, 400, 11, "Zwölf bis 20")]
        yield f"gap {gap}", [*read(pdf([beside])), *read(pdf([[*plain, *beside[:-3:-1]]]))]
    for count, width, indent in product((4, 5, 6), (18, 20, 24, 40), (150, 250)):
        column = [("Rat baut Brücke und Straße aus " * 2)[:width]] * count
        both = [*set_lines(column, top=500), *set_lines(column, x=60 + indent, top=500)]
        yield f"columns {count} {width} {indent}", [*read(pdf([both])), *read(pdf([[*plain[:3], *both]]))]
    for pages, heads in product((1, 2, 3, 4), (0, 1, 2, 3, 4)):
        head = [(60.0, 820.0, 9.0, "Musterblatt Nr. {}"), (280.0, 30.0, 9.0, "- {} -"), (60.0, 810.0, 9.0, "Montag")]
        around = [[(x, y, s, t.format(n)) for x, y, s, t in head if n < heads] for n in range(pages)]
        yield f"pages {pages}, heads {heads}", read(pdf([[*plain, *some] for some in around]))
    for empty in (0, 1, 2):
        yield f"empty {empty}", read(pdf([plain, *[[]] * empty], info="/Title (Rat)"))
    for sign in (0, 1, 2, 3, 9):
        yield (
            f"{sign} unknown signs",
            read(pdf([[(60, 700, 11, "\x7f" * sign + "Der Rat tagt am Montag in Köln. " * 3)]])),
        )


def bounded() -> Made:
    """Small files and what packs them, with limits just below, at and just above what they have."""
    text = (_SENTENCE + "\n\n") * 8
    rows = "".join(json.dumps({"text": _SENTENCE * n, "title": f"Nr. {n}"}) + "\n" for n in range(1, 6))
    member = text.encode()
    files = {
        "txt": member, "jsonl": rows.encode(), "json": f"[{','.join(rows.splitlines())}]".encode(),
        "csv": f"title,text\n{''.join(f'Nr. {n},{_SENTENCE * n}{chr(10)}' for n in range(1, 6))}".encode(),
        "html": f"<html><body><article><h1>Rat</h1><p>{_SENTENCE * 8}</p></article></body></html>".encode(),
        "docx": docx(_PROSE), "odt": odt(_PROSE), "pdf": pdf([set_lines(_PROSE)]),
        "epub": epub({"a.xhtml": f"<p>{_SENTENCE * 8}</p>", "b.xhtml": f"<p>{_SENTENCE * 9}</p>"}),
        "zip": packed({"a.txt": member, "b.txt": member * 2, "c/d.jsonl": rows.encode()}),
        "tar": _tar({"a.txt": member, "b.txt": member * 2, "c/d.jsonl": rows.encode()}),
        **{f"exports/{name}": (FIXTURES / "ingest/exports" / name).read_bytes() for name in
           ("rss.xml", "newsml-g2.xml", "mails.mbox", "nexis.txt", "factiva.rtf", "page.mhtml", "wiso.txt")},
    }  # fmt: skip
    files |= {f"{name}.gz": gzip.compress(files[name], mtime=0) for name in ("txt", "jsonl", "tar")}
    files |= {f"{name}.zst": zstandard.compress(files[name]) for name in ("txt", "jsonl", "tar")}
    for name, data in files.items():
        sizes = {len(data), len(member), len(rows), max(map(len, rows.splitlines()))}
        near = sorted({size + more for size in sizes for more in (-1, 0, 1)} | {0, 1, 200, 3000})
        for limit in ("max_item", "max_json", "max_whole", "max_unpacked"):
            tried = [(f"{n:,}", read(data, ReadOptions(**{limit: n}))) for n in near]
            yield f"{name} {limit}", [line.replace(f" {n} ", " so many ") for n, lines in tried for line in lines]
        few = [line for n in (0, 1, 2, 3) for line in read(data, ReadOptions(max_members=n))]
        yield name, [*few, *(line for n in (1, 2) for line in read(data, ReadOptions(max_ratio=n, max_unpacked=300)))]


def _tar(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return data.getvalue()


def _by_kind(made: Callable[[], Made]) -> Iterator[tuple[str, list[str]]]:
    """Under the first word of the name: these are many."""
    for kind, some in groupby(made(), lambda one: one[0].partition(" ")[0]):
        yield kind, [line for name, lines in some for line in (name, *lines)]


SETS: dict[str, Callable[[], Made]] = {
    "bent trees": trees, "bent pages": pages, "bent books": partial(_by_kind, books),
    "drawn pages": partial(_by_kind, drawn), "bounded files": partial(_by_kind, bounded),
}  # fmt: skip
