// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

/**
 * How far a run is.
 *
 * @param values values observed, those before an interruption among them
 * @param bytes bytes of the files that are done
 * @param totalBytes bytes of all files
 * @param settled tensors whose ranges no longer move, as far as was looked
 * @param tensors all tensors
 */
public record RunProgress(long values, long bytes, long totalBytes, int settled, int tensors) {
    /** How much of the data is done, 0..1. */
    public double share() {
        return totalBytes == 0 ? 1 : (double) bytes / totalBytes;
    }
}
