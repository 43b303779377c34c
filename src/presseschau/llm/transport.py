"""One POST over the openai SDK's HTTP client: status, headers and bytes back, or the failure.

The SDK's aiohttp-backed client is used without the SDK's request layer: a request costs a third of the CPU of the
SDK's `post` and a tenth of that of its `create` (`tests/measure/archive_client.py`), and reading the bytes has to be
done here anyway, since the SDK lets damaged bodies through as exceptions of four families.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, of_exception, of_status
from presseschau.llm.reply import Received, error_body
from presseschau.llm.retry import exhausted, retry_after

if TYPE_CHECKING:
    import httpx2

_MAX_BYTES = 16 * 1024 * 1024
"""A longer body is no answer to anything that is asked here."""
_NO_KEY = "none"  # what servers without keys are usually sent
_PATH = "/chat/completions"


class Transport:
    """The one HTTP client of an endpoint, made when first needed."""

    def __init__(self, endpoint: Endpoint) -> None:
        from httpx2 import URL

        self._address = endpoint.base_url
        self._url = URL(_address(endpoint.base_url))
        self._headers = _headers(endpoint)
        self._http = _http(endpoint)

    async def post(self, body: Mapping[str, Any], deadline: float) -> Received | Failure:
        """The answer to one chat completion request within `deadline` seconds in all, or why there is none."""
        try:
            async with asyncio.timeout(deadline):
                return await self._post(body, deadline)
        except TimeoutError:
            late = f"{self._address} did not finish within {deadline:.3g} s"
            return Retryable(late, billed=True, overloaded=True, outage=True)

    async def _post(self, body: Mapping[str, Any], deadline: float) -> Received | Failure:
        import httpx2

        timeout = httpx2.Timeout(deadline, connect=min(10.0, deadline))
        failure: Failure
        try:
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
            request = self._http.build_request(
                "POST", self._url, content=content, headers=self._headers, timeout=timeout
            )
            return await _read(await self._http.send(request, stream=True))
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, ValueError) as error:
            failure = of_exception(error, self._address)
        except Exception as error:
            # aiohttp errors that the SDK's transport does not translate; anything else is a bug and passes.
            if not type(error).__module__.startswith("aiohttp"):
                raise
            failure = of_exception(error, self._address)
        return failure

    async def close(self) -> None:
        await self._http.aclose()


def _address(base_url: str) -> str:
    """Where completions are asked for; a query of the base URL stays at the end."""
    parts = urlsplit(base_url)
    return urlunsplit(parts._replace(path=parts.path + _PATH))


def _headers(endpoint: Endpoint) -> dict[str, str]:
    headers = {
        "Authorization": f"Bearer {endpoint.api_key.get_secret_value() or _NO_KEY}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": f"presseschau/{version('presseschau')}",
    }
    if endpoint.host.endswith("api.openai.com"):  # nobody else's business
        for name, variable in (("OpenAI-Organization", "OPENAI_ORG_ID"), ("OpenAI-Project", "OPENAI_PROJECT_ID")):
            if value := os.environ.get(variable, "").strip():
                headers[name] = value
    return headers


def _http(endpoint: Endpoint) -> httpx2.AsyncClient:
    from httpx2 import Limits
    from openai import DefaultAioHttpClient

    return DefaultAioHttpClient(
        follow_redirects=False,
        # This machine is reached without the proxy that the environment may name; None is the plain transport.
        mounts=dict.fromkeys(("http://", "https://", "all://")) if endpoint.loopback else None,
        # Many servers drop idle connections after 5 s: one kept as long is lost just as the next request uses it.
        limits=Limits(max_connections=1000, keepalive_expiry=3.0),
    )


async def _read(reply: httpx2.Response) -> Received | Failure:
    content = bytearray()
    try:
        async for chunk in reply.aiter_bytes():
            content += chunk
            if len(content) > _MAX_BYTES:
                return Retryable("the answer is larger than any answer can be", billed=True)
    finally:
        await reply.aclose()
    if reply.status_code >= 300:
        return _status_failure(reply, bytes(content))
    return Received(reply.headers.get("content-type", ""), bytes(content), exhausted(reply.headers))


def _status_failure(reply: httpx2.Response, content: bytes) -> Failure:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return of_status(
        reply.status_code,
        error_body(content),
        after=retry_after(headers, time.time()) or exhausted(headers),
        final=headers.get("x-should-retry") == "false",
    )
