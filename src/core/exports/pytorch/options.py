"""What the command line says of a training."""

import argparse
import os

from data import HERE


def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--run", default=os.path.join(HERE, "run"), help="the folder of the run")
    add("--text", help="another text to train on; that of this folder unless said otherwise")
    add("--steps", type=int, help="the step after which the training ends")
    add("--epochs", type=float, help="the number of passes after which it ends")
    add("--seconds", type=float, help="the training time after which it ends, of all sessions together")
    add("--batch", type=int, help="streams of all processes together; another one than before begins a new pass")
    add("--learning-rate", type=float, help="the rate at its height")
    add("--checkpoint-every", type=float, help="seconds between two checkpoints")
    add("--device", help="cpu, cuda, cuda:1, mps; a GPU where there is one")
    add("--amp", choices=["none", "bf16", "fp16"], default="none", help="mixed precision")
    add("--dtype", choices=["float32", "float64"], default="float32")
    add("--threads", type=int, help="threads of each process")
    return parser.parse_args()


def override(training, options):
    """Puts what the command line says in the place of a run's settings."""
    if options.steps is not None or options.epochs is not None or options.seconds is not None:
        training.update(steps=options.steps or 0, epochs=options.epochs or 0, seconds=options.seconds or 0)
    for name, value in (
        ("batch", options.batch),
        ("learningRate", options.learning_rate),
        ("checkpointEvery", options.checkpoint_every),
    ):
        if value is not None:
            training[name] = value
