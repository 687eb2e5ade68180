// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;

/**
 * The same with TensorFlow Lite's arithmetic. Its left scale is no round number: where all are, sums are lookups, see
 * {@code BinaryRules}.
 */
public class TfliteAddBenchmark extends AddBenchmark {
    static final QuantParams LEFT = QuantParams.of(QuantType.INT8, 0.0517f, 3);

    @Override
    Profile profile() {
        return Profile.TFLITE;
    }

    @Override
    QuantParams leftParams() {
        return LEFT;
    }
}
