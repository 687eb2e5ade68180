# SPDX-License-Identifier: Apache-2.0
"""PyTorch: quantized activations, quantization and its gradient, observers, histograms; and NVIDIA's calibrator."""

import warnings

import batches
import nvidia
from bits import BOUNDS, all_codes, codes_hex, float32, float32_bits, floats, floats_hex
from command import run
from files import GnuGzip, GoldenFile, JsonForm, TableForm


class Torch:
    """PyTorch on one thread, and its names for types and schemes."""

    def __init__(self, engines):
        self.np = engines.load("numpy")
        self.torch = engines.load("torch")
        self.torch.set_num_threads(1)
        warnings.filterwarnings("ignore", module="torch")
        warnings.filterwarnings("ignore", message=".*quantiz.*")
        self.types = {"int8": self.torch.qint8, "uint8": self.torch.quint8}

    def observer(self, kind, **options):
        """An observer by the name of its class without `Observer`."""
        from torch.ao.quantization import observer

        return getattr(observer, kind + "Observer")(**options)

    def quantized(self, codes, scale, zero_point):
        """A quantized tensor of exactly these codes."""
        tensor = self.torch.from_numpy(codes)
        return self.torch._make_per_tensor_quantized_tensor(tensor, scale, zero_point)

    def operators(self):
        """The ops that take the parameters of their output, and those that choose them."""
        quantized, functional = self.torch.ops.quantized, self.torch.nn.functional
        given = {
            "sigmoid": quantized.sigmoid,
            "hardswish": quantized.hardswish,
            "elu": lambda x, scale, zero_point: quantized.elu(x, scale, zero_point, 1.0, 1.0, 1.0),
            "celu": lambda x, scale, zero_point: quantized.celu(x, scale, zero_point, 1.0),
            "leaky_relu_0.1": lambda x, scale, zero_point: quantized.leaky_relu(x, 0.1, False, scale, zero_point),
        }
        chosen = {
            "sigmoid_fixed": self.torch.sigmoid,
            "tanh_fixed": self.torch.tanh,
            "hardsigmoid_fixed": functional.hardsigmoid,
            "gelu": functional.gelu,
            "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
            "relu": self.torch.relu,
            "relu6": quantized.relu6,
        }
        return given, chosen


def unary(table, engines):
    """Every code through every quantized activation."""
    torch = Torch(engines)
    given, chosen = torch.operators()
    for row in table.rows:
        op, dtype, x_scale, x_zp, y_scale, y_zp = row[:6]
        x = torch.quantized(all_codes(torch.np, dtype), float32(x_scale), int(x_zp))
        if op in given:
            y = given[op](x, float32(y_scale), int(y_zp))
        else:
            y = chosen[op](x)
            row[4:6] = float32_bits(y.q_scale()), str(y.q_zero_point())
        row[6] = codes_hex(torch.np, y.int_repr().numpy(), dtype)
    return table


def quantize(table, engines):
    """Floats to codes, floats to the nearest floats that codes stand for, and the gradient of the latter."""
    torch = Torch(engines)
    for row in table.rows:
        form, dtype, scale, zero_point, inputs = row[:5]
        x = torch.torch.from_numpy(floats(torch.np, inputs))
        row[5] = _quantized(torch, form, dtype, x, float32(scale), int(zero_point))
    return table


def _quantized(torch, form, dtype, x, scale, zero_point):
    if form == "quantize_per_tensor":
        codes = torch.torch.quantize_per_tensor(x, scale, zero_point, torch.types[dtype])
        return codes_hex(torch.np, codes.int_repr().numpy(), dtype)
    x.requires_grad_(True)
    y = torch.torch.fake_quantize_per_tensor_affine(x, scale, zero_point, *BOUNDS[dtype])
    if form == "fake_quantize":
        return floats_hex(torch.np, y.detach().numpy())
    y.sum().backward()
    return codes_hex(torch.np, x.grad.numpy(), "uint8")


def observers(document, engines):
    """Scales and zero points that the observers choose on the digits' activations, in one and in four batches."""
    torch = Torch(engines)
    document["torch"] = torch.torch.__version__
    arrays = batches.digits(torch.np)
    for row in document["rows"]:
        per_channel = row["observer"].startswith("PerChannel")
        kind = "PerChannelMinMax" if per_channel else row["observer"]
        scheme = ("per_channel_" if per_channel else "per_tensor_") + row["scheme"]
        options = {"ch_axis": 1} if per_channel else {}
        options |= {"dtype": torch.types[row["dtype"]], "qscheme": getattr(torch.torch, scheme)}
        parts = torch.np.array_split(arrays[row["array"]], row["batches"])
        scales, zero_points = _parameters(torch, _observed(torch, torch.observer(kind, **options), parts))
        row["scale_bits"] = scales if per_channel else scales[0]
        row["zero_point"] = zero_points if per_channel else zero_points[0]
    return document


def _observed(torch, observer, parts):
    for part in parts:
        observer(torch.torch.from_numpy(part))
    return observer


def _parameters(torch, observer):
    """Bits of the scales, and the zero points, one of each for every channel."""
    scales, zero_points = observer.calculate_qparams()
    return [float32_bits(scale) for scale in scales.tolist()], [int(zero) for zero in zero_points.tolist()]


CHANNELS_OF = ("b1_act", "gate_sig")
ENDS_OF = ("b1_act", "gate_sig", "act")


def observed_ends(table, engines):
    """Ends of every batch of four, or of every channel, beside what the observers choose; affine schemes."""
    torch = Torch(engines)
    arrays = batches.digits(torch.np)
    table.rows = [
        _ends_row(torch, kind, dtype, arrays[name])
        for name in ENDS_OF
        for dtype in torch.types
        for kind in ("MinMax", "MovingAverageMinMax", "PerChannelMinMax")
        if kind != "PerChannelMinMax" or name in CHANNELS_OF
    ]
    return table


def _ends_row(torch, kind, dtype, values):
    parts = torch.np.array_split(values, 4)
    per_channel = kind == "PerChannelMinMax"
    options = {"ch_axis": 1, "qscheme": torch.torch.per_channel_affine} if per_channel else {}
    observer = _observed(torch, torch.observer(kind, dtype=torch.types[dtype], **options), parts)
    slices = list(torch.np.moveaxis(values, 1, 0)) if per_channel else parts
    scales, zero_points = _parameters(torch, observer)
    lower, upper = ([float32_bits(end(part)) for part in slices] for end in (torch.np.min, torch.np.max))
    return [kind, dtype, *(" ".join(map(str, column)) for column in (lower, upper, scales, zero_points))]


def histograms(table, engines):
    """Histograms of several batches and what is chosen on them: the rows `torch` and `nvidia`."""
    torch = Torch(engines)
    answers = {"torch": _torch_histogram, "nvidia": _nvidia_histogram}
    for row in table.rows:
        if row[0] in answers:
            parts = list(batches.of_row(torch.np, row))
            batches.answer(torch.np, row, *answers[row[0]](torch, engines, parts))
    return table


def _torch_histogram(torch, engines, parts):
    """PyTorch's own observer: its counts, and the answer to each question."""
    observer = _observed(torch, torch.observer("Histogram", dtype=torch.torch.quint8), parts)
    error = float32_bits(float(observer._compute_quantization_error(10, 2000)))
    (scale,), (zero_point,) = _parameters(torch, observer)
    answers = {
        "range": _ends(observer.min_val, observer.max_val),
        "search": _ends(*observer._non_linear_param_search()),
        "error": (error, error),
        "uint8": (scale, str(zero_point)),
    }
    return observer.histogram.numpy().astype("<f4"), answers.get


def _ends(low, high):
    return float32_bits(float(low)), float32_bits(float(high))


def _nvidia_histogram(torch, engines, parts):
    """NVIDIA's calibrator: its counts, and the answer to each question."""
    histogram = nvidia.Histogram(torch.np, torch.torch, engines.load("scipy"))
    for part in parts:
        histogram.collect(part)
    return histogram.counts().astype("<i8"), lambda asked: _ends(*histogram.range(asked))


FILES = [
    GoldenFile("quant-ops/src/test/resources/golden/torch_unary.csv.gz", unary, TableForm(), GnuGzip()),
    GoldenFile("quant-ops/src/test/resources/golden/torch_gelu.csv.gz", unary, TableForm(), GnuGzip()),
    GoldenFile("quant-core/src/test/resources/golden/torch_quantize.csv.gz", quantize, TableForm(), GnuGzip()),
    GoldenFile(batches.FOLDER + "torch_observers.json", observers, JsonForm()),
    GoldenFile("observers/src/test/resources/dev/octant/observers/torch_observers.csv", observed_ends, TableForm()),
    GoldenFile(batches.FOLDER + "engine_histograms.csv", histograms, TableForm()),
]

if __name__ == "__main__":
    run(__doc__, FILES)
