# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime: activations, softmax, quantization, calibrators, and histograms of several batches."""

import contextlib
import io
from functools import partial

import batches
from bits import all_codes, codes, codes_hex, float32, float32_bits, floats
from command import run
from files import GnuGzip, GoldenFile, JsonForm, TableForm

ALPHA = 0.1
OPSET = {"swish24": 24}

# Float operators between DequantizeLinear and QuantizeLinear: (operator, attributes), applied to "a" with result "b".
FLOAT_OPS = {
    "quickgelu": ("QuickGelu", {"domain": "com.microsoft", "alpha": 1.702}),
    "silu_quickgelu": ("QuickGelu", {"domain": "com.microsoft", "alpha": 1.0}),
    "fastgelu": ("FastGelu", {"domain": "com.microsoft"}),
    "swish24": ("Swish", {}),
    "gelu": ("Gelu", {"approximate": "none"}),
    "gelu_tanh": ("Gelu", {"approximate": "tanh"}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "hardswish": ("HardSwish", {}),
    "hardsigmoid": ("HardSigmoid", {}),
    "elu": ("Elu", {}),
    "relu": ("Relu", {}),
    "softplus": ("Softplus", {}),
    "mish": ("Mish", {}),
    "exp": ("Exp", {}),
    "leaky": ("LeakyRelu", {"alpha": ALPHA}),
}


class Runtime:
    """Small models of one or a few operators, run on the CPU by one thread without rewriting of the graph."""

    def __init__(self, engines):
        self.np = engines.load("numpy")
        self._ort = engines.load("onnxruntime")
        self._onnx = engines.load("onnx")

    def node(self, op, inputs, outputs, **attributes):
        """One operator."""
        return self._onnx.helper.make_node(op, inputs, outputs, **attributes)

    def result(self, nodes, constants, x, y_dtype, opset=22):
        """What the model of these nodes makes of "x"; its result is "y"."""
        helper = self._onnx.helper
        types = {name: helper.np_dtype_to_tensor_dtype(self.np.dtype(name)) for name in ("int8", "uint8", "float32")}
        shape = list(x.shape)
        graph = helper.make_graph(
            nodes,
            "golden",
            [helper.make_tensor_value_info("x", types[x.dtype.name], shape)],
            [helper.make_tensor_value_info("y", types[y_dtype], shape)],
            [self._onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
        )
        opsets = [helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        try:
            return self._session(model).run(None, {"x": x})[0]
        except Exception as refusal:  # its exceptions share no class below this one
            raise RuntimeError(f"{nodes[0].op_type}: {refusal}") from None

    def dynamic(self, x):
        """Scale, zero point and codes of DynamicQuantizeLinear of "x"."""
        helper = self._onnx.helper
        types = self._onnx.TensorProto
        outputs = {"y": types.UINT8, "y_scale": types.FLOAT, "y_zp": types.UINT8}
        graph = helper.make_graph(
            [self.node("DynamicQuantizeLinear", ["x"], list(outputs))],
            "golden",
            [helper.make_tensor_value_info("x", types.FLOAT, list(x.shape))],
            [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
        return self._session(model).run(["y_scale", "y_zp", "y"], {"x": x})

    def _session(self, model):
        options = self._ort.SessionOptions()
        options.graph_optimization_level = self._ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        return self._ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def parameters(self, prefix, scale_bits, zero_point, dtype):
        """A scale and a zero point as constants of a model."""
        scale = self.np.array(float32(scale_bits), self.np.float32)
        return {prefix + "_scale": scale, prefix + "_zp": self.np.array(int(zero_point), dtype)}


def unary(table, engines):
    """Every code through every activation: the QLinear operators and dequantize, float operator, quantize."""
    runtime = Runtime(engines)
    for row in table.rows:
        op, dtype, x_scale, x_zp, y_scale, y_zp = row[:6]
        constants = runtime.parameters("x", x_scale, x_zp, dtype) | runtime.parameters("y", y_scale, y_zp, dtype)
        nodes = _unary_nodes(runtime, op)
        opset = OPSET.get(op.removeprefix("qdq_"), 22)
        result = runtime.result(nodes, constants, all_codes(runtime.np, dtype), dtype, opset)
        row[6] = codes_hex(runtime.np, result, dtype)
    return table


def _unary_nodes(runtime, op):
    if op.startswith("QLinear"):
        alpha = {"alpha": ALPHA} if op == "QLinearLeakyRelu" else {}
        inputs = ["x", "x_scale", "x_zp", "y_scale", "y_zp"]
        return [runtime.node(op, inputs, ["y"], domain="com.microsoft", **alpha)]
    before = runtime.node("DequantizeLinear", ["x", "x_scale", "x_zp"], ["a"])
    after = runtime.node("QuantizeLinear", ["b", "y_scale", "y_zp"], ["y"])
    return [before, *_float_nodes(runtime, op.removeprefix("qdq_")), after]


def _float_nodes(runtime, op):
    if op == "silu":
        return [runtime.node("Sigmoid", ["a"], ["s"]), runtime.node("Mul", ["a", "s"], ["b"])]
    name, attributes = FLOAT_OPS[op]
    return [runtime.node(name, ["a"], ["b"], **attributes)]


def attributes(table, engines):
    """Every code through the operators of ONNX with attributes of their own, such as `alpha=2.0,gamma=3.0`."""
    runtime = Runtime(engines)
    for row in table.rows:
        op, text, dtype, x_scale, x_zp, y_scale, y_zp = row[:7]
        values = {name: float(value) for name, value in (part.split("=") for part in text.split(",") if part)}
        constants = runtime.parameters("x", x_scale, x_zp, dtype) | runtime.parameters("y", y_scale, y_zp, dtype)
        inputs = ["a"]
        if op == "Clip":
            constants |= {name: runtime.np.array(value, runtime.np.float32) for name, value in values.items()}
            inputs, values = ["a", "min", "max"], {}
        nodes = [
            runtime.node("DequantizeLinear", ["x", "x_scale", "x_zp"], ["a"]),
            runtime.node(op, inputs, ["b"], **values),
            runtime.node("QuantizeLinear", ["b", "y_scale", "y_zp"], ["y"]),
        ]
        opset = 24 if op == "Swish" else 22
        result = runtime.result(nodes, constants, all_codes(runtime.np, dtype), dtype, opset)
        row[7] = codes_hex(runtime.np, result, dtype)
    return table


def softmax(table, engines):
    """Rows of codes through QLinearSoftmax."""
    runtime = Runtime(engines)
    for row in table.rows:
        op, dtype, x_scale, x_zp, y_scale, y_zp, rows, columns, text = row[:9]
        x = codes(runtime.np, text, dtype).reshape(int(rows), int(columns))
        constants = runtime.parameters("x", x_scale, x_zp, dtype) | runtime.parameters("y", y_scale, y_zp, dtype)
        inputs = ["x", "x_scale", "x_zp", "y_scale", "y_zp"]
        node = runtime.node(op, inputs, ["y"], domain="com.microsoft", axis=-1, opset=13)
        row[9] = codes_hex(runtime.np, runtime.result([node], constants, x, dtype, opset=21), dtype)
    return table


def quantize(table, engines):
    """Floats through QuantizeLinear: the rows `ort`; the others are TensorFlow Lite's and stay."""
    runtime = Runtime(engines)
    for row in table.rows:
        engine, dtype, scale, zero_point, inputs = row[:5]
        if engine == "ort":
            node = runtime.node("QuantizeLinear", ["x", "y_scale", "y_zp"], ["y"])
            constants = runtime.parameters("y", scale, zero_point, dtype)
            result = runtime.result([node], constants, floats(runtime.np, inputs), dtype, opset=21)
            row[5] = codes_hex(runtime.np, result, dtype)
    return table


def dynamic(table, engines):
    """Scale, zero point and codes of DynamicQuantizeLinear; the other rows are other engines' and stay."""
    runtime = Runtime(engines)
    for row in table.rows:
        form, lines, columns, text = row[:4]
        if form == "ort_DynamicQuantizeLinear":
            scale, zero_point, result = runtime.dynamic(floats(runtime.np, text).reshape(int(lines), int(columns)))
            row[4:] = [float32_bits(float(scale)), str(int(zero_point)), codes_hex(runtime.np, result, "uint8")]
    return table


def calibrators(document, engines):
    """Ranges of the histogram calibrators and parameters of the minimum and maximum, one batch an array."""
    np = engines.load("numpy")
    document["onnxruntime"] = engines.load("onnxruntime").__version__
    arrays = batches.digits(np)
    for row in document["rows"]:
        values = arrays[row["array"]]
        if row["method"] == "minmax":
            _set_parameters(np, row, values)
        else:
            collector = Collector(engines, row["method"], row["symmetric"], row["num_bins"], row["percentile"])
            collector.collect(values)
            low, high = collector.range(row["num_quantized_bins"])
            row |= {"low_bits": float32_bits(low), "high_bits": float32_bits(high), "low": low, "high": high}
    return document


def _set_parameters(np, row, values):
    """Scale and zero point that ONNX Runtime's quantizer chooses for the range of the values."""
    from onnxruntime.quantization.quant_utils import compute_scale_zp

    low, high = values.min(), values.max()
    bounds = [np.array(bound, row["dtype"]) for bound in ((-128, 127) if row["dtype"] == "int8" else (0, 255))]
    zero_point, scale = compute_scale_zp(np.array(low), np.array(high), *bounds, False)
    row |= {"low_bits": float32_bits(low), "high_bits": float32_bits(high)}
    row |= {"scale_bits": float32_bits(float(scale)), "zero_point": int(zero_point)}


class Collector:
    """ONNX Runtime's HistogramCollector for one tensor, fed batch by batch."""

    def __init__(self, engines, method, symmetric, bins, percentile=0):
        engines.load("scipy")
        engines.load("onnxruntime")
        from onnxruntime.quantization.calibrate import HistogramCollector

        self._np = engines.load("numpy")
        self._collector = HistogramCollector(method, symmetric, bins, 0, percentile, None)

    def collect(self, batch):
        """Takes one batch in; the collector prints what it does, which is left out."""
        with contextlib.redirect_stdout(io.StringIO()):
            self._collector.collect({"x": [batch]})

    def range(self, quantized_bins=0, percentile=None):
        """The two ends that the collector's method chooses."""
        self._collector.num_quantized_bins = quantized_bins
        if percentile is not None:
            self._collector.percentile = percentile
        with contextlib.redirect_stdout(io.StringIO()):
            low, high = self._collector.compute_collection_result()["x"][:2]
        return float(self._np.asarray(low)), float(self._np.asarray(high))

    def use(self, method):
        """Asks another method about the same histogram."""
        self._collector.method = method

    def counts(self):
        """The counts of the histogram's bins."""
        return self._np.asarray(self._collector.histogram_dict["x"][0])


HISTOGRAMS = {"ort128": (128, False), "ort2048": (2048, False), "ortabs": (2048, True)}


def histograms(table, engines):
    """Histograms of several batches and the ranges chosen on them: the rows `ort...`."""
    np = engines.load("numpy")
    for row in table.rows:
        if row[0] in HISTOGRAMS:
            bins, symmetric = HISTOGRAMS[row[0]]
            collector = Collector(engines, "percentile", symmetric, bins)
            for batch in batches.of_row(np, row):
                collector.collect(batch)
            batches.answer(np, row, collector.counts().astype("<i8"), partial(_histogram_range, collector))
    return table


def _histogram_range(collector, asked):
    """The range for a question such as `percentile=99.9` or `entropy=128`, as bits."""
    method, _, number = asked.partition("=")
    collector.use(method)
    if method == "entropy":
        low, high = collector.range(quantized_bins=int(number))
    else:
        low, high = collector.range(percentile=float(number))
    return float32_bits(low), float32_bits(high)


FILES = [
    GoldenFile("quant-ops/src/test/resources/golden/ort_unary.csv.gz", unary, TableForm(), GnuGzip()),
    GoldenFile("quant-ops/src/test/resources/golden/ort_attributes.csv.gz", attributes, TableForm(), GnuGzip()),
    GoldenFile("quant-ops/src/test/resources/golden/ort_softmax.csv.gz", softmax, TableForm(), GnuGzip()),
    GoldenFile("quant-core/src/test/resources/golden/quantize.csv.gz", quantize, TableForm(), GnuGzip()),
    GoldenFile("quant-core/src/test/resources/golden/dynamic.csv.gz", dynamic, TableForm(), GnuGzip()),
    GoldenFile(batches.FOLDER + "ort_calibrators.json", calibrators, JsonForm()),
    GoldenFile(batches.FOLDER + "engine_histograms.csv", histograms, TableForm()),
]

if __name__ == "__main__":
    run(__doc__, FILES)
