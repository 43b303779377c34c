"""The desk as a program of its own, and a visitor who speaks raw HTTP with it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

KEY = "sk-canary-0123456789"
_LISTENING = """
import sys
told = open(sys.argv.pop(1), "a", buffering=1)
def heard(event, given):
    if event == "socket.connect":
        told.write(f"connect {given[1]!r}\\n")
    elif event == "socket.getaddrinfo":
        told.write(f"look up {given[0]!r}\\n")
sys.addaudithook(heard)
from presseschau.cli import main
main()
"""


@dataclass
class Served:
    """A desk that runs. `connected` is the file of all that it has connected to, or looked up."""

    process: subprocess.Popen[str]
    address: str
    connected: Path
    errors: Path

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def most_memory(self) -> int:
        """Bytes that it had at the most."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024


@contextmanager
def served(archive: Path, *arguments: str, **environment: str) -> Iterator[Served]:
    """`presseschau serve ARCHIVE ARGUMENTS` on a free port."""
    folder = archive.parent
    connected, errors = folder / "connected", folder / "serve.err"
    env = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTHONPATH": os.pathsep.join(sys.path), "OPENAI_API_KEY": KEY, "PRESSESCHAU_REVIEWER": "Anna Berg",
        **environment,
    }  # fmt: skip
    command = [sys.executable, "-c", _LISTENING, str(connected), "serve", str(archive), "--port", "0", *arguments]
    with (
        errors.open("w") as said,
        subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=said, text=True) as process,
    ):
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line.startswith("Open "), errors.read_text()
            yield Served(process, line.split()[1], connected, errors)
        finally:
            process.terminate()
            process.wait(60)


@dataclass
class Got:
    """An answer: header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def answer_of(stream: socket.socket) -> Got:
    """What comes until the other side closes."""
    received = b""
    try:
        while more := stream.recv(65_536):
            received += more
            if (made := _parsed(received)) is not None:
                return made
    except ConnectionResetError:
        pass
    made = _parsed(received, closed=True)
    assert made, received[:200]
    return made


def _parsed(received: bytes, *, closed: bool = False) -> Got | None:
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = headers.get("content-length")
    if not closed and (length is None or len(body) < int(length)):
        return None
    return Got(int(first.split()[1]), headers, body)


@dataclass
class Visitor:
    """Somebody at a desk, whose cookie is kept."""

    desk: Served
    cookie: str = ""
    seen: dict[str, Got] = field(default_factory=dict)

    def enter(self) -> Got:
        parts = urlsplit(self.desk.address)
        got = self.get(f"{parts.path}?{parts.query}")
        self.cookie = got.headers.get("set-cookie", "").partition(";")[0]
        return got

    def raw(self, data: bytes) -> Got:
        with socket.create_connection(("127.0.0.1", self.desk.port), timeout=60) as stream:
            stream.sendall(data)
            return answer_of(stream)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Got:
        return self.raw(self.head(method, path, len(body) if body else None, **headers) + body)

    def head(self, method: str, path: str, length: int | None, **headers: str) -> bytes:
        named = {"Host": f"127.0.0.1:{self.desk.port}", "Origin": self.desk.origin, "Sec-Fetch-Site": "same-origin",
                 "Connection": "close", **({"Cookie": self.cookie} if self.cookie else {}),
                 **({"Content-Length": str(length)} if length is not None else {}),
                 **{name.replace("_", "-"): value for name, value in headers.items()}}  # fmt: skip
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items() if value != "-")]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def get(self, path: str, **headers: str) -> Got:
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: Sequence[tuple[str, str]], **headers: str) -> Got:
        body = urlencode(fields).encode()
        return self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded", **headers)

    def send(self, path: str, fields: Sequence[tuple[str, str]], files: Sequence[tuple[str, str, bytes]]) -> Got:
        """A form with files: (field, name of the file, what is in it)."""
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value.encode()
                 for name, value in fields]  # fmt: skip
        for name, called, data in files:
            said = called.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")  # as browsers do
            about = f'Content-Disposition: form-data; name="{name}"; filename="{said}"\r\n'
            parts.append(f"{about}Content-Type: text/plain\r\n\r\n".encode() + data)
        body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
        return self.ask("POST", path, body, Content_Type="multipart/form-data; boundary=b")

    def submit(self, page: str, form: Form, **values: str) -> Got:
        """The form of a page, its fields as they are but for `values`."""
        where = urljoin(page, form.action or page)
        fields = [(name, values.pop(name, value)) for name, value in form.fields] + list(values.items())
        if form.method == "get":
            return self.get(f"{where.partition('?')[0]}?{urlencode(fields)}")
        if form.multipart:
            return self.send(where, fields, [])
        return self.post(where, fields)


@dataclass
class Form:
    """A form as a browser would send it untouched. `texts` are the fields into which a person can write."""

    action: str
    method: str
    multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def token(self) -> str:
        return dict(self.fields).get("csrf", "")


class Page(HTMLParser):
    """What a browser finds in a page: links and forms; `loads`: what it fetches by itself; `active`: what would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.loads: list[str] = []
        self.active: list[str] = []
        self.tags: list[str] = []
        self._select: str | None = None
        self._area: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        for name, value in given.items():
            if name.startswith("on") or value.strip().lower().startswith(("javascript:", "data:", "vbscript:")):
                self.active.append(f"<{tag} {name}={value!r}>")
            if name in ("src", "srcset", "data", "poster", "background") or (tag == "link" and name == "href"):
                self.loads.append(value)
            if name in ("style", "srcdoc", "formaction", "ping") or name.startswith("hx-on"):
                self.active.append(f"<{tag} {name}={value!r}>")
        if tag in ("iframe", "object", "embed", "base", "applet", "frame", "style", "img", "svg"):
            self.active.append(f"<{tag}>")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.active.append("<script>")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        self._in_form(tag, given)

    def _in_form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            multipart = given.get("enctype") == "multipart/form-data"
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower(), multipart))
            return
        name = given.get("name", "")
        if not self.forms or not (name or tag == "option"):
            return
        form, kind = self.forms[-1], given.get("type", "text")
        if tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "input" and kind in ("checkbox", "radio"):
            if kind == "checkbox" or name not in dict(form.fields):
                form.fields.append((name, given.get("value", "on")))
        elif tag == "input" and kind not in ("submit", "button"):
            form.fields.append((name, given.get("value", "")))
            if kind in ("text", "search", "url"):
                form.texts.append(name)
        elif tag == "textarea":
            form.fields.append((name, ""))
            form.texts.append(name)
            self._area = name
        elif tag == "select":
            self._select = name
        elif tag == "button":
            form.buttons.append((name, given.get("value", "")))
        if tag == "option" and self._select and ("selected" in given or self._select not in dict(form.fields)):
            form.fields = [pair for pair in form.fields if pair[0] != self._select]
            form.fields.append((self._select, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields = [
                (name, value + data if name == self._area else value) for name, value in self.forms[-1].fields
            ]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None
