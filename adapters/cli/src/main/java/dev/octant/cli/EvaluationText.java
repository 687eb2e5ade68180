package dev.octant.cli;

import dev.octant.cli.evaluate.DataError;
import dev.octant.cli.evaluate.Evaluation;
import dev.octant.cli.evaluate.MethodResult;
import dev.octant.cli.evaluate.TensorResult;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.observers.ValueCounts;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Help.ColorScheme;

/** The outcome of an evaluation as a table for people. */
final class EvaluationText {
    private static final String ROW = "  %-1s %-17s %12s %12s %13s %5s %9s %9s %9s %8s";

    private EvaluationText() {}

    static void print(Evaluation evaluation, PrintWriter out, ColorScheme colors) {
        long values = evaluation.tensors().stream()
                .mapToLong(t -> t.input().counts().count())
                .sum();
        out.println(bold(colors, "Octant evaluate: " + String.join(", ", evaluation.inputs())));
        out.printf(
                Locale.ROOT,
                "%d tensors, %,d values; %s, %s. Each method chooses the range of an input; the op then runs as a table%n"
                        + "of 256 codes and is compared with its float function on every value.%n",
                evaluation.tensors().size(),
                values,
                evaluation.type(),
                evaluation.scheme().name().toLowerCase(Locale.ROOT)
                        + (evaluation.profile() == Profile.ONNX ? "" : ", as " + evaluation.profile()));
        for (TensorResult tensor : evaluation.tensors()) {
            out.println();
            print(tensor, out, colors);
        }
        out.println();
        out.println(
                "  * best: highest output SQNR.  clipped: values outside the range.  SQNR: signal to quantization noise,");
        out.println("    6 dB is one bit.  max err: largest output error, in output steps.");
        out.flush();
    }

    private static void print(TensorResult tensor, PrintWriter out, ColorScheme colors) {
        ValueCounts counts = tensor.input().counts();
        out.printf(
                Locale.ROOT,
                "%s -> %s   %,d values%s%n",
                bold(colors, tensor.name()),
                tensor.activation(),
                counts.count(),
                oddities(counts));
        out.printf(
                (Locale) null,
                ROW + "%n",
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
            String row = row(result, result.equals(best));
            out.println(result.equals(best) ? bold(colors, row) : row);
        }
    }

    private static String row(MethodResult result, boolean best) {
        QuantParams input = result.quantized().input();
        DataError error = result.error();
        return String.format(
                Locale.ROOT,
                ROW,
                best ? "*" : "",
                result.method(),
                number(result.range().min()),
                number(result.range().max()),
                number(input.scale()),
                input.zeroPoint(),
                String.format(Locale.ROOT, "%.4f%%", 100 * error.clippedFraction()),
                decibels(error.inputSqnrDb()),
                decibels(error.outputSqnrDb()),
                String.format(Locale.ROOT, "%.2f", error.maxErrorSteps()));
    }

    private static String oddities(ValueCounts counts) {
        StringBuilder text = new StringBuilder();
        append(text, counts.zeros(), "zero");
        append(text, counts.nan(), "NaN");
        append(text, counts.positiveInfinities(), "+Inf");
        append(text, counts.negativeInfinities(), "-Inf");
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
