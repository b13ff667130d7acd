"""Training speed of PyTorch on models of examples: the rows of scripts/bench-examples.mjs, a line of JSON each.

A step is what RNN Lab's is: forward, mean loss over the steps that there are, backward, clipping by global norm 5, Adam.
Sequences of different length are packed, or padded where that is the same model: not before a direction that begins at
the end, and not where a cell's last state is wanted, which is in no output.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=2 python3 pytorch_examples.py --rows JSON --way packed
"""

import argparse
import json
import os
import tempfile
import time

import torch
import torch.distributed as distributed
import torch.multiprocessing as multiprocessing
from torch import nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import rnn as sequences

from pytorch import blas, say

SYMBOLS = 32
PADDABLE = ["classifier", "translation", "series"]


def padded(kind, lengths):
    """`[T, B]` and the mask of steps that there are."""
    steps = torch.arange(max(lengths))[:, None]
    mask = steps < torch.tensor(lengths)[None, :]
    if kind is None:
        return mask
    return torch.randint(kind, mask.shape).masked_fill(~mask, 0), mask


class Classifier(nn.Module):
    def __init__(self, hidden, way):
        super().__init__()
        self.packs = way == "packed"
        self.register_buffer("identity", torch.eye(SYMBOLS), persistent=False)
        self.rnn, self.output = nn.LSTM(SYMBOLS, hidden), nn.Linear(hidden, 4)

    def batch(self, sources, answers):
        tokens, _ = padded(SYMBOLS, sources)
        return tokens, torch.tensor(sources), torch.randint(4, (len(sources),))

    def forward(self, tokens, lengths, targets):
        inputs = F.embedding(tokens, self.identity)
        if self.packs:
            _, (last, _) = self.rnn(sequences.pack_padded_sequence(inputs, lengths))
            last = last[0]
        else:
            states, _ = self.rnn(inputs)
            last = states[lengths - 1, torch.arange(len(lengths))]
        return F.cross_entropy(self.output(last), targets)


class Tagger(nn.Module):
    def __init__(self, hidden, way):
        super().__init__()
        self.register_buffer("identity", torch.eye(SYMBOLS), persistent=False)
        self.rnn, self.output = nn.GRU(SYMBOLS, hidden, bidirectional=True), nn.Linear(2 * hidden, 16)

    def batch(self, sources, answers):
        tokens, mask = padded(SYMBOLS, sources)
        packed = sequences.pack_padded_sequence(tokens, torch.tensor(sources))
        return packed.data, packed.batch_sizes, torch.randint(16, packed.data.shape)

    def forward(self, tokens, sizes, targets):
        inputs = sequences.PackedSequence(F.embedding(tokens, self.identity), sizes)
        states, _ = self.rnn(inputs)
        return F.cross_entropy(self.output(states.data), targets)


class Translation(nn.Module):
    def __init__(self, hidden, way):
        super().__init__()
        self.packs = way == "packed"
        self.register_buffer("identity", torch.eye(SYMBOLS + 1), persistent=False)
        self.encoder, self.decoder = nn.LSTM(SYMBOLS, hidden), nn.LSTM(SYMBOLS + 1, hidden)
        self.combine, self.output = nn.Linear(2 * hidden, hidden), nn.Linear(hidden, SYMBOLS + 1)

    def batch(self, sources, answers):
        tokens, mask = padded(SYMBOLS, sources)
        told, there = padded(SYMBOLS + 1, [count + 1 for count in answers])
        targets = torch.randint(SYMBOLS + 1, told.shape).masked_fill(~there, -100)
        lengths = torch.tensor(answers) + 1
        return tokens, torch.tensor(sources), ~mask.T[:, None, :], told, lengths, targets.T.flatten()

    def forward(self, tokens, lengths, missing, told, steps, targets):
        inputs = F.embedding(tokens, self.identity[:SYMBOLS, :SYMBOLS])
        states, last = self.encoder(sequences.pack_padded_sequence(inputs, lengths))
        memory, _ = sequences.pad_packed_sequence(states, batch_first=True)
        read = F.embedding(told, self.identity)
        if self.packs:
            packed = sequences.pack_padded_sequence(read, steps, enforce_sorted=False)
            read, _ = sequences.pad_packed_sequence(self.decoder(packed, last)[0], batch_first=True)
        else:
            read = self.decoder(read, last)[0].transpose(0, 1)
        scores = torch.bmm(read, memory.transpose(1, 2)).masked_fill(missing, -torch.inf)
        attended = torch.bmm(scores.softmax(2), memory)
        combined = torch.tanh(self.combine(torch.cat([attended, read], 2)))
        return F.cross_entropy(self.output(combined).flatten(0, 1), targets)


class Series(nn.Module):
    def __init__(self, hidden, way):
        super().__init__()
        self.packs = way == "packed"
        self.rnn, self.output = nn.GRU(4, hidden), nn.Linear(hidden, 1)

    def batch(self, sources, answers):
        mask = padded(None, sources)
        inputs = torch.randn(*mask.shape, 4) * mask[:, :, None]
        return inputs, torch.tensor(sources), mask, torch.randn(int(mask.sum()), 1)

    def forward(self, inputs, lengths, mask, targets):
        if self.packs:
            states = self.rnn(sequences.pack_padded_sequence(inputs, lengths))[0].data
        else:
            states = self.rnn(inputs)[0][mask]
        return 0.5 * F.mse_loss(self.output(states), targets)


class Plain(nn.Module):
    def __init__(self, hidden, way):
        super().__init__()
        self.hidden, self.output = nn.Linear(784, hidden), nn.Linear(hidden, 10)

    def batch(self, sources, answers):
        return torch.randn(len(sources), 784), torch.randint(10, (len(sources),))

    def forward(self, inputs, targets):
        return F.cross_entropy(self.output(torch.relu(self.hidden(inputs))), targets)


MODELS = {model.__name__.lower(): model for model in [Classifier, Tagger, Translation, Series, Plain]}


def stepper(row, way, wrap, rank, processes):
    """A function that does one step with the next batch, and gives the number of steps of its sequences; and of batches."""
    torch.manual_seed(1)
    model = MODELS[row["kind"]](row["hidden"], way)
    size = row["batch"]
    batches = []
    for start in range(0, len(row["sources"]), size):
        order = sorted(range(start, start + size), key=lambda i: -row["sources"][i])
        order = order[rank::processes]
        sources = [row["sources"][i] for i in order]
        answers = [row["answers"][i] for i in order]
        tokens = sum(row["sources"][start : start + size])
        if row["kind"] == "translation":
            tokens += sum(row["answers"][start : start + size]) + size
        batches.append((model.batch(sources, answers), tokens))
    wrapped = wrap(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, betas=(0.9, 0.99))
    done = 0

    def step():
        nonlocal done
        batch, tokens = batches[done % len(batches)]
        done += 1
        optimizer.zero_grad(set_to_none=True)
        wrapped(*batch).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
        return tokens

    return step, len(batches)


def measure(step, batches, seconds, clock, agree=lambda value: value):
    """Tokens a second, by the least time of each of the batches. `agree` makes all processes do the same number of turns."""

    def turn():
        for i in range(batches):
            start = clock()
            yield step(), clock() - start

    list(turn())
    start = time.perf_counter()
    tokens = sum(count for count, _ in turn())
    turns = int(agree(max(2, seconds // (time.perf_counter() - start))))
    times = [[spent for _, spent in turn()] for _ in range(turns)]
    return tokens / sum(map(min, zip(*times)))


def report(row, rate):
    say({"kind": row["kind"], "hidden": row["hidden"], "tokensPerSecond": rate})


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
        step, batches = stepper(row, options.way, DistributedDataParallel, rank, options.processes)
        rate = measure(step, batches, options.seconds, time.perf_counter, agree)
        if rank == 0:
            report(row, rate)
    distributed.destroy_process_group()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=json.loads, required=True)
    parser.add_argument("--way", choices=["packed", "padded"], required=True)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.5)
    options = parser.parse_args()
    if options.way == "padded":
        options.rows = [row for row in options.rows if row["kind"] in PADDABLE]
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    say({"torch": torch.__version__, "blas": blas()})
    if options.processes == 1:
        # On one thread the processor's time, which does not count what else it does meanwhile.
        alone = os.environ.get("OPENBLAS_NUM_THREADS") == "1"
        clock = time.process_time if alone else time.perf_counter
        for row in options.rows:
            step, batches = stepper(row, options.way, lambda model: model, 0, 1)
            report(row, measure(step, batches, options.seconds, clock))
    else:
        with tempfile.TemporaryDirectory() as folder:
            multiprocessing.spawn(measure_together, (options, folder), nprocs=options.processes)


if __name__ == "__main__":
    main()
