"""The files of a run of RNN Lab: checkpoints (safetensors), run.json, metrics.jsonl, and the lock of whoever trains it."""

import json
import math
import os
import socket
import struct
import time

import torch

TYPES = {"F32": torch.float32, "F64": torch.float64}


def read_safetensors(path):
    """Tensors by name, and the metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        shape, (begin, _) = entry["shape"], entry["data_offsets"]
        values = torch.frombuffer(data, dtype=TYPES[entry["dtype"]], count=math.prod(shape), offset=begin)
        tensors[name] = values.reshape(shape).clone()
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    header, begin = {"__metadata__": metadata}, 0
    blocks = []
    for name, tensor in tensors.items():
        values = tensor.detach().cpu().contiguous()
        dtype = next(key for key, dtype in TYPES.items() if dtype == values.dtype)
        block = values.numpy().tobytes() if HAS_NUMPY else to_bytes(values)
        header[name] = {"dtype": dtype, "shape": list(values.shape), "data_offsets": [begin, begin + len(block)]}
        begin += len(block)
        blocks.append(block)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    write_whole(path, b"".join([struct.pack("<Q", len(text)), text, *blocks]))


def to_bytes(values):
    """The bytes of a tensor, without NumPy."""
    code = "f" if values.dtype == torch.float32 else "d"
    return struct.pack(f"<{values.numel()}{code}", *values.flatten().tolist())


def has_numpy():
    try:
        torch.zeros(1).numpy()
        return True
    except RuntimeError:
        return False


HAS_NUMPY = has_numpy()


def write_whole(path, contents):
    """Under another name first: whoever reads it finds the old file or the new one."""
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def plain(value):
    """For JSON, which has no number that is not finite: RNN Lab writes those as text."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def number(value):
    """A number as `plain` has left it."""
    return float(value.replace("Infinity", "inf")) if isinstance(value, str) else value


class RunFolder:
    """The folder of a run. Nothing else may write into it meanwhile: a file `lock` says who does."""

    def __init__(self, path):
        self.path = path
        self.rows = []
        self.written = 0.0
        with open(self.at("run.json"), encoding="utf-8") as file:
            self.info = json.load(file)

    def at(self, name):
        return os.path.join(self.path, name)

    def lock(self):
        mine = {"process": os.getpid(), "host": socket.gethostname()}
        path = self.at("lock")
        if os.path.exists(path):
            holder = holder_of(path)
            if holder is not None and is_alive(holder):
                raise SystemExit(
                    f"{self.path} is being trained by process {holder['process']} on {holder['host']}. "
                    f"Stop that training first; if it is no longer running, delete {path}."
                )
            os.remove(path)
        with open(path, "x", encoding="utf-8") as file:
            json.dump(mine, file)

    def unlock(self):
        if os.path.exists(self.at("lock")):
            os.remove(self.at("lock"))

    def checkpoint(self):
        """The last checkpoint; if there is none, the best."""
        for which in ("last", "best"):
            path = self.at(f"checkpoint-{which}.safetensors")
            if os.path.exists(path):
                return read_safetensors(path)
        raise SystemExit(f"{self.path} has no checkpoint to go on from.")

    def write_checkpoint(self, which, tensors, metadata):
        self.flush()
        write_safetensors(self.at(f"checkpoint-{which}.safetensors"), tensors, metadata)

    def write_info(self, **changes):
        self.info.update(changes, changed=round(time.time() * 1000))
        text = json.dumps(plain(self.info), indent=2, ensure_ascii=False)
        write_whole(self.at("run.json"), f"{text}\n".encode())

    def append(self, event, row):
        """A row of metrics, or an evaluation: written a second later at the latest that something is appended."""
        self.rows.append(json.dumps(plain({"event": event, "row": row})))
        if time.monotonic() - self.written >= 1:
            self.flush()

    def flush(self):
        self.written = time.monotonic()
        if not self.rows:
            return
        with open(self.at("metrics.jsonl"), "a", encoding="utf-8") as file:
            file.write("".join(f"{row}\n" for row in self.rows))
        self.rows = []


def holder_of(path):
    """Who holds a lock; None where nobody can have written it completely."""
    try:
        with open(path, encoding="utf-8") as file:
            holder = json.load(file)
        return {"process": holder["process"], "host": holder["host"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_alive(holder):
    """A process of another machine cannot be asked, so it counts as alive."""
    if holder["host"] != socket.gethostname():
        return True
    try:
        os.kill(holder["process"], 0)
        return True
    except PermissionError:
        return True
    except OSError:
        return False
