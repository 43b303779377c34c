"""A WARC is never shorter than its bytes without saying so: every record is read, flagged, skipped or counted."""

from __future__ import annotations

import gzip
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presseschau.ingest import read
from presseschau.ingest.document import MEBI, Item
from presseschau.ingest.formats.http_message import HttpMessage, payload
from presseschau.ingest.sources import Document, ReadOptions, Skipped, iter_documents

WARCS = Path(__file__).resolve().parents[2] / "fixtures" / "ingest" / "warc"
PAGES = WARCS.parent / "html"


def items(path: Path, **options: int) -> list[Item]:
    return list(iter_documents([str(path)], options=ReadOptions(**options)))  # type: ignore[arg-type]


def told(path: Path, **options: int) -> list[str]:
    """For every item the end of its address, and why it is not (wholly) read."""
    found = []
    for item in items(path, **options):
        why = item.reason if isinstance(item, Skipped) else " ".join(finding.code for finding in item.findings)
        found.append(f"{item.source.rpartition('/')[2]} {why}".strip())
    return found


def warc(*records: tuple[str, str, bytes, str]) -> bytes:
    """A WARC of (type, URI, block, content type) records."""
    out = b""
    for kind, uri, block, content in records:
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Record-ID: <urn:uuid:{len(out)}>\r\n"
            f"WARC-Date: 2026-03-01T00:00:00Z\r\nContent-Type: {content}\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        out += head.encode() + block + b"\r\n\r\n"
    return out


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz", "crawl.gz", "crawl"])
def test_warc_and_wet(tmp_path: Path, name: str) -> None:
    page = (PAGES / "zuerich.html").read_bytes()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    gone = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>weg</p>"
    image = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"
    http = "application/http; msgtype=response"
    data = warc(
        ("warcinfo", "", b"software: x", "application/warc-fields"),
        ("response", "https://example.org/a", answer, http),
        ("response", "https://example.org/b", gone, http),
        ("response", "https://example.org/c", image, http),
        ("conversion", "https://example.org/d", "Größe für alle".encode(), "text/plain"),
    )
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    html, wet, passed = items(path)
    assert isinstance(html, Document)
    assert html.text is not None
    assert html.text.startswith("Verkehr\n\nDer Gotthard-Strassentunnel bleibt nachts gesperrt\n\n")
    assert html.source == f"{path}!https://example.org/a"
    assert isinstance(wet, Document)
    assert wet.data == "Größe für alle".encode()
    assert isinstance(passed, Skipped)
    assert passed.reason == "passed"
    assert passed.detail.endswith("1 warcinfo, 1 answer 404, 1 image/png.")


def test_chunked_and_packed_records_are_all_read() -> None:
    found = items(WARCS / "06-chunked-gzip-5-articles.warc.gz")
    assert [item.source[-1] for item in found if isinstance(item, Document)] == ["0", "1", "2", "3", "4"]
    texts = [item.text or "" for item in found if isinstance(item, Document)]
    assert all("zwei Jahre dauern" in text for text in texts)


@pytest.mark.parametrize("path", sorted(WARCS.glob("[a-z]-*.warc")), ids=lambda path: path.stem)
def test_an_odd_record_hides_no_other(path: Path) -> None:
    odd, good = items(path)
    assert isinstance(odd, Document)
    assert isinstance(good, Document)
    assert good.source.endswith("!https://example.org/z-last")
    cut = "mai begin" if path.stem == "v-shortchunk" else "dass die kosten zu hoch seien"
    assert cut in (odd.text or "").lower()
    assert [finding.code for finding in odd.findings] == (["input.incomplete"] if path.stem == "v-shortchunk" else [])


def test_heads_that_do_not_fit_their_bodies() -> None:
    """Packings unsaid or said wrongly, resources, no content type, HTTP/2; cut by the crawler or by the server."""
    assert told(WARCS / "own-heads.warc") == [
        "gzip-said-plain", "gzip-unsaid", "br", "deflate-raw", "br-said-plain", "chunk-extensions",
        "chunked-said-gzip", "resource", "no-type", "http2", "truncated input.incomplete",
        "announced input.incomplete", "undecodable damaged", "13", "own-heads.warc passed",
    ]  # fmt: skip


def test_lengths_that_are_wrong() -> None:
    """Too long (the next record is not swallowed), too short, none, line feeds alone, absurd."""
    assert told(WARCS / "own-lengths.warc") == [
        "too-long input.incomplete", "too-short input.incomplete", "own-lengths.warc damaged", "none damaged",
        "own-lengths.warc damaged", "line-feeds input.incomplete", "own-lengths.warc damaged",
        "absurd input.incomplete", "last",
    ]  # fmt: skip


def test_damaged_and_cut_packing_costs_only_its_own_record() -> None:
    """Six packed records: the second and the checksum of the fourth damaged, the sixth cut."""
    assert told(WARCS / "own-members.warc.gz") == [
        "1", "2 input.incomplete", "own-members.warc.gz damaged", "3", "4 input.incomplete",
        "own-members.warc.gz damaged", "5", "6 input.incomplete", "6 damaged",
    ]  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
@given(data=st.data())
def test_a_cut_file_is_reported_wherever_it_is_cut(
    tmp_path_factory: pytest.TempPathFactory, packed: bool, data: st.DataObject
) -> None:
    plain = (WARCS / "a-plain.warc").read_bytes()
    first, second = plain[: plain.index(b"WARC/", 9)], plain[plain.index(b"WARC/", 9) :]
    pieces = [gzip.compress(one, mtime=0) if packed else one for one in (first, second)]
    cut = data.draw(st.integers(len(pieces[0]) + 1, len(pieces[0] + pieces[1]) - (1 if packed else 5)))
    path = tmp_path_factory.mktemp("cut") / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(b"".join(pieces)[:cut])
    found = items(path)
    assert found[0].source.endswith("a-plain")
    assert "damaged" in [item.reason for item in found if isinstance(item, Skipped)]
    assert all(item.findings for item in found[1:] if isinstance(item, Document))


def test_one_cut_article_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes((WARCS / "a-plain.warc").read_bytes()[:750])
    findings = {finding.code: finding.message for finding in read(path).findings}
    assert "the file ends after 502 of its 616 bytes" in findings["input.incomplete"]
    assert "https://example.org/a-plain: This record is damaged" in findings["input.skipped"]


def test_missing_package_costs_only_its_own_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    found = [item for item in items(WARCS / "own-heads.warc") if item.source.endswith("/br")]
    assert [type(item) for item in found] == [Skipped]
    assert "pip install 'presseschau[warc]'" in getattr(found[0], "detail", "")


@given(st.binary(max_size=300))
def test_what_the_head_says_wrongly_is_passed_over(noise: bytes) -> None:
    body = b"<p>" + noise
    for head in ("gzip", "br", "deflate", "none", "gzip, br"):
        assert (
            payload(HttpMessage(200, {"content-encoding": head, "transfer-encoding": "chunked"}, body), 10_000)[0]
            == body
        )


def test_hostile_warcs_are_bounded(tmp_path: Path) -> None:
    """A payload that unpacks to 200 MB; records of which each claims all that follows; members that are none."""
    bomb = zlib.compressobj(9, wbits=31)
    packed = b"".join(bomb.compress(bytes(MEBI)) for _ in range(200)) + bomb.flush()
    path = tmp_path / "bomb.warc"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + packed
    path.write_bytes(warc(("response", "u", answer, "application/http")))
    assert told(path, max_item=MEBI) == ["bomb.warc!u large"]
    liars = warc(("response", "u", b"", "application/http")).replace(b"Length: 0", b"Length: 999999999")
    path = tmp_path / "liars.warc"
    path.write_bytes(liars * 2_000)
    assert told(path, max_unpacked=4 * MEBI)[-1] == "liars.warc bomb"
    path = tmp_path / "members.warc.gz"
    path.write_bytes(b"\x1f\x8b\x08\xff" * 50_000)
    assert len(told(path)) <= 1_001


def test_a_page_has_its_address_as_its_link() -> None:
    pages = [one for one in iter_documents(WARCS / "a-plain.warc") if isinstance(one, Document)]
    assert [page.metadata["url"] for page in pages] == [page.source.partition("!")[2] for page in pages]
