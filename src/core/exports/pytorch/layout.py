"""The names of RNN Lab: which part of which parameter, and which state, a tensor of a checkpoint is."""

import torch

from model import PARAMETERS, STATES


@torch.no_grad()
def place(parameters, tensors):
    """Copies tensors by RNN Lab's names to where they belong in a model's parameters, or in moments of their shapes."""
    for name, (parameter, first, rows) in PARAMETERS.items():
        if parameter in parameters and name in tensors:
            parameters[parameter][first : first + rows].copy_(tensors[name])


def named(parameters):
    """Parameters, or moments of their shapes, by RNN Lab's names."""
    return {name: parameters[parameter][first : first + rows] for name, (parameter, first, rows) in PARAMETERS.items()}


def carried(states):
    """States by the names that a checkpoint has for them; of two that are the same, the one that reaches further back."""
    found = {}
    for name, state in states.items():
        kept = STATES[name][-1]
        if kept is None:
            continue
        if kept not in found or len(state) > len(found[kept]):
            found[kept] = state
    return found


def restored(tensors, batch):
    """The states [L, B, W] of a checkpoint; None if one is missing or of another size."""
    states = {}
    for name, (lag, width, initial, kept) in STATES.items():
        if kept is None:
            states[name] = torch.full((lag, batch, width), float(initial))
            continue
        state = tensors.get(f"state.{kept}")
        if state is None or state.shape[0] < lag or tuple(state.shape[1:]) != (batch, width):
            return None
        states[name] = state[len(state) - lag :]
    return states
