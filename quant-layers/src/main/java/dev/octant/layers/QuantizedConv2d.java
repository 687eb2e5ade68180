// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.Lengths;
import dev.octant.layers.internal.Spare;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * A convolution of codes: codes in, codes out, and the parameters of both. What is padded is the zero point, real 0.
 *
 * <p>The formula is that of {@link QuantizedLinear} at every output position, over the codes that the kernel covers
 * there; {@link Conv2dShape} has the shapes: images in channels, rows, columns (NCHW). Errors, aliasing and thread
 * safety are those of the linear layer. Each group is a matrix product of its own: where a group has few output
 * channels, as in a depthwise convolution, most of a tile's columns are idle.
 */
public final class QuantizedConv2d {
    private final Conv2dShape shape;
    private final QuantParams input;
    private final int[] bias;
    private final SumsToCodes end;
    private final MatrixProduct.Prepared[] groups;

    /** Output positions that are computed at a time. */
    private final int positions;

    private final Spare<Scratch> spare;

    private QuantizedConv2d(
            Conv2dShape shape, QuantParams input, int[] bias, SumsToCodes end, MatrixProduct.Prepared[] groups) {
        this.shape = shape;
        this.input = input;
        this.bias = bias;
        this.end = end;
        this.groups = groups;
        positions = QuantizedLinear.rowsAtATime(shape.groupOutputs());
        spare = new Spare<>(() -> new Scratch(shape, positions));
    }

    /** What one call works with. */
    private static final class Scratch {
        private final byte[] covered;
        private final int[] sums;
        private final byte[] codes;

        private Scratch(Conv2dShape shape, int positions) {
            covered = new byte[positions * shape.inputs()];
            sums = new int[positions * shape.groupOutputs()];
            codes = new byte[sums.length];
        }
    }

    /** A layer without int32 bias: a float one is part of {@code end}. */
    public static QuantizedConv2d of(
            Conv2dShape shape, QuantParams input, QuantizedWeights weights, SumsToCodes end, MatrixProduct product) {
        Given.require("weights", weights);
        return of(shape, input, weights, new int[weights.rows()], end, product);
    }

    /**
     * A layer.
     *
     * @param bias in units of a sum, {@code inputScale weightScale}
     * @throws IllegalArgumentException if weights, bias or end do not fit the shape or each other, or a sum could leave
     *     an int
     */
    public static QuantizedConv2d of(
            Conv2dShape shape,
            QuantParams input,
            QuantizedWeights weights,
            int[] bias,
            SumsToCodes end,
            MatrixProduct product) {
        Given.require("shape", shape);
        Given.require("input", input);
        Given.require("weights", weights);
        Given.require("bias", bias);
        Given.require("end", end);
        Given.require("product", product);
        Validate.isTrue(
                weights.rows() == shape.outputChannels() && weights.inputs() == shape.inputs(),
                "weights must be %s rows of %s, were %s of %s",
                shape.outputChannels(),
                shape.inputs(),
                weights.rows(),
                weights.inputs());
        QuantizedLinear.check(input, weights, bias, end);
        MatrixProduct.Prepared[] groups = new MatrixProduct.Prepared[shape.groups()];
        int outputs = shape.groupOutputs();
        for (int g = 0; g < groups.length; g++) {
            groups[g] = product.prepare(weights.codes(g * outputs, outputs), outputs, shape.inputs());
        }
        return new QuantizedConv2d(shape, input, bias.clone(), end, groups);
    }

    /** The shapes. */
    public Conv2dShape shape() {
        return shape;
    }

    /** The grid of the codes that go in. */
    public QuantParams input() {
        return input;
    }

    /** The grid of the codes that come out. */
    public QuantParams output() {
        return end.output();
    }

    /**
     * Computes some images.
     *
     * @throws IllegalArgumentException if {@code images} is not positive or more than an array holds, or source and
     *     destination overlap
     */
    public void apply(byte[] x, int xOffset, int images, byte[] y, int yOffset) {
        Given.require("source", x);
        Given.require("destination", y);
        Validate.isTrue(images > 0, "images must be positive, were %s", images);
        int xLength = Lengths.of("source", images, shape.imageLength());
        int yLength = Lengths.of("destination", images, shape.outputLength());
        Bounds.check("source", x, xOffset, xLength);
        Bounds.check("destination", y, yOffset, yLength);
        QuantizedLinear.requireApart(x, xOffset, xLength, y, yOffset, yLength);
        Scratch scratch = spare.take();
        for (int image = 0; image < images; image++) {
            for (int g = 0; g < groups.length; g++) {
                group(x, xOffset + image * shape.imageLength(), g, y, yOffset + image * shape.outputLength(), scratch);
            }
        }
        spare.giveBack(scratch);
    }

    private void group(byte[] x, int image, int g, byte[] y, int output, Scratch scratch) {
        int outputs = shape.groupOutputs();
        int first = g * outputs;
        int places = shape.outputHeight() * shape.outputWidth();
        for (int at = 0; at < places; at += positions) {
            int n = Math.min(positions, places - at);
            cover(x, image, g, at, n, scratch.covered);
            groups[g].multiply(scratch.covered, 0, n, input.type(), input.zeroPoint(), scratch.sums, 0);
            for (int p = 0; p < n; p++) {
                QuantizedLinear.add(bias, first, scratch.sums, p * outputs, outputs);
                end.apply(scratch.sums, p * outputs, scratch.codes, p * outputs, outputs, first);
            }
            for (int o = 0; o < outputs; o++) {
                int to = output + (first + o) * places + at;
                for (int p = 0; p < n; p++) {
                    y[to + p] = scratch.codes[p * outputs + o];
                }
            }
        }
    }

    /** The codes that the kernel covers at some positions, a row for each, in the order of the weights. */
    private void cover(byte[] x, int image, int g, int from, int count, byte[] covered) {
        int height = shape.height();
        int width = shape.width();
        int kernelWidth = shape.kernelWidth();
        int outputWidth = shape.outputWidth();
        Arrays.fill(covered, 0, count * shape.inputs(), input.type().raw(input.zeroPoint()));
        for (int p = 0; p < count; p++) {
            int top = (from + p) / outputWidth * shape.strideY() - shape.paddingY();
            int left = (from + p) % outputWidth * shape.strideX() - shape.paddingX();
            int to = p * shape.inputs();
            for (int c = 0; c < shape.groupInputs(); c++) {
                int plane = image + (g * shape.groupInputs() + c) * height * width;
                for (int ky = 0; ky < shape.kernelHeight(); ky++, to += kernelWidth) {
                    int row = top + ky * shape.dilationY();
                    if (row < 0 || row >= height) {
                        continue;
                    }
                    for (int kx = 0; kx < kernelWidth; kx++) {
                        int column = left + kx * shape.dilationX();
                        if (column >= 0 && column < width) {
                            covered[to + kx] = x[plane + row * width + column];
                        }
                    }
                }
            }
        }
    }

    /**
     * The layer of a tensor, as a new tensor.
     *
     * @throws IllegalArgumentException if the tensor has other parameters, or is not one or more whole images
     */
    public QuantizedTensor apply(QuantizedTensor x) {
        Given.require("source", x);
        x.requireParams(input);
        Validate.isTrue(
                x.length() > 0 && x.length() % shape.imageLength() == 0,
                "source must be one or more images of %s codes, had %s",
                shape.imageLength(),
                x.length());
        int images = x.length() / shape.imageLength();
        byte[] y = new byte[Lengths.of("destination", images, shape.outputLength())];
        apply(x.codes(), 0, images, y, 0);
        return QuantizedTensor.of(output(), y);
    }

    @Override
    public String toString() {
        return "QuantizedConv2d(" + shape + ", " + input + " -> " + output() + ")";
    }
}
