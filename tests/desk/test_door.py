"""Who is let in: the address works once, other sites, hosts and replayed forms are refused, uploads end at the cap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

import presseschau
from desk_visit import ORIGIN, browser, desk, filled
from presseschau.desk import app as app_file
from presseschau.desk import security
from presseschau.desk.app import Desk, app
from presseschau.desk.page import render
from presseschau.desk.security import Door, bare_name, post

HTMX = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
STATIC = Path(presseschau.__file__).parent / "desk" / "static"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("desk") / "archive.db")


@pytest.fixture
def made(archive: Path) -> Desk:
    return desk(archive)


def test_the_address_lets_one_browser_in_once(made: Desk) -> None:
    told: list[str] = []
    made.door.on_entry = told.append
    parts = urlsplit(made.door.address)
    address = f"{parts.path}?{parts.query}"
    first, second = browser(made, let_in=False), browser(made, let_in=False)
    assert first.get("/archive").status_code == 401

    entered = first.get(address, follow_redirects=False)

    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert first.get("/archive").status_code == 200
    assert second.get(address).status_code == 401
    assert told == [made.door.address]
    assert made.door.address != f"{ORIGIN}{address}"


def test_a_link_on_another_page_lets_in_by_a_page_in_between(made: Desk) -> None:
    parts = urlsplit(made.door.address)
    client = browser(made, let_in=False)
    entered = client.get(f"{parts.path}?{parts.query}", headers={"sec-fetch-site": "cross-site", "origin": ""})
    assert entered.headers["refresh"] == "0; url=/"
    assert client.get("/archive").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example:8765"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": "127.0.0.1:9999"}, 421),
        ({"host": "127.0.0.1:8765@evil.example"}, 421),
        ({"host": "[bad"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-length": str(2 * 1024**3)}, 413),
        ({"cookie": "presseschau-8765=guessed"}, 401),
        ({"host": "localhost:8765", "origin": "http://localhost:8765"}, 200),
    ],
)
def test_what_is_refused(made: Desk, headers: dict[str, str], status: int) -> None:
    client = browser(made)
    assert client.get("/archive", headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/archive", "/static/desk.css", "/nowhere", "/archive?token=x", "/article/9999"])
def test_every_answer_has_its_headers(made: Desk, path: str) -> None:
    got = browser(made).get(path)
    assert got.headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in got.headers["content-security-policy"]
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["referrer-policy"] == "no-referrer"
    assert ("no-store" in got.headers["cache-control"]) != path.startswith("/static/")


def _once(request: Request) -> Response:
    return render(request, "sign_in.html.j2", title="", said="", token="")


@pytest.fixture
def with_form(made: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The desk with a form of its own, that counts how often it was done and fails when it is told to."""
    done: list[str] = []

    def does(request: Request, form: object) -> Response:
        said = str(form["said"])  # type: ignore[index]
        done.append(said)
        return PlainTextResponse(f"{len(done)}", 500 if said == "fail" else 200)

    async def sink(request: Request, form: object) -> Response:
        return PlainTextResponse("swallowed")

    more = [post("/form", does), post("/sink", sink), Route("/fault", _fault)]
    monkeypatch.setattr(app_file.archive_page, "routes", [*app_file.archive_page.routes, *more])
    client = browser(made)
    client.app_state = {"done": done}
    return client


def _fault(request: Request) -> Response:
    raise RuntimeError("secret detail")


def fresh(made: Desk) -> str:
    return made.door.form_token(next(iter(made.door._visitors.values())))


def test_a_form_is_done_once(made: Desk, with_form: TestClient) -> None:
    token = fresh(made)
    assert with_form.post("/form", data={"said": "x", "csrf": token}).text == "1"
    again = with_form.post("/form", data={"said": "x", "csrf": token})
    assert again.status_code == 409
    assert "sent already" in again.text
    assert with_form.post("/form", data={"said": "x", "csrf": fresh(made)}).text == "2"


def test_a_form_that_failed_may_be_sent_again(made: Desk, with_form: TestClient) -> None:
    token = fresh(made)
    assert with_form.post("/form", data={"said": "fail", "csrf": token}).status_code == 500
    assert with_form.post("/form", data={"said": "x", "csrf": token}).text == "2"


@pytest.mark.parametrize("token", ["", "1", "1.00000000000000000000000000000000", "x.y", "²." + "0" * 32, "-1.x"])
def test_a_form_without_its_token_is_refused(with_form: TestClient, token: str) -> None:
    assert with_form.post("/form", data={"said": "x", "csrf": token}).status_code == 403


def test_a_token_of_another_session_is_refused(made: Desk, with_form: TestClient) -> None:
    other = made.door._let_in(None)
    assert with_form.post("/form", data={"said": "x", "csrf": made.door.form_token(other)}).status_code == 403


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [("null", "same-origin", 200), ("null", "", 403), ("", "", 403), (ORIGIN, "", 200), ("http://evil", "none", 403)],
)
def test_a_form_says_where_it_is_from(made: Desk, with_form: TestClient, origin: str, site: str, status: int) -> None:
    headers = {name: said for name, said in (("origin", origin), ("sec-fetch-site", site)) if said}
    for name in ("origin", "sec-fetch-site"):
        del with_form.headers[name]
    sent = with_form.post("/form", data={"said": "x", "csrf": fresh(made)}, headers=headers)
    assert sent.status_code == status


def test_the_oldest_used_tokens_are_forgotten_and_stay_refused(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "_KEPT", 10)
    visitor = made.door._let_in(None)
    tokens = [made.door.form_token(visitor) for _ in range(30)]
    for token in tokens:
        made.door.spend(visitor, token)
    assert len(made.door._used) <= 10
    for token in tokens:
        with pytest.raises(security.HTTPException):
            made.door.spend(visitor, token)


def test_an_upload_ends_at_the_cap_while_it_comes(
    made: Desk, with_form: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a length: it is counted. The sender is not listened to much longer than that."""
    monkeypatch.setattr(security, "UPLOAD_CAP", 300_000)
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../x.txt"\r\n\r\n'
        while sent < 3_000_000:
            sent += 10_000
            yield b"x" * 10_000

    kind = {"content-type": "multipart/form-data; boundary=b"}
    got = with_form.post("/sink", content=endless(), headers=kind)
    assert got.status_code == 413
    assert "more than is taken" in got.text


def test_every_route_that_takes_a_form_checks_it(archive: Path) -> None:
    inner = app(desk(archive)).app
    unchecked = [
        route.path for route in inner.routes  # type: ignore[attr-defined]
        if route.methods - {"GET", "HEAD"} and not getattr(route.endpoint, "checks_form", False)
    ]  # fmt: skip
    assert unchecked == []


def test_a_fault_says_nothing_of_itself_and_has_its_headers(made: Desk, with_form: TestClient) -> None:
    client = TestClient(with_form.app, ORIGIN, raise_server_exceptions=False, cookies=with_form.cookies)
    got = client.get("/fault", headers={"sec-fetch-site": "none"})
    assert got.status_code == 500
    assert "secret" not in got.text
    assert got.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"), (r"C:\Windows\x.txt", "x.txt"), ("..", ""), ("", ""), (None, ""), ("/", ""),
        ("a\0b\x1b[2J.txt", "ab[2J.txt"), ("Bericht für Anna.docx", "Bericht für Anna.docx"),
        ("a\u202egnp.exe", "agnp.exe"),
    ],
)  # fmt: skip
def test_the_name_of_a_file_is_a_name(sent: str | None, kept: str) -> None:
    assert bare_name(sent) == kept


def test_htmx_is_the_one_that_was_looked_at() -> None:
    assert sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest() == HTMX


def test_no_template_holds_a_script_or_style_of_its_own() -> None:
    for path in (STATIC.parent / "templates").glob("*.j2"):
        text = path.read_text("utf-8").lower()
        assert "<style" not in text, path
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "|safe" not in text.replace(" ", ""), path
        assert text.count("<script") == text.count('<script src="{{ static('), path


@pytest.fixture
def with_password(archive: Path) -> TestClient:
    made = Desk(archive, Door(8765, "192.0.2.7", password="Feldlerche"))
    return TestClient(app(made), "http://192.0.2.7:8765", headers={"origin": "http://192.0.2.7:8765"})


def sign_in(client: TestClient, password: str, **more: str) -> int:
    page = client.get("/archive")
    assert page.status_code == 401
    from desk_visit import token

    fields = {"password": password, "by": "Ben", "csrf": token(page.text), **more}
    return int(client.post("/login", data=fields, follow_redirects=False).status_code)


def test_other_machines_need_the_password(with_password: TestClient) -> None:
    assert sign_in(with_password, "guessed") == 403
    assert sign_in(with_password, "Feldlerche", csrf="1.x") == 403
    assert sign_in(with_password, "Feldlerche") == 303
    page = with_password.get("/archive")
    assert page.status_code == 200
    assert "Ben" in page.text


def test_guesses_of_a_password_come_to_an_end(with_password: TestClient) -> None:
    for _ in range(10):
        assert sign_in(with_password, "guessed") == 403
    assert sign_in(with_password, "Feldlerche") == 429


@pytest.mark.parametrize(("host", "status"), [("192.0.2.7:8765", 401), ("evil.example:8765", 421)])
def test_no_foreign_name_leads_to_it(with_password: TestClient, host: str, status: int) -> None:
    headers = {"host": host, "origin": f"http://{host}"}
    assert with_password.get("/archive", headers=headers).status_code == status


def test_the_address_of_a_form_says_that_it_is_one(made: Desk) -> None:
    visitor = browser(made)
    routes = [one for one in app(made).app.routes if isinstance(one, Route)]
    forms = {one.path for one in routes if one.methods == {"POST"}} - {
        one.path for one in routes if "GET" in one.methods
    }
    assert forms
    for path in forms:
        got = visitor.get(re.sub(r"\{\w+:int\}", "1", re.sub(r"\{\w+\}", "x", path)))
        assert (got.status_code, "A form leads here, not an address." in got.text) == (405, True), path
    nowhere = visitor.get("/nowhere")
    assert (nowhere.status_code, "The address leads nowhere. Start from the archive." in nowhere.text) == (404, True)
