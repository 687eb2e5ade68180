// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.CalibrationResult;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.ShownNames;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.Terminal;
import dev.octant.cli.words.TextConverters;
import dev.octant.cli.words.TextTable;
import dev.octant.cli.words.TextTable.Column;
import dev.octant.cli.words.Version;
import dev.octant.core.RealRange;
import dev.octant.formats.Destination;
import dev.octant.formats.FormatException;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.formats.tensor.LeftOut;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How summaries become a calibration table, and where that goes: what {@code calibrate} and {@code ranges} share. */
abstract class TableChoice {
    /** What a table is called where nobody has named one. */
    private static final String TABLE = "table.json";

    private static final String OF_METHOD = "One of those below. Default: ${DEFAULT-VALUE}.";
    private static final String USUAL_METHOD = "minmax";

    @Mixin
    private OpOption ops;

    @Mixin
    private GridOptions grid;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = TABLE,
            description = "Write the calibration table as JSON, with exact float bits." + Outputs.HELP)
    private Path output;

    @Mixin
    private ReportOptions reports;

    /** With the methods of {@code calibrate}. */
    static final class OfData extends TableChoice {
        @Option(
                names = "--method",
                paramLabel = "M",
                defaultValue = USUAL_METHOD,
                completionCandidates = MethodWords.OfCalibrate.class,
                description = OF_METHOD)
        private String method;

        @Override
        String method() {
            return method;
        }

        @Override
        MethodWords words() {
            return MethodWords.CALIBRATE;
        }
    }

    /** With the methods of {@code ranges}. */
    static final class OfSummaries extends TableChoice {
        @Option(
                names = "--method",
                paramLabel = "M",
                defaultValue = USUAL_METHOD,
                completionCandidates = MethodWords.OfRanges.class,
                description = OF_METHOD)
        private String method;

        @Override
        String method() {
            return method;
        }

        @Override
        MethodWords words() {
            return MethodWords.RANGES;
        }
    }

    /** The word for the method. */
    abstract String method();

    /** Those that it may be. */
    abstract MethodWords words();

    ParameterRule rule() {
        return grid.rule();
    }

    /** Where the table goes, or null. */
    Path output() {
        return output;
    }

    /** The calibration asked for. */
    Calibration calibration(Collection<String> tensors) {
        words().requireKnown(method());
        Calibration calibration = Calibration.parse(method(), rule(), ops.choice(tensors, List.of()));
        calibration.requireSuits(tensors);
        Validate.isTrue(
                !reports.isGiven() || !(calibration.isOfSamples() || calibration.isOrdered()),
                "method of a report or figures must be one of a histogram, was %s",
                method());
        return calibration;
    }

    /** Tells where the table and the reports will be written. */
    Outputs addTo(Outputs outputs) throws FormatException {
        reports.addTo(outputs.and("-o", output));
        return outputs;
    }

    /** Whether all methods are compared on every tensor, which needs all summaries at a time. */
    boolean evaluates(Calibration calibration) {
        return calibration.isBest() || reports.isGiven();
    }

    /**
     * Table and reports where all methods were compared.
     *
     * @param compared how they compare
     * @param unread what was left out of the inputs before they were read
     */
    void finish(
            Calibration calibration,
            CalibrationResult result,
            Evaluation compared,
            List<LeftOut> unread,
            PrintWriter out,
            CommandLine command)
            throws IOException {
        if (output != null) {
            // What no file can hold is refused before the reports are written.
            file(result.table());
        }
        Evaluation evaluation = compared.after(unread);
        if (calibration.isBest()) {
            EvaluationText.print(evaluation, next(command), out, Terminal.of(command));
        }
        reports.write(evaluation, out);
        finish(result, unread, out, command);
    }

    /** What becomes of the table. */
    private String next(CommandLine command) throws FormatException {
        if (output == null) {
            return NextCommand.like(command.getParseResult(), command.getCommandName()) + " --method best -o " + TABLE;
        }
        // Where a stream goes is not known here.
        String file = Destination.of(output).isFile() ? output.toString() : TABLE;
        return NextCommand.of("table", "--from", file) + " -o tables/";
    }

    /** Writes the table, and prints it and what was left out of it. */
    void finish(CalibrationResult result, List<LeftOut> unread, PrintWriter out, CommandLine command)
            throws IOException {
        CalibrationTable table = result.table();
        if (output != null) {
            file(table).write(output);
        }
        print(table, out, Terminal.of(command));
        List<LeftOut> leftOut = new ArrayList<>(unread);
        leftOut.addAll(result.leftOut());
        TensorOptions.print(leftOut, out);
        if (output != null) {
            out.println("Calibration table: " + StandardStreams.shown(output));
        }
        out.flush();
    }

    private CalibrationFile file(CalibrationTable table) {
        return new CalibrationFile(
                "octant " + Version.text(), Optional.of(rule().scheme()), Optional.of(rule().policy()), table);
    }

    private void print(CalibrationTable table, PrintWriter out, Terminal terminal) {
        out.printf(
                "%s, %s, parameters of %s%n",
                rule().type(), rule().scheme().label(), rule().policy().label());
        ShownNames names = new ShownNames(terminal, table.entries().keySet());
        TextTable lines = new TextTable(
                Column.text("tensor", 0),
                Column.number("min", 1),
                Column.number("max", 2),
                Column.number("scale", 0),
                Column.number("zero", 0),
                Column.number("values", 3),
                Column.text("method", 0));
        table.entries()
                .forEach((name, entry) -> lines.add(
                        false,
                        names.of(name),
                        String.format(Locale.ROOT, "%.6g", entry.range().min()),
                        String.format(Locale.ROOT, "%.6g", entry.range().max()),
                        Float.toString(entry.params().scale()),
                        Integer.toString(entry.params().zeroPoint()),
                        String.format(Locale.ROOT, "%,d", entry.values().count()),
                        entry.method() + EvaluationText.notFinite(entry.values())));
        lines.lines("", terminal).forEach(out::println);
        printOutputs(table, names, out, terminal);
    }

    /** What the ops that read the tensors write, where that was chosen along with them. */
    private static void printOutputs(CalibrationTable table, ShownNames names, PrintWriter out, Terminal terminal) {
        TextTable lines = new TextTable(
                Column.text("output of", 0),
                Column.text("op", 0),
                Column.number("least", 1),
                Column.number("most", 2),
                Column.number("scale", 0),
                Column.number("zero", 0));
        boolean any = false;
        for (Map.Entry<String, CalibrationTable.Entry> entry : table.entries().entrySet()) {
            Optional<CalibrationTable.Consumer> known = entry.getValue().consumer();
            if (known.isPresent()) {
                CalibrationTable.Consumer consumer = known.get();
                // The range that was asked for reaches beyond the codes: what can come out is said.
                RealRange span = consumer.span();
                lines.add(
                        false,
                        names.of(entry.getKey()),
                        consumer.op().toString(),
                        String.format(Locale.ROOT, "%.6g", span.min()),
                        String.format(Locale.ROOT, "%.6g", span.max()),
                        Float.toString(consumer.params().scale()),
                        Integer.toString(consumer.params().zeroPoint()));
                any = true;
            }
        }
        if (any) {
            out.println();
            lines.lines("", terminal).forEach(out::println);
        }
    }
}
