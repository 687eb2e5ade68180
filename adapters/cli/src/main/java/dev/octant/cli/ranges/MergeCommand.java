// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.run.SummaryFile;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.internal.text.Numbers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One summary file of several. */
@Command(
        name = "merge",
        description = {
            "Join summary files of parts of the data into the one that all data would have given, to the byte.",
            "The order of the files makes no difference. Each part of the data must be in one of them only."
        },
        footer = {"", "Example: octant merge 1.summary 2.summary -o all.summary"})
public final class MergeCommand extends OctantCommand {
    @Parameters(paramLabel = "FILE.summary", arity = "1..*", description = "What octant calibrate --summary wrote.")
    private List<Path> files;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = "FILE.summary",
            required = true,
            description = "The file to write; none of those to read." + Outputs.HELP)
    private Path output;

    @Mixin
    private QuietOption quiet;

    @Override
    public Integer call() throws IOException {
        Outputs outputs = Outputs.of(files.toArray(Path[]::new)).and("-o", output);
        outputs.requireApart();
        int tensors = SummaryFile.merge(files, output);
        PrintWriter out = quiet.text(outputs, line());
        out.println(Numbers.counted(files.size(), "file") + ", " + Numbers.counted(tensors, "tensor") + ": "
                + StandardStreams.shown(output));
        out.flush();
        return 0;
    }
}
