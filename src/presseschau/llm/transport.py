"""One POST over the openai SDK's client: status, headers and bytes back, or the failure.

The low-level `post` on the SDK's aiohttp transport costs a third of the CPU of `create`, and leaves reading the bytes
to us, which has to be done anyway: the SDK lets damaged bodies through as exceptions of four families.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

from presseschau.errors import ConfigurationError
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, of_exception, of_status
from presseschau.llm.limits import exhausted
from presseschau.llm.reply import Received, error_body

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

_MAX_BYTES = 16 * 1024 * 1024
"""A longer body is no answer to anything that is asked here."""
_MAX_ERROR_BYTES = 100_000
_ERROR_SECONDS = 10.0
"""The status says most of an error: no more than this is waited for its words."""
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_NO_KEY = "none"  # the SDK insists on a key, and would else send the one in OPENAI_API_KEY to whatever server this is


class Transport:
    """The one HTTP client of an endpoint, made when first needed."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._address = endpoint.base_url
        self._sdk = open_sdk(endpoint)

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
        from openai import AsyncStream

        try:
            # Only the SDK's own Response type is promised by `post`; with `stream` the body is left for us to read.
            reply = cast("httpx2.Response", await self._sdk.post(
                "/chat/completions", cast_to=cast("Any", httpx2.Response), body=dict(body), stream=True,
                stream_cls=AsyncStream[Any], options={"timeout": httpx2.Timeout(deadline, connect=min(10.0, deadline))},
            ))  # fmt: skip
            content, headers = await reply.aread(), reply.headers
            return Received(headers.get("content-type", ""), content, exhausted(headers, time.time()))
        except Exception as error:  # noqa: BLE001 - a bug is raised again
            return failure_of(error, self._address)

    async def close(self) -> None:
        await self._sdk.close()


def open_sdk(endpoint: Endpoint) -> AsyncOpenAI:
    """The SDK's client for an endpoint: no retries of its own, no redirects, no key but the endpoint's.

    Raises ConfigurationError for a proxy or certificate in the environment that cannot be used.
    """
    from openai import AsyncOpenAI

    key = endpoint.api_key.get_secret_value() or _NO_KEY
    sdk = AsyncOpenAI(
        api_key=key,
        base_url=endpoint.base_url,
        max_retries=0,
        default_headers={"Authorization": f"Bearer {key}"},  # wins over OPENAI_CUSTOM_HEADERS
        http_client=_http_client(endpoint),
    )
    if endpoint.profile != "openai" and not endpoint.host.endswith("api.openai.com"):
        sdk.organization = sdk.project = None  # read from the environment by the SDK; nobody else's business
    return sdk


def _http_client(endpoint: Endpoint) -> httpx2.AsyncClient:
    from httpx2 import InvalidURL, Limits, create_ssl_context
    from openai import DefaultAioHttpClient

    try:
        certificates = create_ssl_context()
    except OSError as error:
        said = f"The certificates in SSL_CERT_FILE or SSL_CERT_DIR cannot be read: {error.strerror or error}."
        raise ConfigurationError(f"{said} Mend or unset the variable.") from None
    try:
        if not endpoint.loopback:
            _check_proxies()
        return DefaultAioHttpClient(
            follow_redirects=False,
            verify=certificates,
            trust_env=not endpoint.loopback,  # this machine is reached without the proxy that the environment may name
            event_hooks={"response": [_read_capped]},
            # Many servers drop idle connections after 5 s: one kept as long is lost just as the next request uses it.
            limits=Limits(max_connections=1000, keepalive_expiry=3.0),
        )
    except (ValueError, InvalidURL):  # what is wrong is not repeated: it may hold a password
        names = [name for kind in _PROXIES for name in (kind, kind.lower()) if os.environ.get(name)]
        raise ConfigurationError(
            f"The proxy in {' or '.join(names) or 'the settings of this system'} has no address of the form "
            "http://HOST:PORT. Mend or unset it."
        ) from None


def _check_proxies() -> None:
    """Raises ValueError for a proxy of the environment that is no address: the client takes some of those."""
    for kind, value in getproxies().items():
        if kind in ("http", "https", "all"):
            parts = urlsplit(value if "://" in value else f"http://{value}")
            if not parts.hostname or not value.isprintable() or " " in value or parts.port == 0:
                raise ValueError
            parts.hostname.encode("idna")


async def _read_capped(reply: httpx2.Response) -> None:
    """Reads a body, good or bad, before the SDK does, which knows no end; what a batch gave is left to be streamed.

    Of an error, what came in time must do. Raises Retryable for an answer that is too large.
    """
    import httpx2

    good = reply.is_success
    if good and reply.url.path.endswith("/content"):
        return
    content, most = bytearray(), _MAX_BYTES if good else _MAX_ERROR_BYTES
    received = httpx2.Response(reply.status_code, headers=reply.headers, stream=reply.stream)
    try:
        async with asyncio.timeout(None if good else _ERROR_SECONDS), aclosing(received.aiter_bytes()) as chunks:
            async for chunk in chunks:
                content += chunk
                if len(content) > most:
                    break
    except Exception:
        if good:
            raise
    finally:
        await received.aclose()
    if good and len(content) > most:
        raise Retryable("the answer is larger than any answer can be", billed=True)
    reply.headers.pop("content-encoding", None)
    reply.stream = httpx2.ByteStream(bytes(content[:most]))


def failure_of(error: Exception, address: str) -> Failure:
    """The failure that an exception of the SDK, or of what is below it, means; a bug is raised again."""
    import httpx2
    from openai import APIStatusError, OpenAIError

    if isinstance(error, Retryable):
        return error
    if isinstance(error, APIStatusError):
        return _status_failure(error.response)
    known = (OpenAIError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, ValueError, RecursionError)
    # The SDK's transport does not translate all errors of aiohttp.
    if isinstance(error, known) or type(error).__module__.startswith("aiohttp"):
        return of_exception(error, address)
    raise error


def _status_failure(reply: httpx2.Response) -> Failure:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return of_status(reply.status_code, error_body(reply.content), headers)
