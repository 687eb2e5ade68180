# SPDX-License-Identifier: Apache-2.0
"""TensorFlow Lite: reference kernels, optimised kernels, and XNNPACK as its delegate."""

import warnings

from bits import all_codes, codes_hex, float32, floats
from command import run
from files import GnuGzip, GoldenFile, TableForm

ALPHA = 0.1
PRELU_SCALE, PRELU_CODE = 0.01, 10

# Versions of the operators whose first version has no 8-bit form.
VERSIONS = {"RSQRT": 3} | dict.fromkeys(
    ["QUANTIZE", "LOGISTIC", "TANH", "LEAKY_RELU", "GELU", "EXP", "RELU", "RELU6", "LOG"], 2
)
# The record of options that an operator carries, and its fields.
OPTIONS = {
    "LEAKY_RELU": ("LeakyReluOptions", {"alpha": ALPHA}),
    "GELU": ("GeluOptions", {"approximate": False}),
    "GELU_TANH": ("GeluOptions", {"approximate": True}),
    "HARD_SWISH": ("HardSwishOptions", {}),
    "QUANTIZE": ("QuantizeOptions", {}),
    "EXP": ("ExpOptions", {}),
}


class Interpreter:
    """Runs models of one operator by one thread, with the kernels that a name chooses."""

    def __init__(self, engines):
        self.np = engines.load("numpy")
        self._tensorflow = engines.load("tensorflow")
        warnings.filterwarnings("ignore", message=".*tf.lite.Interpreter is deprecated")
        import flatbuffers
        from tensorflow.lite.python import schema_py_generated

        self._flatbuffers, self._schema = flatbuffers, schema_py_generated
        kernels = self._tensorflow.lite.experimental.OpResolverType
        self._kernels = {
            "ref": kernels.BUILTIN_REF,
            "opt": kernels.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            "xnn": kernels.AUTO,
        }

    def result(self, op, kernel, x, y, constants=()):
        """The codes that the operator makes of the values of `x`; `constants` are further operands."""
        interpreter = self._tensorflow.lite.Interpreter(
            model_content=self._model(op, [x, *constants], y),
            num_threads=1,
            experimental_op_resolver_type=self._kernels[kernel],
        )
        interpreter.allocate_tensors()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x.values)
        interpreter.invoke()
        if kernel == "xnn" and not any(d["op_name"] == "DELEGATE" for d in interpreter._get_ops_details()):
            raise RuntimeError(f"XNNPACK no longer takes {op}: the optimised kernel would answer in its name")
        return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])

    def _model(self, op, operands, y):
        """A flatbuffer: tensors 0.. are the operands, the first of them is the input, the last tensor is the output."""
        schema = self._schema
        tensors = [*operands, y]
        graph = schema.SubGraphT()
        graph.tensors = [self._tensor(i, tensor, operands[0].values.shape) for i, tensor in enumerate(tensors)]
        graph.inputs, graph.outputs = [0], [len(operands)]
        graph.operators = [self._operator(op, len(operands))]
        model = schema.ModelT()
        model.version = 3
        model.operatorCodes = [self._operator_code(op)]
        model.subgraphs = [graph]
        model.buffers = [schema.BufferT(), *(self._buffer(t, constant=t in operands[1:]) for t in tensors)]
        builder = self._flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _tensor(self, number, operand, shape):
        tensor = self._schema.TensorT()
        tensor.name, tensor.buffer, tensor.shape = f"t{number}", number + 1, list(shape)
        tensor.type = getattr(self._schema.TensorType, operand.dtype.upper())
        if operand.scale is not None:
            tensor.quantization = self._schema.QuantizationParametersT()
            tensor.quantization.scale, tensor.quantization.zeroPoint = [operand.scale], [operand.zero_point]
        return tensor

    def _buffer(self, operand, constant):
        buffer = self._schema.BufferT()
        if constant:
            buffer.data = self.np.frombuffer(operand.values.tobytes(), self.np.uint8)
        return buffer

    def _operator_code(self, op):
        code = self._schema.OperatorCodeT()
        name = op.removesuffix("_TANH")
        code.builtinCode = getattr(self._schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = VERSIONS.get(name, 1)
        return code

    def _operator(self, op, operands):
        operator = self._schema.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = 0, list(range(operands)), [operands]
        if op in OPTIONS:
            name, fields = OPTIONS[op]
            operator.builtinOptionsType = getattr(self._schema.BuiltinOptions, name)
            operator.builtinOptions = getattr(self._schema, name + "T")()
            for field, value in fields.items():
                setattr(operator.builtinOptions, field, value)
        return operator


class Operand:
    """A tensor of a model: type, parameters if it is quantized, and values if they are known."""

    def __init__(self, dtype, scale=None, zero_point=None, values=None):
        self.dtype, self.scale, self.zero_point, self.values = dtype, scale, zero_point, values


def unary(table, engines):
    """Every code through every activation of each set of kernels."""
    interpreter = Interpreter(engines)
    np = interpreter.np
    for row in table.rows:
        kernel, op, dtype, x_scale, x_zp, y_scale, y_zp = row[:7]
        values = all_codes(np, dtype)
        if op == "RSQRT":  # stops at negative values, so these are replaced by zero
            values = np.maximum(values, np.array(int(x_zp), dtype))
        x = Operand(dtype, float32(x_scale), int(x_zp), values)
        slopes = [_slopes(np, dtype)] if op == "PRELU" else []
        y = Operand(dtype, float32(y_scale), int(y_zp))
        row[7] = codes_hex(np, interpreter.result(op, kernel, x, y, slopes), dtype)
    return table


def _slopes(np, dtype):
    """One slope for every code, all alike."""
    return Operand(dtype, float(np.float32(PRELU_SCALE)), 0, np.full(256, PRELU_CODE, dtype))


def quantize(table, engines):
    """Floats through QUANTIZE: the rows `tflite_...`; the others are ONNX Runtime's and stay."""
    interpreter = Interpreter(engines)
    for row in table.rows:
        engine, dtype, scale, zero_point, inputs = row[:5]
        if engine.startswith("tflite_"):
            x = Operand("float32", values=floats(interpreter.np, inputs))
            y = Operand(dtype, float32(scale), int(zero_point))
            result = interpreter.result("QUANTIZE", engine.removeprefix("tflite_"), x, y)
            row[5] = codes_hex(interpreter.np, result, dtype)
    return table


FILES = [
    GoldenFile("quant-ops/src/test/resources/golden/tflite_unary.csv.gz", unary, TableForm(), GnuGzip()),
    GoldenFile("quant-core/src/test/resources/golden/quantize.csv.gz", quantize, TableForm(), GnuGzip()),
]

if __name__ == "__main__":
    run(__doc__, FILES)
