# SPDX-License-Identifier: Apache-2.0
"""Compares digits_preactivations.npz with what ONNX Runtime computes from the network and its images.

The archive was written by PyTorch, whose sums have another order, so the values are near, not equal. The README says
where the network and the images are.
"""

import argparse
import sys
from pathlib import Path

import batches
from command import DIFFERENT, MISSING, SAME
from engines import Engines, Missing

TOLERANCE = 1e-5  # of the largest magnitude of an activation


def activations(engines, model_path, images):
    """What goes into each Sigmoid of the graph (SiLU is x * Sigmoid(x)), in the order of the graph."""
    onnx, ort = engines.load("onnx"), engines.load("onnxruntime")
    model = onnx.load(model_path)
    names = [node.input[0] for node in model.graph.node if node.op_type == "Sigmoid"]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(names, {session.get_inputs()[0].name: images})


def main():
    """Prints the farthest value of each activation; returns 0 if all are within the tolerance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="the network, digits_cnn.onnx")
    parser.add_argument(
        "images", type=Path, help="an .npz with `image`, float32 [n,1,8,8], the training images in order"
    )
    options = parser.parse_args()
    engines = Engines()
    np = engines.load("numpy")
    recorded = batches.digits(np)
    with np.load(options.images) as images:
        first = images["image"][: len(next(iter(recorded.values())))]
    code = SAME
    for (name, values), computed in zip(recorded.items(), activations(engines, options.model, first), strict=True):
        farthest = np.abs(values - computed).max() / np.abs(values).max()
        print(f"{name} {values.shape}: farthest {farthest:.2g} of the largest magnitude")
        code = code if farthest <= TOLERANCE else DIFFERENT
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Missing, OSError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(MISSING)
