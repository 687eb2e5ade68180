// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** Products of odd shapes, on which one found is compared with Octant's own. */
final class TrialProduct {
    /** Rows, inputs and outputs. Most are large: small products may be handed to Octant's own. */
    private static final int[][] SHAPES = {
        {1, 1, 1},
        {3, 5, 7},
        {7, 33, 65},
        {13, 130, 40},
        {2, 3000, 35},
        {1, 257, 129},
        {31, 67, 33},
        {5, 1025, 17},
        {64, 64, 9},
        {3, 129, 255}
    };

    private TrialProduct() {}

    /** One that is used, and why. */
    record Choice(MatrixProduct product, String reason) {}

    /** The first service whose sums are Octant's, or Octant's own. */
    static Choice fastest() {
        return fastest(ServiceLoader.load(MatrixProduct.class, MatrixProduct.class.getClassLoader()).stream()
                .toList());
    }

    /** The first of some whose sums are Octant's, or Octant's own. */
    static Choice fastest(List<? extends Supplier<MatrixProduct>> services) {
        StringBuilder reasons = new StringBuilder();
        for (Supplier<MatrixProduct> service : services) {
            String name = "a product";
            String reason;
            try {
                MatrixProduct found = service.get();
                name = found.name();
                if (agrees(found)) {
                    return new Choice(found, reasons + name + " is used: it gives the sums of java");
                }
                reason = "its sums are not those of java";
            } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
                // A native library that does not run here must not cost more than speed.
                reason = e.toString();
            }
            reasons.append(name).append(" is not used: ").append(reason).append("; ");
        }
        String found = services.isEmpty() ? "no other product is found" : "no other product is left";
        return new Choice(MatrixProduct.java(), reasons + "java is used: " + found);
    }

    /** Whether it gives the same sums for codes of every type, its ends among them. */
    static boolean agrees(MatrixProduct other) {
        Random random = new Random(1);
        for (int[] shape : SHAPES) {
            for (QuantType type : QuantType.values()) {
                if (!agrees(other, shape[0], shape[1], shape[2], type, random)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean agrees(
            MatrixProduct other, int rows, int inputs, int outputs, QuantType type, Random random) {
        byte[] x = new byte[rows * inputs];
        byte[] weights = new byte[outputs * inputs];
        random.nextBytes(x);
        random.nextBytes(weights);
        Arrays.fill(x, 0, Math.min(inputs, x.length), type.raw(type.firstStored()));
        Arrays.fill(weights, 0, inputs, (byte) -128);
        int zeroPoint = type.low() + random.nextInt(type.levels());
        int[] expected = new int[rows * outputs];
        int[] actual = new int[rows * outputs];
        MatrixProduct.java().prepare(weights, outputs, inputs).multiply(x, 0, rows, type, zeroPoint, expected, 0);
        other.prepare(weights, outputs, inputs).multiply(x, 0, rows, type, zeroPoint, actual, 0);
        return Arrays.equals(expected, actual);
    }
}
