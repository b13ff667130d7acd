"""The random numbers of RNN Lab: the generator of a run, and the masks of dropout.

Both are arithmetic on 32-bit words that comes to the same on every machine, so that a run goes on here as it would have
gone on in RNN Lab.
"""

import torch

WORD = 0xFFFFFFFF


class Random:
    """xoroshiro128+ (Blackman & Vigna 2018), one 32-bit word a time."""

    def __init__(self, state):
        self.s01, self.s00, self.s11, self.s10 = (word & WORD for word in state)

    def bits(self):
        """A signed 32-bit integer."""
        s00, s01 = self.s00, self.s01
        out = (s00 + self.s10) & WORD
        a0, a1 = self.s10 ^ s00, self.s11 ^ s01
        self.s00 = ((s00 << 24) ^ (s01 >> 8) ^ a0 ^ (a0 << 16)) & WORD
        self.s01 = ((s01 << 24) ^ (s00 >> 8) ^ a1 ^ (a1 << 16 | a0 >> 16)) & WORD
        self.s10 = ((a1 << 5) ^ (a0 >> 27)) & WORD
        self.s11 = ((a0 << 5) ^ (a1 >> 27)) & WORD
        return signed(out)

    def integer(self, count):
        """Uniform among 0 … count - 1."""
        largest = (1 << 32) // count * count
        while True:
            drawn = self.bits() + (1 << 31)
            if drawn < largest:
                return drawn % count

    def state(self):
        return [signed(word) for word in (self.s01, self.s00, self.s11, self.s10)]


def signed(word):
    return word - (1 << 32) if word >> 31 else word


class Dropout:
    """Inverted dropout whose masks follow from a key and the place of each value in the whole batch.

    Every process of a distributed training so finds the part of the mask that belongs to its rows.

    key: 32 random bits, new in each training step
    batch: rows of all processes together
    first: the first row that is this process's own
    """

    def __init__(self, rate, key, batch, first):
        self.rate, self.key, self.batch, self.first = rate, key & WORD, batch, first

    def __call__(self, values, stream):
        """Drops values [T, B, W]; each mask of a model has a stream number of its own."""
        if self.rate == 0:
            return values
        return values * self.mask(values.shape, stream, values)

    def mask(self, shape, stream, like):
        """[T, B, W] of zeros, and of 1 / (1 - rate) where a value is kept."""
        steps, rows, width = shape
        device = like.device
        t = torch.arange(steps, device=device)[:, None, None]
        b = torch.arange(self.first, self.first + rows, device=device)[:, None]
        index = (t * self.batch + b) * width + torch.arange(width, device=device)
        # Wellons' lowbias32 in 64 bits, of which the lower 32 count.
        x = self.key ^ ((index + 1) * 0x9E3779B1 & WORD) ^ ((stream + 1) * 0x85EBCA77 & WORD)
        x = ((x ^ x >> 16) * 0x21F0AAAD) & WORD
        x = ((x ^ x >> 15) * 0x735A2D97) & WORD
        x = x ^ x >> 15
        return (x >= self.rate * 2**32).to(like.dtype) / (1 - self.rate)


KEEP_ALL = Dropout(0, 0, 0, 0)
