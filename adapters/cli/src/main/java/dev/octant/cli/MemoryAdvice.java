// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.calibration.run.HeapTooSmallException;
import dev.octant.formats.ReadOutOfMemoryError;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.lang3.exception.ExceptionUtils;

/** What to do where memory does not suffice: one sentence, whether that was known before or found out. */
final class MemoryAdvice {
    private static final long MEGABYTE = 1 << 20;

    private MemoryAdvice() {}

    /** The sentence, if memory is the reason, here or behind it. */
    static Optional<String> of(Throwable thrown) {
        for (Throwable e : ExceptionUtils.getThrowableList(thrown)) {
            if (e instanceof HeapTooSmallException small) {
                return Optional.of(small.getMessage() + "; " + moreHeap(small.needed()) + ", or take less at a time");
            }
            if (e instanceof ReadOutOfMemoryError reading) {
                return Optional.of(reading.place() + ": "
                        + usedUp(String.valueOf(reading.getCause().getMessage())));
            }
            if (e instanceof OutOfMemoryError) {
                return Optional.of(usedUp(String.valueOf(e.getMessage())));
            }
            if (e instanceof StackOverflowError) {
                return Optional.of("input must be nested no deeper than the stack allows, was deeper; give more with"
                        + " JDK_JAVA_OPTIONS=-Xss64m");
            }
        }
        return Optional.empty();
    }

    private static String usedUp(String message) {
        if (message.contains("native thread")) {
            return "operating system must let the process start another thread, was refusing; ask for fewer"
                    + " --threads, or raise its limit, as with ulimit -u";
        }
        if (message.contains("array size")) {
            return "arrays in memory must have at most 2^31 - 1 elements, was asked for a longer one; split the"
                    + " input into several files";
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (message.contains("direct buffer") || message.contains("Map failed")) {
            return String.format(
                    Locale.ROOT,
                    "memory outside the heap must suffice, was used up at %s MB; give more with"
                            + " JDK_JAVA_OPTIONS=-XX:MaxDirectMemorySize=%sm, or take less at a time",
                    heap / MEGABYTE,
                    2 * heap / MEGABYTE);
        }
        return String.format(
                Locale.ROOT,
                "heap must suffice, was used up at %s MB; %s, or take less at a time: fewer tensors, smaller files,"
                        + " fewer --threads",
                heap / MEGABYTE,
                moreHeap(2 * heap));
    }

    /** The launcher starts a JVM that reads this variable. */
    private static String moreHeap(long bytes) {
        // A collector keeps a part of the heap, a thirtieth or less, for what it moves.
        return String.format(
                Locale.ROOT, "give more with JDK_JAVA_OPTIONS=-Xmx%sm", bytes / MEGABYTE + bytes / 25 / MEGABYTE + 2);
    }
}
