"""What the layers of model.py have in common: sequences [T, B, W], and the steps before them [L, B, W]."""

import torch
from torch import nn
from torch.nn import functional as F


def delayed(values, before, lag):
    """The values of `lag` steps earlier; the first ones stand before the sequence."""
    return torch.cat([before[len(before) - lag :], values])[: len(values)]


def latest(values, before):
    """What stands before the sequence that follows: as many steps as stood before this one."""
    return torch.cat([before, values])[-len(before) :]


def columns(matrix, tokens):
    """A matrix times one-hot vectors: the columns that tokens [T, B] pick, [T, B, rows]."""
    return F.embedding(tokens, matrix.t())


def one_hot(tokens, vocabulary, like):
    return F.one_hot(tokens, vocabulary).to(like.dtype)


def stacked(*parts):
    """One vector below the other."""
    shape = torch.broadcast_shapes(*(part.shape[:-1] for part in parts))
    return torch.cat([part.expand(*shape, part.shape[-1]) for part in parts], -1)


def everywhere(value, steps, batch, width, like):
    """What is the same at each step and in each row, [T, B, W]."""
    return torch.as_tensor(value, dtype=like.dtype, device=like.device).expand(steps, batch, width)


def softplus(values):
    # Exact in float64 as well: the usual threshold of 20 is not.
    return F.softplus(values, threshold=40)


def layer_norm(values):
    return F.layer_norm(values, values.shape[-1:])


def keep_zero(bias, rows=None):
    """Of PyTorch's two biases RNN Lab has one: the other, or its first rows, are zero and stay so."""
    nn.init.zeros_(bias)
    if rows is None:
        bias.requires_grad_(False)
    else:
        bias.register_hook(lambda gradient: torch.cat([torch.zeros_like(gradient[:rows]), gradient[rows:]]))
