"""Everything presseschau raises on purpose, split by what the caller can do about it.

    PresseschauError
    ├── InputError            the article cannot be used: fix or leave out the input       exit 1
    │   ├── FetchError        its page cannot be fetched: save it and give the file
    │   ├── FormatError       it is of a kind that is not read: the message says what to do
    │   ├── SeveralError      it holds several articles, none of the name given, or only addresses   exit 2
    │   ├── NotGermanError    it is not German (`--lang-check off` reads it anyway)
    │   └── NoArticlesError   the archive holds no article of these days, so there is no note   exit 7
    ├── ConfigurationError    key, quota, model, prompts, cache: fix it, do not retry      exit 4
    │   ├── CredentialsError  key missing or refused, quota or credit used up
    │   ├── ModelError        model unknown, not installed, or its file is not the pinned one
    │   └── CacheError        the cache file cannot be used
    │       └── CacheFullError  there is no room for it on the disk                        exit 74
    ├── AnswerError           one request failed; other requests may succeed               exit 3
    │   ├── RefusedAnswer     the model refused or a content filter stopped it
    │   ├── TruncatedAnswer   cut off at the token cap, or the prompt was silently cut
    │   └── MalformedAnswer   not JSON, not the schema, or empty
    ├── ProviderDownError     the endpoint does not answer: run the same command again     exit 75
    ├── BudgetReachedError    the limit given by the user is used up: resumable            exit 5
    └── OutputError           the result cannot be written                                 exit 74

Besides these, `verify` ends with 6 for errors it found, `brief` with 7 if no article was left for the note, and
`watch --once` with 8 if nothing was new.

A message says what happened, why, and what to try. No message, argument or attribute holds a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = [
    "AnswerError",
    "BudgetReachedError",
    "CacheError",
    "CacheFullError",
    "ConfigurationError",
    "CredentialsError",
    "FetchError",
    "FormatError",
    "InputError",
    "MalformedAnswer",
    "ModelError",
    "NotGermanError",
    "OutputError",
    "PresseschauError",
    "ProviderDownError",
    "RefusedAnswer",
    "SeveralError",
    "TruncatedAnswer",
]


class PresseschauError(Exception):
    """Base of the tree. `exit_code` is what the command line returns for it."""

    exit_code: ClassVar[int] = 1
    failure: ClassVar[str] = "failed"  # its class in one word, for findings and manifests


class InputError(PresseschauError):
    """The input cannot be read as an article."""

    failure = "article"


class FetchError(InputError):
    """A page cannot be fetched, or may not be. `status` is the server's answer if it gave one, `told` its Retry-After;
    `retry_after`: seconds for which its site asks to be left alone; `unreachable`: there was no answer at all."""

    failure = "fetch"

    def __init__(self, message: str, status: int | None = None, told: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.told = told
        self.retry_after: float | None = None
        self.unreachable = False


class FormatError(InputError):
    """The input is of a kind that is known and not read, such as a feed, an e-mail or an export of several articles."""

    failure = "format"


class SeveralError(InputError):
    """The input holds several articles where one is wanted, none with the name that was given, or only addresses."""

    exit_code = 2


class NotGermanError(InputError):
    """The text is not German."""

    failure = "language"


class NoArticlesError(InputError):
    """The archive holds no article of the days that a note is to be about."""

    exit_code = 7


class ConfigurationError(PresseschauError):
    """Nothing will work until the set-up is mended; retrying is pointless."""

    exit_code = 4
    failure = "configuration"


class CredentialsError(ConfigurationError):
    """The key is missing or refused, or the account's quota or credit is used up."""

    failure = "credentials"


class ModelError(ConfigurationError):
    """The model is unknown, not installed, or its file does not have the pinned hash."""


class CacheError(ConfigurationError):
    """The answer cache cannot be used: foreign, newer, damaged, or not writable."""


class CacheFullError(CacheError):
    """There is no room on the disk for the answer cache, or for the file of purchases beside it."""

    exit_code = 74


class AnswerError(PresseschauError):
    """One request failed for good. `raw` is what was received, at most 20,000 characters."""

    exit_code = 3

    def __init__(self, message: str, *, raw: str = "") -> None:
        super().__init__(message)
        self.raw = raw[:20_000]


class RefusedAnswer(AnswerError):
    """The model refused, or a content filter stopped it. Asking again does not help."""

    failure = "refused"


class TruncatedAnswer(AnswerError):
    """The answer was cut off at its token cap, or the server silently cut the prompt."""

    failure = "truncated"


class MalformedAnswer(AnswerError):
    """The answer is empty, is not JSON, or does not fit the schema."""

    failure = "malformed"


class ProviderDownError(PresseschauError):
    """The endpoint does not answer or answers nonsense after all retries. Run the same command again."""

    exit_code = 75
    failure = "provider-down"


class BudgetReachedError(PresseschauError):
    """A limit the user gave is used up. What is done is kept; a later run continues."""

    exit_code = 5
    failure = "budget"


class OutputError(PresseschauError):
    """The result cannot be written."""

    exit_code = 74


_MISFITS = {
    "missing": "is missing", "extra_forbidden": "is not known here", "literal_error": "is not a known value",
    "string_type": "is not text", "list_type": "is not a list", "tuple_type": "is not a list",
    "dict_type": "is not an object", "model_type": "is not an object", "int_type": "is not a whole number",
    "int_from_float": "is not a whole number", "bool_type": "is neither true nor false",
    "float_type": "is not a number", "too_short": "has too few entries", "too_long": "has too many entries",
    "string_too_short": "is too short", "string_too_long": "is too long",
}  # fmt: skip


def misfit(error: ValidationError) -> str:
    """What of a JSON text does not fit first, and where, in words that are not those of the library."""
    details = error.errors(include_url=False, include_input=False)
    first, more = details[0], f" and {len(details) - 1} more" if len(details) > 1 else ""
    if first["type"] == "json_invalid":
        half = "hex escape" in first["msg"]
        return "it has half a character (a lone surrogate)" if half else "it is not JSON, or cut short"
    place = ".".join(str(part) for part in first["loc"]) or "the whole"
    if first["type"] == "value_error":
        return f"{place}: {first['msg'].removeprefix('Value error, ')}{more}"
    return f"{place} {_MISFITS.get(first['type'], 'has a value that does not fit')}{more}"
