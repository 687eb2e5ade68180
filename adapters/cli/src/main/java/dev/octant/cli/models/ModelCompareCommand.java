// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.words.Version;
import dev.octant.onnx.ModelComparison;
import dev.octant.onnx.OnnxModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How far two models are apart. */
@Command(
        name = "compare",
        description = "Run two models on the same data and print how far their outputs are apart.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "SQNR is 10 log10(sum a^2 / sum (a - b)^2) with a the outputs of the first model: 40 dB is an error of a"
                    + " hundredth. The same class is the share of rows where the largest output is the same one."
        })
final class ModelCompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A.onnx", description = "The model that is taken to be right.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B.onnx", description = "The other.")
    private Path second;

    @Mixin
    private DataOptions data;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OnnxModel reference = OnnxModel.read(first);
        ModelComparison comparison = ModelComparison.of(reference, OnnxModel.read(second), data.open(reference));
        PrintWriter out = spec.commandLine().getOut();
        ComparisonText.print(comparison, out);
        out.flush();
        return 0;
    }
}
