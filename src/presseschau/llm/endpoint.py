"""Where a model answers: base URL, model name, key, and what is known about its speed and size."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from presseschau.errors import ConfigurationError, CredentialsError
from presseschau.models import EngineInfo

_DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server and one model on it.

    `identity` names the engine in the answer cache: normalised base URL and model, or "sha256:..." of a local model
    file (then neither port nor key matters); `formerly` are those under which the same model was asked before, whose
    answers are still good. Speeds are tokens per second, rather too low than too high: they only
    set the deadline of a call, to which `grace` seconds are added. `profile` names an entry of `profiles.py`; None
    means: guess it from the base URL. `context_tokens` is the size of the context, if known. `parallel` is how many
    calls may be under way at once to begin with; while the server keeps up, that grows to `most_parallel` (0: it does
    not grow). `sampling` are fields of every request, whatever it says itself; what decides answers among them is part
    of a given `identity`. `english_first`, `translates_only`, `notice` and `form` are those of `EngineInfo`.
    """

    base_url: str
    model: str
    api_key: SecretStr = field(default_factory=lambda: SecretStr(""))
    identity: str = ""
    formerly: tuple[str, ...] = ()
    read_speed: float = 500.0
    write_speed: float = 15.0
    grace: float = 120.0
    profile: str | None = None
    context_tokens: int | None = None
    parallel: int = 8
    most_parallel: int = 0
    english_first: bool = False
    translates_only: bool = False
    notice: str = ""
    demonstration: bool = False
    form: str = ""
    sampling: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", normalise_url(self.base_url))
        object.__setattr__(self, "api_key", _checked_key(self.api_key))
        object.__setattr__(self, "identity", self.identity or identity_at(self.base_url, self.model))

    @property
    def info(self) -> EngineInfo:
        return EngineInfo(
            self.model, self.identity, self.context_tokens, self.english_first, self.translates_only, self.notice,
            self.form, self.demonstration,
        )  # fmt: skip

    @property
    def host(self) -> str:
        """The host name in lower case; "" for an engine that was not started yet."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def loopback(self) -> bool:
        """Whether the server is this machine; then no proxy is asked."""
        return self.host in LOOPBACK

    @property
    def tells_key(self) -> bool:
        """Whether a key goes to another machine for everybody on the way to read."""
        return self.base_url.startswith("http:") and not self.loopback and bool(self.api_key.get_secret_value())

    def deadline(self, prompt_tokens: int, max_tokens: int) -> float:
        """Seconds that a whole call may take: twice what the speeds promise, and the grace."""
        return self.grace + 2 * (prompt_tokens / self.read_speed + max_tokens / self.write_speed)


Start = Callable[[], Awaitable[Endpoint]]
"""Gives the endpoint to send to. Called by the first miss, and again whenever the connection is lost: an embedded
engine is started, and restarted, here."""


def identity_at(base_url: str, model: str) -> str:
    """What names a model at an address in the answer cache."""
    return f"{normalise_url(base_url)} {model}"


def normalise_url(url: str) -> str:
    """The same address always spelt the same: lower-case host, no default port, no slash at the end.

    "" stays "": an embedded engine has no address before it is started. Raises ConfigurationError for anything else
    that is not a plain http(s) address; a user name in it would end up in messages and in the cache.
    """
    if not url:
        return ""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise ConfigurationError("The base URL cannot be read: its host or port is malformed.") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ConfigurationError("The base URL must begin with http:// or https:// and name a host.")
    if parts.username or parts.password:
        raise ConfigurationError("The base URL must not contain a user name or password: give the key separately.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), parts.query, ""))


def _checked_key(key: SecretStr) -> SecretStr:
    """The key without the line break that a key file ends with."""
    text = key.get_secret_value().strip()
    if not all("!" <= character <= "~" for character in text):
        raise CredentialsError("The key contains spaces or characters that no key has: is this the right file?")
    return SecretStr(text)
