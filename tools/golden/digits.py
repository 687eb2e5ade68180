# SPDX-License-Identifier: Apache-2.0
"""The digits' activations: the flat copies of three of them, and the archive itself packed again; needs NumPy only.

digits_preactivations.npz is data, not an engine's answer about data: PyTorch 2.13 wrote it from the network that it had
trained, and the training is not kept. `digits_model.py` shows that the network gives these values.
"""

import io

import batches
from command import run
from files import BytesForm, GoldenFile, digits_preactivations

FLAT = "observers/src/test/resources/dev/octant/observers/digits/"
COUNTS = {"act": 4_096, "b3_act": 16_384, "gate_sig": 2_048}


def _flat(name):
    """The first values of an array as float32, little-endian."""

    def make(recorded, engines):
        np = engines.numpy()
        return batches.digits(np)[name].ravel()[: COUNTS[name]].astype("<f4").tobytes()

    return make


def archive(recorded, engines):
    """The arrays of the archive, written by `numpy.savez`."""
    np = engines.numpy()
    stream = io.BytesIO()
    with np.load(io.BytesIO(recorded)) as arrays:
        np.savez(stream, **{name: arrays[name] for name in arrays})
    return stream.getvalue()


FILES = [GoldenFile(f"{FLAT}{name}.f32", _flat(name), BytesForm()) for name in COUNTS]
FILES += [GoldenFile(path, archive, BytesForm()) for path in digits_preactivations()]

if __name__ == "__main__":
    run(__doc__, FILES)
