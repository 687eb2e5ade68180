// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.TextConverters;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a report is written to: its figures, and its page with pictures. */
public abstract class ReportFiles {
    @Option(
            names = "--json",
            converter = TextConverters.Output.class,
            paramLabel = "FILE",
            description = "Write the figures as JSON." + Outputs.HELP)
    private Path json;

    /** An HTML page, written as text. */
    @FunctionalInterface
    public interface Page {
        void write(Writer writer) throws IOException;
    }

    /** The file of the page, or null. */
    protected abstract Path report();

    /** Whether anything was asked for. */
    public final boolean isGiven() {
        return json != null || report() != null;
    }

    /** Tells where it will be written. */
    public final Outputs addTo(Outputs outputs) throws FormatException {
        return outputs.andReport("--json", json).andReport("--report", report());
    }

    /** Writes what was asked for, each file whole or not at all; one that cannot be written does not cost the other. */
    protected final void write(AtomicFile.Content figures, Page page, PrintWriter out) throws IOException {
        try {
            if (json != null) {
                AtomicFile.write(json, figures);
                out.println("Figures: " + StandardStreams.shown(json));
            }
        } finally {
            if (report() != null) {
                write(report(), page);
                out.println("Report with pictures: " + StandardStreams.shown(report()));
            }
            out.flush();
        }
    }

    /** Writes a page as one file. */
    public static void write(Path file, Page page) throws IOException {
        AtomicFile.write(file, stream -> {
            Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
            page.write(writer);
            writer.flush();
        });
    }
}
