# SPDX-License-Identifier: Apache-2.0
"""Every golden file of the project at once; and which data files of the project no script makes.

python tools/golden/all.py --list         each file and its scripts; the exit code is 1 if a data file has none
python tools/golden/all.py --roundtrip    and --check and OUT as for one script
"""

import subprocess
import sys

import command
import digits
import dynamic
import formulas
import numpy_arrays
import ort
import pytorch
import reference_values
import tflite
from files import PROJECT

SCRIPTS = (ort, tflite, pytorch, formulas, dynamic, numpy_arrays, reference_values, digits)
NOT_DATA = {"md", "css", "js", "properties", "html"}
OTHER = ("/META-INF/", "FuzzTestInputs/")

# Made by a script that writes a folder, and data that were recorded, trained or found: README.md says which and where.
FOLDERS = {"/parquet/pyarrow/": "parquet_files.py"}
RECORDED = (
    "quant-layers/src/test/resources/golden/",
    "/onnx/models/",
    "/parquet/hostile/",
    "/cli/batches/",
    "/cli/real/",
    "/summaries_version1.bin",
    "/onnx_node.jsonl.gz",
)


def data_files():
    """The data among the resources that git holds, without pages, styles, services and the finds of fuzz tests."""
    listed = subprocess.run(["git", "ls-files", "*/resources/*"], cwd=PROJECT, stdout=subprocess.PIPE, check=True)
    paths = listed.stdout.decode("utf-8").splitlines()
    return [
        path
        for path in paths
        if path.rpartition(".")[2] not in NOT_DATA and not any(folder in path for folder in OTHER)
    ]


def scripts_of(path):
    """The names of the scripts that make a file, or that it was recorded."""
    of_files = [script.__name__ + ".py" for script in SCRIPTS if any(file.path == path for file in script.FILES)]
    of_folders = [script for folder, script in FOLDERS.items() if folder in path]
    return of_files + of_folders + ["recorded" for part in RECORDED if part in path]


def list_files():
    """Prints each data file with its scripts; returns the exit code."""
    paths = data_files()
    for path in paths:
        print(f"{path}: {', '.join(scripts_of(path)) or 'NO SCRIPT MAKES IT'}")
    return command.SAME if all(scripts_of(path) for path in paths) else command.DIFFERENT


def main(arguments):
    """Runs every script with the same arguments; returns the worst exit code."""
    if arguments == ["--list"]:
        return list_files()
    code = command.SAME
    for script in SCRIPTS:
        code = max(code, command.main(script.__doc__, script.FILES, arguments))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
