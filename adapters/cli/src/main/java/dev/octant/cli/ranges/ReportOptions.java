// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.cli.report.HtmlReport;
import dev.octant.cli.report.JsonReport;
import dev.octant.cli.report.ReportFiles;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.TextConverters;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where an evaluation is written to. */
final class ReportOptions extends ReportFiles {
    @Option(
            names = "--report",
            converter = TextConverters.Output.class,
            paramLabel = "FILE.html",
            description = "Write a report with pictures as one HTML file." + Outputs.HELP)
    private Path report;

    @Override
    protected Path report() {
        return report;
    }

    /** Asks for a report where none was. */
    void reportTo(Path file) {
        report = report == null ? file : report;
    }

    /** Writes what was asked for, each file whole or not at all; one that cannot be written does not cost the other. */
    void write(Evaluation evaluation, PrintWriter out) throws IOException {
        write(stream -> JsonReport.write(evaluation, stream), writer -> HtmlReport.write(evaluation, writer), out);
    }
}
