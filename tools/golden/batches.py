# SPDX-License-Identifier: Apache-2.0
"""The data that the calibrators were asked about, cut into batches, and the rows of engine_histograms.csv."""

import zlib

from engines import Missing
from files import PROJECT, digits_preactivations

FOLDER = "observers/src/test/resources/dev/octant/observers/engines/"
HEAVY = 65_536
WORD = (1 << 64) - 1


def digits(np):
    """The arrays of digits_preactivations.npz by name, in the order of the file."""
    found = digits_preactivations()
    if not found:
        raise Missing("needs digits_preactivations.npz, which no module of the project has among its resources")
    with np.load(PROJECT / found[0]) as arrays:
        return {name: arrays[name].astype(np.float32) for name in arrays}


def heavy_tailed(np):
    """Eight times the cube of a sum of three uniform numbers about zero: 65,536 values with long tails.

    The numbers are those of java.util.SplittableRandom with seed 42 (SplitMix64), so that Java tests draw them too.
    """
    uniform = _split_mix(42)
    values = []
    for _ in range(HEAVY):
        t = next(uniform) + next(uniform) + next(uniform) - 1.5
        values.append(t * t * t * 8)
    return np.array(values, np.float64).astype(np.float32)


def _split_mix(seed):
    """Doubles in [0, 1) of 53 bits."""
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & WORD
        z = ((seed ^ seed >> 30) * 0xBF58476D1CE4E5B9) & WORD
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WORD
        yield ((z ^ z >> 31) >> 11) / (1 << 53)


def of_row(np, row):
    """The batches of a row of engine_histograms.csv: its data in parts; with a ramp, part i of n is scaled by i/n."""
    name, parts, ramp = row[1], int(row[2]), row[3] == "1"
    values = heavy_tailed(np) if name == "heavy" else digits(np)[name].ravel()
    for i, part in enumerate(np.array_split(values, parts)):
        yield part * (np.float32(i + 1) / np.float32(parts)) if ramp else part


def answer(np, row, counts, range_of):
    """Writes an engine's answers into a row: bins, a checksum of the counts, and for each question its two values."""
    row[4], row[5] = str(counts.size), f"{zlib.crc32(np.ascontiguousarray(counts).tobytes()):08x}"
    for place in range(6, len(row), 3):
        row[place + 1 : place + 3] = range_of(row[place])
