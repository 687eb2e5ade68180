#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the tables of CONTRIBUTING.md name files, tests, constants and methods that exist; exit code 1 if not.

`...` stands for folders, Xxx, ROOM and NNN for what a contributor names; xxx for a module of a contributor's own. A name
that is no file must occur in the sources.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = {".git", "target"}
WORDS = {"...": ".*", "Xxx": "[A-Z][A-Za-z0-9]*", "xxx": "[a-z]+", "ROOM": "[a-z]+", "NNN": "[0-9]+", "LABEL": "[a-z0-9]+"}
FILE = re.compile(r"[\w./-]+\.(java|csv|gz|md|xml|py)|NOTICE")
FOLDER = re.compile(r"[\w./-]+/(\.\.\.)?|[\w-]+(/[\w.-]+)+")
TEST = re.compile(r"(\w+(?:Test|Properties|Laws))(#\w+)?")
NAME = re.compile(r"(?:\w+\.)*(\w+)(\(.*\))?")


def paths():
    """The files of the project, and their folders with a slash at the end."""
    for path in sorted(ROOT.rglob("*")):
        relative = path.relative_to(ROOT)
        if not SKIPPED & set(relative.parts):
            yield relative.as_posix() + ("/" if path.is_dir() else "")


def pattern(word):
    escaped = re.escape(word)
    for name, meaning in WORDS.items():
        escaped = escaped.replace(re.escape(name), meaning)
    return re.compile("(.*/)?" + escaped)


def found(word, all_paths):
    matches = pattern(word).fullmatch
    return [path for path in all_paths if matches(path) or matches(path.rstrip("/"))]


def missing(row, all_paths, sources):
    """What a row names and nothing is."""
    for word in re.findall(r"`([^`]+)`", row):
        test = TEST.fullmatch(word)
        if FILE.fullmatch(word) or FOLDER.fullmatch(word):
            there = word.startswith("adapters/xxx/") or found(word, all_paths)
        elif test:
            there = found(test.group(1) + ".java", all_paths)
        else:
            name = NAME.fullmatch(word)
            there = not name or re.search(r"\b" + name.group(1) + r"\b", sources)
        if not there:
            yield word


def main():
    all_paths = list(paths())
    sources = "\n".join(
        (ROOT / path).read_text(encoding="utf-8") for path in all_paths if path.endswith((".java", ".xml")) and "/src/" in path
    )
    wrong = 0
    for number, line in enumerate((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines(), 1):
        # Rows of commands are for a shell, not for a reader of files.
        if line.startswith("| ") and not line.startswith(("| `mvn", "| `benchmarks/matrix")):
            for word in missing(line, all_paths, sources):
                print(f"CONTRIBUTING.md, line {number}: {word} is not there")
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
