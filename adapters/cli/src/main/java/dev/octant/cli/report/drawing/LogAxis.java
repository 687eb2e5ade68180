// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import java.util.ArrayList;
import java.util.List;

/** Counts by their logarithm. It begins a little below 1, so that a single value is seen. */
public final class LogAxis implements Axis {
    private static final double LOW = Math.log10(0.6);
    private static final int MOST_TICKS = 6;

    private final double high;
    private final double from;
    private final double to;
    private final long largest;

    /** An axis up to {@code largest}, at least 1. */
    public LogAxis(long largest, double from, double to) {
        this.high = Math.log10(1.4 * (double) largest);
        this.from = from;
        this.to = to;
        this.largest = largest;
    }

    @Override
    public double at(double count) {
        return count <= 0 ? from : from + (Math.log10(count) - LOW) / (high - LOW) * (to - from);
    }

    @Override
    public List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        int decades = (int) Math.floor(Math.log10((double) largest));
        int every = decades / MOST_TICKS + 1;
        for (int decade = 0; decade <= decades; decade += every) {
            double power = Math.pow(10, decade);
            add(ticks, power);
            if (decades <= 1) {
                add(ticks, 2 * power);
                add(ticks, 5 * power);
            }
        }
        return ticks;
    }

    private void add(List<Tick> ticks, double count) {
        if (count <= largest) {
            ticks.add(new Tick(at(count), Numbers.brief(count)));
        }
    }
}
