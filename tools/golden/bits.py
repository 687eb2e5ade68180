# SPDX-License-Identifier: Apache-2.0
"""Floats and codes as the golden files write them: IEEE-754 bits in hex, big-endian; codes as hex bytes."""

import struct

DTYPES = ("int8", "uint8")
BOUNDS = {"int8": (-128, 127), "uint8": (0, 255)}


def float32_bits(value):
    """Eight hex digits of a value rounded to float32."""
    return struct.pack(">f", value).hex()


def float32(bits):
    """The float32 of eight hex digits, as a Python float."""
    return struct.unpack(">f", bytes.fromhex(bits))[0]


def floats_hex(np, values):
    """Hex of an array of float32, eight digits a value."""
    return np.asarray(values, np.float32).astype(">f4").tobytes().hex()


def floats(np, text):
    """The array of float32 that `floats_hex` wrote."""
    return np.frombuffer(bytes.fromhex(text), ">f4").astype(np.float32)


def codes_hex(np, values, dtype):
    """Hex of an array of 8-bit codes, two digits a code."""
    return np.asarray(values).astype(dtype).tobytes().hex()


def codes(np, text, dtype):
    """The array of 8-bit codes that `codes_hex` wrote."""
    return np.frombuffer(bytes.fromhex(text), dtype).copy()


def all_codes(np, dtype):
    """Every code of a type, ascending."""
    low, high = BOUNDS[dtype]
    return np.arange(low, high + 1).astype(dtype)
