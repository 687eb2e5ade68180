// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.ops.QuantizedActivation;

/** A table of 256 entries from its function: SiLU, whose double arithmetic is the dearest of the common ones. */
public class CompileBenchmark extends BesidePeers {
    @Override
    public void prepare() {
        // Everything is constant.
    }

    @Override
    public QuantizedActivation call() {
        return TableBenchmark.SiluBenchmark.silu();
    }
}
