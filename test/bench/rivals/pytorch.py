"""Training speed of PyTorch on rows of `npm run bench`: JSON Lines, first the versions, then a row a line.

A step is what RNN Lab's is: forward over a chunk with carried state, mean cross-entropy, backward, clipping by
global norm 5, Adam. Each row is the median of some repetitions. The numbers of threads are those that
OMP_NUM_THREADS and OPENBLAS_NUM_THREADS say: OpenBLAS listens to nothing else.

    OMP_NUM_THREADS=2 OPENBLAS_NUM_THREADS=2 python3 pytorch.py --rows '[{"cell": "lstm", "hidden": 128,
        "batch": 32, "sequence": 64, "vocabulary": 65}]' --input one-hot
"""

import argparse
import ctypes
import json
import os
import resource
import statistics
import sys
import tempfile
import time

import torch
import torch.distributed as distributed
import torch.multiprocessing as multiprocessing
from torch import nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

CELLS = {"vanilla": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
WARM_UP = 0.3


class Model(nn.Module):
    """A recurrent layer on one-hot vectors or on an embedding as wide as the hidden state, and an output layer."""

    def __init__(self, row, embedded):
        super().__init__()
        hidden, vocabulary = row["hidden"], row["vocabulary"]
        self.embedding = nn.Embedding(vocabulary, hidden) if embedded else None
        self.rnn = CELLS[row["cell"]](hidden if embedded else vocabulary, hidden)
        self.output = nn.Linear(hidden, vocabulary)
        # A row of the identity is the quickest way to a one-hot vector, where that matrix is not too large.
        identity = torch.eye(vocabulary) if vocabulary <= 1024 else None
        self.register_buffer("identity", identity, persistent=False)

    def inputs(self, tokens):
        if self.embedding is not None:
            return self.embedding(tokens)
        if self.identity is None:
            return F.one_hot(tokens, self.output.out_features).float()
        return F.embedding(tokens, self.identity)

    def forward(self, tokens, state):
        states, last = self.rnn(self.inputs(tokens), state)
        return self.output(states), last


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def stepper(row, embedded, wrap):
    """A function that does one training step."""
    model = wrap(Model(row, embedded))
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, betas=(0.9, 0.99))
    shape = (row["sequence"], row["batch"])
    tokens = torch.randint(row["vocabulary"], shape)
    targets = torch.randint(row["vocabulary"], shape).flatten()
    state = None

    def step():
        nonlocal state
        optimizer.zero_grad(set_to_none=True)
        logits, state = model(tokens, state)
        state = detached(state)
        F.cross_entropy(logits.flatten(0, 1), targets).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()

    return step


def seconds_of(step, times):
    start = time.perf_counter()
    for _ in range(times):
        step()
    return time.perf_counter() - start


def rates(step, options, agree=lambda value: value):
    """Steps a second of each repetition. `agree` makes all processes do the same number of steps."""
    first = seconds_of(step, 1)
    steps = int(agree(max(1, WARM_UP // first)))
    one = agree(seconds_of(step, steps) / steps)
    steps = int(agree(max(1, round(options.seconds / one))))
    return [steps / seconds_of(step, steps) for _ in range(options.repetitions)]


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def say(line):
    print(json.dumps(line), flush=True)


def report(row, step_rates):
    tokens = row["batch"] * row["sequence"]
    say({**row, "tokensPerSecond": spread([rate * tokens for rate in step_rates])})


def measure_alone(options):
    for row in options.rows:
        step = stepper(row, options.input == "embedding", lambda model: model)
        report(row, rates(step, options))


def measure_together(rank, options, folder):
    """Data parallelism: each process has its share of the batch, gradients are averaged over gloo."""
    distributed.init_process_group(
        "gloo", init_method=f"file://{folder}/store", rank=rank, world_size=options.processes
    )

    def agree(value):
        shared = torch.tensor([float(value)], dtype=torch.float64)
        distributed.broadcast(shared, 0)
        return shared.item()

    for row in options.rows:
        share = {**row, "batch": row["batch"] // options.processes}
        step = stepper(share, options.input == "embedding", DistributedDataParallel)
        found = rates(step, options, agree)
        if rank == 0:
            report(row, found)
    distributed.destroy_process_group()


def blas():
    """What OpenBLAS says of itself, if it is what PyTorch has loaded."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split()[-1] for line in maps if "blas" in line}
    except OSError:
        return None
    for path in paths:
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_get_config"):
            library.openblas_get_config.restype = ctypes.c_char_p
            return library.openblas_get_config().decode()
    return None


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=json.loads, required=True)
    parser.add_argument("--input", choices=["one-hot", "embedding"], required=True)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--repetitions", type=int, default=5)
    return parser.parse_args()


def main():
    options = parse()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    python = ".".join(map(str, sys.version_info[:3]))
    say({"python": python, "torch": torch.__version__, "blas": blas()})
    if options.processes == 1:
        measure_alone(options)
    else:
        with tempfile.TemporaryDirectory() as folder:
            multiprocessing.spawn(measure_together, (options, folder), nprocs=options.processes)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    say({"peakResidentBytes": peak * 1024})


if __name__ == "__main__":
    main()
