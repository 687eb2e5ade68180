// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.StandardStreams;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.ModelQuantizer;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.QuantizeSettings;
import dev.octant.onnx.values.ModelInfo;
import dev.octant.onnx.values.NodePlan;
import dev.octant.onnx.values.NodePlan.Fate;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a model is. */
@Command(
        name = "info",
        description = "Print inputs, outputs, ops and size of a model, and what would become of its nodes.",
        footer = {"", "Example: octant model info model.onnx --target cpu"})
final class ModelInfoCommand extends OctantCommand {
    @Parameters(index = "0", paramLabel = "MODEL.onnx", description = "The model.")
    private Path file;

    @Option(
            names = "--target",
            paramLabel = "T",
            description = "Print what model quantize makes of each node for cpu, arm64, tensorrt, qnn or onnxruntime,"
                    + " and why. Loads ONNX Runtime.")
    private Target target;

    @Override
    public Integer call() throws IOException {
        OnnxModel model = OnnxModel.read(file);
        ModelInfo info = model.info();
        // Before anything is printed, for it may be refused.
        List<NodePlan> plan = target == null ? List.of() : new ModelQuantizer(QuantizeSettings.of(target)).plan(model);
        PrintWriter out = line().getOut();
        out.println("model      " + StandardStreams.shown(file));
        out.println("producer   " + (info.producer().isEmpty() ? "not stated" : VisibleText.of(info.producer())));
        out.println("opset      " + info.opset() + ", file format " + info.irVersion());
        info.inputs().forEach(input -> out.println("input      " + input));
        info.outputs().forEach(output -> out.println("output     " + output));
        out.printf(Locale.ROOT, "parameters %,d numbers, %,d bytes%n", info.parameters(), info.parameterBytes());
        out.println("quantized  " + (info.isQuantized() ? "yes" : "no"));
        info.ops().forEach((op, count) -> out.printf(Locale.ROOT, "op         %5d %s%n", count, VisibleText.of(op)));
        if (!plan.isEmpty()) {
            out.println("nodes      " + summary(plan));
        }
        for (NodePlan node : plan) {
            out.printf(
                    Locale.ROOT,
                    "node       %-5s %-20s %s: %s%n",
                    node.fate().label(),
                    VisibleText.of(node.op()),
                    VisibleText.of(node.name()),
                    node.reason());
        }
        out.flush();
        return 0;
    }

    /** How many nodes have each fate, and of those that stay float why. */
    private static String summary(List<NodePlan> plan) {
        Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
        Map<String, Integer> reasons = new LinkedHashMap<>();
        for (NodePlan node : plan) {
            fates.merge(node.fate(), 1, Integer::sum);
            if (node.fate() == Fate.FLOAT) {
                reasons.merge(node.reason(), 1, Integer::sum);
            }
        }
        String why = reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(reason -> reason.getValue() + ": " + reason.getKey())
                .collect(Collectors.joining("; "));
        return String.format(
                Locale.ROOT,
                "%,d of %,d int8, %,d in tables, %,d fused or folded, %,d float%s",
                fates.getOrDefault(Fate.INT8, 0),
                plan.size(),
                fates.getOrDefault(Fate.TABLE, 0),
                fates.getOrDefault(Fate.GONE, 0),
                fates.getOrDefault(Fate.FLOAT, 0),
                why.isEmpty() ? "" : " (" + why + ")");
    }
}
