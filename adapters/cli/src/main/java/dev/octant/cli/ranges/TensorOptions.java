// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.run.TensorChoice;
import dev.octant.cli.words.StandardStreams;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.LeftOut;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Which tensors are wanted, and what happens to those that cannot be calibrated. */
final class TensorOptions {
    /** Of more, the report and the figures tell. */
    private static final int MOST_LINES = 20;

    @Option(
            names = "--tensors",
            paramLabel = "GLOB",
            description = "Only tensors of such names: * stands for any characters, ? for one. May be repeated.")
    private List<String> chosen = List.of();

    @Option(names = "--skip", paramLabel = "GLOB", description = "No tensors of such names. May be repeated.")
    private List<String> skipped = List.of();

    @Option(
            names = "--strict",
            description = "Refuse tensors that cannot be calibrated: of other types, without values, of NaN and"
                    + " infinities only, or without parameters under the policy. Else they are left out and said.")
    private boolean strict;

    /** The tensors asked for. */
    TensorChoice choice() {
        return new TensorChoice(chosen, skipped);
    }

    /** Refuses what is left out, if that was asked for. */
    void require(List<LeftOut> leftOut) {
        if (strict) {
            LeftOut.requireNone(leftOut);
        }
    }

    /** Says which patterns skip nothing. */
    static void printUnused(List<String> patterns, PrintWriter out) {
        patterns.forEach(pattern ->
                out.println("Skips nothing: --skip " + VisibleText.of(pattern) + " matches no tensor of the inputs"));
    }

    /** Says what is left out. */
    static void print(List<LeftOut> leftOut, PrintWriter out) {
        leftOut.stream()
                .limit(MOST_LINES)
                .forEach(left -> out.println("Left out: " + StandardStreams.in(left.toString())));
        if (leftOut.size() > MOST_LINES) {
            out.printf(Locale.ROOT, "Left out: %,d more%n", leftOut.size() - MOST_LINES);
        }
    }
}
