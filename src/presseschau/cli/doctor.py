"""`doctor`: what is installed, reachable and supported."""

from __future__ import annotations

from presseschau.cli.options import BaseUrl, CacheFile, KeyFile, Model, ModelsFolder


def doctor(
    model: Model = None,
    base_url: BaseUrl = None,
    api_key_file: KeyFile = None,
    cache: CacheFile = None,
    models: ModelsFolder = None,
) -> None:
    """Say what is installed, which model would be used, and whether it can be."""
    raise NotImplementedError
