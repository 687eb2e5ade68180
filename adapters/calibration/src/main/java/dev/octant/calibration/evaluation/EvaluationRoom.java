// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.SharedObservers;
import dev.octant.calibration.run.TensorSummary;

/** What the evaluators of one thread work in, one tensor at a time. Not thread safe. */
public final class EvaluationRoom {
    /** Values whose outputs are worked out at a time. */
    static final int OUTPUTS = 2048;

    /** The most memory of the arrays in bytes, and of what a tensor's summary is merged from. */
    public static final long BYTES =
            2 * (SharedObservers.BYTES + TensorSummary.BYTES) + Float.BYTES * OUTPUTS + MeasuredBlock.BYTES;

    final SharedObservers inputObservers = new SharedObservers();
    final SharedObservers outputObservers = new SharedObservers();
    final float[] outputs = new float[OUTPUTS];
    final MeasuredBlock measured = new MeasuredBlock();

    /** An empty room. */
    public EvaluationRoom() {}
}
