# SPDX-License-Identifier: Apache-2.0
"""Scales, zero points and codes chosen from the data, by formulas that the engines were found to follow: NumPy only.

The engines themselves wrote the recorded rows: ONNX Runtime 1.30.0 (`ort.py` asks it again), PyTorch 2.14.1, torchao at
commit 36027d8, NVIDIA pytorch-quantization 2.2.1. The formulas give every row of theirs without a difference.
"""

from bits import floats, floats_hex
from command import run
from files import GnuGzip, GoldenFile, TableForm

PATH = "quant-core/src/test/resources/golden/dynamic.csv.gz"
SMALL = 6.1e-5  # PyTorch's least scale, as float32
TINY = 2.0**-126


def rows(table, engines):
    """Every row but those of ONNX Runtime: scale, zero point and codes of each of its lines."""
    np = engines.numpy()
    for row in table.rows:
        form, lines, columns, text = row[:4]
        if form in FORMS:
            values = floats(np, text).reshape(int(lines), int(columns))
            made = [FORMS[form](np, line) for line in values]
            row[4] = floats_hex(np, [scale for scale, _, _ in made])
            row[5] = "-" if form == "nvidia_token" else ",".join(str(int(zero)) for _, zero, _ in made)
            row[6] = b"".join((codes.astype(np.int64) & 255).astype(np.uint8).tobytes() for _, _, codes in made).hex()
    return table


def _ends(np, values):
    """The range widened to hold 0, and the largest magnitude."""
    return min(values.min(), np.float32(0)), max(values.max(), np.float32(0)), np.abs(values).max()


def _codes(np, values, scale, zero, low, high):
    """By the reciprocal of the scale, the zero point added after rounding."""
    return np.clip(np.rint(values * (np.float32(1) / scale)) + zero, low, high)


def _per_tensor(low, high, reduced):
    """PyTorch's `quantize_per_tensor_dynamic`."""

    def made(np, values):
        f32 = np.float32
        least, greatest, _ = _ends(np, values)
        # Halves as C computes them, towards zero.
        first, last = (int(low / 2), int(high / 2)) if reduced else (low, high)
        exact = (float(greatest) - float(least)) / (last - first)
        small = f32(SMALL)
        with np.errstate(divide="ignore", over="ignore"):
            scale = 0.1 if f32(exact) == 0 or np.isinf(f32(1) / f32(exact)) else exact
        if scale < float(small):
            if least == 0:
                greatest = small * f32(last - first)
            elif greatest == 0:
                least = -small * f32(last - first)
            else:
                least, greatest = least * (small / f32(scale)), greatest * (small / f32(scale))
            scale = float(small)
        from_low, from_high = float(least) / scale, float(greatest) / scale
        nearer = abs(first) - abs(from_low) < abs(last) - abs(from_high)
        zero = int(np.clip(np.rint(first - from_low if nearer else last - from_high), first, last))
        return f32(scale), zero, _codes(np, values, f32(scale), zero, low, high)

    return made


def _token_symmetric(np, values):
    scale = max(_ends(np, values)[2], np.float32(1e-5)) / np.float32(127)
    return scale, 0, _codes(np, values, scale, 0, -128, 127)


def _token_asymmetric(np, values):
    """XNNPACK's: the zero point comes from the nearer end and is added before rounding."""
    f32 = np.float32
    least, greatest, _ = _ends(np, values)
    scale = max((greatest - least) / f32(255), f32(2.0**-23))
    low, high = least / scale, greatest / scale
    exact = f32(-128) - low if (f32(-128) + low) + (f32(127) + high) > 0 else f32(127) - high
    zero = int(np.rint(np.clip(exact, -128, 127)))
    return scale, zero, np.clip(np.rint(values * (f32(1) / scale) + f32(zero)), -128, 127)


def _torchao_asymmetric(np, values):
    least, greatest, _ = _ends(np, values)
    scale = max((greatest - least) / np.float32(255), np.float32(TINY))
    zero = int(np.clip(-128 - np.rint(least / scale), -128, 127))
    return scale, zero, _codes(np, values, scale, zero, -128, 127)


def _torchao_narrow(np, values):
    scale = max(_ends(np, values)[2] / np.float32(127), np.float32(1e-5))
    return scale, 0, _codes(np, values, scale, 0, -127, 127)


def _torchao_full(np, values):
    scale = max(_ends(np, values)[2] / np.float32(127.5), np.float32(TINY))
    return scale, 0, _codes(np, values, scale, 0, -128, 127)


def _torchao_no_clipping(np, values):
    least, greatest, _ = _ends(np, values)
    scale = max(least / np.float32(-128), greatest / np.float32(127), np.float32(TINY))
    return scale, 0, _codes(np, values, scale, 0, -128, 127)


def _nvidia(np, values):
    """The scale is the factor 127 / amax."""
    largest = _ends(np, values)[2]
    factor = np.float32(127) / largest if largest > 2.0**-24 else np.float32(1)
    return factor, 0, np.clip(np.rint(values * factor), -127, 127)


FORMS = {
    "torch_dynamic_uint8": _per_tensor(0, 255, False),
    "torch_dynamic_int8": _per_tensor(-128, 127, False),
    "torch_dynamic_uint8_reduced": _per_tensor(0, 255, True),
    "torch_token_symmetric": _token_symmetric,
    "torch_token_asymmetric": _token_asymmetric,
    "torchao_token_asymmetric": _torchao_asymmetric,
    "torchao_token_symmetric": _torchao_narrow,
    "torchao_token_symmetric_full": _torchao_full,
    "torchao_token_no_clipping": _torchao_no_clipping,
    "nvidia_token": _nvidia,
}

FILES = [GoldenFile(PATH, rows, TableForm(), GnuGzip())]

if __name__ == "__main__":
    run(__doc__, FILES)
