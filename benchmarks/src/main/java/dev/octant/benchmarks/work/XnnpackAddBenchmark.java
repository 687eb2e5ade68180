// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.Profile;

/** The same with XNNPACK's arithmetic. */
public class XnnpackAddBenchmark extends AddBenchmark {
    @Override
    Profile profile() {
        return Profile.XNNPACK;
    }
}
