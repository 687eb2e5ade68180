// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.calibration.evaluation.EvaluationRoom;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.TensorEvaluator;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.MethodKind;
import dev.octant.calibration.methods.MethodSet;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.cli.ranges.BundledDigits;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.tensor.ArrayReader;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The output SQNR of every method on real and synthetic activations, int8 and asymmetric, measured on every value: the
 * table of docs/accuracy.md. The data is the same on every machine and JDK.
 */
final class AccuracyTable {
    static final String CONSUMER = "consumer";

    private static final Set<String> ENGINES = Stream.of(MethodKind.values())
            .filter(MethodKind::isOrdered)
            .map(MethodKind::form)
            .collect(Collectors.toSet());

    private static final int SAMPLES = 64;
    private static final int SAMPLE_LENGTH = 1024;
    private static final ParameterRule RULE =
            new ParameterRule(QuantType.INT8, QuantScheme.ASYMMETRIC, ParameterPolicy.OCTANT);

    private AccuracyTable() {}

    /** One tensor and the op that reads it. */
    record Row(String data, Activation op, Map<String, Double> outputSqnrDb) {
        double consumer() {
            return outputSqnrDb.get(CONSUMER);
        }

        /** The highest of all other methods. */
        double bestOther() {
            return outputSqnrDb.entrySet().stream()
                    .filter(e -> !e.getKey().equals(CONSUMER))
                    .mapToDouble(Map.Entry::getValue)
                    .max()
                    .orElseThrow();
        }
    }

    /** Prints the table as Markdown; of the engines' methods only the best of each row. */
    public static void main(String[] args) throws IOException {
        List<Row> rows = rows();
        List<String> own = rows.get(0).outputSqnrDb.keySet().stream()
                .filter(m -> !ENGINES.contains(m) && !m.equals(CONSUMER))
                .toList();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("| data | op | " + String.join(" | ", own) + " | best engine's | consumer | lead |");
        out.println("|---|---|" + "---:|".repeat(own.size() + 3));
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(row.data, row.op.toString()));
            own.forEach(m -> cells.add(String.format(Locale.ROOT, "%.2f", row.outputSqnrDb.get(m))));
            double engine =
                    ENGINES.stream().mapToDouble(row.outputSqnrDb::get).max().orElseThrow();
            cells.add(String.format(Locale.ROOT, "%.2f", engine));
            cells.add(String.format(Locale.ROOT, "%.2f", row.consumer()));
            cells.add(String.format(Locale.ROOT, "%+.2f", row.consumer() - row.bestOther()));
            out.println("| " + String.join(" | ", cells) + " |");
        }
    }

    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        try (BundledDigits digits = BundledDigits.unpack();
                ArrayReader reader = ArrayReader.open(digits.file())) {
            OpChoice ops = OpChoice.parse(
                    BundledDigits.OPS, TensorInputs.open(List.of(digits.file())).tensors());
            while (reader.next()) {
                float[] values = new float[Math.toIntExact(reader.header().size())];
                reader.readFloats(values);
                long images = reader.header().shape().get(0);
                String name = reader.header().name();
                rows.add(row("digits " + name, ops.of(name).orElseThrow(), values, values.length / images));
            }
        }
        synthetic()
                .forEach((name, values) -> Stream.of(Activation.SILU, Activation.SIGMOID, Activation.TANH)
                        .forEach(op -> rows.add(row(name, op, values, SAMPLE_LENGTH))));
        return rows;
    }

    static Map<String, float[]> synthetic() {
        Random random = new Random(2026);
        Map<String, float[]> data = new LinkedHashMap<>();
        for (String name : List.of("normal", "Laplace", "bimodal", "outlier-heavy", "SiLU output")) {
            data.put(name, new float[SAMPLES * SAMPLE_LENGTH]);
        }
        for (int i = 0; i < SAMPLES * SAMPLE_LENGTH; i++) {
            double gaussian = random.nextGaussian();
            double uniform = random.nextDouble() - 0.5;
            data.get("normal")[i] = (float) (2 * gaussian);
            data.get("Laplace")[i] = (float) (-2 * Math.signum(uniform) * StrictMath.log(1 - 2 * Math.abs(uniform)));
            data.get("bimodal")[i] = (float) (gaussian + (uniform < 0 ? -4 : 4));
            data.get("outlier-heavy")[i] = (float) (gaussian * (random.nextInt(1000) == 0 ? 30 : 1));
            data.get("SiLU output")[i] = (float) (3 * gaussian / (1 + StrictMath.exp(-3 * gaussian)));
        }
        return data;
    }

    private static Row row(String name, Activation op, float[] values, long sampleLength) {
        List<String> words = new ArrayList<>();
        for (MethodKind word : MethodKind.values()) {
            if (word != MethodKind.FIXED && word != MethodKind.CONSUMER) {
                words.add(word.label());
            }
        }
        words.add(CONSUMER);
        List<Method> methods = MethodSet.parse(words).methods(RULE, Optional.of(op));
        TensorEvaluator evaluator =
                new TensorEvaluator(name, Optional.of(op), methods, RULE, Profile.ONNX, new EvaluationRoom());
        evaluator.begin(sampleLength);
        evaluator.observe(values, values.length);
        evaluator.end();
        evaluator.choose();
        evaluator.measure(values, values.length);
        TensorResult result = evaluator.result();
        Map<String, Double> sqnr = new LinkedHashMap<>();
        for (MethodResult method : result.methods()) {
            sqnr.put(method.method().toString(), method.error().outputSqnrDb());
        }
        return new Row(name, op, sqnr);
    }
}
