// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.StandardStreams;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.ModelEvaluation;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.values.Provider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How far two models are apart. */
@Command(
        name = "compare",
        description = "Run two models on the same data and print how far their outputs are apart.",
        footer = {
            "",
            "SQNR is 10 log10(sum a^2 / sum (a - b)^2) with a the outputs of the first model: 40 dB is an error of a"
                    + " hundredth. The same class is the share of rows where the largest output is the same one.",
            "",
            "Example: octant model compare model.onnx int8.onnx --data test.npz --json figures.json"
        })
final class ModelCompareCommand extends OctantCommand {
    @Parameters(index = "0", paramLabel = "A.onnx", description = "The model that is taken to be right.")
    private Path first;

    @Parameters(index = "1", paramLabel = "B.onnx", description = "The other.")
    private Path second;

    @Mixin
    private DataOptions data;

    @Mixin
    private ModelReportOptions reports;

    @Option(
            names = "--provider",
            paramLabel = "P",
            description = "What ONNX Runtime runs on: cpu, cuda or tensorrt; the latter two need its GPU library."
                    + " Default: cpu.")
    private Provider provider = Provider.CPU;

    @Override
    public Integer call() throws IOException {
        OnnxModel reference = OnnxModel.read(first);
        OnnxModel other = OnnxModel.read(second);
        ModelData rows = data.open(reference);
        List<Path> inputs = new ArrayList<>(rows.files());
        inputs.add(second);
        inputs.addAll(other.externalFiles());
        Outputs outputs = reports.addTo(Outputs.of(ModelFiles.all(first, reference, inputs)));
        outputs.requireApart();
        PrintWriter out = outputs.text(line());
        ModelEvaluation evaluation = ModelEvaluation.of(reference, other, rows, provider);
        ComparisonText.print(evaluation.comparison(), out);
        SpeedText.print(evaluation.speeds(), "the first model", out);
        NoiseText.print(evaluation.tensors(), out);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", StandardStreams.shown(first));
        facts.put("compared with", StandardStreams.shown(second));
        reports.write(facts, evaluation, List.of(), out);
        out.flush();
        return 0;
    }
}
