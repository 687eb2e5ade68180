// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.data;

import dev.octant.onnx.values.ImageSettings.Resize;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/** The values of an image, 0 to 255, channel by channel and row by row. */
final class Pixels {
    private final float[][] channels;
    private final int width;
    private final int height;

    private Pixels(float[][] channels, int width, int height) {
        this.channels = channels;
        this.width = width;
        this.height = height;
    }

    /** Red, green and blue, or their luminance. */
    static Pixels of(BufferedImage image, int channels) {
        int width = image.getWidth();
        int height = image.getHeight();
        float[][] values = new float[channels][width * height];
        // Java takes grey values for linear light and would brighten them.
        boolean isGrey = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        Raster raster = image.getRaster();
        double white = Math.scalb(1.0, image.getColorModel().getComponentSize(0)) - 1;
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            if (isGrey) {
                raster.getSamples(0, y, width, 1, 0, row);
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
            }
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                if (isGrey) {
                    for (float[] channel : values) {
                        channel[i] = (float) (255 * row[x] / white);
                    }
                } else {
                    rgb(values, i, row[x]);
                }
            }
        }
        return new Pixels(values, width, height);
    }

    private static void rgb(float[][] values, int i, int rgb) {
        int red = rgb >> 16 & 0xFF;
        int green = rgb >> 8 & 0xFF;
        int blue = rgb & 0xFF;
        if (values.length == 1) {
            // In integers, as PIL does.
            values[0][i] = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
        } else {
            values[0][i] = red;
            values[1][i] = green;
            values[2][i] = blue;
        }
    }

    /** The value of a pixel, counted row by row. */
    float value(int channel, int pixel) {
        return channels[channel][pixel];
    }

    /** This image at another size. */
    Pixels fitted(Resize resize, int toWidth, int toHeight) {
        double fromWidth = width;
        double fromHeight = height;
        if (resize == Resize.CROP) {
            double scale = Math.min((double) width / toWidth, (double) height / toHeight);
            fromWidth = toWidth * scale;
            fromHeight = toHeight * scale;
        }
        Weights horizontal = Weights.of(width, (width - fromWidth) / 2, fromWidth, toWidth);
        Weights vertical = Weights.of(height, (height - fromHeight) / 2, fromHeight, toHeight);
        if (horizontal.isIdentity() && vertical.isIdentity()) {
            return this;
        }
        float[][] fitted = new float[channels.length][];
        for (int channel = 0; channel < channels.length; channel++) {
            float[] narrowed = new float[toWidth * height];
            for (int y = 0; y < height; y++) {
                horizontal.apply(channels[channel], y * width, 1, narrowed, y * toWidth, 1);
            }
            fitted[channel] = new float[toWidth * toHeight];
            for (int x = 0; x < toWidth; x++) {
                vertical.apply(narrowed, x, toWidth, fitted[channel], x, toWidth);
            }
        }
        return new Pixels(fitted, toWidth, toHeight);
    }

    /**
     * What each value of a line at another length is made of: a triangle around its middle, of the width of one value
     * of the source, or of the target where that is wider; weights add up to 1.
     */
    private static final class Weights {
        private final int from;
        private final int[] firsts;
        private final double[][] weights;

        private Weights(int from, int[] firsts, double[][] weights) {
            this.from = from;
            this.firsts = firsts;
            this.weights = weights;
        }

        static Weights of(int from, double start, double length, int to) {
            double step = length / to;
            double support = Math.max(1, step);
            int[] firsts = new int[to];
            double[][] weights = new double[to][];
            for (int i = 0; i < to; i++) {
                double middle = start + (i + 0.5) * step;
                int first = (int) Math.max(0, Math.floor(middle - support + 0.5));
                int end = (int) Math.min(from, Math.floor(middle + support + 0.5));
                double[] own = new double[Math.max(1, end - first)];
                double sum = 0;
                for (int k = 0; k < own.length; k++) {
                    own[k] = Math.max(0, 1 - Math.abs(first + k + 0.5 - middle) / support);
                    sum += own[k];
                }
                for (int k = 0; k < own.length; k++) {
                    own[k] /= sum;
                }
                firsts[i] = first;
                weights[i] = own;
            }
            return new Weights(from, firsts, weights);
        }

        boolean isIdentity() {
            for (int i = 0; i < weights.length; i++) {
                double[] own = weights[i];
                boolean isOne = i >= firsts[i] && i - firsts[i] < own.length && own[i - firsts[i]] == 1;
                if (!isOne) {
                    return false;
                }
            }
            return weights.length == from;
        }

        void apply(float[] source, int at, int stride, float[] target, int targetAt, int targetStride) {
            for (int i = 0; i < weights.length; i++) {
                double sum = 0;
                for (int k = 0; k < weights[i].length; k++) {
                    sum += weights[i][k] * source[at + (firsts[i] + k) * stride];
                }
                target[targetAt + i * targetStride] = (float) sum;
            }
        }
    }
}
