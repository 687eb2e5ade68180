// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.Profile;

/** The same with TensorFlow Lite's arithmetic. */
public class TfliteMultiplyBenchmark extends MultiplyBenchmark {
    @Override
    Profile profile() {
        return Profile.TFLITE;
    }
}
