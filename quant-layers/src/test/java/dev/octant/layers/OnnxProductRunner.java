// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.layers.OnnxProduct.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Computes a product with the layers and compares, or says why they do not compute it.
 *
 * <p>The layers' weights are int8 with the zero point 0. ONNX's, less their zero point, lie within -255..255: where
 * they do not fit int8 they are written as a sum of two or three that do, and the layer is given its input as often.
 * The sums are the same whole numbers.
 */
final class OnnxProductRunner {
    private OnnxProductRunner() {}

    /** Empty if the case was computed and its output is the standard's, else the reason why it is not computed. */
    static String run(OnnxProduct node) {
        return switch (node.op()) {
            case "QLinearMatMul", "MatMulInteger" -> product(node);
            default -> convolution(node);
        };
    }

    /** Weights less their zero points, as sums of int8. */
    private static final class Parts {
        private final int rows;
        private final int[] centred;
        private final int count;

        private Parts(int rows, int[] centred) {
            this.rows = rows;
            this.centred = centred;
            int low = Arrays.stream(centred).min().orElseThrow();
            int high = Arrays.stream(centred).max().orElseThrow();
            count = IntStream.rangeClosed(1, 3)
                    .filter(n -> n * Byte.MIN_VALUE <= low && high <= n * Byte.MAX_VALUE)
                    .findFirst()
                    .orElseThrow();
        }

        /** The rows of all parts, one part behind the other in each row. */
        private byte[] codes() {
            int inputs = centred.length / rows;
            byte[] codes = new byte[count * centred.length];
            for (int i = 0; i < centred.length; i++) {
                int rest = centred[i];
                for (int part = 0; part < count; part++) {
                    int code = Math.min(Math.max(rest, Byte.MIN_VALUE), Byte.MAX_VALUE);
                    codes[(i / inputs * count + part) * inputs + i % inputs] = (byte) code;
                    rest -= code;
                }
            }
            return codes;
        }

        /** Every {@code length} codes as often as there are parts. */
        private byte[] repeated(byte[] x, int length) {
            byte[] all = new byte[x.length * count];
            for (int i = 0; i < x.length; i++) {
                for (int part = 0; part < count; part++) {
                    all[(i / length * count + part) * length + i % length] = x[i];
                }
            }
            return all;
        }
    }

    private static int[] zeroPoints(OnnxProduct node, int input) {
        return node.inputs().size() > input ? node.inputs().get(input).wholes() : new int[1];
    }

    // ---- matrices

    private static String product(OnnxProduct node) {
        boolean codes = node.op().equals("QLinearMatMul");
        Tensor x = node.inputs().get(0);
        Tensor w = node.inputs().get(codes ? 3 : 1);
        int[] xZero = zeroPoints(node, 2);
        int[] wZero = zeroPoints(node, codes ? 5 : 3);
        int inputs = x.size(-1);
        int outputs = w.size(-1);
        if (xZero.length != 1) {
            return "a zero point for each row: a layer's input has one";
        }
        if (wZero.length != 1 && (wZero.length != outputs || w.dimensions() != 2)) {
            return "weights with other parameters in each matrix of a batch";
        }
        // Where the weights are one matrix, all batches are rows of one product; else each batch is one.
        int batches = w.length() / (inputs * outputs);
        int rows = x.length() / inputs / batches;
        if (batches > 1 && (x.dimensions() != w.dimensions() || rows != x.size(-2))) {
            return "matrices of a batch that are broadcast";
        }
        int[] weights = w.wholes();
        byte[] xCodes = x.raw();
        byte[] y = new byte[batches * rows * outputs];
        int[] sums = new int[y.length];
        for (int b = 0; b < batches; b++) {
            int[] centred = new int[inputs * outputs];
            for (int i = 0; i < centred.length; i++) {
                int output = i / inputs;
                centred[i] =
                        weights[(b * inputs + i % inputs) * outputs + output] - wZero[wZero.length == 1 ? 0 : output];
            }
            Parts parts = new Parts(outputs, centred);
            byte[] batch = Arrays.copyOfRange(xCodes, b * rows * inputs, (b + 1) * rows * inputs);
            byte[] repeated = parts.repeated(batch, inputs);
            QuantType type = QuantType.parse(x.dtype());
            if (codes) {
                QuantParams input = QuantParams.of(type, node.inputs().get(1).floats()[0], xZero[0]);
                QuantizedWeights held = QuantizedWeights.of(
                        parts.codes(), outputs, node.inputs().get(4).floats());
                SumsToCodes end = SumsToCodes.engine(input, held, output(node), Profile.ONNX);
                QuantizedLinear.of(input, held, end, MatrixProduct.java())
                        .apply(repeated, 0, rows, y, b * rows * outputs);
            } else {
                MatrixProduct.java()
                        .prepare(parts.codes(), outputs, inputs * parts.count)
                        .multiply(repeated, 0, rows, type, xZero[0], sums, b * rows * outputs);
            }
        }
        if (codes) {
            assertArrayEquals(node.output().raw(), y, node.test());
        } else {
            assertArrayEquals(node.output().wholes(), sums, node.test());
        }
        return "";
    }

    /** The grid that a QLinear operator ends in. */
    private static QuantParams output(OnnxProduct node) {
        Tensor zeroPoint = node.inputs().get(7);
        return QuantParams.of(
                QuantType.parse(zeroPoint.dtype()),
                node.inputs().get(6).floats()[0],
                zeroPoint.wholes()[0]);
    }

    // ---- convolutions

    private static String convolution(OnnxProduct node) {
        boolean codes = node.op().equals("QLinearConv");
        Tensor x = node.inputs().get(0);
        Tensor w = node.inputs().get(codes ? 3 : 1);
        int[] pads = node.attribute("pads", 4, 0);
        if (x.dimensions() != 4) {
            return "a convolution over other than two dimensions";
        }
        if (!node.word("auto_pad", "NOTSET").equals("NOTSET") || pads[0] != pads[2] || pads[1] != pads[3]) {
            return "padding that differs at opposite sides";
        }
        if (!codes && Arrays.stream(node.output().wholes()).anyMatch(sum -> sum < 0 || sum > 255)) {
            return "sums beyond 8 bits: a convolution of the layers ends in codes";
        }
        int outputs = w.size(0);
        int perRow = w.length() / outputs;
        int[] wZero = zeroPoints(node, codes ? 5 : 3);
        int[] centred = w.wholes();
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= wZero[wZero.length == 1 ? 0 : i / perRow];
        }
        Parts parts = new Parts(outputs, centred);
        int groups = node.attribute("group", 1);
        int[] strides = node.attribute("strides", 2, 1);
        int[] dilations = node.attribute("dilations", 2, 1);
        Conv2dShape shape = new Conv2dShape(
                x.size(1) * parts.count,
                x.size(2),
                x.size(3),
                outputs,
                w.size(2),
                w.size(3),
                strides[0],
                strides[1],
                pads[0],
                pads[1],
                dilations[0],
                dilations[1],
                groups);
        // On a grid of whole numbers codes are the sums themselves.
        float one = 1;
        QuantParams input = QuantParams.of(
                QuantType.parse(x.dtype()), codes ? node.inputs().get(1).floats()[0] : one, zeroPoints(node, 2)[0]);
        float[] scales = codes ? node.inputs().get(4).floats() : new float[] {one};
        QuantizedWeights held = QuantizedWeights.of(parts.codes(), outputs, scales);
        QuantParams output = codes ? output(node) : QuantParams.of(QuantType.UINT8, one, 0);
        int[] bias = node.inputs().size() > 8 ? node.inputs().get(8).wholes() : new int[outputs];
        QuantizedConv2d layer = QuantizedConv2d.of(
                shape, input, held, bias, SumsToCodes.engine(input, held, output, Profile.ONNX), MatrixProduct.java());
        byte[] y = new byte[x.size(0) * shape.outputLength()];
        byte[] repeated = parts.repeated(x.raw(), x.size(1) / groups * x.size(2) * x.size(3));
        layer.apply(repeated, 0, x.size(0), y, 0);
        if (codes) {
            assertArrayEquals(node.output().raw(), y, node.test());
        } else {
            int[] sums = new int[y.length];
            for (int i = 0; i < y.length; i++) {
                sums[i] = Byte.toUnsignedInt(y[i]);
            }
            assertArrayEquals(node.output().wholes(), sums, node.test());
        }
        return "";
    }
}
