"""A catalog model of a few bytes; and a hub on the loopback interface that serves one file in the ways a script names,
one a request.
"""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from presseschau.llm.local.catalog import CatalogModel, PackageParts

PARTS = PackageParts(
    package="presseschau-test-part{n}",
    version="0.2.0",
    count=3,
    member="presseschau_test_part{n}/data/part{n:02d}.bin",
    part_size=100_000,
)
CONTENT = b"GGUF" + bytes(range(256)) * 1000  # 256,004 bytes: two full parts and a short one


def tiny_model(content: bytes = CONTENT, parts: PackageParts | None = None) -> CatalogModel:
    return CatalogModel(
        name="tiny", repo="presseschau/tiny", revision="0" * 40, filename="tiny.gguf", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), licence="none", note="", small_demo=True, pypi_parts=parts,
        context_tokens=64,
    )  # fmt: skip


def files_in(folder: Path) -> set[str]:
    """Names of the files that hold bytes of a model."""
    return {path.name for path in folder.rglob("*") if path.is_file() and path.name not in (".lock", "sha256.json")}


class LoopbackHub:
    """`script` holds one word a request, the last is repeated: whole | cut:N | 404 | 503 | page | elsewhere |
    no-range | longer | unsized-longer. `ranges` records the Range header of each request, `paths` its path."""

    def __init__(self, content: bytes, *script: str) -> None:
        self.content = content
        self.script = list(script)
        self.ranges: list[str | None] = []
        self.paths: list[str] = []

    def __enter__(self) -> "LoopbackHub":
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.ranges.append(self.headers.get("Range"))
                hub.paths.append(self.path)
                hub.answer(self, hub.script.pop(0) if len(hub.script) > 1 else hub.script[0])

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, what: str) -> None:
        asked = handler.headers.get("Range")
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and what != "no-range" else 0
        total = len(self.content)
        if what.isdigit():
            handler.send_error(int(what))
            return
        if what == "page":
            body, status = b"<html>Please log in</html>", 200
        elif "longer" in what:
            body, status = self.content + b"more", 200
        else:
            body, status = self.content[start:], 206 if start else 200
        handler.send_response(status)
        if status == 206:
            claimed = 0 if what == "elsewhere" else start
            handler.send_header("Content-Range", f"bytes {claimed}-{total - 1}/{total}")
        if not what.startswith("unsized"):
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: int(what.removeprefix("cut:"))] if what.startswith("cut:") else body)
