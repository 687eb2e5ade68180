// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Whether people are told what was done. */
public final class QuietOption {
    @Option(
            names = {"-q", "--quiet"},
            description = "Print no text for people and no progress; files, warnings and refusals are as without.")
    private boolean quiet;

    /** Where text for people goes, beside these outputs. */
    public PrintWriter text(Outputs outputs, CommandLine command) {
        return quiet ? new PrintWriter(Writer.nullWriter()) : outputs.text(command);
    }

    /** Progress towards {@code total} values, which is shown where it may be. */
    public Progress progress(long total) {
        return new Progress(total, !quiet);
    }
}
