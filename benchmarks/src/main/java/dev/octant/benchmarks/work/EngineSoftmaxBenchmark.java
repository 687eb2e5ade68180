// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.Profile;

/** The same with ONNX Runtime's own arithmetic. */
public class EngineSoftmaxBenchmark extends SoftmaxBenchmark {
    @Override
    Profile profile() {
        return Profile.ONNX_RUNTIME;
    }
}
