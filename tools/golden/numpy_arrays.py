# SPDX-License-Identifier: Apache-2.0
"""NumPy: .npy and .npz files of every type, order and version of the format, and some that must be refused."""

import io
import zipfile

from command import run
from files import BytesForm, GoldenFile

FOLDER = "adapters/formats/src/test/resources/dev/octant/formats/tensor/"


def _npy(np, array, version=(1, 0)):
    """The bytes of one array; object arrays are pickled, as NumPy does."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version)
    return stream.getvalue()


def _npz(save, **arrays):
    """The bytes that `numpy.savez` or `numpy.savez_compressed` writes."""
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


def _six(np, dtype="<f4"):
    """-1.5, -1, -0.5, 0, 0.5, 1 in two rows."""
    return ((np.arange(6) - 3) / 2).astype(dtype).reshape(2, 3)


def _special(np):
    """What a float32 cannot hold, a negative zero, and a value that must be rounded."""
    return np.array([np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, -0.0, 0.1])


def _empty_zip():
    """An archive of no entries."""
    stream = io.BytesIO()
    zipfile.ZipFile(stream, "w").close()
    return stream.getvalue()


def _structured(np):
    return np.zeros(2, [("x", "<f4"), ("y", "<i4")])


def _stored(np):
    return _npz(np.savez, first=_six(np), second=np.arange(4, dtype=np.uint8), third=_six(np, ">f2"))


def _deflated(np):
    ramp = np.arange(1000, dtype=np.float32)
    return _npz(np.savez_compressed, **{"layer/act": ramp, "zeros": np.zeros(5000, np.float32)})


def _objects(np, *values):
    return np.array(values, dtype=object)


ARRAYS = {
    "f2_le.npy": lambda np: _npy(np, _six(np, "<f2")),
    "f2_be.npy": lambda np: _npy(np, _six(np, ">f2")),
    "f4_le.npy": lambda np: _npy(np, _six(np)),
    "f4_be.npy": lambda np: _npy(np, _six(np, ">f4")),
    "f4_fortran.npy": lambda np: _npy(np, np.asfortranarray(_six(np))),
    "f8_le.npy": lambda np: _npy(np, _six(np, "<f8")),
    "f8_be.npy": lambda np: _npy(np, _six(np, ">f8")),
    "f8_fortran_be.npy": lambda np: _npy(np, np.asfortranarray(_six(np, ">f8"))),
    "f8_special.npy": lambda np: _npy(np, _special(np)),
    "i1.npy": lambda np: _npy(np, np.array([-128, -1, 0, 1, 127], np.int8)),
    "u1.npy": lambda np: _npy(np, np.array([0, 1, 127, 128, 255], np.uint8)),
    "v2.npy": lambda np: _npy(np, _six(np), (2, 0)),
    "v3.npy": lambda np: _npy(np, _six(np), (3, 0)),
    "scalar.npy": lambda np: _npy(np, np.float32(2.5)),
    "empty.npy": lambda np: _npy(np, np.zeros((3, 0, 2), np.float32)),
    "int64.npy": lambda np: _npy(np, np.arange(3)),
    "bool.npy": lambda np: _npy(np, np.array([True, False])),
    "complex.npy": lambda np: _npy(np, np.array([1j], np.complex64)),
    "text.npy": lambda np: _npy(np, np.array(["ab", "c"])),
    "structured.npy": lambda np: _npy(np, _structured(np)),
    "object.npy": lambda np: _npy(np, _objects(np, 1, None, "x")),
    "truncated.npy": lambda np: _npy(np, _six(np))[:-5],
    "stored.npz": _stored,
    "deflated.npz": _deflated,
    "object.npz": lambda np: _npz(np.savez, good=_six(np), bad=_objects(np, 1, None)),
    "empty_directory.npz": lambda np: _empty_zip(),
}


def _maker(array):
    """Writes an array anew: what the project holds is not asked."""
    return lambda recorded, engines: array(engines.load("numpy"))


FILES = [GoldenFile(FOLDER + name, _maker(array), BytesForm()) for name, array in ARRAYS.items()]

if __name__ == "__main__":
    run(__doc__, FILES)
