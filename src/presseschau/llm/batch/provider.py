"""OpenAI's files and batches over the openai SDK, for what it does better than we would (uploads, batches, pages of a
list): each call tried again where that is safe, and its answer checked.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from presseschau.errors import ModelError, PresseschauError, ProviderDownError
from presseschau.llm import transport
from presseschau.llm.batch.files import PATH
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.faults import Failure, Retryable, Unsupported, clean, of_exception, of_status, without_key
from presseschau.llm.reply import error_body
from presseschau.llm.retry import Policy, Timing, retrying
from presseschau.storage.files import cannot_write, replacing

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from presseschau.llm.endpoint import Endpoint


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
    most = transport.MAX_BYTES if good else transport.MAX_ERROR_BYTES
    received = httpx2.Response(reply.status_code, headers=reply.headers, stream=reply.stream)
    try:
        async with aclosing(received.aiter_bytes()) as chunks:
            content = await transport.read_body(chunks, most, good=good)
    finally:
        await received.aclose()
    if good and len(content) > most:
        raise Retryable("the answer is larger than any answer can be", billed=True)
    reply.headers.pop("content-encoding", None)
    reply.stream = httpx2.ByteStream(content[:most])


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


ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
UNDER_WAY = frozenset({"validating", "in_progress", "finalizing", "cancelling"})
_TAG = "presseschau_shard"
"""The key in a batch's metadata under which the digest of its shard stands."""
_OPERATION = 600.0
"""Seconds that a call may take, and one operation of a download (not the whole of it)."""
_UPLOAD = 3 * 3600.0
"""Seconds that an upload may take: 200 MB at 20 kB a second."""
_PAGE = 100

Value = TypeVar("Value")


@dataclass(frozen=True)
class BatchError:
    """Why a batch was not taken; `line` counts from 1, None: not about one request."""

    code: str
    message: str
    line: int | None


@dataclass(frozen=True)
class Batch:
    """A batch as the provider describes it. `created` is in seconds since 1970."""

    id: str
    status: str
    created: int
    digest: str
    output_file: str | None
    error_file: str | None
    answered: int
    failed: int
    errors: tuple[BatchError, ...]


class BatchProvider:
    """One endpoint. An async context manager. Its methods raise ConfigurationError (mend it first), ProviderDownError
    (later), or AnswerError (this file or batch is refused)."""

    def __init__(
        self, endpoint: Endpoint, policy: Policy, timing: Timing, on_wait: Callable[[str, float], None]
    ) -> None:
        self._address = endpoint.base_url
        self._key = endpoint.api_key.get_secret_value()
        patience = max(policy.elapsed, policy.patience)
        # What is under way goes on without us, so an outage may be waited out; attempts are not counted.
        self._policy = replace(policy, attempts=1_000_000, elapsed=patience, max_wait=max(patience, policy.max_wait))
        self._timing = timing
        self._on_wait = on_wait
        self._endpoint = endpoint
        self._opened: AsyncOpenAI | None = None

    async def __aenter__(self) -> BatchProvider:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    @property
    def _sdk(self) -> AsyncOpenAI:
        if self._opened is None:
            self._opened = open_sdk(self._endpoint)
        return self._opened

    async def upload(self, path: Path) -> str:
        """The id of the uploaded file; it is read from the disk while it is sent."""

        async def send() -> str:
            with path.open("rb") as file:
                made = await self._sdk.files.create(
                    file=(path.name, file, "application/jsonl"), purpose="batch", timeout=_OPERATION
                )
            return _text_of(made, "id")

        return await self._tried(send, _UPLOAD)

    async def create(self, input_file: str, digest: str, known: Collection[str], since: float) -> Batch:
        """The batch of this shard. After a try whose end is not known it is looked for before the next one, so that
        it is never made twice. `known`, `since`: as in `find`."""
        uncertain = False

        async def make() -> Batch:
            nonlocal uncertain
            if uncertain and (found := await self._find(digest, known, since)):
                return found
            uncertain = True
            return _batch(
                await self._sdk.batches.create(
                    completion_window="24h", endpoint=PATH, input_file_id=input_file, metadata={_TAG: digest}
                )
            )

        return await self._tried(make)

    async def find(self, digest: str, known: Collection[str], since: float) -> Batch | None:
        """The newest batch of a shard that is not among the `known` ids; looked for back to `since` (seconds since
        1970)."""
        return await self._tried(lambda: self._find(digest, known, since))

    async def _find(self, digest: str, known: Collection[str], since: float) -> Batch | None:
        async for batch in self._listed():
            if batch.created < since:
                return None
            if batch.digest == digest and batch.id not in known:
                return batch
        return None

    async def _listed(self) -> AsyncIterator[Batch]:
        from openai import omit

        after = ""
        while True:
            page = await self._sdk.batches.list(limit=_PAGE, after=after or omit)
            data = getattr(page, "data", None)
            if not isinstance(data, list):
                raise _odd("a list of batches")
            for each in data:
                yield _batch(each)
            if not data or getattr(page, "has_more", False) is not True:
                return
            after = _text_of(data[-1], "id")

    async def batch(self, id: str) -> Batch | None:
        """The batch with this id; None if the provider has none."""

        async def get() -> Batch:
            return _batch(await self._sdk.batches.retrieve(id))

        try:
            return await self._tried(get)
        except ModelError:  # what a 404 means elsewhere
            return None

    async def download(self, file: str, to: Path) -> bool:
        """Puts the whole file under `to`; False if the provider has no such file. Raises OutputError."""

        async def fetch() -> None:
            async with self._sdk.files.with_streaming_response.content(file, timeout=_OPERATION) as reply:
                with _written(to), replacing(to) as out:
                    async for chunk in reply.iter_bytes():
                        out.write(chunk)

        try:
            await self._tried(fetch, None)
        except ModelError:  # what a 404 means elsewhere
            return False
        return True

    async def delete(self, file: str) -> None:
        """Deletes a file at the provider, if it lets us: articles should lie nowhere longer than needed."""
        with suppress(PresseschauError, Retryable, Unsupported):
            await self._once(lambda: self._sdk.files.delete(file))

    async def _tried(self, made: Callable[[], Awaitable[Value]], seconds: float | None = _OPERATION) -> Value:
        def tell(fault: Retryable, wait: float) -> None:
            self._on_wait(str(fault), wait)

        async def once() -> Value:
            return await self._once(made, seconds)

        try:
            return await retrying(self._policy, self._timing, tell)(once)
        except Retryable as fault:
            raise ProviderDownError(
                f"The provider of the batches cannot be used now: {str(fault).rstrip('.')}.{fault.until} What is under "
                "way there goes on; run the same command later."
            ) from None
        except Unsupported as refusal:
            raise refusal.failure from None

    async def _once(self, made: Callable[[], Awaitable[Value]], seconds: float | None = _OPERATION) -> Value:
        try:
            async with asyncio.timeout(seconds):
                return await made()
        except (PresseschauError, Retryable, Unsupported, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - a bug is raised again
            failure: Failure = failure_of(error, self._address)
        raise without_key(failure, self._key)


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """Tells a full disk from a broken connection, which is an OSError without a file's number or another class."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.EFBIG):
            raise cannot_write(path, error) from None
        raise


def _batch(made: object) -> Batch:
    """The SDK checks nothing of what it hands on."""
    counts, metadata = getattr(made, "request_counts", None), getattr(made, "metadata", None)
    created = getattr(made, "created_at", None)
    return Batch(
        id=_text_of(made, "id"),
        status=_text_of(made, "status"),
        created=created if isinstance(created, int) else 0,
        digest=str(metadata.get(_TAG, "")) if isinstance(metadata, dict) else "",
        output_file=_file(made, "output_file_id"),
        error_file=_file(made, "error_file_id"),
        answered=_count(counts, "completed"),
        failed=_count(counts, "failed"),
        errors=_errors(made),
    )


def _errors(made: object) -> tuple[BatchError, ...]:
    data = getattr(getattr(made, "errors", None), "data", None)
    found = []
    for error in data if isinstance(data, list) else ():
        line = getattr(error, "line", None)
        code, message = (clean(str(getattr(error, name, None) or "")) for name in ("code", "message"))
        found.append(BatchError(code, message, line if isinstance(line, int) else None))
    return tuple(found)


def _text_of(made: object, name: str) -> str:
    value = getattr(made, name, None)
    if not isinstance(value, str) or not value:
        raise _odd(f"anything with a {name!r}")
    return value


def _file(made: object, name: str) -> str | None:
    value = getattr(made, name, None)
    return value if isinstance(value, str) and value else None


def _count(counts: object, name: str) -> int:
    value = getattr(counts, name, None)
    return value if isinstance(value, int) else 0


def _odd(wanted: str) -> Retryable:
    return Retryable(f"the answer does not hold {wanted}", outage=True)
