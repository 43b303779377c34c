"""Model files from Hugging Face, or from a mirror with the same addresses."""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
from http.client import HTTPResponse

from presseschau.llm.local.catalog import CatalogModel
from presseschau.llm.local.part_file import PartFile, SourceFault

HUB = "https://huggingface.co"

_SILENCE = 10.0  # seconds without an answer or a byte: the hub answers at once where it can be reached
_TRIES = 4  # in a row without a new byte
_CHUNK = 1 << 20


def fetch(model: CatalogModel, part: PartFile, *, hub: str = HUB, pause: float = 2.0) -> None:
    """Append what is missing of the model's file, resuming after faults as long as new bytes come.

    `pause` is the wait in seconds before the second try without progress; it grows with each. Raises SourceFault if
    the hub cannot be reached or does not have the file, OutputError if the file cannot be written.
    """
    url = f"{hub.rstrip('/')}/{model.repo}/resolve/{model.revision}/{model.filename}"
    start, tries = part.position, 0
    while not part.complete:
        before = part.position
        try:
            _read(url, part)
            reason = "closes the connection early"
        except (OSError, http.client.HTTPException, ValueError) as error:  # ValueError: a proxy that is no address
            reason = _final_or_reason(error, reached=part.position > start)
        tries = 1 if part.position > before else tries + 1
        if not part.complete:
            if tries == _TRIES:
                raise SourceFault(reason)
            time.sleep(pause * (tries - 1))


def _read(url: str, part: PartFile) -> None:
    with _open(url, part.position) as response:
        _check(response, part)
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


def _check(response: HTTPResponse, part: PartFile) -> None:
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
