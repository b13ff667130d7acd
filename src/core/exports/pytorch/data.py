"""Texts as token ids, and ids as the batches that RNN Lab trains on and the rows that it measures."""

import hashlib
import json
import math
import os
import re
import unicodedata

import torch

HERE = os.path.dirname(os.path.abspath(__file__))

# Tokenizers


class Characters:
    """A token is a Unicode character; its number is its place in the vocabulary."""

    def __init__(self, characters):
        self.characters = list(characters)
        self.vocabulary = len(self.characters)
        self.id_of = {character: id for id, character in enumerate(self.characters)}

    def encode(self, text):
        """What is not known becomes what is nearest to it, or is left out."""
        known = self.id_of
        if all(character in known for character in set(text)):
            return [known[character] for character in text]
        replaced = {character: self.nearest(character) for character in set(text) if character not in known}
        return [id for character in text for id in replaced.get(character) or ([known[character]] if character in known else [])]

    def nearest(self, character):
        for text in similar_texts(character):
            if all(each in self.id_of for each in text):
                return [self.id_of[each] for each in text]
        return []

    def decode(self, ids):
        return "".join(self.characters[id] for id in ids)


PLAIN = {
    **dict.fromkeys("‘’‚′", "'"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **{"。": ".", "、": ",", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"},
    **{"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"},
}
WHITE_SPACE = set("\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff")


def similar_texts(character):
    """What can stand for a character, the nearest first: the other case, compatible ones, without accents, plain."""
    compatible = unicodedata.normalize("NFKC", character)
    apart = unicodedata.normalize("NFKD", character)
    bare = "".join(each for each in apart if not unicodedata.category(each).startswith("M"))
    for text in (character, compatible, bare, PLAIN.get(character, "")):
        for variant in (text, text.lower(), text.upper()):
            if variant not in ("", character):
                yield variant
    if character in WHITE_SPACE:
        yield from (" ", "\n", "\t")


class Bytes:
    """A token is a byte of UTF-8."""

    vocabulary = 256

    def encode(self, text):
        return list(text.encode())

    def decode(self, ids):
        return bytes(ids).decode(errors="replace")


class BytePairs:
    """Tokens below 256 are bytes of UTF-8; each merge makes the next token of two others, within a word."""

    def __init__(self, merges):
        self.vocabulary = 256 + len(merges)
        self.rank = {tuple(pair): rank for rank, pair in enumerate(merges)}
        self.bytes_of = [bytes([byte]) for byte in range(256)]
        for left, right in merges:
            self.bytes_of.append(self.bytes_of[left] + self.bytes_of[right])
        self.known = {}

    def encode(self, text):
        return [id for unit in units(text) for id in self.tokens_of(unit)]

    def tokens_of(self, unit):
        """A unit's tokens: of all neighbours, those that were merged first in training become one, again and again."""
        if unit not in self.known:
            self.known[unit] = [id for at in range(0, len(unit), LONGEST_UNIT) for id in self.merged(unit[at : at + LONGEST_UNIT].encode())]
        return self.known[unit]

    def merged(self, ids):
        ids = list(ids)
        while len(ids) > 1:
            ranks = [self.rank.get(pair, math.inf) for pair in zip(ids, ids[1:])]
            first = min(ranks)
            if first == math.inf:
                break
            at = ranks.index(first)
            ids[at : at + 2] = [256 + first]
        return ids

    def decode(self, ids):
        return b"".join(self.bytes_of[id] for id in ids).decode(errors="replace")


class Words:
    """A token is a word, a mark or white space; 0 is UNKNOWN."""

    def __init__(self, words):
        self.words = ["<UNKNOWN>", *words]
        self.vocabulary = len(self.words)
        self.id_of = {word: id + 1 for id, word in enumerate(words)}

    def encode(self, text):
        return [self.id(word) for word in segments(text)]

    def id(self, word):
        """A word that is known in another case of the same length stands for itself."""
        for variant in (word, word.lower(), word[:1].upper() + word[1:]):
            if variant in self.id_of and len(variant) == len(word):
                return self.id_of[variant]
        return 0

    def decode(self, ids):
        return "".join(self.words[id] for id in ids)


LONGEST_UNIT = 32


def segments(text):
    """Words, marks and white space. RNN Lab cuts by Unicode's rules and dictionaries, which Python lacks: in the scripts of
    East and South-East Asia, and at rare marks, this differs. So the ids of the training text come with this folder."""
    return re.findall(r" +|\s|[\w]+(?:[.'’:·][^\W\d_]+|[.,;'](?<=\d.)\d+)*|.", text, re.DOTALL)


def units(text):
    """Words, each with the one space before it."""
    waits = False
    for segment in segments(text):
        is_space = segment[0] in WHITE_SPACE
        if waits and is_space:
            yield " "
        unit = " " + segment if waits and not is_space else segment
        waits = unit == " "
        if not waits:
            yield unit
    if waits:
        yield " "


def tokenizer_of(data):
    """A tokenizer, from what the metadata of a checkpoint say of it."""
    kind = data["kind"]
    if kind == "char":
        return Characters(data["characters"])
    if kind == "byte":
        return Bytes()
    return BytePairs(data["merges"]) if kind == "bpe" else Words(data["words"])


# Texts


class Text:
    """A text to train on, as ids.

    hash: SHA-256 of the text as RNN Lab prepares it, by which a run knows its text again
    """

    def __init__(self, ids, hash):
        self.ids, self.hash = ids, hash


def read_text(data, path=None):
    """The text of this folder, or that of a file.

    data: what the metadata of a checkpoint say of the tokenizer
    """
    own = os.path.join(HERE, "text.txt")
    if path is None and not os.path.exists(own):
        raise SystemExit("This folder has no text. Give one: python train.py --text FILE")
    with open(path or own, "rb") as file:
        text = prepared(file.read())
    hash = hashlib.sha256(text.encode()).hexdigest()
    if data["kind"] in ("char", "byte"):
        return Text(torch.tensor(tokenizer_of(data).encode(text), dtype=torch.int32), hash)
    ids, known = os.path.join(HERE, "text.ids"), description().get("textHash")
    if hash != known:
        raise SystemExit(
            f"{path} is not the text of this folder. How RNN Lab cuts words is not known to Python: "
            "continue the run in RNN Lab with that text, and export it again."
        )
    count = os.path.getsize(ids) // 4
    return Text(torch.from_file(ids, size=count, dtype=torch.int32), hash)


def prepared(contents):
    """As RNN Lab trains on it: UTF-8, no byte order mark, LF line ends."""
    is_wide = contents[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = contents.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SystemExit(f"The text is not UTF-8: byte {error.start} is wrong. Save it as UTF-8.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def description():
    """What RNN Lab says of this folder beside the run."""
    with open(os.path.join(HERE, "export.json"), encoding="utf-8") as file:
        return json.load(file)


# What is trained on, and what is held out


class Split:
    """Stretches [from, to) of tokens to be predicted, each from the one before it."""

    def __init__(self, batch, sequence, training, validation):
        self.batch, self.sequence = batch, sequence
        self.training, self.validation = training, validation


FEWEST_HELD_OUT = 8


def split_text(tokens, batch, sequence, validation, kind):
    """`tail` holds out the end of the text, `streams` the end of each of B equal streams.

    A short text gets a smaller batch, then a shorter sequence, so that a first chunk is full.
    """
    if tokens < 2:
        raise SystemExit("The text has too few tokens to learn from: give a longer one.")
    chunks = (tokens - 1) // (batch * sequence)
    kept = math.floor(chunks * (1 - validation))
    if kind == "streams" and kept >= 1 and chunks >= 2:
        starts = [1 + row * chunks * sequence for row in range(batch)]
        cut = lambda first, last: [(start + first * sequence, start + last * sequence) for start in starts]
        return Split(batch, sequence, cut(0, kept), cut(kept, chunks) if kept < chunks else [])
    held = tokens - math.floor(tokens * (1 - validation))
    if held < FEWEST_HELD_OUT:
        held = 0
    border = tokens - held
    sequence = min(sequence, border - 1)
    batch = min(batch, (border - 1) // sequence)
    return Split(batch, sequence, [(1, border)], [(border, tokens)] if held > 0 else [])


class Batches:
    """Streams: row b of a chunk goes on where row b of the chunk before has ended.

    What a whole number of chunks leaves over is not lost: each pass but the first begins at a random place within it.
    """

    def __init__(self, ids, split):
        self.ids, self.split = ids, split
        self.epoch = self.chunk = self.shift = 0
        first, last = split.training[0]
        length = last - first
        if len(split.training) > 1:
            self.chunks = length // split.sequence
            self.slack = length - self.chunks * split.sequence
            starts = [start for start, _ in split.training]
        else:
            self.chunks = length // (split.batch * split.sequence)
            self.slack = length - self.chunks * split.batch * split.sequence
            starts = [first + row * self.chunks * split.sequence for row in range(split.batch)]
        self.starts = torch.tensor(starts)

    def begins_pass(self):
        """Whether the next chunk begins a pass, so that the states have to be fresh."""
        return self.chunk in (0, self.chunks)

    def next(self, random):
        """Tokens and targets, each [T, B]."""
        if self.chunk == self.chunks:
            self.epoch += 1
            self.chunk = 0
            self.shift = 0 if self.slack == 0 else random.integer(self.slack + 1)
        steps = torch.arange(self.split.sequence)[:, None]
        place = self.starts + self.shift + self.chunk * self.split.sequence + steps
        self.chunk += 1
        return self.ids[place - 1].long(), self.ids[place].long()

    def passes(self):
        """Passes done, a fraction."""
        return self.epoch + self.chunk / self.chunks

    def cursor(self):
        return {"epoch": self.epoch, "chunk": self.chunk, "shift": self.shift}

    def restore(self, cursor):
        self.epoch, self.chunk, self.shift = cursor["epoch"], cursor["chunk"], cursor["shift"]


# What is measured


def limited(stretches, most):
    """At most so many tokens, from the start of each stretch; 0: all."""
    if most == 0 or not stretches:
        return stretches
    share = max(1, most // len(stretches))
    return [(first, min(last, first + share)) for first, last in stretches]


class Rows:
    """Stretches side by side in rows, a chunk of steps at a time; a single one may be cut into several rows."""

    def __init__(self, ids, stretches, rows, steps):
        self.ids, self.steps = ids, steps
        self.is_cut = len(stretches) == 1 and rows > 1
        self.tokens = sum(last - first for first, last in stretches)
        longest = max(last - first for first, last in stretches)
        self.chunks = math.ceil(longest / (rows if self.is_cut else 1) / steps)
        if self.is_cut:
            (first, last), length = stretches[0], self.chunks * steps
            starts = [min(last, first + row * length) for row in range(rows)]
            stretches = [(start, min(last, start + length)) for start in starts]
        self.first = torch.tensor([first for first, _ in stretches])
        self.last = torch.tensor([last for _, last in stretches])
        self.batch = len(stretches)

    def chunk(self, number):
        """Tokens and targets [T, B]; targets behind the end of a row are -100, which cross-entropy leaves out."""
        place = self.first + number * self.steps + torch.arange(self.steps)[:, None]
        is_there = place < self.last
        place = place.clamp(max=len(self.ids) - 1)
        tokens = torch.where(is_there, self.ids[place - 1].long(), torch.tensor(0))
        return tokens, torch.where(is_there, self.ids[place].long(), torch.tensor(-100))


def rows_for(stretches, steps):
    """How many rows: one for each stretch, or for a single one a power of two, each long enough to be worth it."""
    if len(stretches) > 1:
        return len(stretches)
    tokens = sum(last - first for first, last in stretches)
    rows, shortest = 1, max(1024, 4 * steps)
    while rows < 32 and 2 * rows * shortest <= tokens:
        rows *= 2
    return rows
