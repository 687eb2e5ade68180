# SPDX-License-Identifier: Apache-2.0
"""Sums, products and softmax rows of 8-bit codes by formulas that the engines were found to follow: needs NumPy only.

A whole table of 65,536 pairs is large, so the golden file holds its CRC-32 and every 257th byte. The same formulas were
compared with the engines on 7.9 to 13.1 million pairs each without a difference; here they are written once more, from
the description of the arithmetic, and in NumPy, so that they share nothing with the code under test.
"""

import math
import zlib

from bits import BOUNDS, all_codes, codes, codes_hex, float32
from command import run
from files import GoldenFile, NamedGzip, TableForm

INT32_MAX = (1 << 31) - 1


# Arithmetic of float32


def rounded(np, value):
    """A float64 rounded to float32, kept as float32."""
    return np.float32(value)


def fused(np, a, b, c):
    """a * b + c rounded once to float32.

    The product of two float32 is exact in float64. Their sum with c is rounded to odd there: of the two float64 around
    the exact sum the one whose last bit is 1, which can never be halfway between two float32.
    """
    product = np.float64(a) * np.float64(b)
    total = product + np.float64(c)
    part = total - product
    error = (product - (total - part)) + (np.float64(c) - part)
    even = (np.asarray(total).view(np.int64) & 1) == 0
    odd = np.where(even & (error != 0), np.nextafter(total, np.copysign(np.inf, error)), total)
    return odd.astype(np.float32)


# Arithmetic of integers, in int64 with the results of 32-bit code


def multiplier(value):
    """A positive real number as mantissa * 2^(exponent - 31), the mantissa a whole number of 31 bits."""
    fraction, exponent = math.frexp(value)
    mantissa = math.floor(fraction * (1 << 31) + 0.5)
    return (mantissa >> 1, exponent + 1) if mantissa == 1 << 31 else (mantissa, exponent)


def high_product(np, a, b):
    """a * b / 2^31, halves away from zero: how fixed-point numbers of 31 fractional bits multiply."""
    product = np.asarray(a, np.int64) * np.asarray(b, np.int64)
    nudged = product + np.where(product >= 0, 1 << 30, 1 - (1 << 30))
    return np.sign(nudged) * (np.abs(nudged) >> 31)


def shifted(np, a, places):
    """a / 2^places, halves away from zero."""
    a = np.asarray(a, np.int64)
    half = 1 << places >> 1
    return np.where(a >= 0, (a + half) >> places, -((-a + half) >> places))


def scaled(np, a, factor):
    """a times a `multiplier`, rounded twice: by the high product and then by the shift."""
    mantissa, exponent = factor
    return shifted(np, high_product(np, a << max(exponent, 0), mantissa), max(-exponent, 0))


# Sums and products: codes a and b, parameters (scale, zero point) of a, b and the result


def onnxruntime_add(np, a, b, pa, pb, py):
    """Ratios of scales, the zero points folded into one constant, three fused multiply-adds, halves to even."""
    ratio_a, ratio_b = pa[0] / py[0], pb[0] / py[0]
    zero = fused(np, ratio_a, np.float32(pa[1]), ratio_b * np.float32(pb[1]))
    constant = np.float32(py[1]) - zero
    return np.rint(fused(np, a, ratio_a, fused(np, b, ratio_b, constant)))


def onnxruntime_multiply(np, a, b, pa, pb, py):
    """The exact product times one ratio, plus the zero point in float, halves to even."""
    ratio = pa[0] * pb[0] / py[0]
    product = ((a - pa[1]) * (b - pb[1])).astype(np.float32)
    return np.rint(product * ratio + np.float32(py[1]))


def tflite_add(np, a, b, pa, pb, py):
    """Both operands shifted left by 20 and scaled to twice the larger scale, then their sum to the result's."""
    twice = 2 * float(max(pa[0], pb[0]))
    left = scaled(np, (a - pa[1]) << 20, multiplier(float(pa[0]) / twice))
    right = scaled(np, (b - pb[1]) << 20, multiplier(float(pb[0]) / twice))
    denominator = float(np.float32(1 << 20) * py[0])
    return scaled(np, left + right, multiplier(twice / denominator)) + py[1]


def tflite_multiply(np, a, b, pa, pb, py):
    """The exact product scaled by a multiplier that is computed in float32."""
    return scaled(np, (a - pa[1]) * (b - pb[1]), multiplier(float(pa[0] * pb[0] / py[0]))) + py[1]


def xnnpack_add(np, a, b, pa, pb, py):
    """Ratios of scales as whole numbers of 21 bits at most, one shift, halves up."""
    ratio_a, ratio_b = pa[0] / py[0], pb[0] / py[0]
    places = 20 - (math.frexp(float(max(ratio_a, ratio_b)))[1] - 1)
    factor_a, factor_b = (round(math.ldexp(float(ratio), places)) for ratio in (ratio_a, ratio_b))
    total = (a - pa[1]) * factor_a + (b - pb[1]) * factor_b
    return ((total + (1 << (places - 1))) >> places) + py[1]


def xnnpack_multiply(np, a, b, pa, pb, py):
    """The exact product times one ratio, halves to even, then the zero point."""
    ratio = pa[0] * pb[0] / py[0]
    return np.rint(((a - pa[1]) * (b - pb[1])).astype(np.float32) * ratio) + py[1]


PAIRS = {
    ("onnxruntime", "add"): onnxruntime_add,
    ("onnxruntime", "multiply"): onnxruntime_multiply,
    ("tflite", "add"): tflite_add,
    ("tflite", "multiply"): tflite_multiply,
    ("xnnpack", "add"): xnnpack_add,
    ("xnnpack", "multiply"): xnnpack_multiply,
}


def pairs(table, engines):
    """Every pair of codes, the first operand slowest, both ascending."""
    np = engines.numpy()
    for row in table.rows:
        profile, op, dtype, *parameters = row[:9]
        scales = [np.float32(float32(bits)) for bits in parameters[::2]]
        zero_points = [int(zero) for zero in parameters[1::2]]
        every = all_codes(np, dtype).astype(np.int64)
        a, b = np.repeat(every, 256), np.tile(every, 256)
        results = PAIRS[profile, op](np, a, b, *zip(scales, zero_points, strict=True))
        grid = np.clip(results, *BOUNDS[dtype]).astype(dtype)
        row[9], row[10] = f"{zlib.crc32(grid.tobytes()):08x}", codes_hex(np, grid[::257], dtype)
    return table


# Softmax


FRACTION = 26  # differences of codes have 5 integer bits and 26 of fraction, exponentials 31 of fraction
SUM_SHIFT = 12  # sums have 12 integer bits
QUARTER = 1 << (FRACTION - 2)


def tflite_softmax(np, x, scale, low):
    """The reference kernel: exponentials of fixed point, their sum, its reciprocal by Newton's method."""
    mantissa, exponent = multiplier(min(scale * (1 << FRACTION), float(INT32_MAX)))
    farthest = -math.floor(31 * (1 << FRACTION) / (1 << exponent))
    difference = x - x.max(axis=1, keepdims=True)
    counted = difference >= farthest
    inputs = high_product(np, np.where(counted, difference, 0) << exponent, mantissa)
    exponentials = np.where(counted, negative_exponential(np, inputs), 0)
    sums = shifted(np, exponentials, SUM_SHIFT).sum(axis=1)
    rows = []
    for exponential, total in zip(exponentials, sums, strict=True):
        inverse, places = reciprocal(np, int(total))
        rows.append(shifted(np, high_product(np, exponential, inverse), places + 31 - 8))
    return np.where(counted, np.array(rows) + low, low)


def negative_exponential(np, a):
    """exp of numbers of 26 fractional bits, not above zero: a polynomial about -1/8 and a factor for each bit above."""
    remainder = (a & (QUARTER - 1)) - QUARTER
    x = (remainder << 5) + (1 << 28)
    square = high_product(np, x, x)
    cube, fourth = high_product(np, square, x), high_product(np, square, square)
    third = round((1 << 31) / 3)
    tail = shifted(np, high_product(np, shifted(np, fourth, 2) + cube, third) + square, 1)
    eighth = round(math.exp(-1 / 8) * (1 << 31))
    result = eighth + high_product(np, x + tail, eighth)
    for power in range(-2, 5):
        factor = round(math.exp(-(2.0**power)) * (1 << 31))
        bit = (remainder - a) & (1 << (FRACTION + power))
        result = np.where(bit != 0, high_product(np, result, factor), result)
    return np.where(a == 0, INT32_MAX, result)


def reciprocal(np, total):
    """1 / total for 19 fractional bits: a mantissa of 31 fractional bits and how many places it is to be shifted."""
    leading = 32 - total.bit_length()
    half = (INT32_MAX + (total << leading) - (1 << 31) + 1) >> 1  # half of the total, scaled into [1, 2)
    inverse = round(48 / 17 * (1 << 29)) + int(high_product(np, half, -round(32 / 17 * (1 << 29))))
    for _ in range(3):
        error = (1 << 29) - int(high_product(np, half, inverse))
        inverse += int(high_product(np, inverse, error)) << 2
    return min(inverse << 1, INT32_MAX), SUM_SHIFT - leading


def xnnpack_softmax(np, x, scale, low):
    """A table of scaled exponentials as whole numbers, their sum, and a division that rounds halves up."""
    largest = min(float((1 << 32) - 1) / x.shape[1], 8388607.0)
    table = np.array([round(largest * math.exp((i - 255) * scale)) for i in range(256)], np.int64)
    entries = table[x - x.max(axis=1, keepdims=True) + 255]
    sums = entries.sum(axis=1, keepdims=True)
    return (entries * 256 + sums // 2) // sums + low


SOFTMAX = {"tflite": tflite_softmax, "xnnpack": xnnpack_softmax}


def softmax(table, engines):
    """Rows of codes; the result has scale 1/256 and the lowest code as its zero point."""
    np = engines.numpy()
    for row in table.rows:
        profile, dtype, scale, rows, columns, text = row[:6]
        x = codes(np, text, dtype).reshape(int(rows), int(columns)).astype(np.int64)
        results = SOFTMAX[profile](np, x, float32(scale), BOUNDS[dtype][0])
        row[6] = codes_hex(np, np.clip(results, *BOUNDS[dtype]), dtype)
    return table


GOLDEN = "quant-ops/src/test/resources/golden/"
FILES = [
    GoldenFile(GOLDEN + "binary.csv.gz", pairs, TableForm(), NamedGzip("binary.csv")),
    GoldenFile(GOLDEN + "integer_softmax.csv.gz", softmax, TableForm(), NamedGzip("softmax.csv")),
]

if __name__ == "__main__":
    run(__doc__, FILES)
