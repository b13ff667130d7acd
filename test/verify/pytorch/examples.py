"""Trains a model of examples in PyTorch from weights that RNN Lab has written, and prints its losses.

    python3 examples.py OPTIONS.json

The file holds the settings of train.py, `model` (the name of one of the five below), and `batches`: of each step its
examples, each `[x, y]`; `weights` lies beside it. Sequences of different length are padded and packed, as one does it in PyTorch; losses are
means over the steps that there are.
"""

import json
import os
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import rnn as sequences

from train import GATES, candidate_mask, read_safetensors


def packed(examples):
    return sequences.pack_sequence(examples, enforce_sorted=False)


def one_hot(ids, classes, dtype):
    return F.one_hot(torch.tensor(ids), classes).to(dtype)


class Weights:
    """Tensors of a file, which become PyTorch's."""

    def __init__(self, path, dtype):
        self.tensors = read_safetensors(path)
        self.dtype = dtype
        self.parameters = []

    def __call__(self, name):
        return torch.tensor(self.tensors[name], dtype=self.dtype)

    def keep(self, *parameters):
        self.parameters.extend(parameters)

    def rows(self, name):
        return self.tensors[name].shape[0]

    def columns(self, name):
        return self.tensors[name].shape[1]

    def linear(self, matrix, bias):
        layer = nn.Linear(self.columns(matrix), self.rows(matrix)).to(self.dtype)
        with torch.no_grad():
            layer.weight.copy_(self(matrix))
            layer.bias.copy_(self(bias).flatten())
        self.keep(layer.weight, layer.bias)
        return layer

    def recurrent(self, kind, *names):
        """A layer in as many directions as there are names; of PyTorch's two biases the second stays zero, but for `cn`."""
        gates = GATES[kind]
        first = f"{names[0]}.{gates[0][0]}"
        width = self.rows(first)
        layer = {"gru": nn.GRU, "lstm": nn.LSTM}[kind](
            self.columns(first), width, bidirectional=len(names) > 1
        ).to(self.dtype)
        for name, suffix in zip(names, ["l0", "l0_reverse"]):
            stacked = lambda place: torch.cat([self(f"{name}.{gate[place]}").squeeze(-1) for gate in gates])
            parts = [getattr(layer, f"{part}_{suffix}") for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
            with torch.no_grad():
                for place, part in enumerate(parts[:3]):
                    part.copy_(stacked(place).reshape(part.shape))
                parts[3].zero_()
                if kind == "gru":
                    parts[3][2 * width :].copy_(self(f"{name}.cn").flatten())
            if kind == "gru":
                parts[3].register_hook(lambda gradient: gradient * candidate_mask(gradient, width))
            else:
                parts[3].requires_grad_(False)
            self.keep(*[part for part in parts if part.requires_grad])
        return layer


def classifier(weights):
    layer, output = weights.recurrent("lstm", "h"), weights.linear("V", "c")
    classes = weights.columns("h.Wi")

    def loss(batch):
        _, (last, _) = layer(packed([one_hot(x, classes, weights.dtype) for x, _ in batch]))
        return F.cross_entropy(output(last[0]), torch.tensor([y[0] for _, y in batch]))

    return loss


def tagger(weights):
    layer, output = weights.recurrent("gru", "f", "b"), weights.linear("V", "c")
    classes = weights.columns("f.Wr")

    def loss(batch):
        states, _ = layer(packed([one_hot(x, classes, weights.dtype) for x, _ in batch]))
        return F.cross_entropy(output(states.data), packed([torch.tensor(y) for _, y in batch]).data)

    return loss


def translation(weights):
    encoder, decoder = weights.recurrent("lstm", "s"), weights.recurrent("lstm", "d")
    combine, output = weights.linear("K", "k0"), weights.linear("V", "c")
    classes, answers = weights.columns("s.Wi"), weights.columns("d.Wi")
    boundary = answers - 1

    def loss(batch):
        sources = packed([one_hot(x, classes, weights.dtype) for x, _ in batch])
        states, last = encoder(sources)
        memory, lengths = sequences.pad_packed_sequence(states, batch_first=True)
        begun = [one_hot([boundary, *y], answers, weights.dtype) for _, y in batch]
        read, _ = decoder(packed(begun), last)
        read, steps = sequences.pad_packed_sequence(read, batch_first=True)
        scores = read @ memory.transpose(1, 2)
        missing = torch.arange(memory.shape[1])[None, :] >= lengths[:, None]
        attention = scores.masked_fill(missing[:, None, :], -torch.inf).softmax(2)
        combined = torch.tanh(combine(torch.cat([attention @ memory, read], 2)))
        logits = torch.cat([row[:count] for row, count in zip(output(combined), steps)])
        return F.cross_entropy(logits, torch.tensor([id for _, y in batch for id in [*y, boundary]]))

    return loss


def series(weights):
    layer, output = weights.recurrent("gru", "h"), weights.linear("V", "c")

    def loss(batch):
        numbers = lambda place: packed([torch.tensor(each[place], dtype=weights.dtype) for each in batch])
        states, _ = layer(numbers(0))
        return 0.5 * F.mse_loss(output(states.data), numbers(1).data)

    return loss


def plain(weights):
    hidden, output = weights.linear("A", "a"), weights.linear("V", "c")

    def loss(batch):
        inputs = torch.tensor([x[0] for x, _ in batch], dtype=weights.dtype)
        return F.cross_entropy(output(torch.relu(hidden(inputs))), torch.tensor([y[0] for _, y in batch]))

    return loss


MODELS = [classifier, tagger, translation, series, plain]


def train(options, dtype):
    weights = Weights(options["weights"], dtype)
    loss_of = next(model for model in MODELS if model.__name__ == options["model"])(weights)
    optimizer = torch.optim.Adam(
        weights.parameters,
        lr=options["learningRate"],
        betas=(options["beta1"], options["beta2"]),
        eps=options["epsilon"],
    )
    losses = []
    for batch in options["batches"]:
        loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights.parameters, options["clip"])
        optimizer.step()
        losses.append(loss.item())
    return losses


def main():
    torch.set_num_threads(1)
    with open(sys.argv[1], encoding="utf-8") as file:
        options = json.load(file)
    options["weights"] = os.path.join(os.path.dirname(sys.argv[1]), options["weights"])
    kinds = {"float64": torch.float64, "float32": torch.float32}
    versions = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
    }
    print(json.dumps({"losses": {name: train(options, dtype) for name, dtype in kinds.items()}, "versions": versions}))


if __name__ == "__main__":
    main()
