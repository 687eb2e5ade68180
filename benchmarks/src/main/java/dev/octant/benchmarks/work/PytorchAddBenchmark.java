// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.Profile;

/** The same with PyTorch's arithmetic. */
public class PytorchAddBenchmark extends AddBenchmark {
    @Override
    Profile profile() {
        return Profile.PYTORCH;
    }
}
