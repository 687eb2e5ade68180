// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantParams;
import dev.octant.layers.internal.Codes;
import dev.octant.ops.Activation;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.lang3.Validate;

/**
 * The codes of a function on equal steps, from the last value whose code is that of all below to the first whose code
 * is that of all above. Compared with the function itself when it is made.
 */
final class StepTable {
    /** The highest power of two that is looked at: of 2^31 times the largest float. */
    private static final int HIGHEST_EXPONENT = Float.MAX_EXPONENT + 31;

    /** Floats of a power of two that a function is looked at. */
    private static final int PER_OCTAVE = 64;

    /** Looks within the steps, in all. */
    private static final int LOOKS = 1 << 16;

    private static final int HALVINGS = 60;

    /** Two roundings of a value, with which a sum comes to a place. */
    private static final double ROUNDINGS = 0x1p-23;

    /** The least width of all steps, as a part of the values there: narrower ones are below those roundings. */
    private static final double NARROWEST = 0x1p-9;

    private final Activation activation;
    private final QuantParams output;
    private final double first;
    private final double step;
    private final byte[] codes;

    /** The largest difference that was seen, and where. */
    private int worst;

    private double worstAt;

    private StepTable(Activation activation, QuantParams output, int steps, double[] looks, int[] seen, int slack) {
        this.activation = activation;
        this.output = output;
        double[] ends = ends(looks, seen, slack);
        // The first and the last place reach as far as there are numbers; the others divide what is between the ends.
        step = (ends[1] - ends[0]) / (steps - 2);
        first = ends[0] - step / 2;
        codes = new byte[steps];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) Codes.of(activation, first + i * step, output);
        }
        compare(looks, seen);
    }

    /**
     * The table of one kind. Where the function creeps towards its ends, as tanh does towards 1, its last code is given
     * up for finer steps if the whole is too coarse otherwise.
     *
     * @throws IllegalArgumentException if a code is further from the function's than {@link Between} states, or the
     *     function is NaN where it is looked at
     */
    static StepTable of(Activation activation, QuantParams output, Between between) {
        double[] looks = looks(activation);
        int[] seen = Arrays.stream(looks)
                .mapToInt(x -> Codes.of(activation, x, output))
                .toArray();
        StepTable whole = new StepTable(activation, output, between.steps(), looks, seen, 0);
        if (whole.worst <= between.mostOff()) {
            return whole;
        }
        StepTable shorter = new StepTable(activation, output, between.steps(), looks, seen, 1);
        Validate.isTrue(
                shorter.worst <= between.mostOff(),
                "codes of %s must be within %s of the exact ones with Between.%s, were %s off at %s: use Between.EXACT",
                activation,
                between.mostOff(),
                between,
                whole.worst,
                (float) whole.worstAt);
        return shorter;
    }

    /** The value of the first place. */
    double first() {
        return first;
    }

    /** From one place to the next. */
    double step() {
        return step;
    }

    /** By place; to be read only. */
    byte[] codes() {
        return codes;
    }

    /** Where a function is looked at whatever the steps: numbers of every magnitude, and beside its parameters. */
    private static double[] looks(Activation activation) {
        DoubleStream.Builder looks = DoubleStream.builder();
        looks.add(0);
        for (int exponent = Float.MIN_EXPONENT; exponent <= HIGHEST_EXPONENT; exponent++) {
            for (int i = 0; i < PER_OCTAVE; i++) {
                double x = Math.scalb(1 + (double) i / PER_OCTAVE, exponent);
                looks.add(x).add(-x);
            }
        }
        looks.add(Float.MIN_VALUE).add(-Float.MIN_VALUE);
        for (double parameter : activation.parameters()) {
            for (float x : new float[] {(float) parameter, (float) -parameter}) {
                looks.add(Math.max(Math.nextDown(x), -Float.MAX_VALUE)).add(x);
                looks.add(Math.min(Math.nextUp(x), Float.MAX_VALUE));
            }
        }
        return looks.build().sorted().toArray();
    }

    /** Outside of which codes are those of the far ends, or within {@code slack} of them. */
    private double[] ends(double[] looks, int[] seen, int slack) {
        int last = seen.length - 1;
        int low = 0;
        while (low <= last && Math.abs(seen[low] - seen[0]) <= slack) {
            low++;
        }
        int high = last;
        while (high >= 0 && Math.abs(seen[high] - seen[last]) <= slack) {
            high--;
        }
        if (low > last || high < 0) {
            return new double[] {-1, 1};
        }
        double from = changes(looks[low - 1], looks[low], seen[0], slack);
        double to = changes(looks[high + 1], looks[high], seen[last], slack);
        double least = NARROWEST * Math.max(Math.max(Math.abs(from), Math.abs(to)), Float.MIN_NORMAL);
        double more = Math.max(least - (to - from), 0) / 2;
        return new double[] {from - more, to + more};
    }

    /** The last value from {@code same} to {@code other} whose code is still {@code code}, or within the slack. */
    private double changes(double same, double other, int code, int slack) {
        double from = same;
        double to = other;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = from + (to - from) / 2;
            if (Math.abs(Codes.of(activation, middle, output) - code) <= slack) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private void compare(double[] looks, int[] seen) {
        for (int i = 0; i < looks.length; i++) {
            long place = Math.round((looks[i] - first) / step);
            compare((int) Math.min(Math.max(place, 0), codes.length - 1), looks[i], seen[i]);
        }
        int looksOfPlace = LOOKS / codes.length;
        for (int i = 0; i < codes.length; i++) {
            double centre = first + i * step;
            double reach = step / 2 + ROUNDINGS * Math.abs(centre);
            for (int j = 0; j <= looksOfPlace; j++) {
                double x = centre + reach * (2.0 * j / looksOfPlace - 1);
                compare(i, x, Codes.of(activation, x, output));
            }
        }
    }

    private void compare(int place, double x, int exact) {
        int off = Math.abs(output.type().code(codes[place]) - exact);
        if (off > worst) {
            worst = off;
            worstAt = x;
        }
    }
}
