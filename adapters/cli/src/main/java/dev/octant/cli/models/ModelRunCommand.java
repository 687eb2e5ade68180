// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.internal.text.Numbers;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.OutputFile;
import dev.octant.onnx.values.Provider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a model computes. */
@Command(
        name = "run",
        description = "Run a model in ONNX Runtime and write its outputs.",
        footer = {"", "Example: octant model run model.onnx --data test.npz -o outputs.npz"})
final class ModelRunCommand extends OctantCommand {
    @Parameters(index = "0", paramLabel = "MODEL.onnx", description = "The model.")
    private Path file;

    @Mixin
    private DataOptions data;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = "OUT.npz",
            required = true,
            description = "An array for each output, by its name, with the rows of all data." + Outputs.HELP)
    private Path output;

    @Option(
            names = "--provider",
            paramLabel = "P",
            description = "What ONNX Runtime runs on: cpu, cuda or tensorrt; the latter two need its GPU library."
                    + " Default: cpu.")
    private Provider provider = Provider.CPU;

    @Mixin
    private QuietOption quiet;

    @Override
    public Integer call() throws IOException {
        OnnxModel model = OnnxModel.read(file);
        ModelData rows = data.open(model);
        Outputs outputs = Outputs.of(ModelFiles.all(file, model, rows.files())).and("-o", output);
        outputs.requireApart();
        OutputFile.write(output, model, rows, provider);
        PrintWriter out = quiet.text(outputs, line());
        out.println(Numbers.counted(rows.rows(), "row") + ": " + StandardStreams.shown(output));
        out.flush();
        return 0;
    }
}
