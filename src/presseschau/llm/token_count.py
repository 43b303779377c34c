"""How many tokens a text has: planned with a fixed ratio, counted by tiktoken, estimated with what was learned.

Three answers, because they serve three ends. The plan (windows of a long article) decides what is asked, so it must
come out the same in every run, or the cache would never hit: a fixed, cautious ratio. The price before a run should be
right: tiktoken if it knows the model and its vocabulary lies on this disk already (it would else download it). The
guard against a cut prompt takes the ratio of characters to tokens that this server's usage has shown.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

PLANNED_RATIO = 2.6
"""Characters per token: less than German has in any current tokenizer (Qwen 2.5: 3.2, o200k: 4.2)."""
_FIRST_RATIO = 3.0
_SANE = (1.5, 5.0)  # a ratio outside says that the server does not count what it read
_CUT = 0.6  # of the estimate: English has up to 1.5 times the characters per token of German in the same tokenizer
_CUT_UNLEARNED = 0.7 / _SANE[1]  # tokens a character below which no tokenizer gets, German or English
_SHORT = 3_000  # characters: the smallest context that servers have by default holds more
_OVERHEAD = 8  # tokens that a chat template adds a message, about


def planned_tokens(text: str) -> int:
    """Tokens to plan with: an upper bound for German, the same in every run."""
    return ceil(len(text) / PLANNED_RATIO)


class TokenEstimate:
    """The best guess for one model, growing better with every answer."""

    def __init__(self) -> None:
        self._characters = 0
        self._tokens = 0

    @property
    def ratio(self) -> float:
        """Characters per token, as learned."""
        return self._characters / self._tokens if self._tokens else _FIRST_RATIO

    def learn(self, characters: int, messages: int, prompt_tokens: int) -> None:
        """Takes in the usage of one accepted answer."""
        tokens = prompt_tokens - _OVERHEAD * messages
        if tokens > 0 and _SANE[0] <= characters / tokens <= _SANE[1]:
            self._characters += characters
            self._tokens += tokens

    def was_cut(self, characters: int, seen_tokens: int, context_tokens: int | None) -> bool:
        """Whether a server that read `seen_tokens` cannot have read a prompt of so many characters.

        That is below 60 % of the estimate, or, while nothing is learned, below what any tokenizer needs; or a full
        context. Short prompts are not judged, and 0 means that the server does not count.
        """
        if seen_tokens <= 0 or characters < _SHORT:
            return False
        if context_tokens is not None and seen_tokens >= context_tokens:
            return True
        return seen_tokens < characters * (_CUT / self.ratio if self._tokens else _CUT_UNLEARNED)


def exact_counter(model: str) -> Callable[[str], int] | None:
    """Text -> tokens by tiktoken, if it knows the model and needs no network; None otherwise, whatever the reason."""
    try:
        import tiktoken
        from tiktoken import load

        download, load.read_file = load.read_file, _refuse  # tiktoken has no other way to stay offline
        try:
            encoding = tiktoken.encoding_for_model(model)
        finally:
            load.read_file = download
    except Exception:  # noqa: BLE001  (counting may be inexact, but must never fail a run)
        return None
    return lambda text: len(encoding.encode(text, disallowed_special=()))


def _refuse(blobpath: str) -> bytes:
    raise OSError(f"{blobpath} is not fetched to count tokens.")
