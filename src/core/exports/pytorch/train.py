"""Trains the run in this folder further: alone, or in many processes under torchrun.

    python train.py --steps 20000
    torchrun --nproc-per-node 8 train.py --steps 20000 --amp bf16

It goes on where the last checkpoint ends, also after it was killed, and writes what RNN Lab writes, which so shows the run
while it trains, and goes on with it afterwards. `--batch` is that of all processes together.
"""

import atexit
import json
import math
import signal
import time

import torch
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel

import data
from evaluation import Meter, first_evaluation, in_bits, measure, next_evaluation
from files import RunFolder, plain
from layout import carried, named, place, restored
from model import FROZEN, HAS_UNUSED, READS_TOKENS, Model
from optimizers import Optimizer, after_measurement, rate_factor
from options import arguments, override
from processes import Processes, device_of, gradient_scaler
from randomness import Dropout, Random

ROW_INTERVAL = 0.1  # s, between two rows of metrics
STOP, SAVE = 1, 2


class Training:
    """One run, its model and its place in the text. `state` is what a checkpoint keeps of it beside tensors."""

    def __init__(self, options):
        self.options = options
        self.device = device_of(options)
        self.processes = Processes(self.device)
        self.folder = RunFolder(options.run)
        if self.processes.is_first:
            self.folder.lock()
            atexit.register(self.folder.unlock)
        tensors, self.metadata = self.folder.checkpoint()
        self.settings = json.loads(self.metadata["settings"])
        before = json.loads(self.metadata["settings"])
        self.state = json.loads(self.metadata["training"])
        self.training = self.settings["training"]
        override(self.training, options)
        self.open_text()
        self.open_model(tensors)
        self.go_on(tensors, before)
        self.meter, self.row_at, self.evaluated_step = Meter(), -math.inf, None
        self.started, self.saved_at, self.is_saved = None, time.monotonic(), True
        self.stopping = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self.stop)

    def stop(self, *_):
        self.stopping = True

    def open_text(self):
        settings, training = self.settings["data"], self.training
        tokenizer = json.loads(self.metadata["tokenizer"])
        text = data.read_text(tokenizer, self.options.text)
        self.text = text
        self.split = data.split_text(
            len(text.ids), training["batch"], training["sequence"], settings["validation"], settings["split"]
        )
        self.batches = data.Batches(text.ids, self.split)
        rows = self.split.batch // self.processes.count
        if rows * self.processes.count != self.split.batch:
            raise SystemExit(
                f"A batch of {self.split.batch} cannot be divided among {self.processes.count} processes: "
                f"give --batch {max(1, rows) * self.processes.count}."
            )
        self.first, self.rows = rows * self.processes.rank, rows
        self.held_out = data.limited(self.split.validation, training["evaluationTokens"])

    def open_model(self, tensors):
        torch.manual_seed(self.training["seed"])
        dtype = torch.float64 if self.options.dtype == "float64" else torch.float32
        self.model = Model().to(self.device, dtype)
        parameters = dict(self.model.named_parameters())
        place(parameters, tensors)
        for name in FROZEN:
            parameters[name].requires_grad_(False)
        learnt = [parameter for parameter in parameters.values() if parameter.requires_grad]
        self.optimizer = Optimizer(learnt, self.training, [parameters[name] for name in READS_TOKENS])
        for moment in ("first", "second"):
            prefix = f"optimizer.{moment}."
            kept = {name[len(prefix) :]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
            if kept:
                place(self.moments(moment), kept)
        self.scaler = gradient_scaler(self.options.amp == "fp16" and self.device.type == "cuda")
        self.parallel = self.model
        if self.processes.count > 1:
            self.parallel = DistributedDataParallel(
                self.model, broadcast_buffers=False, find_unused_parameters=HAS_UNUSED
            )

    def moments(self, which):
        """Of each parameter that is learnt, by its name."""
        state = self.optimizer.state
        return {
            name: state[parameter][which]
            for name, parameter in self.model.named_parameters()
            if parameter.requires_grad
        }

    def go_on(self, tensors, before):
        """Takes up the place in the text; on another text, or with another batch, training goes on with a new pass."""
        state, split = self.state, self.split
        self.random = Random(state["random"])
        states = restored(tensors, split.batch)
        has_begun = state["textHash"] != ""
        is_same = state["textHash"] == self.text.hash and (state["batch"], state["sequence"]) == (split.batch, split.sequence)
        if is_same and states is not None:
            self.batches.restore(state["cursor"])
            self.carried = self.own_rows(states)
        else:
            epoch = state["cursor"]["epoch"] + 1 if has_begun else 0
            self.batches.restore({"epoch": epoch, "chunk": 0, "shift": 0})
            self.carried = self.model.start(self.rows)
            state["pass"] = {"lossSum": 0, "steps": 0}
        stage = {"until": state["step"] if has_begun else 0, "settings": before, "textHash": state["textHash"]}
        if "kernels" in state:
            stage["kernels"] = state["kernels"]
        is_other = (state["textHash"], state.get("kernels"), before) != (self.text.hash, "pytorch", self.settings)
        if is_other:
            state["stages"] = [*state.get("stages", []), stage]
        state.update(batch=split.batch, sequence=split.sequence, textHash=self.text.hash, kernels="pytorch")
        state.setdefault("course", [])
        if not has_begun and self.held_out:
            state["nextEvaluation"] = first_evaluation(self.plan())
        if self.training["learningRate"] != before["training"]["learningRate"]:
            state.pop("fixedRate", None)
        self.seconds_before = state["seconds"]
        automatic = data.description()["learningRate"]
        self.height = self.training["learningRate"] or automatic
        training = self.training
        self.last_step = None
        if training["steps"] > 0:
            self.last_step = training["steps"]
        elif training["epochs"] > 0:
            self.last_step = math.ceil(training["epochs"] * self.batches.chunks)

    def own_rows(self, states):
        dtype = next(self.model.parameters()).dtype
        own = slice(self.first, self.first + self.rows)
        return {name: state[:, own].to(self.device, dtype) for name, state in states.items()}

    def plan(self):
        """What tells when to measure: every so many steps, or by the tokens of a measurement and of a step."""
        tokens = sum(last - first for first, last in self.held_out)
        return self.training["evaluateEvery"], tokens, self.split.batch * self.split.sequence

    def seconds(self):
        return self.seconds_before + (0 if self.started is None else time.monotonic() - self.started)

    def progress(self):
        if self.last_step is None:
            return min(1, self.seconds() / self.training["seconds"])
        return min(1, self.state["step"] / self.last_step)

    def run(self):
        """@returns what ended it"""
        self.started = time.monotonic()
        self.write_info(state="training", failure=None)
        progress, decided = self.decide()
        while True:
            reached = progress >= 1
            if self.is_due(reached) and not decided & STOP and self.evaluate():
                return self.finish("finished")
            if decided & STOP:
                return self.finish("stopped")
            if reached:
                return self.finish("finished")
            if decided & SAVE:
                self.save("last")
            failure = self.step(progress)
            if failure is not None:
                return self.finish("failed", failure)
            progress, decided = self.decide()

    def decide(self):
        """How far the training is, and what is to be done before the next step: the first process says it for all."""
        step = self.state["step"]
        decided = STOP if self.stopping else 0
        every = self.training["checkpointEvery"]
        if not self.is_saved and every > 0 and time.monotonic() - self.saved_at >= every:
            decided |= SAVE
        # A clock differs from process to process; steps do not, and so need not be asked for each time.
        if self.last_step is not None and step % 16 != 0 and step < self.last_step:
            return self.progress(), 0
        progress, decided = self.processes.from_first([self.progress(), float(decided)])
        return progress, int(decided)

    def step(self, progress):
        """One update. @returns what failed, if anything did"""
        begin = time.monotonic()
        state, training = self.state, self.training
        if self.batches.begins_pass():
            self.carried = self.model.start(self.rows)
            self.end_pass()
        tokens, targets = self.batches.next(self.random)
        number = state["step"] + 1
        rate = self.rate(number, progress)
        own = slice(self.first, self.first + self.rows)
        inputs = tokens[:, own].to(self.device, non_blocking=True)
        wanted = targets[:, own].to(self.device, non_blocking=True)
        dropout = Dropout(self.settings["model"]["dropout"], self.random.bits(), self.split.batch, self.first)
        with self.autocast():
            logits, carried = self.parallel(inputs, self.carried, dropout)
        logits = logits.to(next(self.model.parameters()).dtype)
        loss = F.cross_entropy(logits.flatten(0, 1), wanted.flatten())
        self.optimizer.zero_grad(set_to_none=False)
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        norm = self.optimizer.clip()
        mean = self.processes.mean(loss.detach().clone())
        loss, norm = torch.stack([mean, norm.to(mean.dtype)]).tolist()
        if not math.isfinite(loss) or not (math.isfinite(norm) or self.scaler.is_enabled()):
            return {"step": number, "loss": loss, "rate": rate}
        self.optimizer.param_groups[0]["lr"] = rate
        self.scaler.step(self.optimizer, number, tokens)
        self.scaler.update()
        self.carried = {name: value.detach() for name, value in carried.items()}
        state["step"] = number
        state["tokens"] += tokens.numel()
        state["pass"] = {"lossSum": state["pass"]["lossSum"] + loss, "steps": state["pass"]["steps"] + 1}
        self.is_saved = False
        clipped = training["clip"] > 0 and norm > training["clip"]
        end = time.monotonic()
        self.meter.add(loss, norm, clipped, end - begin, tokens.numel())
        self.learning_rate = rate
        if end - self.row_at >= ROW_INTERVAL:
            self.take_row()
        return None

    def autocast(self):
        dtype = torch.float16 if self.options.amp == "fp16" else torch.bfloat16
        return torch.autocast(self.device.type, dtype=dtype, enabled=self.options.amp != "none")

    def end_pass(self):
        """Without held-out text, the mean loss of a pass is what the schedule goes by."""
        done, self.state["pass"] = self.state["pass"], {"lossSum": 0, "steps": 0}
        if done["steps"] > 0 and not self.held_out:
            mean = done["lossSum"] / done["steps"]
            self.state["schedule"] = after_measurement(self.training, self.state["schedule"], mean)

    def rate(self, number, progress):
        """The learning rate of a step; what a clock or a hand decided is noted, so that it can be done again."""
        course, fixed = self.state["course"], self.state.get("fixedRate")
        by_time = self.last_step is None
        last = course[-1] if course else {"step": 1, "progress": 0}
        noted = progress if by_time else 0
        if last.get("rate") != fixed or abs(noted - last["progress"]) >= 0.001:
            last = {"step": number, "progress": noted, **({} if fixed is None else {"rate": fixed})}
            course.append(last)
        if fixed is not None:
            return fixed
        moment = last["progress"] if by_time else progress
        return self.height * rate_factor(self.training, number, moment, self.state["schedule"])

    def take_row(self):
        if not self.meter.samples or not self.processes.is_first:
            self.meter.samples = []
            return
        self.row_at = time.monotonic()
        row = {
            "step": self.state["step"],
            "epoch": self.batches.passes(),
            "tokens": self.state["tokens"],
            "seconds": self.seconds(),
            "learningRate": self.learning_rate,
            "progress": self.progress(),
            **self.meter.take(),
        }
        self.folder.info["loss"] = row["loss"]["mean"]
        self.folder.append("metrics", row)

    def is_due(self, reached):
        step = self.state["step"]
        if not self.held_out or step == 0 or self.evaluated_step == step:
            return False
        return step >= self.state["nextEvaluation"] or reached

    def evaluate(self):
        """Measures what is held out. @returns whether patience is at its end"""
        self.take_row()
        state, step = self.state, self.state["step"]
        loss = math.nan
        if self.processes.is_first:
            with self.autocast():
                loss = measure(self.model, self.text.ids, self.held_out, self.split.sequence)
        (loss,) = self.processes.from_first([loss])
        self.evaluated_step = step
        before = state.get("best")
        least = math.inf if before is None else before["validationLoss"]
        again = before is not None and before["step"] == step and loss == least
        is_best = again or loss < least
        if is_best:
            state["best"] = {"step": step, "validationLoss": loss}
        if step != state.get("measured"):
            state["sinceBest"] = 0 if is_best else state["sinceBest"] + 1
            state["schedule"] = after_measurement(self.training, state["schedule"], loss)
        state["measured"] = step
        state["nextEvaluation"] = next_evaluation(self.plan(), step)
        tokens = sum(last - first for first, last in self.held_out)
        if self.processes.is_first:
            row = {"step": step, "epoch": self.batches.passes(), "seconds": self.seconds(), "validationLoss": loss}
            row.update(in_bits(loss * tokens, self.held_out), tokens=tokens, best=is_best)
            row["perplexity"] = math.exp(loss) if loss < 709 else math.inf
            self.folder.append("evaluation", row)
        if is_best:
            self.folder.info["best"] = state["best"]
            self.save("best")
        patience = self.training["patience"]
        return patience > 0 and state["sinceBest"] >= patience

    def save(self, which):
        """Writes a checkpoint: the first process does, and all give it the states of their rows."""
        self.take_row()
        states = {
            name: self.processes.gathered(value.to(self.dtype()), 1) for name, value in self.carried.items()
        }
        if which == "last":
            self.saved_at, self.is_saved = time.monotonic(), True
        if not self.processes.is_first:
            return
        tensors = named(dict(self.model.named_parameters()))
        for moment in ("first", "second"):
            values = self.moments(moment)
            if any(bool(value.any()) for value in values.values()):
                whole = {name: torch.zeros_like(parameter) for name, parameter in self.model.named_parameters()}
                moments = named({**whole, **values})
                tensors.update({f"optimizer.{moment}.{name}": tensor for name, tensor in moments.items()})
        tensors.update({f"state.{name}": value for name, value in carried(states).items()})
        self.state.update(seconds=self.seconds(), cursor=self.batches.cursor(), random=self.random.state())
        metadata = {
            **self.metadata,
            "settings": json.dumps(plain(self.settings), ensure_ascii=False),
            "training": json.dumps(plain(self.state)),
        }
        self.folder.write_checkpoint(which, tensors, metadata)
        self.write_info()

    def dtype(self):
        return next(self.model.parameters()).dtype

    def write_info(self, **changes):
        if not self.processes.is_first:
            return
        info = self.folder.info
        software = {**info.get("software", {"rnnLab": "", "node": ""}), "kernels": "pytorch"}
        chunk = {"batch": self.split.batch, "sequence": self.split.sequence}
        held_out = sum(last - first for first, last in self.split.validation)
        learnt = sum(last - first for first, last in self.split.training)
        # The very first token is read but never predicted; it counts as training text all the same.
        text = {"hash": self.text.hash, "tokens": learnt + 1, "validationTokens": held_out}
        self.folder.write_info(
            settings=self.settings,
            software=software,
            chunk=chunk,
            text=text,
            step=self.state["step"],
            seconds=self.seconds(),
            **changes,
        )

    def finish(self, state, failed=None):
        self.take_row()
        failure = None
        if failed is None:
            if not self.is_saved:
                self.save("last")
        else:
            failure = {
                "message": f"The loss or its gradient is not a finite number at step {failed['step']}.",
                "hint": f"Lower the learning rate (it was {failed['rate']:.2g}), or clip the gradients.",
                "step": failed["step"],
                "parameter": next(iter(named(dict(self.model.named_parameters())))),
            }
        if self.processes.is_first:
            self.folder.flush()
        self.write_info(state=state, failure=failure)
        return failure["message"] if failure else f"{state} after step {self.state['step']}"

    def end(self):
        if self.processes.is_first:
            self.folder.unlock()
            atexit.unregister(self.folder.unlock)
        self.processes.end()


def main():
    training = Training(arguments(__doc__))
    try:
        if training.processes.is_first:
            rows = f"{training.processes.count} processes, {training.rows} streams each, on {training.device}"
            print(f"{training.folder.path}: from step {training.state['step']}, {rows}", flush=True)
        ended = training.run()
        if training.processes.is_first:
            print(ended, flush=True)
    finally:
        training.end()


if __name__ == "__main__":
    main()
