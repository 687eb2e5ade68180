// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Frame;
import dev.octant.cli.report.drawing.HitAreas;
import dev.octant.cli.report.drawing.LinearAxis;
import dev.octant.cli.report.drawing.Markup;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.cli.report.drawing.PathData;
import dev.octant.onnx.values.ChannelSteps;

/** How far the codes of a weight reach in each of its channels. */
final class ChannelPlot {
    /** A strip for each of more would be too narrow to be met. */
    private static final int MOST_EXACT = 256;

    private final ChannelSteps weight;
    private final String style;
    private final LinearAxis x;
    private final LinearAxis y;

    ChannelPlot(ChannelSteps weight, String style) {
        this.weight = weight;
        this.style = style;
        double reach = 0;
        for (int channel = 0; channel < weight.scales().size(); channel++) {
            reach = Math.max(reach, weight.largest(channel));
        }
        this.x = LinearAxis.ofReals(0, weight.scales().size(), Frame.LEFT, Frame.RIGHT, 8);
        this.y = LinearAxis.ofReals(0, 1.05 * reach, Frame.BOTTOM, Frame.TOP, 6);
    }

    void draw(Markup page) {
        int channels = weight.scales().size();
        Frame.open(page, Frame.HEIGHT, "Largest magnitude that the codes of each channel can have");
        Frame.left(page, y, "largest magnitude");
        PathData bars = new PathData().move(x.at(0), y.at(0));
        for (int channel = 0; channel < channels; channel++) {
            bars.vertical(y.at(weight.largest(channel))).horizontal(x.at(channel + 1));
        }
        Frame.path(page, "errors " + style, bars.vertical(y.at(0)));
        Frame.bottom(page, x, "channel");
        for (int channel = 0; channel < channels && channels <= MOST_EXACT; channel++) {
            HitAreas.strip(
                    page,
                    x.at(channel),
                    x.at(channel + 1),
                    "channel " + channel + ": up to " + Numbers.real(weight.largest(channel)) + ", step "
                            + Numbers.exact(weight.scales().get(channel)));
        }
        page.close();
    }
}
