// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import dev.octant.core.RealRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** {@code pixel = from + (value - low) / (high - low) * (to - from)}. */
public final class LinearAxis implements Axis {
    private final double low;
    private final double high;
    private final double from;
    private final double to;
    private final List<Tick> ticks;
    private final int power;

    private LinearAxis(double low, double high, double from, double to) {
        this(low, high, from, to, List.of(), 0);
    }

    private LinearAxis(double low, double high, double from, double to, List<Tick> ticks, int power) {
        this.low = low;
        this.high = high;
        this.from = from;
        this.to = to;
        this.ticks = ticks;
        this.power = power;
    }

    /**
     * An axis of real values with at most {@code most} ticks. Where plain labels would be long they share a power of
     * ten. An axis without length gets some.
     */
    public static LinearAxis ofReals(double low, double high, double from, double to, int most) {
        double magnitude = Math.max(Math.abs(low), Math.abs(high));
        if (!(high - low > 1e-9 * magnitude)) {
            double room = magnitude == 0 ? 1 : 0.05 * magnitude;
            return ofReals(low - room, high + room, from, to, most);
        }
        LinearAxis bare = new LinearAxis(low, high, from, to);
        Ticks marks = Ticks.within(low, high, most);
        int leading = (int) Math.floor(Math.log10(magnitude));
        int power = leading >= 4 || leading < -2 ? leading : 0;
        List<Tick> ticks = new ArrayList<>();
        for (double value : marks.values()) {
            ticks.add(new Tick(
                    bare.at(value),
                    Numbers.decimals(value / Math.pow(10, power), Math.max(0, power - marks.exponent()))));
        }
        return new LinearAxis(low, high, from, to, List.copyOf(ticks), power);
    }

    /** An axis of counts from 0; its ticks are whole. */
    public static LinearAxis ofCounts(long largest, double from, double to) {
        LinearAxis bare = new LinearAxis(0, 1.05 * largest, from, to);
        int most = (int) Math.min(5, largest) + 1;
        List<Tick> ticks = Ticks.within(0, (double) largest, most).values().stream()
                .map(value -> new Tick(bare.at(value), Numbers.brief(value)))
                .toList();
        return new LinearAxis(bare.low, bare.high, from, to, ticks, 0);
    }

    /** An axis of codes, half a code wider at both ends; ticks at the ends and the multiples of 64 between. */
    public static LinearAxis ofCodes(int low, int high, double from, double to) {
        LinearAxis bare = new LinearAxis(low - 0.5, high + 0.5, from, to);
        List<Tick> ticks = IntStream.rangeClosed(low, high)
                .filter(q -> q == low || q == high || (q % 64 == 0 && q - low >= 32 && high - q >= 32))
                .mapToObj(q -> new Tick(bare.at(q), Numbers.code(q)))
                .toList();
        return new LinearAxis(bare.low, bare.high, from, to, ticks, 0);
    }

    /** The values it covers. */
    public RealRange range() {
        return RealRange.of(low, high);
    }

    @Override
    public double at(double value) {
        double share = (value - low) / (high - low);
        return from + Math.min(Math.max(share, -10), 10) * (to - from);
    }

    @Override
    public List<Tick> ticks() {
        return ticks;
    }

    @Override
    public String factor() {
        return power == 0 ? "" : " × " + Numbers.powerOfTen(power);
    }
}
