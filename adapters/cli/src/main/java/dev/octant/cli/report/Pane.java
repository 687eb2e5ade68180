// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

/** A rectangle of a drawing, in pixels; y grows downwards. */
record Pane(double left, double top, double right, double bottom) {
    double width() {
        return right - left;
    }

    double height() {
        return bottom - top;
    }

    Pane widened(double by) {
        return new Pane(left - by, top - by, right + by, bottom + by);
    }

    boolean contains(double x, double y) {
        return x >= left && x <= right && y >= top && y <= bottom;
    }
}
