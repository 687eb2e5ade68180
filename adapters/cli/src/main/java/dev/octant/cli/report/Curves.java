// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Frame;
import dev.octant.cli.report.drawing.LinearAxis;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Pane;
import dev.octant.cli.report.drawing.PathData;
import dev.octant.core.QuantParams;
import dev.octant.ops.QuantizedActivation;

/** A function and its table over some of the codes, fitted into a pane. */
final class Curves {
    private static final double PIXELS_PER_SAMPLE = 1.5;

    private final QuantizedActivation op;
    private final int low;
    private final int high;
    private final Pane pane;
    private final LinearAxis x;
    private final LinearAxis y;

    private Curves(QuantizedActivation op, int low, int high, Pane pane, LinearAxis x, LinearAxis y) {
        this.op = op;
        this.low = low;
        this.high = high;
        this.pane = pane;
        this.x = x;
        this.y = y;
    }

    /** The codes {@code low..high}, whole steps, with a margin left and right that is a share of their width. */
    static Curves of(QuantizedActivation op, int low, int high, double margin, Pane pane) {
        QuantParams input = op.input();
        double from = held(input.dequantize(low)) - 0.5 * input.scale();
        double to = held(input.dequantize(high)) + 0.5 * input.scale();
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int q = low; q <= high; q++) {
            double value = held(op.output().dequantize(op.apply(q)));
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        double side = margin * (to - from);
        double above = Math.max(0.08 * (most - least), op.output().scale());
        return new Curves(
                op,
                low,
                high,
                pane,
                LinearAxis.ofReals(from - side, to + side, pane.left(), pane.right(), 7),
                LinearAxis.ofReals(least - above, most + above, pane.bottom(), pane.top(), 6));
    }

    LinearAxis x() {
        return x;
    }

    LinearAxis y() {
        return y;
    }

    void draw(Markup page, String style) {
        Frame.openClipped(page, pane);
        Frame.path(page, "curve", curve());
        Frame.path(page, "stairs " + style, stairs());
        page.close();
    }

    /** Whether the function or the table runs through another pane. */
    boolean crosses(Pane other) {
        for (double place = pane.left(); place <= pane.right(); place += PIXELS_PER_SAMPLE) {
            if (other.contains(place, y.at(op.activation().value(input(place))))) {
                return true;
            }
        }
        for (int q = low; q <= high; q++) {
            if (other.contains(x.at(op.input().dequantize(q)), output(q))) {
                return true;
            }
        }
        return other.contains(other.left(), output(low))
                && other.left() <= x.at(op.input().dequantize(low));
    }

    private PathData curve() {
        PathData path = new PathData();
        boolean drawing = false;
        for (double place = pane.left(); place <= pane.right(); place += PIXELS_PER_SAMPLE) {
            double value = op.activation().value(input(place));
            if (Double.isNaN(value)) {
                drawing = false;
            } else if (drawing) {
                path.line(place, y.at(value));
            } else {
                path.move(place, y.at(value));
                drawing = true;
            }
        }
        return path;
    }

    /** Each code from half a step below its value to half a step above; the outermost to the ends of the pane. */
    private PathData stairs() {
        double half = 0.5 * op.input().scale();
        PathData path = new PathData().move(pane.left(), output(low));
        for (int q = low; q < high; q++) {
            path.horizontal(x.at(op.input().dequantize(q) + half)).vertical(output(q + 1));
        }
        return path.horizontal(pane.right());
    }

    private double input(double place) {
        return x.range().min()
                + (place - pane.left()) / pane.width() * x.range().width();
    }

    private double output(int q) {
        return y.at(op.output().dequantize(op.apply(q)));
    }

    private static double held(double x) {
        return Math.min(Math.max(x, -Float.MAX_VALUE), Float.MAX_VALUE);
    }
}
