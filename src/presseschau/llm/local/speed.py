"""How fast a model of a given size can be expected to read and write, for deadlines and progress."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import ceil
from pathlib import Path

# Measured: 1.117 GB (Q4_K_M), 2 threads: reads 63-72, writes 24-26 tokens/s; 1 thread: 34 / 13. Both are bound by
# the weights that each token passes through: they fall with the size of the file and rise with the cores.
_MEASURED_SIZE = 1.117e9
_MEASURED_READS = 33.0
_MEASURED_WRITES = 12.5
_CORES_THAT_HELP = 4  # beyond that memory bandwidth, not the cores, sets the pace on common machines


@dataclass(frozen=True)
class Speed:
    """Tokens per second: `reads` of the prompt, `writes` of the answer."""

    reads: float
    writes: float


def expected_speed(size: int, threads: int) -> Speed:
    """What a model file of `size` bytes can be expected to do on `threads` cores of an otherwise free machine."""
    scale = _MEASURED_SIZE / max(size, 1) * min(threads, _CORES_THAT_HELP)
    return Speed(reads=_MEASURED_READS * scale, writes=_MEASURED_WRITES * scale)


def usable_cores(cgroup: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """Cores this process may really use: its affinity, less if a container's quota says so. At least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = cgroup.read_text(encoding="ascii").split()
        cores = min(cores, ceil(int(quota) / int(period)))
    except (OSError, ValueError):  # no cgroup v2, or "max": no quota
        pass
    return max(cores, 1)
