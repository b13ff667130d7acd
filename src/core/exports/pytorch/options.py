"""What the command line says of a training."""

import argparse
import os

from data import HERE


LARGEST = 1_000_000_000


def within(kind, least, most):
    """Reads a number that RNN Lab takes for this setting, too: it refuses a run with another one."""

    def read(text):
        value = kind(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"must be from {least} to {most}")
        return value

    read.__name__ = "number"
    return read


def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--run", default=os.path.join(HERE, "run"), help="the folder of the run")
    add("--text", help="another text to train on; that of this folder unless said otherwise")
    add("--steps", type=within(int, 1, LARGEST), help="the step after which the training ends; of several limits this one counts")
    add("--epochs", type=within(float, 0, LARGEST), help="the number of passes after which it ends")
    add("--seconds", type=within(float, 0, LARGEST), help="the training time after which it ends, of all sessions together")
    add("--batch", type=within(int, 1, 4096), help="streams of all processes together; another one than before begins a new pass")
    add("--learning-rate", type=within(float, 0, 1000), help="the rate at its height")
    add("--checkpoint-every", type=within(float, 0, LARGEST), help="seconds between two checkpoints")
    add("--device", help="cpu, cuda, cuda:1, mps; a GPU where there is one")
    add("--amp", choices=["none", "bf16", "fp16"], default="none", help="mixed precision")
    add("--dtype", choices=["float32", "float64"], default="float32")
    add("--threads", type=within(int, 1, 4096), help="threads of each process")
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
