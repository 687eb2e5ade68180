// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.report.ModelAdvice;
import dev.octant.cli.report.ModelJson;
import dev.octant.cli.report.ModelReport;
import dev.octant.cli.report.ReportFiles;
import dev.octant.cli.report.Tried;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.TextConverters;
import dev.octant.onnx.ModelEvaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The report of an int8 model as files. */
final class ModelReportOptions extends ReportFiles {
    @Option(
            names = "--report",
            converter = TextConverters.Output.class,
            paramLabel = "FILE.html",
            description = "Write a report with pictures as one HTML file: nodes, noise of each tensor, ranges, speed."
                    + Outputs.HELP)
    private Path report;

    @Override
    protected Path report() {
        return report;
    }

    /** Asks for a report where nothing was. */
    void reportTo(Path file) {
        report = isGiven() ? report : file;
    }

    /** Writes what was asked for, each file whole or not at all; one that cannot be written does not cost the other. */
    void write(Map<String, String> facts, ModelEvaluation evaluation, List<Tried> tried, PrintWriter out)
            throws IOException {
        if (ModelAdvice.isSlower(evaluation)) {
            out.println("int8 does not pay here: it is slower than the first model at every batch measured");
        }
        write(
                stream -> ModelJson.write(facts, evaluation, tried, stream),
                writer -> ModelReport.write(facts, evaluation, tried, writer),
                out);
    }
}
