#!/bin/sh
# A job for Slurm: sbatch job.sh. One process per GPU; the folder has to be on a file system that all nodes share.
#SBATCH --job-name=rnn-lab
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=8
#SBATCH --cpus-per-task=32
#SBATCH --time=04:00:00
# A minute before its time is over the training is told, writes a checkpoint, and is put into the queue again.
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
#SBATCH --open-mode=append

processes=${PROCESSES_PER_NODE:-8}
head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-4}

srun --kill-on-bad-exit=1 torchrun \
  --nnodes "$SLURM_NNODES" --nproc-per-node "$processes" \
  --rdzv-id "$SLURM_JOB_ID" --rdzv-backend c10d --rdzv-endpoint "$head:29500" \
  train.py --amp bf16 "$@" &
training=$!

stop() {
  scancel --signal=TERM "$SLURM_JOB_ID.0"
  wait "$training"
  scontrol requeue "$SLURM_JOB_ID"
}
trap stop TERM
wait "$training"
