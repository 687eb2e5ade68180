// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.octant.core.ChannelLayout;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.VectorKernels;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bulk calls allocate nothing after the first: neither per call nor per element. */
class AllocationTest {
    private static final int LENGTH = 12_288;
    private static final int CALLS = 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final QuantParams a = QuantParams.of(QuantType.UINT8, 0.1f, 3);
    private final QuantParams b = QuantParams.of(QuantType.UINT8, 0.2f, 100);
    private final QuantParams c = QuantParams.of(QuantType.UINT8, 0.3f, 90);
    private final byte[] codes = new byte[LENGTH];
    private final byte[] others = new byte[LENGTH];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(LENGTH);
    private final ByteBuffer otherDirect = ByteBuffer.allocateDirect(LENGTH);
    private final ByteBuffer heap = ByteBuffer.allocate(LENGTH);

    @Test
    void theMeterCounts() {
        assertTrue(fewestBytes(() -> codes[0] = codes.clone()[1]) >= (long) CALLS * LENGTH);
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void binariesAllocateNothing(Profile profile) throws InterruptedException {
        VectorKernels.warmUp();
        for (QuantizedBinary binary : new QuantizedBinary[] {
            QuantizedBinary.add(a, b, c, profile),
            QuantizedBinary.multiply(a, b, c, profile),
            QuantizedBinary.gated(Activation.SILU, a, b, c)
        }) {
            assertNone(() -> binary.apply(codes, 0, others, 0, codes, 0, LENGTH));
            assertNone(() -> binary.apply(direct.clear(), otherDirect.clear(), heap.clear()));
            assertNone(() -> binary.apply(direct.clear(), otherDirect.clear(), direct));
            assertNone(() -> binary.apply(direct.clear(), direct, otherDirect.clear()));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = "PYTORCH", mode = EnumSource.Mode.EXCLUDE)
    void softmaxAllocatesNothing(Profile profile) throws InterruptedException {
        VectorKernels.warmUp();
        QuantizedSoftmax softmax = QuantizedSoftmax.softmax(a, QuantizedSoftmax.fixedOutput(QuantType.UINT8), profile);
        for (ChannelLayout axis : new ChannelLayout[] {
            new ChannelLayout(64, 1),
            new ChannelLayout(1024, 1),
            new ChannelLayout(6, 4),
            new ChannelLayout(LENGTH, 1),
            new ChannelLayout(LENGTH / 2, 2),
            new ChannelLayout(6, 1024)
        }) {
            assertNone(() -> softmax.apply(others, 0, codes, 0, LENGTH, axis));
            assertNone(() -> softmax.apply(direct.clear(), otherDirect.clear(), axis));
            assertNone(() -> softmax.apply(heap.clear(), direct.clear(), axis));
        }
    }

    @Test
    void preluAllocatesNothing() {
        for (int[] slopes : new int[][] {{}, {64}, {3, 1}, {3, 64, 64}}) {
            Broadcast broadcast =
                    Broadcast.of(slopes, slopes.length == 2 ? new int[] {64, 64, 3, 1} : new int[] {3, 64, 64});
            QuantizedPrelu prelu = QuantizedPrelu.of(a, b, new float[broadcast.sourceSize()], broadcast);
            assertNone(() -> prelu.apply(codes, 0, others, 0));
        }
    }

    private static void assertNone(Runnable call) {
        assertEquals(0, fewestBytes(call));
    }

    /**
     * The bytes this thread allocates in some calls: the fewest of some rounds, since the JVM's own work may add
     * some, and vectors are objects until their loop is compiled.
     */
    private static long fewestBytes(Runnable call) {
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 500 && fewest > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
