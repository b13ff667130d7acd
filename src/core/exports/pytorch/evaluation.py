"""Rows of metrics; when to measure, and measuring: each text as it is when it is read from its beginning."""

import math

import torch
from torch.nn import functional as F

from data import Rows, description, rows_for


class Meter:
    """Sums steps up until a row of metrics is due."""

    def __init__(self):
        self.samples = []

    def add(self, loss, norm, clipped, seconds, tokens):
        self.samples.append((loss, norm, clipped, seconds, tokens))

    def take(self):
        losses, norms, clipped, seconds, tokens = zip(*self.samples)
        self.samples = []
        spread = lambda values: {"mean": sum(values) / len(values), "min": min(values), "max": max(values)}
        return {
            "steps": len(losses),
            "loss": spread(losses),
            "gradientNorm": spread(norms),
            "clipped": sum(clipped) / len(clipped),
            "tokensPerSecond": sum(tokens) / max(sum(seconds), 1e-6),
        }


def automatic_interval(tokens, step_tokens):
    """Measuring takes about a twentieth of the work; a forward pass a third of a training step."""
    return max(10, math.ceil(tokens * (1 / 3) / 0.05 / step_tokens))


def first_evaluation(plan):
    """The step after which the first measurement is due."""
    every, tokens, step_tokens = plan
    return every if every > 0 else math.ceil(automatic_interval(tokens, step_tokens) / 8)


def next_evaluation(plan, step):
    """The step after which the next one is due, after one at `step`."""
    every, tokens, step_tokens = plan
    if every > 0:
        return step + every
    interval = automatic_interval(tokens, step_tokens)
    if step < interval:
        return min(interval, 2 * step)
    return step + max(interval, math.ceil(0.05 * step))


@torch.no_grad()
def measure(model, ids, stretches, steps, rows=None):
    """Mean cross-entropy, nats per token.

    One long stretch is read in several rows side by side, and then again, each row with the state in which the one before
    it has ended, until that makes no difference any more; where it always does, in a single row.
    """
    batches = Rows(ids, stretches, rows or rows_for(stretches, steps), steps)
    device = next(model.parameters()).device
    losses, kept = [0.0] * batches.chunks, {}

    def run(number, state):
        tokens, targets = (each.to(device) for each in batches.chunk(number))
        logits, state = model(tokens, state)
        loss = F.cross_entropy(logits.flatten(0, 1).to(next(model.parameters()).dtype), targets.flatten(), reduction="none")
        losses[number] = float(loss.sum())
        return state

    fresh = state = model.start(batches.batch)
    for number in range(batches.chunks):
        state = run(number, state)
        if batches.is_cut and is_compared(number + 1, batches, model):
            kept[number + 1] = state
    if not batches.is_cut:
        return sum(losses) / batches.tokens
    state = {name: torch.cat([fresh[name][:, :1], ended[:, :-1].to(fresh[name].dtype)], 1) for name, ended in state.items()}
    for number in range(batches.chunks):
        before = losses[number]
        state = run(number, state)
        is_same = abs(losses[number] - before) <= 1e-6 * steps * batches.batch and number + 1 in kept
        left = int((batches.first + (number + 1) * steps < batches.last[-1]).sum())
        if is_same and are_near(kept[number + 1], state, left):
            return sum(losses) / batches.tokens
    return measure(model, ids, stretches, steps, rows=1)


def is_compared(done, batches, model):
    """After 1, 2, 3, 4, 6, 8, 12 … chunks and the last one, but not where a lag still reaches behind a row's beginning."""
    if done == batches.chunks:
        return True
    highest = 1 << (done.bit_length() - 1)
    longest = max((len(state) for state in model.start(1).values()), default=0)
    return done * batches.steps >= longest and done in (highest, 1.5 * highest)


def are_near(a, b, rows):
    """Whether the first rows of two states are the same, but for a twentieth of what their unit holds in any of them."""
    for name in a:
        one, other = a[name][:, :rows], b[name][:, :rows]
        if rows == 0:
            continue
        largest = torch.maximum(one.abs(), other.abs()).amax(1)
        if not bool(((one - other).abs().amax(1) <= 0.05 * largest).all()):
            return False
    return True


def in_bits(nats, stretches):
    """Bits per Unicode character of what was measured; RNN Lab has counted characters for its own stretches."""
    counted = description()["heldOut"]
    if counted is None or counted["stretches"] != [list(stretch) for stretch in stretches]:
        return {"bitsPerCharacter": math.nan, "spelling": 0}
    bits = math.log(2) * max(1, counted["characters"])
    return {"bitsPerCharacter": (nats + counted["spelling"]) / bits, "spelling": counted["spelling"] / bits}
