// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.evaluation.DataError;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.Evidence;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.cli.words.ShownNames;
import dev.octant.cli.words.Terminal;
import dev.octant.cli.words.TextTable;
import dev.octant.cli.words.TextTable.Column;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.VisibleText;
import dev.octant.observers.ValueCounts;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The outcome of an evaluation as a table for people. */
final class EvaluationText {
    private static final String MEASURED =
            "Each method chooses the range of an input and of the op's output, where the op does not fix that; the op"
                    + " then runs as a table of 256 codes and is compared with its float function on every value.";

    private static final String EXPECTED =
            "Each method chooses the range of an input; the op's output, where the op does not fix it, has the range of"
                    + " least error for that input. What the op then loses as a table of 256 codes is estimated from"
                    + " the histogram of the values.";

    private static final String LEGEND =
            "* best: highest output SQNR. clipped: values outside the range. dB in, dB out: SQNR of input and output,"
                    + " signal to quantization noise, 6 dB is one bit. ";

    private static final String LEGEND_OF_BEST =
            "dB best: output by the range of least expected error for the method's input, as calibrate judges. ";

    private static final String LEGEND_OF_OUTPUT =
            "out scale and the zero behind it: the op's output. max err: largest output error, in output steps."
                    + " Columns that do not fit are left out; --json has all.";

    private EvaluationText() {}

    /**
     * Prints it.
     *
     * @param next the command to run next
     */
    static void print(Evaluation evaluation, String next, PrintWriter out, Terminal terminal) {
        long values = evaluation.tensors().stream()
                .mapToLong(t -> t.input().counts().count())
                .sum();
        boolean measured = evaluation.evidence() == Evidence.MEASURED;
        terminal.lines(
                        "",
                        (measured ? "Octant evaluate: " : "Octant calibrate: ")
                                + VisibleText.whole(String.join(", ", evaluation.inputs())))
                .forEach(line -> out.println(terminal.bold(line)));
        String rule = evaluation.rule().scheme().label()
                + (evaluation.rule().policy() == ParameterPolicy.OCTANT
                        ? ""
                        : " parameters of " + evaluation.rule().policy().label())
                + (evaluation.profile() == Profile.ONNX ? "" : ", as " + evaluation.profile());
        out.printf(
                Locale.ROOT,
                "%s, %,d values; %s, %s.%n",
                Numbers.counted(evaluation.tensors().size(), "tensor"),
                values,
                evaluation.rule().type(),
                rule);
        terminal.lines("", measured ? MEASURED : EXPECTED).forEach(out::println);
        ShownNames names = new ShownNames(
                terminal, evaluation.tensors().stream().map(TensorResult::name).toList());
        boolean showsBest = evaluation.tensors().stream()
                .flatMap(tensor -> tensor.methods().stream())
                .anyMatch(EvaluationText::hasOtherBest);
        for (TensorResult tensor : evaluation.tensors()) {
            out.println();
            print(evaluation, tensor, showsBest, names.of(tensor.name()), out, terminal);
        }
        out.println();
        terminal.lines("  ", LEGEND + (showsBest ? LEGEND_OF_BEST : "") + LEGEND_OF_OUTPUT)
                .forEach(out::println);
        ConclusionText.print(evaluation, next, out, terminal);
    }

    /** Whether the output that the method chose is another than the best one for its input: then two figures differ. */
    private static boolean hasOtherBest(MethodResult result) {
        return !result.bestOutput().params().equals(result.quantized().output());
    }

    /** In one line, or the name in one of its own and the rest below it. */
    private static void heading(TensorResult tensor, String name, PrintWriter out, Terminal terminal) {
        ValueCounts counts = tensor.input().counts();
        String values = String.format(
                Locale.ROOT,
                "%,d values%s",
                counts.count(),
                oddities(counts, tensor.overflows().orElse(0)));
        String rest = " -> " + tensor.function() + "   " + values;
        if (name.length() + rest.length() <= terminal.width()) {
            out.println(terminal.bold(name) + rest);
        } else {
            out.println(terminal.bold(name));
            terminal.lines("  ", "-> " + tensor.function() + ", " + values).forEach(out::println);
        }
    }

    private static void print(
            Evaluation evaluation,
            TensorResult tensor,
            boolean showsBest,
            String name,
            PrintWriter out,
            Terminal terminal) {
        heading(tensor, name, out, terminal);
        if (tensor.methods().isEmpty()) {
            out.println("    left out: " + evaluation.reason(tensor));
            return;
        }
        List<Column> columns = new ArrayList<>(List.of(
                Column.text("  method", 0),
                Column.number("min", 1),
                Column.number("max", 2),
                Column.number("scale", 0),
                Column.number("zero", 0),
                Column.number("out scale", 0),
                Column.number("zero", 0),
                Column.number("clipped", 4),
                Column.number("dB in", 5),
                Column.number("dB out", 0)));
        if (showsBest) {
            columns.add(Column.number("dB best", 3));
        }
        columns.add(Column.number("max err", 6));
        TextTable table = new TextTable(columns.toArray(Column[]::new));
        MethodResult best = tensor.best();
        for (MethodResult result : tensor.methods()) {
            table.add(result.equals(best), cells(result, result.equals(best), showsBest));
        }
        table.lines("  ", terminal).forEach(out::println);
        if (tensor.methods().size() > 1) {
            terminal.lines("    ", tensor.reason()).forEach(out::println);
        }
    }

    private static String[] cells(MethodResult result, boolean best, boolean showsBest) {
        QuantParams input = result.quantized().input();
        QuantParams output = result.quantized().output();
        DataError error = result.error();
        List<String> cells = new ArrayList<>(List.of(
                (best ? "* " : "  ") + result.method(),
                number(result.range().min()),
                number(result.range().max()),
                number(input.scale()),
                Integer.toString(input.zeroPoint()),
                number(output.scale()),
                Integer.toString(output.zeroPoint()),
                String.format(Locale.ROOT, "%.4f%%", 100 * error.clippedFraction()),
                decibels(error.inputSqnrDb()),
                decibels(error.outputSqnrDb())));
        if (showsBest) {
            cells.add(decibels(result.bestOutput().outputSqnrDb()));
        }
        cells.add(
                Double.isNaN(error.maxErrorSteps()) ? "-" : String.format(Locale.ROOT, "%.2f", error.maxErrorSteps()));
        return cells.toArray(String[]::new);
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

    /** Four digits are what a table has room for; files have all. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** A ratio in words: with its unit, but for where there is none to give. */
    static String decibelsInWords(double value) {
        return Double.isFinite(value) ? decibels(value) + " dB" : decibels(value);
    }

    private static String decibels(double value) {
        return Double.isNaN(value)
                ? "no signal"
                : Double.isInfinite(value) ? "exact" : String.format(Locale.ROOT, "%.2f", value);
    }
}
