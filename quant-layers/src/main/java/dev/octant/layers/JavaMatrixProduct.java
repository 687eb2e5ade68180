// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantType;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.product.TileKernel;
import dev.octant.layers.internal.Lengths;
import dev.octant.layers.internal.Spare;
import java.util.Arrays;

/**
 * Products by tiles of 6 rows and 32 outputs. Weights lie in panels of 32 outputs, so that a panel stays in the
 * first-level cache while the rows of a block pass by it. Codes are shifted to -128..127 and the difference to the zero
 * point is made up for by the weights' own sums.
 */
final class JavaMatrixProduct implements MatrixProduct {
    static final JavaMatrixProduct INSTANCE = new JavaMatrixProduct();

    private static final int ROWS = TileKernel.ROWS;
    private static final int COLUMNS = TileKernel.COLUMNS;

    /** Rows whose floats are kept at a time. */
    private static final int BLOCK = 8 * ROWS;

    private JavaMatrixProduct() {}

    @Override
    public String name() {
        return "java";
    }

    @Override
    public Prepared prepare(byte[] weights, int outputs, int inputs) {
        MatrixProduct.requireWeights(weights, outputs, inputs);
        return new Panels(weights, outputs, inputs);
    }

    /** What one call works with. */
    private static final class Scratch {
        private final float[] rows;
        private final int[] tile = new int[ROWS * COLUMNS];
        private final float[] room = new float[ROWS * COLUMNS];

        private Scratch(int inputs) {
            rows = new float[BLOCK * inputs];
        }
    }

    private static final class Panels implements Prepared {
        private final int outputs;
        private final int inputs;

        /** By panel, then by input, then by output of the panel. */
        private final byte[] panels;

        private final int[] weightSums;
        private final Spare<Scratch> spare;

        private Panels(byte[] weights, int outputs, int inputs) {
            this.outputs = outputs;
            this.inputs = inputs;
            int count = (outputs + COLUMNS - 1) / COLUMNS;
            panels = new byte[Lengths.of("weights in panels of 32 outputs", count, inputs * COLUMNS)];
            weightSums = new int[outputs];
            for (int o = 0; o < outputs; o++) {
                int panel = o / COLUMNS * inputs * COLUMNS + o % COLUMNS;
                for (int k = 0; k < inputs; k++) {
                    byte weight = weights[o * inputs + k];
                    panels[panel + k * COLUMNS] = weight;
                    weightSums[o] += weight;
                }
            }
            spare = new Spare<>(() -> new Scratch(inputs));
        }

        @Override
        public int inputs() {
            return inputs;
        }

        @Override
        public int outputs() {
            return outputs;
        }

        @Override
        public void multiply(
                byte[] x, int xOffset, int rows, QuantType type, int zeroPoint, int[] sums, int sumsOffset) {
            requireBlocks(x, xOffset, rows, type, zeroPoint, sums, sumsOffset);
            int middle = type.isSigned() ? 0 : 128;
            TileKernel kernel = Kernels.TILE.current();
            Scratch scratch = spare.take();
            for (int row = 0; row < rows; row += BLOCK) {
                int n = Math.min(BLOCK, rows - row);
                spread(x, xOffset + row * inputs, n, middle, scratch.rows);
                for (int first = 0; first < outputs; first += COLUMNS) {
                    panel(kernel, scratch, n, first, middle - zeroPoint, sums, sumsOffset + row * outputs);
                }
            }
            spare.giveBack(scratch);
        }

        /** The codes of some rows as floats, six rows beside each other; what is missing of the last six is 0. */
        private void spread(byte[] x, int xOffset, int rows, int middle, float[] spread) {
            for (int tile = 0; tile < rows; tile += ROWS) {
                int to = tile * inputs;
                for (int r = 0; r < ROWS; r++) {
                    int from = xOffset + (tile + r) * inputs;
                    if (tile + r >= rows) {
                        for (int k = 0; k < inputs; k++) {
                            spread[to + ROWS * k + r] = 0;
                        }
                    } else if (middle == 0) {
                        for (int k = 0; k < inputs; k++) {
                            spread[to + ROWS * k + r] = x[from + k];
                        }
                    } else {
                        for (int k = 0; k < inputs; k++) {
                            spread[to + ROWS * k + r] = (x[from + k] & 0xFF) - 128;
                        }
                    }
                }
            }
        }

        private void panel(
                TileKernel kernel, Scratch scratch, int rows, int first, int shift, int[] sums, int sumsOffset) {
            int panel = first * inputs;
            int columns = Math.min(COLUMNS, outputs - first);
            int[] tile = scratch.tile;
            for (int row = 0; row < rows; row += ROWS) {
                Arrays.fill(tile, 0);
                for (int k = 0; k < inputs; k += TileKernel.DEPTH) {
                    int depth = Math.min(TileKernel.DEPTH, inputs - k);
                    int from = row * inputs + k * ROWS;
                    kernel.run(scratch.rows, from, panels, panel + k * COLUMNS, depth, scratch.room, tile);
                }
                for (int r = 0; r < Math.min(ROWS, rows - row); r++) {
                    int to = sumsOffset + (row + r) * outputs + first;
                    for (int c = 0; c < columns; c++) {
                        sums[to + c] = tile[COLUMNS * r + c] + shift * weightSums[first + c];
                    }
                }
            }
        }
    }
}
