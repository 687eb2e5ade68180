// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.cli.report.HtmlReport;
import dev.octant.cli.report.JsonReport;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.TextConverters;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where an evaluation is written to. */
final class ReportOptions {
    @Option(
            names = "--json",
            converter = TextConverters.Output.class,
            paramLabel = "FILE",
            description = "Write the figures as JSON." + Outputs.HELP)
    private Path json;

    @Option(
            names = "--report",
            converter = TextConverters.Output.class,
            paramLabel = "FILE.html",
            description = "Write a report with pictures as one HTML file." + Outputs.HELP)
    private Path report;

    /** Whether anything was asked for. */
    boolean isGiven() {
        return json != null || report != null;
    }

    /** Asks for a report where none was. */
    void reportTo(Path file) {
        report = report == null ? file : report;
    }

    /** Tells where it will be written. */
    void addTo(Outputs outputs) throws FormatException {
        outputs.andReport("--json", json).andReport("--report", report);
    }

    /** Writes what was asked for, each file whole or not at all; one that cannot be written does not cost the other. */
    void write(Evaluation evaluation, PrintWriter out) throws IOException {
        try {
            if (json != null) {
                AtomicFile.write(json, stream -> JsonReport.write(evaluation, stream));
                out.println("Figures: " + VisibleText.of(json));
            }
        } finally {
            if (report != null) {
                AtomicFile.write(report, stream -> {
                    Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
                    HtmlReport.write(evaluation, writer);
                    writer.flush();
                });
                out.println("Report with pictures: " + VisibleText.of(report));
            }
            out.flush();
        }
    }
}
