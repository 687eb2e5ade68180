# SPDX-License-Identifier: Apache-2.0
"""Parquet files as pyarrow writes them: one table by every codec and both versions of data pages, and its values.

python tools/golden/parquet_files.py FOLDER    writes the files and values.txt, the bits of the floats in each column
"""

import random
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 200
CODECS = ("none", "snappy", "gzip", "brotli", "lz4", "zstd")


def as_float(value):
    """The float32 nearest to a number."""
    return struct.unpack("f", struct.pack("f", value))[0]


def bits(value):
    """The bits of the float32 nearest to a number, in hexadecimal."""
    return "%08x" % struct.unpack(">I", struct.pack(">f", value))[0]


def columns():
    """Floats, doubles, optional floats and lists of floats with nulls; the order of the draws makes the files."""
    random.seed(7)
    floats = [as_float(random.gauss(0, 3)) for _ in range(ROWS)]
    doubles = [random.gauss(0, 3) for _ in range(ROWS)]
    optional = [None if random.random() < 0.2 else round(random.gauss(0, 3) * 4) / 4 for _ in range(ROWS)]
    lists = [
        None
        if random.random() < 0.1
        else [None if random.random() < 0.1 else float(random.randrange(9)) for _ in range(random.randrange(5))]
        for _ in range(ROWS)
    ]
    return floats, doubles, optional, lists


def main(folder):
    """Writes all files."""
    floats, doubles, optional, lists = columns()
    point = pa.struct([("x", pa.float32()), ("y", pa.int32())])
    table = pa.table({
        "layers.0.act": pa.array(floats, pa.float32()),
        "d": pa.array(doubles, pa.float64()),
        "o": pa.array(optional, pa.float32()),
        "l": pa.array(lists, pa.list_(pa.float32())),
        "s": pa.array([{"x": value, "y": 1} for value in floats], point),
        "i": pa.array(range(ROWS), pa.int64()),
        "t": pa.array(["text %d" % (i % 5) for i in range(ROWS)]),
    })
    for codec in CODECS:
        for version in ("1.0", "2.0"):
            pq.write_table(
                table,
                f"{folder}/{codec}-v{version[0]}.parquet",
                compression=codec,
                data_page_version=version,
                row_group_size=120,
                data_page_size=200,
                write_page_index=True,
                write_page_checksum=True,
            )
    split = ["layers.0.act", "d", "o"]
    pq.write_table(
        table.select(split),
        f"{folder}/split.parquet",
        compression="zstd",
        use_dictionary=False,
        column_encoding={name: "BYTE_STREAM_SPLIT" for name in split},
    )
    in_lists = [value for row in lists if row for value in row]
    with open(f"{folder}/values.txt", "w") as out:
        for name, values in [("layers.0.act", floats), ("d", doubles), ("o", optional), ("l", in_lists), ("s.x", floats)]:
            out.write(name + " " + " ".join(bits(value) for value in values if value is not None) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
