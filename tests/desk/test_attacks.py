"""The desk under attack, over a real socket: foreign origins, replayed forms, floods, script in every field, addresses
of this machine. Everything is refused or inert, and nothing leaves the machine but what the model is asked."""

from __future__ import annotations

import io
import re
import socket
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest

import briefing_world
from desk_server import KEY, Form, Got, Page, Served, Visitor, answer_of, served
from fault_server import error
from note_sample import filled_with
from note_server import endpoint, everything
from presseschau import archives
from presseschau.desk.security import UPLOAD_CAP
from presseschau.ingest import read_article
from presseschau.library import noted
from presseschau.library.store import Archive
from presseschau.models import (
    Analysis,
    Claim,
    Evidence,
    Finding,
    Moment,
    Point,
    Risk,
    Summary,
    TranslatedSentence,
)  # fmt: skip

MARK = "xqz"
SCRIPT = (
    f"\"'><script>{MARK}()</script><img src=x onerror={MARK}()><svg onload={MARK}()>{{{{7*7}}}}\r\nSet-Cookie: {MARK}=1"
)


@cache
def good() -> list[Analysis]:
    """Results of three articles, about one event."""
    return briefing_world.analysed(list(briefing_world.articles().values())[:3], briefing_world.engine())


def poisoned() -> Analysis:
    """A result that says SCRIPT in every field that an article, a model or a person can fill."""
    first = good()[0]
    wall = f"Der Sprecher schrieb <script>{MARK}()</script> und <img src=x onerror={MARK}()> an die Wand."
    article = read_article(f"{first.article.text}\n\n{wall}", source="x").model_copy(
        update={
            **dict.fromkeys(("source", "headline", "topic", "agency", "outlet", "author"), SCRIPT),
            "metadata": {SCRIPT: SCRIPT, "url": f"javascript:{MARK}()", "id": SCRIPT},
        }
    )
    found = (Finding(code=f"number.missing{SCRIPT}", severity="error", message=SCRIPT, sentence=2, claim=SCRIPT),)
    risk = Risk(value=0.9, reasons=(SCRIPT,))
    more: dict[str, Any] = {
        "findings": found,
        "risk": risk,
        "decided_by": SCRIPT,
        "decided": "edited",
        "status": "human",
    }
    rows = tuple(
        TranslatedSentence(n=s.n, role=s.role, de=s.text, en=SCRIPT, start=s.start, end=s.end, earlier=SCRIPT, **more)
        for s in article.sentences
    )
    claims = tuple(
        Claim(
            id=f"c{s.n}{SCRIPT}", text=SCRIPT, sentences=(s.n,), evidence=(Evidence.of(s),), speaker=SCRIPT,
            via=(SCRIPT,), relies_on=SCRIPT, verb=SCRIPT, when=Moment(text=SCRIPT, date=SCRIPT), **more,
        )
        for s in article.sentences if s.role == "body"
    )  # fmt: skip
    points = (Point(text=SCRIPT, sentences=(2,)),)
    made = first.provenance.model_copy(update={"model": SCRIPT, "engine": SCRIPT, "notice": SCRIPT, "notes": (SCRIPT,)})
    return Analysis(
        article=article, translation=rows, claims=claims, findings=found, provenance=made,
        summary=Summary(headline=SCRIPT, bottom_line=SCRIPT, bottom_line_sentences=(2,), points=points),
    )  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Iterator[dict]:
    with endpoint([everything]) as known:
        yield known


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, model: dict) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("attacked")
    lines = folder / "out.jsonl"
    lines.write_text("".join(one.model_dump_json() + "\n" for one in [poisoned(), *good()]), "utf-8")
    archives.import_results(folder / "archive.db", lines)
    with Archive(folder / "archive.db") as archive:
        line = filled_with(SCRIPT).model_dump_json().encode()
        noted.keep(archive, line, made="2026-11-30T12:00:00Z", series=SCRIPT, day="2026-11-30")
    with served(folder / "archive.db", "-m", "m", "--base-url", model["url"], "--price", "1,2") as running:
        yield running


@pytest.fixture(scope="module")
def visitor(desk: Served) -> Visitor:
    entered = Visitor(desk)
    assert entered.enter().status == 303
    return entered


def safe(got: Got, path: str) -> None:
    """Nothing in this answer runs, is fetched from elsewhere, or says a key."""
    assert got.status < 500, f"{path}: {got.text[:500]}"
    policy = got.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert got.headers["x-content-type-options"] == "nosniff"
    assert MARK not in got.headers.get("set-cookie", "")
    assert KEY not in got.text
    assert "49\r\nSet" not in got.text
    saved = got.headers.get("content-disposition", "").startswith("attachment; filename*=UTF-8''")
    if got.headers.get("content-type", "").startswith("text/html") and not saved:
        page = Page(got.text)
        assert page.active == [], path
        assert all(urlsplit(urljoin("http://here/", one)).netloc == "here" for one in page.loads), path
        assert all(urlsplit(one).scheme in ("", "http", "https", "mailto") for one in page.links), path
    elif got.status == 200 and not path.startswith("/static/") and "event-stream" not in got.headers["content-type"]:
        assert saved, path


def crawl(visitor: Visitor, most: int = 120) -> dict[str, Page]:
    """Every page that links lead to, each of them safe; a few of a kind are enough."""
    waiting, found, kinds = ["/"], {}, {}
    while waiting and len(found) < most:
        path = waiting.pop(0)
        kind = re.sub(r"\d+|=[^&]*", "", path)
        if path in found or kinds.get(kind, 0) >= 5:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        if path.startswith("/inbox/events"):
            continue
        got = visitor.get(path)
        safe(got, path)
        found[path] = page = Page(got.text if "html" in got.headers.get("content-type", "") else "")
        if 300 <= got.status < 400:
            waiting.append(got.headers["location"])
        for link in page.links:
            whole = urlsplit(urljoin(f"http://here{path}", link))
            if whole.netloc == "here":
                waiting.append(f"{whole.path}{'?' + whole.query if whole.query else ''}")
    return found


def forms(visitor: Visitor) -> list[tuple[str, Form]]:
    """One form of each kind, with the page it stands on."""
    found: dict[str, tuple[str, Form]] = {}
    for path, page in crawl(visitor).items():
        for form in page.forms:
            kind = re.sub(r"\d+", "", f"{form.method} {urljoin(path, form.action)} {form.texts}")
            found.setdefault(kind, (path, form))
    return list(found.values())


def test_every_page_of_a_poisoned_archive_is_inert(visitor: Visitor) -> None:
    pages = crawl(visitor)
    assert len(pages) > 10
    said = [visitor.get(path).text for path in list(pages)[:40]]
    assert any(MARK in text for text in said)  # it was shown
    assert not any(f"<script>{MARK}" in text for text in said)


@pytest.mark.slow
def test_script_in_every_field_of_every_form_is_inert(visitor: Visitor, desk: Served) -> None:
    tried = 0
    for path, form in forms(visitor):
        if not form.texts and not form.files:
            continue
        for value in (SCRIPT, "x" * 20_000, "\x00\u202e\ud7ff", "%0d%0aSet-Cookie: xqz=1", "http://169.254.169.254/"):
            now = Page(visitor.get(path).text).forms
            fresh = next((one for one in now if (one.action, one.texts) == (form.action, form.texts)), form)
            fields = [(name, value if name in fresh.texts else old) for name, old in fresh.fields]
            fields += [(name, old) for name, old in fresh.buttons[:1] if name]
            where = urljoin(path, fresh.action or path)
            if fresh.method == "get":
                got = visitor.get(f"{where}?{'&'.join(f'{n}={quote(v)}' for n, v in fields)}")
            elif fresh.multipart:
                files = [(name, f"../../{SCRIPT}.txt", b"Guten Tag") for name in fresh.files]
                got = visitor.send(where, fields, files)
            else:
                got = visitor.post(where, fields)
            safe(got, f"{path} -> {where}")
            tried += 1
    assert tried >= 10
    test_every_page_of_a_poisoned_archive_is_inert(visitor)
    assert not [path for path in desk.connected.parent.parent.rglob("*xqz*") if path.name != "archive.db"]


def test_a_form_is_refused_from_elsewhere_without_its_token_and_a_second_time(visitor: Visitor) -> None:
    posted = [(path, form) for path, form in forms(visitor) if form.method == "post"]
    assert posted
    for path, form in posted:
        where, fields = urljoin(path, form.action or path), form.fields
        without = [pair for pair in fields if pair[0] != "csrf"]
        assert visitor.post(where, without).status == 403, where
        assert visitor.post(where, [*without, ("csrf", f"1.{'0' * 32}")]).status == 403, where
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null", "Sec_Fetch_Site": "cross-site"},
                        {"Sec_Fetch_Site": "same-site"}, {"Origin": "-", "Sec_Fetch_Site": "-"},
                        {"Host": "evil.example", "Origin": "http://evil.example"}):  # fmt: skip
            assert visitor.post(where, fields, **headers).status in (403, 421), (where, headers)
        stranger = Visitor(visitor.desk)
        assert stranger.post(where, fields).status == 401, where
    path, form = next(one for one in posted if urljoin(one[0], one[1].action) == "/inbox")
    fields = [(name, "Der Landtag hat getagt." if name == "text" else value) for name, value in form.fields]
    assert visitor.send("/inbox", fields, []).status == 303
    assert visitor.send("/inbox", fields, []).status == 409


def test_strangers_and_other_hosts_see_nothing(visitor: Visitor, desk: Served) -> None:
    secret = "Brunsbek"
    assert secret in "".join(visitor.get(path).text for path in ("/", "/archive"))
    stranger = Visitor(desk)
    for path in ("/", "/archive", "/inbox", "/settings", "/article/1", "/notes", "/inbox/events", "/archive?q=x"):
        for got in (
            stranger.get(path), stranger.get(path, Cookie=f"presseschau-{desk.port}=guess"),
            visitor.get(path, Host="evil.example"), visitor.get(path, Host=f"evil.example:{desk.port}"),
            visitor.get(path, Host=f"127.0.0.1.evil.example:{desk.port}"), visitor.get(path, Host="-"),
            visitor.get(path, Origin="http://evil.example"), visitor.get(path, Sec_Fetch_Site="cross-site"),
            visitor.get(path, Host="evil.example", X_Forwarded_Host=f"127.0.0.1:{desk.port}"),
        ):  # fmt: skip
            assert got.status in (400, 401, 403, 421), path
            assert secret not in got.text
    assert stranger.enter().status == 401  # the address was used
    assert not stranger.cookie


@pytest.mark.slow
def test_a_flood_is_refused_early_and_memory_stays(visitor: Visitor, desk: Served) -> None:
    before = desk.most_memory
    with socket.create_connection(("127.0.0.1", desk.port), timeout=60) as stream:
        kind = {"Content_Type": "multipart/form-data; boundary=b"}
        stream.sendall(visitor.head("POST", "/inbox", 2 * 1024**3, **kind))
        assert answer_of(stream).status == 413  # of its length alone
    block = b"x" * 2**20
    chunk = b"100000\r\n" + block + b"\r\n"
    for begin in (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n',
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n',
    ):
        sent = 0
        with socket.create_connection(("127.0.0.1", desk.port), timeout=60) as stream:
            head = visitor.head("POST", "/inbox", None, Transfer_Encoding="chunked", **kind)
            stream.sendall(head + b"%x\r\n" % len(begin) + begin + b"\r\n")
            try:
                while sent < 2 * 1024**3:
                    stream.sendall(chunk)
                    sent += len(block)
            except (BrokenPipeError, ConnectionResetError):
                pass
        assert sent < UPLOAD_CAP + 40 * 2**20
    assert desk.most_memory - before < 5 * UPLOAD_CAP
    assert visitor.get("/archive").status == 200


@pytest.mark.slow
def test_a_bomb_in_a_zip_is_not_unpacked(visitor: Visitor, desk: Served) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("../../bomb.txt", "w") as bomb:
        for _ in range(150):
            bomb.write(b"Der Landtag hat getagt. " * 43_690)
    before = desk.most_memory
    (form,) = [one for one in Page(visitor.get("/inbox").text).forms if one.files]
    fields = [pair for pair in form.fields if pair[0] == "csrf"]
    got = visitor.send("/inbox", fields, [("files", "bomb.zip", packed.getvalue())])
    assert got.status == 303
    page = until(visitor, got.headers["location"], "can be read|not read|did not work")
    safe(page, "bomb")
    assert desk.most_memory - before < 400 * 2**20


def until(visitor: Visitor, path: str, wanted: str) -> Got:
    """The page once it says what is wanted; the desk's news say when to look again."""
    with socket.create_connection(("127.0.0.1", visitor.desk.port), timeout=60) as stream:
        stream.sendall(visitor.head("GET", "/inbox/events", None, Connection="keep-alive"))
        while not re.search(wanted, (got := visitor.get(path)).text):
            assert got.status == 200
            assert stream.recv(65_536), got.text
    return got


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest/meta-data/", "http://localhost:{port}/archive",
                                     "http://127.0.0.1:{port}/", "http://[::1]:{port}/", "http://2130706433:{port}/",
                                     "http://0.0.0.0:{port}/", "http://[::ffff:127.0.0.1]:{port}/"])  # fmt: skip
def test_no_address_of_this_machine_is_fetched(visitor: Visitor, desk: Served, address: str) -> None:
    address = address.format(port=desk.port)
    before = len(desk.connected.read_text().splitlines())
    (form,) = [one for one in Page(visitor.get("/inbox").text).forms if one.files]
    fields = [(name, address if name == "addresses" else value) for name, value in form.fields]
    got = visitor.send("/inbox", fields, [])
    assert got.status == 303
    page = until(visitor, got.headers["location"], "not read|did not work")
    safe(page, address)
    after = desk.connected.read_text().splitlines()[before:]
    assert not [line for line in after if line.startswith("connect") and "19/" not in line], after


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://x/", "gopher://127.0.0.1:11211/", "/etc/passwd", "//x"]
)
def test_what_is_no_web_address_is_not_taken(visitor: Visitor, address: str) -> None:
    (form,) = [one for one in Page(visitor.get("/inbox").text).forms if one.files]
    fields = [(name, address if name == "addresses" else value) for name, value in form.fields]
    got = visitor.send("/inbox", fields, [])
    assert got.status == 422
    assert "is not a web address" in got.text
    assert "root:" not in got.text


@pytest.mark.parametrize("path", [
    "/static/../../../../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/static//etc/passwd",
    "/static/..%5c..%5cserve.py", "/static/../templates/base.html.j2", "/static/%00", "/static/desk.css%00.py",
    "/static/",
    "/archive/../../etc/passwd", "//evil.example/", "/article/-1", "/article/1e9", "/article/99999999999999999999",
    "/article/%2e%2e", "/notes/99999999999999999999", "/inbox/99999999999999999999", "/inbox/0",
])  # fmt: skip
def test_no_path_leads_out(visitor: Visitor, path: str) -> None:
    got = visitor.get(path)
    assert got.status in (303, 307, 400, 404, 422), got.text[:300]
    assert "root:" not in got.text
    assert "{%" not in got.text
    assert not got.headers.get("location", "").startswith("//")
    safe(got, path)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "FOO"])
def test_other_methods_do_and_say_nothing(visitor: Visitor, method: str) -> None:
    for path in ("/archive", "/inbox", "/static/desk.css", "/nowhere"):
        got = visitor.ask(method, path, X_Echo=MARK)
        assert got.status in ((200, 404) if method == "HEAD" else (400, 403, 404, 405)), (method, path)
        assert MARK not in got.text
        assert "access-control-allow-origin" not in got.headers
        if got.status != 400:
            assert "default-src" in got.headers["content-security-policy"]
        if method == "HEAD":
            assert got.body == b""


@pytest.mark.parametrize("data", [
    b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET /\r\n\r\n", b"A" * 100_000,
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    b"POST /inbox HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST /inbox HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /archive",
])  # fmt: skip
def test_what_is_hardly_http_does_no_harm(visitor: Visitor, data: bytes) -> None:
    with socket.create_connection(("127.0.0.1", visitor.desk.port), timeout=60) as stream:
        stream.sendall(data)
        stream.shutdown(socket.SHUT_WR)
        received = stream.recv(65_536)
    assert not received or received.split()[1].startswith(b"4")
    assert visitor.get("/archive").status == 200


def test_questions_without_end_are_answered(visitor: Visitor) -> None:
    for asked in (
        "a " * 9_000,
        "Straße " * 3_000,
        '"' * 5_000,
        "-a " * 5_000,
        "* " * 5_000,
        "NEAR(" * 5_000,
        "\u0000a",
        "(" * 9_999,
    ):
        got = visitor.get(f"/archive?q={quote(asked)}")
        safe(got, asked[:20])
        assert got.status in (200, 400, 414, 422)
    assert visitor.get(f"/archive?q={'x' * 200_000}").status in (400, 414, 431)
    many = "&".join(f"outlet=x{n}" for n in range(3_000))
    assert visitor.get(f"/archive?{many}").status in (200, 400, 414, 422)


def test_slow_and_silent_clients_keep_nobody_waiting(visitor: Visitor, desk: Served) -> None:
    streams = []
    for n in range(120):
        stream = socket.create_connection(("127.0.0.1", desk.port), timeout=60)
        whole = visitor.head("POST", "/inbox", 1_000_000, Content_Type="multipart/form-data; boundary=b")
        stream.sendall(whole[: len(whole) // 2] if n % 2 else whole + b"--b\r\n")
        streams.append(stream)
    try:
        assert visitor.get("/archive").status == 200
    finally:
        for stream in streams:
            stream.close()
    assert visitor.get("/archive").status == 200


@pytest.mark.slow
def test_a_key_is_in_no_page_though_a_server_repeats_it(tmp_path: Path) -> None:
    said = error(401, f"Incorrect API key provided: {KEY}. You can find it at https://evil.example.")
    with endpoint([said]) as refusing:
        with served(tmp_path / "archive.db", "-m", "m", "--base-url", refusing["url"]) as desk:
            visitor = Visitor(desk)
            visitor.enter()
            job = put(visitor, good()[0].article.text)
            page = until(visitor, job, "Something has to be set|did not work")
            for got in (page, *map(visitor.get, ("/inbox", "/settings", "/inbox/list"))):
                assert got.status == 200
                assert KEY not in got.text
            assert any(KEY.encode() in seen.headers.get("authorization", "").encode() for seen in refusing["requests"])
        assert KEY not in desk.errors.read_text()
        assert KEY.encode() not in (tmp_path / "archive.db").read_bytes()


def put(visitor: Visitor, text: str) -> str:
    """A text is put into the inbox, priced, and begun; the address of its job."""
    (form,) = [one for one in Page(visitor.get("/inbox").text).forms if one.files]
    fields = [(name, text if name == "text" else value) for name, value in form.fields]
    job = visitor.send("/inbox", fields, []).headers["location"]
    offered = until(visitor, job, "/start")
    (start,) = [one for one in Page(offered.text).forms if one.action.endswith("/start")]
    assert visitor.submit(job, start).status == 303
    return job


@pytest.mark.slow
def test_nothing_leaves_the_machine_but_what_the_model_is_asked(visitor: Visitor, desk: Served, model: dict) -> None:
    asked = len(model["requests"])
    job = put(visitor, good()[0].article.text)
    until(visitor, job, "Done|done")
    crawl(visitor)
    assert len(model["requests"]) > asked
    port = urlsplit(model["url"]).port
    reached = set(desk.connected.read_text().splitlines())
    strange = {line for line in reached if line.startswith("connect") and f"('127.0.0.1', {port})" not in line}
    assert strange == set()
    names = {line for line in reached if line.startswith("look up") and re.search("[g-z]{3}", line.split("'")[1])}
    assert names <= {"look up 'localhost'"}
