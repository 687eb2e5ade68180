// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.report.ModelAdvice;
import dev.octant.cli.report.ModelJson;
import dev.octant.cli.report.ModelReport;
import dev.octant.cli.report.Tried;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.TextConverters;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.ModelEvaluation;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The report of an int8 model as files. */
final class ModelReportOptions {
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
            description = "Write a report with pictures as one HTML file: nodes, noise of each tensor, ranges, speed."
                    + Outputs.HELP)
    private Path report;

    /** Whether anything was asked for. */
    boolean isGiven() {
        return json != null || report != null;
    }

    /** Asks for a report where nothing was. */
    void reportTo(Path file) {
        report = isGiven() ? report : file;
    }

    /** Tells where it will be written. */
    Outputs addTo(Outputs outputs) throws FormatException {
        return outputs.andReport("--json", json).andReport("--report", report);
    }

    /** Writes what was asked for, each file whole or not at all; one that cannot be written does not cost the other. */
    void write(Map<String, String> facts, ModelEvaluation evaluation, List<Tried> tried, PrintWriter out)
            throws IOException {
        if (ModelAdvice.isSlower(evaluation)) {
            out.println("int8 does not pay here: it is slower than the first model at every batch measured");
        }
        try {
            if (json != null) {
                AtomicFile.write(json, stream -> ModelJson.write(facts, evaluation, tried, stream));
                out.println("Figures: " + VisibleText.of(json));
            }
        } finally {
            if (report != null) {
                AtomicFile.write(report, stream -> {
                    Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
                    ModelReport.write(facts, evaluation, tried, writer);
                    writer.flush();
                });
                out.println("Report with pictures: " + VisibleText.of(report));
            }
            out.flush();
        }
    }
}
