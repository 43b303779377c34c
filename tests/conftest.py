"""What all tests share."""

import gc
import os
import signal
import tempfile

from hypothesis import HealthCheck, settings

# A shell starts background jobs with SIGINT ignored, and that is inherited: the programs that tests start and interrupt
# must see what a user's terminal would give them.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A loaded machine is no bug: what takes too long is found by pytest's own timeout.
# The same examples in each run, so that a change is judged by what it changed; new ones are searched for apart, with
# `pytest --hypothesis-profile search`, and what is found there becomes an @example.
settings.register_profile("presseschau", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", settings.get_profile("presseschau"), derandomize=False, max_examples=1000)
settings.load_profile("presseschau")

# What is spent is written down beside the default cache where a test names none: never beside that of whoever tests.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="presseschau-tests-")


def pytest_collection_finish() -> None:
    """Thousands of tests and all modules stay until the end: not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
