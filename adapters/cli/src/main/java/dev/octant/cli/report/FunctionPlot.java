// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Frame;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.cli.report.drawing.Pane;
import dev.octant.cli.report.drawing.PathData;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.ops.QuantizedActivation;
import java.util.List;
import java.util.Optional;

/** The float function as a curve, the table that stands for it as a staircase, and a few steps of it enlarged. */
final class FunctionPlot {
    private static final int LENS_WIDTH = 104;
    private static final int LENS_HEIGHT = 72;
    private static final int LENS_GAP = 10;

    /** How many codes the lens shows on either side of the zero point. */
    private static final int LENS_CODES = 5;

    private final QuantizedActivation op;
    private final String style;
    private final Curves full;

    FunctionPlot(QuantizedActivation op, String style) {
        this.op = op;
        this.style = style;
        QuantType type = op.input().type();
        this.full = Curves.of(op, type.low(), type.high(), 0.06, Frame.PANE);
    }

    void draw(Markup page) {
        Frame.open(page, Frame.HEIGHT, "The function " + op.activation() + " and its table");
        forbidden(page);
        Frame.left(page, full.y(), "output value");
        full.draw(page, style);
        Frame.bottom(page, full.x(), "input value");
        freeCorner().ifPresent(pane -> lens(page, pane));
        page.close();
    }

    /** Shades what lies outside the output range. */
    private void forbidden(Markup page) {
        double floor = full.y().at(op.outputRange().min());
        double ceiling = full.y().at(op.outputRange().max());
        shade(page, Frame.TOP, ceiling, ceiling);
        shade(page, floor, Frame.BOTTOM, floor);
    }

    private static void shade(Markup page, double top, double bottom, double limit) {
        if (bottom > top) {
            Frame.rectangle(page, "forbidden", new Pane(Frame.LEFT, top, Frame.RIGHT, bottom));
            Frame.path(page, "limit", new PathData().move(Frame.LEFT, limit).horizontal(Frame.RIGHT));
        }
    }

    /** A corner of the plot through which no line runs. */
    private Optional<Pane> freeCorner() {
        double left = Frame.LEFT + LENS_GAP;
        double right = Frame.RIGHT - LENS_GAP - LENS_WIDTH;
        // The lens has a line of text above it.
        double top = Math.max(Frame.TOP, full.y().at(op.outputRange().max())) + 2 * LENS_GAP;
        double bottom = Math.min(Frame.BOTTOM, full.y().at(op.outputRange().min())) - LENS_GAP - LENS_HEIGHT;
        return List.of(pane(left, top), pane(right, bottom), pane(right, top), pane(left, bottom)).stream()
                .filter(pane -> !full.crosses(pane.widened(LENS_GAP)))
                .findFirst();
    }

    private static Pane pane(double left, double top) {
        return new Pane(left, top, left + LENS_WIDTH, top + LENS_HEIGHT);
    }

    private void lens(Markup page, Pane pane) {
        QuantType type = op.input().type();
        int low = Math.max(op.input().zeroPoint() - LENS_CODES, type.low());
        int high = Math.min(low + 2 * LENS_CODES, type.high());
        low = Math.max(high - 2 * LENS_CODES, type.low());
        Curves enlarged = Curves.of(op, low, high, 0.02, pane);
        RealRange outputs = enlarged.y().range();
        RealRange inputs = enlarged.x().range();
        double left = full.x().at(inputs.min());
        double right = full.x().at(inputs.max());
        double bottom = full.y().at(outputs.min());
        double top = full.y().at(outputs.max());
        Frame.rectangle(page, "lens-area", new Pane(left, top, right, bottom));
        Frame.rectangle(page, "lens", pane);
        enlarged.draw(page, style);
        Frame.label(
                page,
                pane.left(),
                pane.top() - 5,
                "halo",
                "codes " + Numbers.code(low) + " to " + Numbers.code(high) + " enlarged");
    }
}
