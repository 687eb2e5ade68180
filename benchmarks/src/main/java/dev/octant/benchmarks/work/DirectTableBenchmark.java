// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.ops.LookupTable;
import java.nio.ByteBuffer;
import java.util.Map;

/** A table over direct buffers, beside the same over heap arrays. */
public class DirectTableBenchmark extends BesidePeers {
    byte[] codes;
    ByteBuffer src;
    ByteBuffer dst;
    private LookupTable table;

    @Override
    public void prepare() {
        codes = Data.codes(size);
        src = ByteBuffer.allocateDirect(size).put(codes);
        dst = ByteBuffer.allocateDirect(size);
        table = table();
    }

    @Override
    public ByteBuffer call() {
        table.apply(src.clear(), dst.clear());
        return dst;
    }

    @Override
    public Map<Peer, Runnable> peers() {
        byte[] heap = new byte[size];
        ByteBuffer copied = ByteBuffer.allocateDirect(size);
        return Map.of(
                Peer.COPY, () -> copied.put(0, src, 0, size),
                Peer.HEAP, () -> table.apply(codes, 0, heap, 0, size));
    }

    static LookupTable table() {
        return TableBenchmark.SiluBenchmark.silu().table();
    }

    /**
     * The same after the process has used tables, buffers and memory segments of every other kind. The JIT compiler's
     * notes on the JDK's memory methods are shared by a whole process, and code that reads memory through them can fall
     * to a hundredth.
     */
    public static class MixedMemoryTableBenchmark extends DirectTableBenchmark {
        @Override
        public void prepare() {
            OtherMemory.use(table());
            super.prepare();
        }
    }

    /** The same over buffers of memory segments of a shared arena, which check at each access that it is open. */
    public static class SegmentTableBenchmark extends MixedMemoryTableBenchmark {
        @Override
        public void prepare() {
            super.prepare();
            src = OtherMemory.ofSegment(size).put(codes);
            dst = OtherMemory.ofSegment(size);
        }
    }
}
