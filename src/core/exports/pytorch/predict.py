"""Writes text with the model: python predict.py --prime "To be" --length 400 --temperature 0.8 --seed 1"""

import argparse
import json
import os
import sys

import torch

from data import HERE, tokenizer_of
from files import read_safetensors
from layout import place
from model import Model




def main():
    parser = argparse.ArgumentParser(description="Writes text with the model of a run.")
    parser.add_argument("--run", default=os.path.join(HERE, "run"), help="the folder of the run")
    parser.add_argument("--checkpoint", default="best", help="best, last, or a number of steps; best unless said otherwise")
    parser.add_argument("--prime", default="\n", help="what the text begins with")
    parser.add_argument("--length", type=int, default=400, help="how many tokens to write")
    parser.add_argument("--temperature", type=float, default=0.8, help="0 takes the likeliest token each time")
    parser.add_argument("--top-k", type=int, default=0, help="draw only from the K likeliest tokens; 0: from all")
    parser.add_argument("--top-p", type=float, default=1, help="draw only from the likeliest that come to this probability")
    parser.add_argument("--seed", type=int, help="the same seed gives the same text")
    options = parser.parse_args()
    if options.seed is not None:
        torch.manual_seed(options.seed)

    tensors, metadata = checkpoint_of(options)
    data = json.loads(metadata["tokenizer"])
    tokenizer = tokenizer_of(data)
    model = Model().eval()
    place(dict(model.named_parameters()), tensors)
    prime = tokenizer.encode(options.prime)
    if not prime:
        raise SystemExit("The model knows nothing of the prime: give another one.")
    written = generate(model, prime, options, unknown=0 if data["kind"] == "word" else None)
    print(options.prime + tokenizer.decode(written))


def checkpoint_of(options):
    names = [f"checkpoint-{options.checkpoint}.safetensors", f"checkpoint-step-{options.checkpoint}.safetensors"]
    if options.checkpoint == "best":
        names.append("checkpoint-last.safetensors")
    for name in names:
        path = os.path.join(options.run, name)
        if os.path.exists(path):
            return read_safetensors(path)
    raise SystemExit(f"{options.run} has no checkpoint {options.checkpoint}.")


@torch.no_grad()
def generate(model, ids, options, unknown):
    """Token ids, each drawn from what the model makes of those before it. UNKNOWN is never drawn."""
    state, written = model.start(1), []
    while len(written) < options.length:
        logits, state = model(torch.tensor(ids)[:, None], state)
        last = logits[-1, 0].double()
        if unknown is not None:
            last[unknown] = -torch.inf
        ids = [choose(last, options)]
        written += ids
    return written


def choose(logits, options):
    if options.temperature == 0:
        return int(logits.argmax())
    probabilities, order = (logits / options.temperature).softmax(0).sort(descending=True, stable=True)
    if options.top_k > 0:
        probabilities[options.top_k :] = 0
    before = probabilities.cumsum(0) - probabilities
    probabilities[before >= options.top_p] = 0
    return int(order[torch.multinomial(probabilities, 1)])


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    main()
