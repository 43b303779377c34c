#!/usr/bin/env bash
# An archive on a Slurm cluster: a job for each part, all with one shared cache, and one that puts them together.
#
#   export PRESSESCHAU_CACHE=postgresql://presse@db/presse     # password: ~/.pgpass on a shared home
#   presseschau cache init
#   presseschau split archive/ -o parts --shards 64
#   mkdir -p results
#   parts=$(sbatch --parsable --array=1-64 examples/slurm.sh)
#   sbatch --dependency=afterok:"$parts" --wrap 'presseschau merge parts results/*.jsonl -o out.jsonl'
#
# A job that ends early (exit 75: the endpoint was down; a node that failed) is put back and continues where it was.
#SBATCH --job-name=presseschau
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=24:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
#SBATCH --output=results/slurm-%a.log
set -u

# numbers are as wide as the largest (shard-01 ... shard-64), whatever part of the array runs again
all=(parts/shard-*.jsonl)
part=$(printf "shard-%0$((${#all[0]} - 18))d" "$SLURM_ARRAY_TASK_ID")
endpoint=${PRESSESCHAU_ENDPOINT:-http://localhost:8000/v1} # one for all, or one on each GPU node

presseschau batch "parts/$part.jsonl" -o "results/$part.jsonl" --quiet \
  -m "${PRESSESCHAU_MODEL:-qwen3}" --base-url "$endpoint" --concurrency 64 &
trap 'kill -TERM $!' TERM # it finishes what is under way; the rest is done when the job runs again
wait $!
ended=$?
if [ "$ended" -gt 128 ]; then wait $!; ended=$?; fi

case $ended in
  0 | 1 | 3) exit 0 ;; # done; nothing usable in it; some parts failed (they are listed in OUT.d/failed.jsonl)
  75 | 143) scontrol requeue "$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID" ;;
  *) exit "$ended" ;;
esac
