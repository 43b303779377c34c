"""Waiting for processes that are not our children."""

import os
import select

DEADLINE = 20.0  # seconds; far more than anything here takes


def wait_for_end(pid: int) -> bool:
    """Whether the process ends in time."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], DEADLINE)[0])
    finally:
        os.close(handle)
