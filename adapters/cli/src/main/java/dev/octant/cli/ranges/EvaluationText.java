// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.evaluation.DataError;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.Evidence;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.words.ShownNames;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.formats.VisibleText;
import dev.octant.observers.ValueCounts;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Help.ColorScheme;

/** The outcome of an evaluation as a table for people. */
final class EvaluationText {
    /** After the method, which is as wide as the longest one. */
    private static final String FIGURES = " %12s %12s %13s %5s %9s %9s %9s %8s";

    private static final int LEAST_WIDTH = 17;

    private static final String MEASURED = String.format(
            "Each method chooses the range of an input; the op then runs as a table of 256 codes and is compared with%n"
                    + "its float function on every value.");

    private static final String EXPECTED = String.format(
            "Each method chooses the range of an input; what the op then loses as a table of 256 codes is estimated%n"
                    + "from the histogram of the values.");

    private EvaluationText() {}

    static void print(Evaluation evaluation, PrintWriter out, ColorScheme colors) {
        long values = evaluation.tensors().stream()
                .mapToLong(t -> t.input().counts().count())
                .sum();
        out.println(bold(
                colors,
                (evaluation.evidence() == Evidence.MEASURED ? "Octant evaluate: " : "Octant calibrate: ")
                        + VisibleText.whole(String.join(", ", evaluation.inputs()))));
        out.printf(
                Locale.ROOT,
                "%d tensors, %,d values; %s, %s.%n%s%n",
                evaluation.tensors().size(),
                values,
                evaluation.rule().type(),
                evaluation.rule().scheme().label()
                        + (evaluation.rule().policy() == ParameterPolicy.OCTANT
                                ? ""
                                : " parameters of " + evaluation.rule().policy().label())
                        + (evaluation.profile() == Profile.ONNX ? "" : ", as " + evaluation.profile()),
                evaluation.evidence() == Evidence.MEASURED ? MEASURED : EXPECTED);
        ShownNames names = new ShownNames(
                evaluation.tensors().stream().map(TensorResult::name).toList());
        for (TensorResult tensor : evaluation.tensors()) {
            out.println();
            print(evaluation, tensor, names.of(tensor.name()), out, colors);
        }
        out.println();
        out.println("  * best: highest output SQNR.  clipped: values outside the range.  SQNR: signal to "
                + "quantization noise,");
        out.println("    6 dB is one bit.  max err: largest output error, in output steps.");
        out.flush();
    }

    private static void print(
            Evaluation evaluation, TensorResult tensor, String name, PrintWriter out, ColorScheme colors) {
        ValueCounts counts = tensor.input().counts();
        out.printf(
                Locale.ROOT,
                "%s -> %s   %,d values%s%n",
                bold(colors, name),
                tensor.function(),
                counts.count(),
                oddities(counts, tensor.overflows().orElse(0)));
        if (tensor.methods().isEmpty()) {
            out.println("    left out: " + evaluation.reason(tensor));
            return;
        }
        int width = tensor.methods().stream()
                .mapToInt(result -> result.method().toString().length())
                .reduce(LEAST_WIDTH, Math::max);
        out.printf(
                (Locale) null,
                "  %-1s %-" + width + "s" + FIGURES + "%n",
                "",
                "method",
                "min",
                "max",
                "scale",
                "zero",
                "clipped",
                "SQNR in",
                "SQNR out",
                "max err");
        MethodResult best = tensor.best();
        for (MethodResult result : tensor.methods()) {
            String row = row(result, width, result.equals(best));
            out.println(result.equals(best) ? bold(colors, row) : row);
        }
        if (tensor.methods().size() > 1) {
            out.println("    " + tensor.reason());
        }
    }

    private static String row(MethodResult result, int width, boolean best) {
        QuantParams input = result.quantized().input();
        DataError error = result.error();
        return String.format(
                Locale.ROOT,
                "  %-1s %-" + width + "s" + FIGURES,
                best ? "*" : "",
                result.method(),
                number(result.range().min()),
                number(result.range().max()),
                number(input.scale()),
                input.zeroPoint(),
                String.format(Locale.ROOT, "%.4f%%", 100 * error.clippedFraction()),
                decibels(error.inputSqnrDb()),
                decibels(error.outputSqnrDb()),
                Double.isNaN(error.maxErrorSteps()) ? "-" : String.format(Locale.ROOT, "%.2f", error.maxErrorSteps()));
    }

    /** {@code , 3 NaN, 1 -Inf}, or nothing. */
    static String notFinite(ValueCounts counts) {
        StringBuilder text = new StringBuilder();
        append(text, counts.nan(), "NaN");
        append(text, counts.positiveInfinities(), "+Inf");
        append(text, counts.negativeInfinities(), "-Inf");
        return text.toString();
    }

    private static String oddities(ValueCounts counts, long overflows) {
        StringBuilder text = new StringBuilder();
        append(text, counts.zeros(), "zero");
        text.append(notFinite(counts));
        append(text, overflows, overflows == 1 ? "output beyond float" : "outputs beyond float");
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(String.format(Locale.ROOT, ", %,d %s", count, what));
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    private static String decibels(double value) {
        return Double.isNaN(value)
                ? "no signal"
                : Double.isInfinite(value) ? "exact" : String.format(Locale.ROOT, "%.2f dB", value);
    }

    private static String bold(ColorScheme colors, String text) {
        // The text is data: markup in it must not be read as markup.
        return colors.ansi().enabled() ? "\033[1m" + text + "\033[0m" : text;
    }
}
