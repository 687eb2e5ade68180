// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.Provider;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How far the outputs of two models are apart on the same data: a float model and its int8 one.
 *
 * @param rows rows of data they were compared on
 * @param outputs one for each output that both have, in the order of the first model
 */
public record ModelComparison(long rows, List<Output> outputs) {
    public ModelComparison {
        outputs = List.copyOf(outputs);
    }

    /**
     * One output.
     *
     * @param name its name
     * @param sqnrDb {@code 10 log10(sum a^2 / sum (a - b)^2)} over all its numbers, in decibels, where a is the first
     *     model's; infinite where all are equal, NaN where one is NaN
     * @param largestError the largest {@code |a - b|}
     * @param topAgreement the share of rows in which the same class has the largest number; for outputs of shape (rows,
     *     classes) with two classes or more
     */
    public record Output(String name, double sqnrDb, double largestError, OptionalDouble topAgreement) {}

    /**
     * Runs both models on all data.
     *
     * <p>Memory: both models, and what both compute for one batch.
     *
     * @param reference the model that is taken to be right
     * @param data opened for it
     * @throws FormatException if a model does not run, or they have no output in common, or one of other shapes
     */
    public static ModelComparison of(OnnxModel reference, OnnxModel other, ModelData data) throws IOException {
        return of(reference, other, data, Provider.CPU);
    }

    /**
     * The same by another provider.
     *
     * @throws FormatException if that is not there, or as {@link #of(OnnxModel, OnnxModel, ModelData)}
     */
    public static ModelComparison of(OnnxModel reference, OnnxModel other, ModelData data, Provider provider)
            throws IOException {
        Map<String, Tally> tallies = new LinkedHashMap<>();
        List<String> names =
                other.info().outputs().stream().map(ModelTensor::name).toList();
        for (ModelTensor output : reference.info().outputs()) {
            if (names.contains(output.name())) {
                tallies.put(output.name(), new Tally());
            }
        }
        if (tallies.isEmpty()) {
            throw new FormatException("models must have an output in common to be compared, was "
                    + reference.info().outputs() + " and " + other.info().outputs());
        }
        try (ModelRunner first = ModelRunner.open(reference, provider);
                ModelRunner second = ModelRunner.open(other, provider)) {
            data.forEachBatch(batch -> {
                Map<String, TensorValue> right = first.run(batch);
                Map<String, TensorValue> found = second.run(batch);
                for (Map.Entry<String, Tally> tally : tallies.entrySet()) {
                    tally.getValue().add(tally.getKey(), right.get(tally.getKey()), found.get(tally.getKey()));
                }
            });
        }
        List<Output> outputs = new ArrayList<>();
        tallies.forEach((name, tally) -> outputs.add(tally.output(name)));
        return new ModelComparison(data.rows(), outputs);
    }

    /** Sums over batches. */
    private static final class Tally {
        private double signal;
        private double noise;
        private double largest;
        private long rows;
        private long agreeing;

        void add(String name, TensorValue right, TensorValue found) throws FormatException {
            if (!right.shape().equals(found.shape()) || right.type() != found.type()) {
                throw new FormatException("output " + VisibleText.of(name)
                        + " must be of one shape and type in both models, was " + right.type() + " " + right.shape()
                        + " and " + found.type() + " " + found.shape());
            }
            double[] a = right.doubles();
            double[] b = found.doubles();
            for (int i = 0; i < a.length; i++) {
                double error = Math.abs(a[i] - b[i]);
                signal += a[i] * a[i];
                noise += error * error;
                largest = Math.max(largest, error);
            }
            boolean isFloat = right.type() == NumberType.FLOAT32 || right.type() == NumberType.FLOAT16;
            if (isFloat && right.shape().size() == 2 && right.shape().get(1) > 1) {
                int classes = Math.toIntExact(right.shape().get(1));
                for (int row = 0; row < a.length; row += classes) {
                    rows++;
                    agreeing += top(a, row, classes) == top(b, row, classes) ? 1 : 0;
                }
            }
        }

        private static int top(double[] values, int from, int classes) {
            int top = 0;
            for (int i = 1; i < classes; i++) {
                top = values[from + i] > values[from + top] ? i : top;
            }
            return top;
        }

        Output output(String name) {
            return new Output(
                    name,
                    noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise),
                    largest,
                    rows == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) agreeing / rows));
        }
    }
}
