"""One POST to a chat endpoint: status, headers and bytes back, or the failure.

Over aiohttp, which the openai SDK's own client stands on: its two layers above cost 0.6 ms of CPU a request and give
nothing that is used here. What it promises is kept: the address (base URL and `/chat/completions`), the key as bearer
token, organisation and project for OpenAI alone. Files and batches go over the SDK itself (`batch/provider.py`).
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from presseschau.errors import ConfigurationError
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, of_exception, of_status
from presseschau.llm.limits import exhausted
from presseschau.llm.reply import Received, error_body

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

MAX_BYTES = 16 * 1024 * 1024
"""A longer body is not an answer to anything that is asked here."""
MAX_ERROR_BYTES = 100_000
ERROR_SECONDS = 10.0
"""The status says most of an error: no more than this is waited for its words."""
CONNECTIONS = 1000
KEPT_SECONDS = 3.0
"""Many servers drop idle connections after 5 s: one kept as long is lost just as the next request uses it."""
_CONNECT_SECONDS = 10.0
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
NO_KEY = "none"
"""Is sent where there is no key, as OpenAI's SDK insists on one."""


class Transport:
    """The one HTTP client of an endpoint, made when first needed. Raises ConfigurationError for a proxy or certificate
    in the environment that cannot be used."""

    def __init__(self, endpoint: Endpoint) -> None:
        parts = urlsplit(endpoint.base_url)
        self._address = endpoint.base_url
        self._url = parts._replace(path=f"{parts.path}/chat/completions").geturl()
        self._session = _session(endpoint)

    async def post(self, body: Mapping[str, Any], deadline: float) -> Received | Failure:
        """The answer to one chat completion request within `deadline` seconds in all, or why there is none."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")
        try:
            async with asyncio.timeout(deadline):
                return await self._post(content)
        except TimeoutError:
            late = f"{self._address} did not finish within {deadline:.3g} s"
            return Retryable(late, billed=True, overloaded=True, outage=True)

    async def _post(self, content: bytes) -> Received | Failure:
        from aiohttp import ClientError

        try:
            async with self._session.post(self._url, data=content, allow_redirects=False) as reply:
                read = await _read(reply)
                if isinstance(read, Retryable):
                    return read
                if 200 <= reply.status < 300:
                    return Received(
                        reply.headers.get("content-type", ""), read, exhausted(_headers(reply), time.time())
                    )
                return of_status(reply.status, error_body(read), _headers(reply))
        except (ClientError, OSError, ValueError) as error:
            return of_exception(error, self._address)

    async def close(self) -> None:
        await self._session.close()


def _session(endpoint: Endpoint) -> ClientSession:
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

    proxy = proxy_for(endpoint)
    return ClientSession(
        connector=TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEPT_SECONDS, ssl=certificates(endpoint)),
        timeout=ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
        headers={
            "Authorization": f"Bearer {endpoint.api_key.get_secret_value() or NO_KEY}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": "presseschau",
            **(_account() if of_openai(endpoint) else {}),
        },
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,  # it unpacks as much as comes
        proxy=proxy,
    )


def of_openai(endpoint: Endpoint) -> bool:
    """Whether the OpenAI account that the environment names is this server's business."""
    return endpoint.profile == "openai" or endpoint.host.endswith("api.openai.com")


def _account() -> dict[str, str]:
    known = {
        "OpenAI-Organization": os.environ.get("OPENAI_ORG_ID"),
        "OpenAI-Project": os.environ.get("OPENAI_PROJECT_ID"),
    }
    return {name: value for name, value in known.items() if value}


def certificates(endpoint: Endpoint) -> ssl.SSLContext | bool:
    """Whom to trust: SSL_CERT_FILE and SSL_CERT_DIR, else the list that comes with certifi."""
    if not endpoint.base_url.startswith("https:"):
        return True
    from httpx2 import create_ssl_context

    try:
        return create_ssl_context()
    except OSError as error:
        said = f"The certificates in SSL_CERT_FILE or SSL_CERT_DIR cannot be read: {error.strerror or error}."
        raise ConfigurationError(f"{said} Fix or unset the variable.") from None


def proxy_for(endpoint: Endpoint) -> str | None:
    """The proxy that the environment names for this server; None for this machine, which is reached without one.

    Raises ConfigurationError for one that is not an address, or of a kind that is not spoken here (SOCKS).
    """
    if endpoint.loopback:
        return None
    proxies = getproxies()
    try:
        for kind in ("http", "https", "all"):
            _check_proxy(proxies.get(kind, ""))
    except ValueError:  # what is wrong is not repeated: it may hold a password
        names = [name for kind in _PROXIES for name in (kind, kind.lower()) if os.environ.get(name)]
        raise ConfigurationError(
            f"The proxy in {' or '.join(names) or 'the settings of this system'} has no address of the form "
            "http://HOST:PORT. Fix or unset it."
        ) from None
    if proxy_bypass(endpoint.host):
        return None
    found = proxies.get(urlsplit(endpoint.base_url).scheme) or proxies.get("all") or ""
    if found.partition("://")[0].lower().startswith("socks"):
        raise ConfigurationError(
            f"The proxy for {endpoint.host} is a SOCKS proxy, which is not supported. Name an HTTP proxy, "
            f"or reach the server without one: NO_PROXY={endpoint.host}."
        )
    return (found if "://" in found else f"http://{found}") if found else None


def _check_proxy(value: str) -> None:
    """Raises ValueError for what is not an address: clients take some of those."""
    if not value:
        return
    parts = urlsplit(value if "://" in value else f"http://{value}")
    schemes = ("http", "https", "socks4", "socks4a", "socks5", "socks5h", "socks")
    if not parts.hostname or not value.isprintable() or " " in value or parts.port == 0 or parts.scheme not in schemes:
        raise ValueError
    parts.hostname.encode("idna")


async def read_body(chunks: AsyncIterator[bytes], most: int, *, good: bool) -> bytes:
    """A body, and no chunk once it has more than `most` bytes. Of an error, what came in time must do."""
    content = bytearray()
    try:
        async with asyncio.timeout(None if good else ERROR_SECONDS):
            async for chunk in chunks:
                content += chunk
                if len(content) > most:
                    break
    except Exception:
        if good:
            raise
    return bytes(content)


async def _read(reply: ClientResponse) -> bytes | Retryable:
    """A body, good or bad, unpacked, as far as it may go. Of an error, what came in time must do."""
    good = 200 <= reply.status < 300
    most = MAX_BYTES if good else MAX_ERROR_BYTES
    content = await read_body(reply.content.iter_any(), most, good=good)
    read = _unpacked(content[: most + 1], reply.headers.get("content-encoding", ""), most + 1)
    if good and max(len(content), len(read)) > most:
        return Retryable("the answer is larger than any answer can be", billed=True)
    return read[:most]


def _unpacked(content: bytes, encoding: str, most: int) -> bytes:
    """At most so many bytes of what was packed; what is not packed as it says comes back as it is."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return content
    for bits in (47, -15):  # with a head of either kind; some send deflate without one
        try:
            return zlib.decompressobj(bits).decompress(content, most)
        except zlib.error:
            continue
    return content


def _headers(reply: ClientResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in reply.headers.items()}
