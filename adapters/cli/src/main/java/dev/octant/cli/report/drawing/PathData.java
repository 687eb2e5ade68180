// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

/**
 * The {@code d} of an SVG path, in tenths of a pixel and relative to the point before: short, and no rounding adds up.
 * Horizontal runs become one.
 */
public final class PathData {
    private final StringBuilder d = new StringBuilder();
    private long x;
    private long y;
    private long run;

    public PathData move(double toX, double toY) {
        return step('m', toX, toY);
    }

    public PathData line(double toX, double toY) {
        return step('l', toX, toY);
    }

    public PathData horizontal(double toX) {
        run += tenths(toX) - x;
        x = tenths(toX);
        return this;
    }

    public PathData vertical(double toY) {
        long delta = tenths(toY) - y;
        if (delta != 0) {
            flush();
            d.append('v');
            number(delta);
            y += delta;
        }
        return this;
    }

    /** A dot, drawn as the round cap of a line without length. */
    public PathData dot(double atX, double atY) {
        move(atX, atY);
        d.append("h0");
        return this;
    }

    public boolean isEmpty() {
        return d.length() == 0;
    }

    @Override
    public String toString() {
        flush();
        return d.toString();
    }

    private PathData step(char command, double toX, double toY) {
        flush();
        long deltaX = tenths(toX) - x;
        long deltaY = tenths(toY) - y;
        d.append(command);
        number(deltaX);
        if (deltaY >= 0) {
            d.append(' ');
        }
        number(deltaY);
        x += deltaX;
        y += deltaY;
        return this;
    }

    private void flush() {
        if (run != 0) {
            d.append('h');
            number(run);
            run = 0;
        }
    }

    private void number(long tenths) {
        if (tenths < 0) {
            d.append('-');
        }
        long magnitude = Math.abs(tenths);
        if (magnitude >= 10 || magnitude == 0) {
            d.append(magnitude / 10);
        }
        if (magnitude % 10 != 0) {
            d.append('.').append(magnitude % 10);
        }
    }

    private static long tenths(double pixels) {
        return Math.round(pixels * 10);
    }
}
