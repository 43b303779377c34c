"""An archive analysed by several workers: Daft on Ray, one shared cache, checkpoints.

    pip install 'presseschau[daft]'                             # in an environment of its own
    export PRESSESCHAU_CACHE=postgresql://presse@db/presse      # the same on every worker; `presseschau cache init`
    python examples/distributed.py 'articles/*.parquet' results -m qwen3 --base-url http://gpu:8000/v1 \
        --workers 2 --checkpoint checkpoints [--address ray://head:10001]

Without --address a cluster of so many nodes is started on this machine. The same command again goes on where the last
one ended, however it ended; rows that failed have their reason in `failure`.
"""

from __future__ import annotations

import argparse

import daft
import ray

from presseschau.distributed import DistributedJob, analyze_files
from presseschau.llm.pacing import Rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="Parquet or JSONL with the columns id and text (headline, published, ...)")
    parser.add_argument("out", help="a folder for Parquet files")
    parser.add_argument("-m", "--model", required=True)
    parser.add_argument("--base-url")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--concurrency", type=int, default=64, help="requests in flight over all workers")
    parser.add_argument("--requests-per-minute", type=float)
    parser.add_argument("--tasks", default="translate,summary,claims")
    parser.add_argument("--checkpoint", help="a folder or s3:// address where it is noted what is done")
    parser.add_argument("--address", help="of a Ray cluster")
    given = parser.parse_args()
    rate = Rate(requests=given.requests_per_minute) if given.requests_per_minute else None
    job = DistributedJob(
        given.model, given.base_url, workers=given.workers, concurrency=given.concurrency, rate=rate,
        tasks=tuple(given.tasks.split(",")),
    )  # fmt: skip
    if given.address:
        ray.init(given.address, logging_level="error")
    else:
        from ray.cluster_utils import Cluster

        cluster = Cluster()
        for _ in range(given.workers):
            cluster.add_node(num_cpus=1, object_store_memory=100_000_000, include_dashboard=False)
        ray.init(cluster.address, logging_level="error")
    daft.set_runner_ray()
    analyze_files(given.source, given.out, job, checkpoint=given.checkpoint)


if __name__ == "__main__":
    main()
