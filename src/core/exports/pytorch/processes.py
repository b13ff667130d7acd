"""The processes of a training, and where each of them computes."""

import os

import torch
import torch.distributed as dist


class Processes:
    """What the processes of a training have to tell one another; one alone tells nothing."""

    def __init__(self, device):
        self.rank, self.count = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.is_first = self.rank == 0
        if self.count > 1:
            on_gpu = device.type == "cuda"
            dist.init_process_group("nccl" if on_gpu else "gloo")
            # What is decided by one for all goes past the GPUs.
            self.control = dist.new_group(backend="gloo") if on_gpu else None

    def from_first(self, values):
        """The first one's numbers, for all."""
        if self.count == 1:
            return values
        told = torch.tensor(values, dtype=torch.float64)
        dist.broadcast(told, 0, group=self.control)
        return told.tolist()

    def mean(self, values):
        if self.count > 1:
            dist.all_reduce(values)
            values /= self.count
        return values

    def gathered(self, tensor, dim):
        """The parts of all processes, one after the other."""
        if self.count == 1:
            return tensor
        own = tensor.detach().cpu().contiguous()
        parts = [torch.empty_like(own) for _ in range(self.count)]
        dist.all_gather(parts, own, group=self.control)
        return torch.cat(parts, dim)

    def end(self):
        if self.count > 1:
            dist.destroy_process_group()


def gradient_scaler(enabled):
    """What keeps small gradients from vanishing in float16."""
    if hasattr(torch.amp, "GradScaler"):
        return torch.amp.GradScaler("cuda", enabled=enabled)
    return torch.cuda.amp.GradScaler(enabled=enabled)


def device_of(options):
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    if options.device is not None:
        device = torch.device(options.device)
    elif torch.cuda.is_available():
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
    else:
        device = torch.device("cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    return device
