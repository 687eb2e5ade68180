// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

/** A rectangle of a drawing, in pixels; y grows downwards. */
public record Pane(double left, double top, double right, double bottom) {
    public double width() {
        return right - left;
    }

    public double height() {
        return bottom - top;
    }

    public Pane widened(double by) {
        return new Pane(left - by, top - by, right + by, bottom + by);
    }

    public boolean contains(double x, double y) {
        return x >= left && x <= right && y >= top && y <= bottom;
    }
}
