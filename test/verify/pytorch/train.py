"""Trains a recurrent network in PyTorch from weights that RNN Lab has exported, and prints its losses.

    python3 train.py '{"weights": "vanilla-1.safetensors", "text": "text.txt", "cell": "vanilla",
        "layers": 1, "hidden": 24, "batch": 4, "sequence": 12, "steps": 200, "learningRate": 0.005,
        "beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8, "clip": 0.6}'

Standard output is one JSON object: `losses` in float64 and float32, and the versions. All that a training is
made of is here once more and shares nothing with RNN Lab: the reading of the file, the vocabulary, the batches,
the cells (torch.nn), truncated backpropagation, clipping, Adam.
"""

import json
import struct
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional as F

CELLS = {"vanilla": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}

# The gates in PyTorch's order: RNN Lab's names of input matrix, recurrent matrix and bias.
GATES = {
    "vanilla": [("U", "W", "b")],
    "gru": [("Wr", "Rr", "br"), ("Wz", "Rz", "bz"), ("Wn", "Rn", "bn")],
    "lstm": [("Wi", "Ri", "bi"), ("Wf", "Rf", "bf"), ("Wg", "Rg", "bg"), ("Wo", "Ro", "bo")],
}


def read_safetensors(path):
    """Tensors by name: 8 bytes with the header's length, a JSON header, then the numbers."""
    with open(path, "rb") as file:
        contents = file.read()
    (length,) = struct.unpack("<Q", contents[:8])
    header = json.loads(contents[8 : 8 + length])
    data = contents[8 + length :]
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        kind = {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]
        tensors[name] = numpy.frombuffer(data[begin:end], kind).reshape(entry["shape"])
    return tensors


def load(rnn, output, tensors, options):
    """PyTorch has two biases where RNN Lab has one: the second stays zero, but for the GRU's candidate."""
    hidden = options["hidden"]
    as_tensor = lambda array: torch.tensor(array, dtype=rnn.weight_ih_l0.dtype)
    with torch.no_grad():
        for layer in range(options["layers"]):
            stacked = lambda place: numpy.concatenate(
                [tensors[f"layer{layer + 1}.{names[place]}"] for names in GATES[options["cell"]]]
            )
            getattr(rnn, f"weight_ih_l{layer}").copy_(as_tensor(stacked(0)))
            getattr(rnn, f"weight_hh_l{layer}").copy_(as_tensor(stacked(1)))
            getattr(rnn, f"bias_ih_l{layer}").copy_(as_tensor(stacked(2)))
            second = getattr(rnn, f"bias_hh_l{layer}")
            second.zero_()
            if options["cell"] == "gru":
                second[2 * hidden :].copy_(as_tensor(tensors[f"layer{layer + 1}.cn"]))
                second.register_hook(lambda gradient: gradient * candidate_mask(gradient, hidden))
            else:
                second.requires_grad_(False)
        output.weight.copy_(as_tensor(tensors["output.V"]))
        output.bias.copy_(as_tensor(tensors["output.c"]))


def candidate_mask(gradient, hidden):
    mask = torch.zeros_like(gradient)
    mask[2 * hidden :] = 1
    return mask


def detached(state):
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def train(options, tensors, ids, vocabulary, dtype):
    batch, sequence, steps = options["batch"], options["sequence"], options["steps"]
    rnn = CELLS[options["cell"]](vocabulary, options["hidden"], options["layers"]).to(dtype)
    output = nn.Linear(options["hidden"], vocabulary).to(dtype)
    load(rnn, output, tensors, options)
    parameters = [p for p in [*rnn.parameters(), *output.parameters()] if p.requires_grad]
    optimizer = torch.optim.Adam(
        parameters,
        lr=options["learningRate"],
        betas=(options["beta1"], options["beta2"]),
        eps=options["epsilon"],
    )
    # Each row of the batch is a stretch of the text of its own: [B, steps * T], and the next symbol of each.
    length = steps * sequence
    streams = torch.tensor(ids[: batch * length]).reshape(batch, length)
    nexts = torch.tensor(ids[1 : batch * length + 1]).reshape(batch, length)
    state = None
    losses = []
    for step in range(steps):
        window = slice(step * sequence, (step + 1) * sequence)
        inputs = F.one_hot(streams[:, window].T, vocabulary).to(dtype)
        states, state = rnn(inputs, state)
        state = detached(state)
        loss = F.cross_entropy(output(states).flatten(0, 1), nexts[:, window].T.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, options["clip"])
        optimizer.step()
        losses.append(loss.item())
    return losses


def main():
    options = json.loads(sys.argv[1])
    torch.set_num_threads(1)
    with open(options["text"], encoding="utf-8") as file:
        text = file.read()
    symbols = sorted(set(text))
    ids = [symbols.index(symbol) for symbol in text]
    tensors = read_safetensors(options["weights"])
    kinds = {"float64": torch.float64, "float32": torch.float32}
    losses = {
        name: train(options, tensors, ids, len(symbols), dtype) for name, dtype in kinds.items()
    }
    versions = {
        "python": ".".join(map(str, sys.version_info[:3])),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
    }
    print(json.dumps({"losses": losses, "versions": versions}))


if __name__ == "__main__":
    main()
