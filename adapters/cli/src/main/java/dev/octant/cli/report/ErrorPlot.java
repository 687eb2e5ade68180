// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Frame;
import dev.octant.cli.report.drawing.HitAreas;
import dev.octant.cli.report.drawing.LinearAxis;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.PathData;

/** How far each entry of the table is from the function. */
final class ErrorPlot {
    private static final double LEAST = 0.7;

    private final CodeErrors errors;
    private final String style;
    private final LinearAxis x;
    private final LinearAxis y;

    ErrorPlot(CodeErrors errors, String style) {
        this.errors = errors;
        this.style = style;
        double reach = Math.max(LEAST, 1.15 * errors.largest());
        this.x = LinearAxis.ofCodes(errors.low(), errors.high(), Frame.LEFT, Frame.RIGHT);
        this.y = LinearAxis.ofReals(-reach, reach, Frame.BOTTOM, Frame.TOP, 7);
    }

    /**
     * Draws it.
     *
     * @param exact whether every code says its error on hover
     */
    void draw(Markup page, boolean exact) {
        Frame.open(page, Frame.HEIGHT, "Error of the table by input code");
        Frame.left(page, y, "error in output steps");
        Frame.openClipped(page, Frame.PANE);
        Frame.path(page, "errors absent", bars(false));
        Frame.path(page, "errors " + style, bars(true));
        Frame.path(page, "tips " + style, tips());
        page.close();
        PathData guides = new PathData();
        guides.move(Frame.LEFT, y.at(0.5)).horizontal(Frame.RIGHT);
        guides.move(Frame.LEFT, y.at(-0.5)).horizontal(Frame.RIGHT);
        Frame.path(page, "guide", guides);
        Frame.path(page, "axis", new PathData().move(Frame.LEFT, y.at(0)).horizontal(Frame.RIGHT));
        Frame.bottom(page, x, "input code");
        for (int q = errors.low(); exact && q <= errors.high(); q++) {
            HitAreas.strip(page, x.at(q - 0.5), x.at(q + 0.5), errors.text(q));
        }
        page.close();
    }

    private PathData bars(boolean occurring) {
        PathData path = new PathData();
        boolean drawing = false;
        for (int q = errors.low(); q <= errors.high(); q++) {
            boolean shown = errors.occurs(q) == occurring && Double.isFinite(errors.error(q));
            if (shown && !drawing) {
                path.move(x.at(q - 0.5), y.at(0));
            } else if (drawing && !shown) {
                path.vertical(y.at(0));
            }
            if (shown) {
                path.vertical(y.at(errors.error(q))).horizontal(x.at(q + 0.5));
            }
            drawing = shown;
        }
        return drawing ? path.vertical(y.at(0)) : path;
    }

    /** A dot at the end of every bar beyond half a step. */
    private PathData tips() {
        PathData path = new PathData();
        errors.occurring().filter(errors::isBeyondHalf).forEach(q -> path.dot(x.at(q), y.at(errors.error(q))));
        return path;
    }
}
