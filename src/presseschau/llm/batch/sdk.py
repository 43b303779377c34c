"""The openai SDK's client, for what it does better than we would: uploads, batches, pages of a list."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from presseschau.llm import transport
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, of_exception, of_status
from presseschau.llm.reply import error_body

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI


def open_sdk(endpoint: Endpoint) -> AsyncOpenAI:
    """The client for an endpoint: no retries of its own, no redirects, no key but the endpoint's.

    Raises ConfigurationError for a proxy or certificate in the environment that cannot be used.
    """
    from httpx2 import Limits
    from openai import AsyncOpenAI, DefaultAioHttpClient

    key = endpoint.api_key.get_secret_value() or transport.NO_KEY
    sdk = AsyncOpenAI(
        api_key=key,  # else it would send the one in OPENAI_API_KEY to whatever server this is
        base_url=endpoint.base_url,
        max_retries=0,
        default_headers={"Authorization": f"Bearer {key}"},  # wins over OPENAI_CUSTOM_HEADERS
        http_client=DefaultAioHttpClient(
            follow_redirects=False,
            verify=transport.certificates(endpoint),
            trust_env=False,
            proxy=transport.proxy_for(endpoint),
            event_hooks={"response": [_read_capped]},
            limits=Limits(max_connections=transport.CONNECTIONS, keepalive_expiry=transport.KEPT_SECONDS),
        ),
    )
    if not transport.of_openai(endpoint):
        sdk.organization = sdk.project = None  # read from the environment by the SDK; nobody else's business
    return sdk


async def _read_capped(reply: httpx2.Response) -> None:
    """Reads a body, good or bad, before the SDK does, which knows no end; what a batch gave is left to be streamed.

    Of an error, what came in time must do. Raises Retryable for an answer that is too large.
    """
    import httpx2

    good = reply.is_success
    if good and reply.url.path.endswith("/content"):
        return
    content, most = bytearray(), transport.MAX_BYTES if good else transport.MAX_ERROR_BYTES
    received = httpx2.Response(reply.status_code, headers=reply.headers, stream=reply.stream)
    try:
        async with (
            asyncio.timeout(None if good else transport.ERROR_SECONDS),
            aclosing(received.aiter_bytes()) as chunks,
        ):
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
        headers = {name.lower(): value for name, value in error.response.headers.items()}
        return of_status(error.response.status_code, error_body(error.response.content), headers)
    known = (OpenAIError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, OSError, ValueError, RecursionError)
    # The SDK's transport does not translate all errors of aiohttp.
    if isinstance(error, known) or type(error).__module__.startswith("aiohttp"):
        return of_exception(error, address)
    raise error
