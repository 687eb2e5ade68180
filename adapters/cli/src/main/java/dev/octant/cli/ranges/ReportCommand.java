// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.cli.report.Figures;
import dev.octant.cli.report.ReportFiles;
import dev.octant.cli.report.RunComparison;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.ShownNames;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.Terminal;
import dev.octant.cli.words.TextConverters;
import dev.octant.cli.words.TextTable;
import dev.octant.cli.words.TextTable.Column;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Two evaluations side by side. */
@Command(
        name = "report",
        description = {
            "Compare two runs: what the best method of each tensor lost then and loses now.",
            "Both are figures as evaluate, calibrate or ranges wrote them with --json."
        },
        footer = {"", "Example: octant report before.json after.json -o changes.html"})
public final class ReportCommand extends OctantCommand {
    @Parameters(index = "0", paramLabel = "A.json", description = "Figures of the first run.")
    private Path before;

    @Parameters(index = "1", paramLabel = "B.json", description = "Figures of the second run.")
    private Path after;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = "FILE.html",
            description = "Write the comparison as one HTML file, too." + Outputs.HELP)
    private Path output;

    @Mixin
    private QuietOption quiet;

    @Override
    public Integer call() throws IOException {
        Outputs outputs = Outputs.of(before, after).and("-o", output);
        outputs.requireApart();
        RunComparison comparison = RunComparison.of(Figures.read(before), Figures.read(after));
        PrintWriter out = quiet.text(outputs, line());
        print(comparison, out, Terminal.of(line()));
        if (output != null) {
            ReportFiles.write(output, comparison::writeHtml);
            out.println("Comparison: " + StandardStreams.shown(output));
        }
        out.flush();
        return 0;
    }

    private static void print(RunComparison comparison, PrintWriter out, Terminal terminal) {
        ShownNames names = new ShownNames(
                terminal,
                comparison.changes().stream().map(RunComparison.Change::tensor).toList());
        TextTable table = new TextTable(
                Column.text("tensor", 0),
                // Left out where there is no room, but not where it says why a tensor is not compared.
                Column.text("op", comparison.changes().stream().allMatch(RunComparison.Change::isOfOneOp) ? 3 : 0),
                Column.text("first", 2),
                Column.number("dB", 0),
                Column.text("second", 1),
                Column.number("dB", 0),
                Column.number("change", 0));
        for (RunComparison.Change change : comparison.changes()) {
            table.add(
                    false,
                    names.of(change.tensor()),
                    VisibleText.whole(change.op()),
                    VisibleText.whole(change.before().method()),
                    RunComparison.decibels(change.before().outputSqnrDb()),
                    VisibleText.whole(change.after().method()),
                    RunComparison.decibels(change.after().outputSqnrDb()),
                    change.gain());
        }
        if (!comparison.changes().isEmpty()) {
            table.lines("", terminal).forEach(out::println);
            out.println();
        }
        comparison
                .sentences()
                .forEach(sentence ->
                        terminal.lines("", VisibleText.whole(sentence)).forEach(out::println));
    }
}
