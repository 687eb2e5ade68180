# SPDX-License-Identifier: Apache-2.0
"""The command line that all scripts share."""

import argparse
import sys
from pathlib import Path

from engines import Engines, Missing
from files import BytesForm

SAME, DIFFERENT, MISSING = 0, 1, 2
SHOWN = 20


def run(description, files, arguments=None):
    """Makes or compares the golden files of one script and leaves the process with 0, 1 (differences) or 2 (cannot)."""
    sys.exit(main(description, files, arguments))


def main(description, files, arguments=None):
    """As `run`, and returns the exit code."""
    options = _parser(description, files).parse_args(arguments)
    if options.out is None and not options.check and not options.roundtrip:
        print("give a folder to write to, or --check, or --roundtrip", file=sys.stderr)
        return MISSING
    engines = Engines(options.any_version)
    chosen = [file for file in files if not options.file or file.name in options.file]
    return max(_one(file, options, engines) for file in chosen)


def _parser(description, files):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("out", nargs="?", type=Path, metavar="OUT", help="folder that gets the files, at their paths")
    parser.add_argument("--check", action="store_true", help="make the files and compare them with the project's")
    parser.add_argument("--roundtrip", action="store_true", help="read and write the project's files; needs no engine")
    parser.add_argument("--any-version", action="store_true", help="ask the engine that is there, whatever its version")
    names = [file.name for file in files]
    parser.add_argument(
        "--file", action="append", choices=names, metavar="NAME", help="only this one: " + ", ".join(names)
    )
    return parser


def _one(file, options, engines):
    """Makes one file. An engine that is not there costs this file only, the others are still made."""
    try:
        if options.roundtrip and isinstance(file.form, BytesForm):
            print(f"{file.name}: no text, nothing to read and write again")
            return SAME
        if options.roundtrip:
            return _report(file, "read and written", file.written_again())
        made = file.made(_start(file, options.out), engines)
        if options.out is not None:
            _write(options.out / file.path, made)
        return _report(file, "made again", made) if options.check else SAME
    except (Missing, OSError) as problem:
        print(f"{file.name}: {problem}", file=sys.stderr)
    except RuntimeError as refusal:  # all three engines refuse a model or an operator with a RuntimeError
        print(f"{file.name}: the engine stops: {str(refusal).strip().splitlines()[0]}", file=sys.stderr)
    return MISSING


def _start(file, out):
    """The file that another engine's script left in OUT, if any: so two engines that share a file add up."""
    earlier = None if out is None else out / file.path
    return earlier.read_bytes() if earlier is not None and earlier.exists() else file.recorded()


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(path)


def _report(file, how, made):
    """Prints the verdict on one file and its first differences."""
    differences = file.differences(made)
    if not differences:
        print(f"{file.name}: {how}, identical bytes")
        return SAME
    print(f"{file.name}: {how}, {len(differences)} differences")
    for line in differences[:SHOWN]:
        print(f"  {line}")
    if len(differences) > SHOWN:
        print(f"  and {len(differences) - SHOWN} more")
    return DIFFERENT
