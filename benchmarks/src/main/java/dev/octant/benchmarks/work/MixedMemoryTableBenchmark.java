// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

/**
 * The same after the process has used tables, buffers and memory segments of every other kind. The JIT compiler's
 * notes on the JDK's memory methods are shared by a whole process, and code that reads memory through them can fall
 * to a hundredth.
 */
public class MixedMemoryTableBenchmark extends DirectTableBenchmark {
    @Override
    public void prepare() {
        OtherMemory.use(table());
        super.prepare();
    }
}
