// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.commons.lang3.Validate;

/**
 * The shapes of a convolution over images in channels, rows, columns (NCHW), and of its weights: output channels, input
 * channels of a group, rows, columns.
 *
 * <pre>
 * output rows = (height + top + bottom - dilation (kernel rows - 1) - 1) / stride + 1       columns likewise
 * </pre>
 *
 * <p>Padding is the same at opposite sides. An image, an output image and the weights must each have fewer elements
 * than 2^31. Immutable and thread safe.
 *
 * @param inputChannels of an image
 * @param height rows of an image
 * @param width columns of an image
 * @param outputChannels rows of the weights
 * @param kernelHeight rows of the kernel
 * @param kernelWidth columns of the kernel
 * @param strideY rows from one output to the next
 * @param strideX columns from one output to the next
 * @param paddingY rows added above and below
 * @param paddingX columns added at either side
 * @param dilationY rows from one row of the kernel to the next
 * @param dilationX columns from one column of the kernel to the next
 * @param groups parts that the channels are divided into, each a convolution of its own
 */
public record Conv2dShape(
        int inputChannels,
        int height,
        int width,
        int outputChannels,
        int kernelHeight,
        int kernelWidth,
        int strideY,
        int strideX,
        int paddingY,
        int paddingX,
        int dilationY,
        int dilationX,
        int groups) {
    public Conv2dShape {
        positive("input channels", inputChannels);
        positive("height", height);
        positive("width", width);
        positive("output channels", outputChannels);
        positive("kernel height", kernelHeight);
        positive("kernel width", kernelWidth);
        positive("vertical stride", strideY);
        positive("horizontal stride", strideX);
        positive("vertical dilation", dilationY);
        positive("horizontal dilation", dilationX);
        positive("groups", groups);
        Validate.isTrue(
                paddingY >= 0 && paddingX >= 0, "padding must not be negative, was %s and %s", paddingY, paddingX);
        Validate.isTrue(
                inputChannels % groups == 0 && outputChannels % groups == 0,
                "groups must divide %s input and %s output channels, were %s",
                inputChannels,
                outputChannels,
                groups);
        Validate.isTrue(
                outputSize(height, kernelHeight, strideY, paddingY, dilationY) > 0
                        && outputSize(width, kernelWidth, strideX, paddingX, dilationX) > 0,
                "kernel must fit into the padded image, was %s x %s with dilation %s x %s in %s x %s with padding"
                        + " %s x %s",
                kernelHeight,
                kernelWidth,
                dilationY,
                dilationX,
                height,
                width,
                paddingY,
                paddingX);
        requireInt("elements of an image", inputChannels, height, width);
        requireInt(
                "elements of an output image",
                outputChannels,
                outputSize(height, kernelHeight, strideY, paddingY, dilationY),
                outputSize(width, kernelWidth, strideX, paddingX, dilationX));
        requireInt("weights", outputChannels, inputChannels / groups, kernelHeight, kernelWidth);
    }

    /** Stride and dilation 1, no padding, one group. */
    public static Conv2dShape of(
            int inputChannels, int height, int width, int outputChannels, int kernelHeight, int kernelWidth) {
        return new Conv2dShape(
                inputChannels, height, width, outputChannels, kernelHeight, kernelWidth, 1, 1, 0, 0, 1, 1, 1);
    }

    /** The same with another stride, in both directions. */
    public Conv2dShape stride(int stride) {
        return with(stride, stride, paddingY, paddingX, dilationY, dilationX, groups);
    }

    /** The same with another padding, at all sides. */
    public Conv2dShape padding(int padding) {
        return with(strideY, strideX, padding, padding, dilationY, dilationX, groups);
    }

    /** The same with another dilation, in both directions. */
    public Conv2dShape dilation(int dilation) {
        return with(strideY, strideX, paddingY, paddingX, dilation, dilation, groups);
    }

    /** The same in groups; as many as channels is a depthwise convolution. */
    public Conv2dShape groups(int count) {
        return with(strideY, strideX, paddingY, paddingX, dilationY, dilationX, count);
    }

    private Conv2dShape with(int sy, int sx, int py, int px, int dy, int dx, int count) {
        return new Conv2dShape(
                inputChannels, height, width, outputChannels, kernelHeight, kernelWidth, sy, sx, py, px, dy, dx, count);
    }

    private static void positive(String what, int value) {
        Validate.isTrue(value > 0, "%s must be positive, was %s", what, value);
    }

    private static void requireInt(String what, long... sizes) {
        double product = 1;
        for (long size : sizes) {
            product *= size;
        }
        if (product > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + " must fit an int, were "
                    + Arrays.stream(sizes).mapToObj(String::valueOf).collect(Collectors.joining(" x ")));
        }
    }

    private static long outputSize(int size, int kernel, int stride, int padding, int dilation) {
        long covered = (long) dilation * (kernel - 1) + 1;
        long room = size + 2L * padding - covered;
        return room < 0 ? 0 : room / stride + 1;
    }

    /** Rows of an output image. */
    public int outputHeight() {
        return (int) outputSize(height, kernelHeight, strideY, paddingY, dilationY);
    }

    /** Columns of an output image. */
    public int outputWidth() {
        return (int) outputSize(width, kernelWidth, strideX, paddingX, dilationX);
    }

    /** Elements of an image. */
    public int imageLength() {
        return inputChannels * height * width;
    }

    /** Elements of an output image. */
    public int outputLength() {
        return outputChannels * outputHeight() * outputWidth();
    }

    /** Input channels that an output channel sees. */
    public int groupInputs() {
        return inputChannels / groups;
    }

    /** Output channels of a group. */
    public int groupOutputs() {
        return outputChannels / groups;
    }

    /** Products of an output: weights of a row. */
    public int inputs() {
        return groupInputs() * kernelHeight * kernelWidth;
    }

    /**
     * Where in an image the value lies that the weight {@code k} of a row is multiplied with at an output position; -1
     * in the padding.
     */
    int place(int group, int position, int k) {
        int kx = k % kernelWidth;
        int ky = k / kernelWidth % kernelHeight;
        int channel = group * groupInputs() + k / (kernelWidth * kernelHeight);
        int y = position / outputWidth() * strideY - paddingY + ky * dilationY;
        int x = position % outputWidth() * strideX - paddingX + kx * dilationX;
        return y < 0 || y >= height || x < 0 || x >= width ? -1 : (channel * height + y) * width + x;
    }
}
