# SPDX-License-Identifier: Apache-2.0
"""The engines that answer: loaded when they are needed, in the version that requirements.txt names."""

import importlib
import os
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
PACKAGES = {"tensorflow": "tensorflow-cpu"}

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


class Missing(Exception):
    """A program, a package or a version of it that a script needs and this machine does not have."""


def required_versions():
    """The version of each package in requirements.txt."""
    lines = [line.partition("#")[0].strip() for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines()]
    return dict(line.split("==") for line in lines if line)


class Engines:
    """Loads engines. A new version of one is tried with `any_version`; the golden files name one version each."""

    def __init__(self, any_version=False):
        self._any_version = any_version

    def load(self, module, exact=True):
        """The module; `exact` is False where the version cannot change a byte."""
        package = PACKAGES.get(module, module)
        version = required_versions()[package]
        try:
            loaded = importlib.import_module(module)
        except ImportError:
            raise Missing(
                f"needs {package} {version}, which this Python does not have (see requirements.txt)"
            ) from None
        found = loaded.__version__.partition("+")[0]
        if exact and not self._any_version and found != version:
            raise Missing(f"needs {package} {version}, this Python has {found} (--any-version takes what is there)")
        return loaded

    def numpy(self):
        """NumPy for array arithmetic that every version of it does alike."""
        return self.load("numpy", exact=False)
