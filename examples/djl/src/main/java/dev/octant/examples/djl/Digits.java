// SPDX-License-Identifier: Apache-2.0
package dev.octant.examples.djl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Images of 8 x 8 pixels, 0..1 in sixteenths, and which digit each shows. */
final class Digits {
    static final int PIXELS = 64;
    static final int CLASSES = 10;
    private static final String FILE = "/golden/digits.csv.gz";

    private final float[][] images;
    private final int[] labels;

    private Digits(float[][] images, int[] labels) {
        this.images = images;
        this.labels = labels;
    }

    /** All of them, in the order of the file. */
    static Digits read() {
        try (InputStream packed = Objects.requireNonNull(Digits.class.getResourceAsStream(FILE), FILE);
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.US_ASCII))) {
            List<String> lines = reader.lines().skip(1).toList();
            float[][] images = new float[lines.size()][PIXELS];
            int[] labels = new int[lines.size()];
            for (int i = 0; i < labels.length; i++) {
                String[] fields = lines.get(i).split(";", -1);
                labels[i] = Integer.parseInt(fields[0]);
                String[] pixels = fields[1].split(",", -1);
                for (int p = 0; p < PIXELS; p++) {
                    images[i][p] = Integer.parseInt(pixels[p]) / 16f;
                }
            }
            return new Digits(images, labels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int count() {
        return labels.length;
    }

    int label(int image) {
        return labels[image];
    }

    float[] images(int[] which) {
        float[] pixels = new float[which.length * PIXELS];
        for (int i = 0; i < which.length; i++) {
            System.arraycopy(images[which[i]], 0, pixels, i * PIXELS, PIXELS);
        }
        return pixels;
    }

    float[] labels(int[] which) {
        float[] values = new float[which.length];
        for (int i = 0; i < which.length; i++) {
            values[i] = labels[which[i]];
        }
        return values;
    }
}
