// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.cli.ranges.KeptRunOptions;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.ModelActivations;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a model computes on calibration data, summed up. */
@Command(
        name = "calibrate",
        description = {
            "Run a float model on data and keep what was seen of its activations, for model quantize --summary.",
            "Data may be larger than memory, and on several machines: octant merge joins the summaries. Cut between"
                    + " batches they are what all data would have given, to the byte.",
            "Ctrl-C leaves a checkpoint, and the same command goes on from it."
        },
        footer = {"", "Example: octant model calibrate model.onnx --data calib.npz --summary model.summary"})
final class ModelCalibrateCommand extends OctantCommand {
    @Parameters(index = "0", paramLabel = "MODEL.onnx", description = "The float model.")
    private Path file;

    @Mixin
    private DataOptions data;

    @Option(
            names = "--summary",
            converter = TextConverters.Output.class,
            paramLabel = "FILE.summary",
            required = true,
            description = "The file to write." + Outputs.HELP)
    private Path summary;

    @Option(
            names = "--target",
            paramLabel = "T",
            description = "The target that the model will be quantized for. Default: cpu.")
    private Target target = Target.CPU;

    @Mixin
    private KeptRunOptions kept;

    @Mixin
    private QuietOption quiet;

    @Override
    public Integer call() throws IOException {
        RunSettings usual = RunSettings.of((tensor, seen) -> seen.values().range());
        RunSettings settings =
                new RunSettings(kept.threads().orElse(usual.threads()), false, usual.choice(), Optional.empty());
        kept.every();
        OnnxModel model = OnnxModel.read(file);
        ModelData rows = data.open(model);
        Outputs outputs = Outputs.of(ModelFiles.all(file, model, rows.files())).and("--summary", summary);
        kept.addTo(outputs, summary, "--summary");
        outputs.requireApart();
        try (ModelActivations activations = ModelActivations.open(model, target, rows)) {
            return kept.run(activations.files(), settings, 0, summary, this::say, () -> quiet.progress(0), outcome -> {
                SummaryFile.write(summary, outcome.tensors());
                print(outcome, rows, quiet.text(outputs, line()));
            });
        }
    }

    private void print(RunOutcome outcome, ModelData rows, PrintWriter out) {
        out.println(Numbers.counted(rows.rows(), "row") + ", "
                + Numbers.counted(outcome.tensors().size(), "activation") + ": " + StandardStreams.shown(summary));
        outcome.tensors().forEach((name, seen) -> {
            if (seen.values().counts().nan() > 0) {
                out.println("NaN in " + VisibleText.of(name) + ", "
                        + seen.values().counts().nan() + " times: it cannot become codes");
            }
        });
        out.flush();
    }
}
