// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import dev.octant.benchmarks.work.Peer;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The ratios of a report as an SVG picture: one bar per work, size and peer on a logarithmic axis, from 1, the speed
 * of the peer, to the right where Octant is faster and to the left where it is slower. A mark shows the target. It
 * has a background of its own, so that it reads the same on light and dark pages.
 */
final class Picture {
    private static final int WIDTH = 960;
    private static final int LEFT = 330;
    private static final int RIGHT = 900;
    private static final int TOP = 92;
    private static final int BAR = 11;
    private static final int GAP = 9;
    private static final int FOOT = 52;
    private static final String INK = "#1f2328";
    private static final String FAINT = "#d0d7de";
    private static final String PALE = "#59636e";

    private final Report report;
    private final List<Measurement> rows;
    private final int lowest;
    private final int highest;

    /** A picture of everything in the report that has peers. */
    Picture(Report report) {
        this.report = report;
        this.rows = report.measurements().stream()
                .filter(m -> peers(m).findAny().isPresent())
                .toList();
        double[] shown = rows.stream().flatMapToDouble(Picture::shown).toArray();
        this.lowest = Math.min(
                -1, (int) Math.floor(Math.log10(DoubleStream.of(shown).min().orElse(1))));
        this.highest = Math.max(
                1, (int) Math.ceil(Math.log10(DoubleStream.of(shown).max().orElse(1))));
    }

    private static DoubleStream shown(Measurement m) {
        return DoubleStream.concat(
                peers(m).mapToDouble(m::ratio),
                m.work().targets(m.size()).stream()
                        .filter(Target.Ratio.class::isInstance)
                        .mapToDouble(target -> ((Target.Ratio) target).least()));
    }

    private static Stream<Peer> peers(Measurement m) {
        return Stream.of(Peer.values()).filter(m::has);
    }

    /** Where a ratio lies on the axis. */
    double x(double ratio) {
        return LEFT + (Math.log10(ratio) - lowest) / (highest - lowest) * (RIGHT - LEFT);
    }

    String svg() {
        int bottom = TOP + rows.stream().mapToInt(Picture::height).sum();
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" font-family=\"system-ui, sans-serif\""
                        + " font-size=\"12\" role=\"img\">\n",
                WIDTH,
                bottom + FOOT));
        svg.append("<title>Octant beside memory copy and ONNX Runtime</title>\n");
        svg.append(String.format(
                Locale.ROOT,
                "<rect width=\"%s\" height=\"%s\" rx=\"6\" fill=\"#ffffff\" stroke=\"%s\"/>\n",
                WIDTH,
                bottom + FOOT,
                FAINT));
        svg.append(text(
                20,
                30,
                "font-size=\"17\" font-weight=\"600\"",
                INK,
                "Speed beside a peer in the same JVM, one thread"));
        int legend = 20;
        for (Peer peer : Peer.values()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%s\" y=\"44\" width=\"12\" height=\"12\" fill=\"%s\"/>\n",
                    legend,
                    color(peer)));
            svg.append(text(legend + 18, 54, "", INK, "time of " + legend(peer) + " / time of Octant"));
            legend += 300;
        }
        for (int power = lowest; power <= highest; power++) {
            double x = x(Math.pow(10, power));
            svg.append(line(x, TOP - 8, x, bottom, power == 0 ? INK : FAINT, 1));
            svg.append(
                    text(x, TOP - 13, "text-anchor=\"middle\"", PALE, power < 0 ? "1/" + whole(-power) : whole(power)));
        }
        int y = TOP;
        for (Measurement m : rows) {
            row(svg, m, y);
            y += height(m);
        }
        svg.append(text(
                20,
                bottom + 22,
                "",
                PALE,
                "Axis: logarithmic; right of 1 Octant is faster. Black mark: target. Thin line: least to "
                        + "most of the iterations."));
        svg.append(text(20, bottom + 40, "", PALE, report.machine().toString()));
        return svg.append("</svg>\n").toString();
    }

    private void row(StringBuilder svg, Measurement m, int top) {
        int bars = (int) peers(m).count();
        svg.append(text(
                LEFT - 12,
                top + bars * BAR / 2.0 + 4,
                "text-anchor=\"end\"",
                INK,
                m.work().title() + ", " + elements(m.size())));
        int y = top;
        for (Peer peer : peers(m).toList()) {
            double ratio = m.ratio(peer);
            double from = Math.min(x(1), x(ratio));
            double to = Math.max(x(1), x(ratio));
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"bar\" x=\"%.1f\" y=\"%s\" width=\"%.1f\" height=\"%s\" fill=\"%s\"/>\n",
                    from,
                    y + 1,
                    Math.max(to - from, 1),
                    BAR - 2,
                    color(peer)));
            double middle = y + BAR / 2.0;
            double end = Math.min(Math.max(x(m.mostRatio(peer)), to), RIGHT + 10);
            svg.append(line(Math.max(x(m.leastRatio(peer)), LEFT), middle, end, middle, INK, 0.6));
            for (Target target : m.work().targets(m.size())) {
                if (target instanceof Target.Ratio wanted && wanted.peer() == peer) {
                    double x = x(wanted.least());
                    svg.append(line(x, y - 1, x, y + BAR + 1, INK, 2.5));
                    end = Math.max(end, x);
                }
            }
            svg.append(text(end + 5, y + BAR - 1.5, "font-size=\"11\"", INK, digits(ratio)));
            y += BAR;
        }
    }

    private static int height(Measurement m) {
        return (int) peers(m).count() * BAR + GAP;
    }

    private static String color(Peer peer) {
        return switch (peer) {
            case COPY -> "#5b8def";
            case ENGINE -> "#e08a3c";
            case HEAP -> "#4fa37a";
        };
    }

    private static String legend(Peer peer) {
        return switch (peer) {
            case COPY -> "a memory copy";
            case ENGINE -> "ONNX Runtime";
            case HEAP -> "the same on heap arrays";
        };
    }

    private static String elements(int size) {
        return size >= 1 << 20 ? (size >> 20) + " M" : size >= 1 << 10 ? (size >> 10) + " K" : String.valueOf(size);
    }

    private static String whole(int power) {
        return String.valueOf(Math.round(Math.pow(10, power)));
    }

    private static String digits(double ratio) {
        return String.format(Locale.ROOT, "%." + (ratio >= 9.95 ? 0 : ratio >= 0.0995 ? 2 : 3) + "f", ratio);
    }

    private static String line(double x1, double y1, double x2, double y2, String color, double width) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%s\"/>\n",
                x1,
                y1,
                x2,
                y2,
                color,
                width);
    }

    private static String text(double x, double y, String attributes, String color, String words) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\" %s>%s</text>\n",
                x,
                y,
                color,
                attributes,
                words.replace("&", "&amp;").replace("<", "&lt;"));
    }
}
