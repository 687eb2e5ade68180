// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import java.util.Locale;

/** The heap is too small for what is asked for: known, and said, before any data are read. */
public final class HeapTooSmallException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private static final long MEGABYTE = 1 << 20;

    private final long needed;
    private final long available;

    HeapTooSmallException(String work, long needed, long available) {
        super(String.format(
                Locale.ROOT,
                "heap must have %s MB for %s, was %s MB",
                needed / MEGABYTE + (needed % MEGABYTE == 0 ? 0 : 1),
                work,
                available / MEGABYTE));
        this.needed = needed;
        this.available = available;
    }

    /** How large the heap must be, in bytes. */
    public long needed() {
        return needed;
    }

    /** Bytes that the heap may have. */
    public long available() {
        return available;
    }
}
