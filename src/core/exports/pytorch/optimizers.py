"""The optimisers and schedules of RNN Lab, formula by formula."""

import math

import torch


class Optimizer(torch.optim.Optimizer):
    """Clips gradients and updates parameters.

    A parameter has two moments, `first` and `second`, which optimisers use as they need them. Weight decay is that of
    AdamW, of matrices alone.

    settings: the `training` settings of a run
    reads_tokens: the matrices whose columns are picked by tokens, for `lazyAdam`
    """

    def __init__(self, parameters, settings, reads_tokens):
        super().__init__(list(parameters), {"lr": 0.0})
        self.settings = settings
        self.reads_tokens = {id(parameter) for parameter in reads_tokens}
        for parameter in self.parameters():
            self.state[parameter]["first"] = torch.zeros_like(parameter)
            self.state[parameter]["second"] = torch.zeros_like(parameter)
            # Of what no logit depends on, no backward pass says anything: the gradient is zero.
            parameter.grad = torch.zeros_like(parameter)

    def parameters(self):
        return self.param_groups[0]["params"]

    @torch.no_grad()
    def clip(self):
        """Clips by value, then by global norm; gives the norm before that."""
        gradients = [parameter.grad for parameter in self.parameters()]
        limit = self.settings["clipValue"]
        if limit > 0:
            for gradient in gradients:
                gradient.clamp_(-limit, limit)
        norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients]))
        if self.settings["clip"] > 0:
            scale = (self.settings["clip"] / norm).clamp(max=1)
            for gradient in gradients:
                gradient.mul_(scale)
        return norm

    @torch.no_grad()
    def step(self, number, tokens):
        """Update `number`, counted from 1; `tokens` are all those of the step, of every process."""
        rate = self.param_groups[0]["lr"]
        for parameter in self.parameters():
            picked = None
            if self.settings["optimizer"] == "lazyAdam" and id(parameter) in self.reads_tokens:
                picked = torch.zeros(parameter.shape[1], dtype=torch.bool, device=parameter.device)
                picked[tokens.flatten()] = True
            self.update(parameter, rate, number, picked)

    def update(self, p, rate, number, picked):
        state = self.state[p]
        first, second = state["first"], state["second"]
        change, first_after, second_after = self.change(p.grad, first, second, number)
        decay = rate * self.settings["weightDecay"] if p.dim() == 2 else 0
        after = p - rate * change - decay * p
        for old, new in ((first, first_after), (second, second_after), (p, after)):
            if new is not old:
                old.copy_(new if picked is None else torch.where(picked, new, old))

    def change(self, g, first, second, number):
        """What the learning rate is a factor of, and the moments after it."""
        s = self.settings
        name = s["optimizer"]
        if name == "sgd":
            return g, first, second
        if name == "momentum":
            first = s["momentum"] * first + g
            return first, first, second
        if name == "adagrad":
            second = second + g * g
            return g / (second.sqrt() + s["epsilon"]), first, second
        if name == "rmsprop":
            second = s["alpha"] * second + (1 - s["alpha"]) * g * g
            return g / (second.sqrt() + s["epsilon"]), first, second
        if name in ("adam", "lazyAdam"):
            first = s["beta1"] * first + (1 - s["beta1"]) * g
            second = s["beta2"] * second + (1 - s["beta2"]) * g * g
            mean = first / (1 - s["beta1"] ** number)
            square = second / (1 - s["beta2"] ** number)
            return mean / (square.sqrt() + s["epsilon"]), first, second
        raise SystemExit(f"There is no optimiser {name} here.")


def rate_factor(settings, step, progress, schedule):
    """What the learning rate's height is multiplied by.

    step: number of the coming step, from 1
    progress: share of the limit that is used up, 0 to 1
    schedule: what `after_measurement` gave
    """
    warm = step / settings["warmup"] if step < settings["warmup"] else 1
    return warm * max(settings["minimumRatio"], decay(settings, step, progress, schedule))


def decay(settings, step, progress, schedule):
    name = settings["schedule"]
    if name == "constant":
        return 1
    if name == "step":
        return settings["decayFactor"] ** ((step - 1) // settings["decayEvery"])
    if name == "cosine":
        floor = settings["minimumRatio"]
        return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(1, progress)))
    if name == "halve":
        return schedule["factor"]
    raise SystemExit(f"There is no schedule {name} here.")


def after_measurement(settings, schedule, loss):
    """The schedule `halve` lowers the rate where a loss has risen; all others need to remember nothing."""
    previous = schedule.get("previous")
    rose = settings["schedule"] == "halve" and previous is not None and loss > previous
    return {"factor": schedule["factor"] * (settings["decayFactor"] if rose else 1), "previous": loss}
