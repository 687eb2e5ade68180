// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/**
 * The gradients of fake quantization with a step that learns.
 *
 * <pre>
 *                            dx    added to the sum of steps      added to the sum of zero points
 * rint(steps) below low      0     dy low                         dy
 * within                     dy    dy ((whole scale - x) inverse) 0
 * rint(steps) above high     0     dy high                        dy
 * x is NaN                   0     nothing                        nothing
 * </pre>
 *
 * <p>The bracket is one fused operation and one product in float; its product with {@code dy} is exact in double. The
 * element that is number {@code first + i} of its block is added to lane {@code (first + i) mod 16} of both sums, one
 * after the other, so the sums do not depend on how wide a vector is. Bounds are the caller's to check. Internal.
 */
public interface StepKernel {
    /** How many partial sums there are of each kind, neighbours in {@code sums}. */
    int LANES = 16;

    /**
     * Writes {@code length} gradients and adds to the lanes.
     *
     * @param stepLane where the lanes of the sum of steps begin in {@code sums}
     * @param zeroLane where those of the sum of zero points begin
     * @return how many values are NaN
     */
    int run(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            FakeGrid grid,
            double[] sums,
            int stepLane,
            int zeroLane,
            int first);
}
