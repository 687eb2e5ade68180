# SPDX-License-Identifier: Apache-2.0
"""Golden files: where they are, how each is read, written and packed, and what differs between two of them."""

import gzip
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engines import Missing

PROJECT = Path(__file__).resolve().parents[2]


def digits_preactivations():
    """The inputs of a small network's activations, wherever in the project they stand: paths below the project."""
    found = sorted(PROJECT.glob("**/src/*/resources/**/digits_preactivations.npz"))
    return [path.relative_to(PROJECT).as_posix() for path in found]


class Packing:
    """A plain file: what is written is what is read."""

    def pack(self, content):
        return content

    def unpack(self, packed):
        return packed


class GnuGzip(Packing):
    """The bytes of `gzip -9 -n`: no name, no time. GNU gzip ends its blocks elsewhere than zlib does."""

    def pack(self, content):
        try:
            return subprocess.run(["gzip", "-9", "-n"], input=content, stdout=subprocess.PIPE, check=True).stdout
        except FileNotFoundError:
            raise Missing("needs the program gzip (GNU) to pack a file into the same bytes") from None

    def unpack(self, packed):
        return gzip.decompress(packed)


class NamedGzip(Packing):
    """The bytes of Python's gzip module at level 9 without time, under the name that the header holds."""

    def __init__(self, name):
        self._name = name

    def pack(self, content):
        packed = io.BytesIO()
        with gzip.GzipFile(self._name, "wb", 9, packed, mtime=0) as stream:
            stream.write(content)
        return packed.getvalue()

    def unpack(self, packed):
        return gzip.decompress(packed)


@dataclass
class Table:
    """Lines of fields: comment lines, or else one line of names, and then rows in the order of the file."""

    head: list
    rows: list
    separator: str = ";"


class TableForm:
    """A table as text. Lines end in one newline character, the last one too."""

    def __init__(self, separator=";"):
        self._separator = separator

    def read(self, content):
        lines = content.decode("utf-8").removesuffix("\n").split("\n")
        count = sum(line.startswith("#") for line in lines) or 1
        rows = [line.split(self._separator) for line in lines[count:]]
        return Table(lines[:count], rows, self._separator)

    def write(self, table):
        lines = table.head + [table.separator.join(row) for row in table.rows]
        return ("\n".join(lines) + "\n").encode("utf-8")

    def differences(self, recorded, made):
        """One sentence for each row that differs; rows are counted from 1, as the lines below the head."""
        old, new = self.read(recorded), self.read(made)
        if old.head != new.head:
            yield "the lines above the rows differ"
        if len(old.rows) != len(new.rows):
            yield f"{len(old.rows)} rows are recorded, {len(new.rows)} were made"
        for number, (before, after) in enumerate(zip(old.rows, new.rows), 1):
            if before != after:
                yield f"row {number} ({_name(before, after)}): {_changed_field(before, after)}"


class JsonForm:
    """An engine's version and a list of `rows`, each an object; every value on a line of its own."""

    def read(self, content):
        return json.loads(content)

    def write(self, document):
        return json.dumps(document, indent=0).encode("utf-8")

    def differences(self, recorded, made):
        """One sentence for each object of `rows` that differs."""
        old, new = self.read(recorded), self.read(made)
        for key in old:
            if key != "rows" and old[key] != new.get(key):
                yield f"{key} is {old[key]} in the recorded file, {new.get(key)} now"
        if len(old["rows"]) != len(new["rows"]):
            yield f"{len(old['rows'])} rows are recorded, {len(new['rows'])} were made"
        for number, (before, after) in enumerate(zip(old["rows"], new["rows"]), 1):
            changed = {key: (before.get(key), after.get(key)) for key in after if before.get(key) != after.get(key)}
            if changed:
                key, (was, now) = next(iter(changed.items()))
                where = {key: value for key, value in before.items() if key not in changed}
                yield f"row {number} {where}: {key} was {was}, is {now}"


class BytesForm:
    """A file that is no text: it is made from its description alone, so there is nothing to read and write again."""

    def read(self, content):
        return content

    def write(self, content):
        return content

    def differences(self, recorded, made):
        """The first byte that differs."""
        if len(recorded) != len(made):
            yield f"{len(recorded)} bytes are recorded, {len(made)} were made"
        for offset, (before, after) in enumerate(zip(recorded, made)):
            if before != after:
                yield f"byte {offset} was {before:02x}, is {after:02x}"
                return


def _name(before, after):
    """The fields of a row that both versions share, shortened: they are what was asked."""
    shared = [field for field, other in zip(before, after) if field == other and len(field) <= 32]
    return ";".join(shared)[:100]


def _changed_field(before, after):
    """Which field of a row differs, and for codes and other long hex how many digit pairs of it."""
    if len(before) != len(after):
        return f"{len(before)} fields are recorded, {len(after)} were made"
    place = next(i for i, (old, new) in enumerate(zip(before, after)) if old != new)
    old, new = before[place], after[place]
    if len(old) != len(new) or len(old) <= 32:
        return f"field {place + 1} was {old[:80]}, is {new[:80]}"
    pairs = [(old[i : i + 2], new[i : i + 2]) for i in range(0, len(old), 2)]
    wrong = [i for i, (was, now) in enumerate(pairs) if was != now]
    was, now = pairs[wrong[0]]
    return f"field {place + 1}: {len(wrong)} of {len(pairs)} bytes differ, byte {wrong[0]} was {was}, is {now}"


@dataclass(frozen=True)
class GoldenFile:
    """A file of the project, and the function that makes its content again.

    `make` takes what the form read from the file and the engines, and returns the same kind of thing. Functions for
    text take the questions (parameters, inputs) from the recorded rows and ask the engine for the answers again.
    """

    path: str
    make: Callable
    form: object
    packing: Packing = field(default_factory=Packing)

    @property
    def name(self):
        return self.path.rpartition("/")[2]

    def recorded(self):
        """The bytes that the project holds."""
        return (PROJECT / self.path).read_bytes()

    def made(self, start, engines):
        """The bytes made again; `start` are packed bytes whose questions are asked, normally the recorded ones."""
        document = self.form.read(self.packing.unpack(start))
        return self.packing.pack(self.form.write(self.make(document, engines)))

    def written_again(self):
        """The recorded file read and written with its own answers."""
        document = self.form.read(self.packing.unpack(self.recorded()))
        return self.packing.pack(self.form.write(document))

    def differences(self, made):
        """Sentences, none if the bytes are those of the project."""
        recorded = self.recorded()
        if recorded == made:
            return []
        found = list(self.form.differences(self.packing.unpack(recorded), self.packing.unpack(made)))
        return found or ["the content is the same, its packing differs: another version of gzip or zlib"]
