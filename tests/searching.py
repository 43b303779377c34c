"""How many examples of a property are tried: `--hypothesis-profile search` tries ten times as many of each."""

from hypothesis import settings


def examples(n: int) -> int:
    return n * settings.default.max_examples // 100
