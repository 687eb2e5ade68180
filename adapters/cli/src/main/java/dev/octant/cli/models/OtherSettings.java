// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.report.Tried;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.MinMax;
import dev.octant.onnx.ModelComparison;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.ModelQuantizer;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.QuantizeSettings;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.Accuracy.BiasShift;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What other settings would have brought: each of those that were used is changed or left out by itself. No SQNR is
 * searched for again, for that takes longer than all else.
 */
final class OtherSettings {
    /** Up to so many bytes of constants models are made again. */
    private static final long MOST_BYTES = 64 << 20;

    private static final long LEAST_OPSET_PER_CHANNEL = 13;

    private OtherSettings() {}

    /**
     * What comes of other settings, where that takes no long time. One that no model can be made with is there with the
     * reason.
     *
     * @param unsearched the model that is made without an SQNR to be reached
     * @param data what activations are watched on
     * @param judged what models are compared on
     */
    static List<Tried> tried(
            QuantizeSettings settings, OnnxModel model, OnnxModel unsearched, ModelData data, ModelData judged) {
        if (model.info().parameterBytes() > MOST_BYTES) {
            return List.of();
        }
        List<Tried> tried = new ArrayList<>();
        if (settings.accuracy().leastSqnrDb().isPresent()) {
            tried.add(tried("no --min-sqnr", () -> ModelComparison.of(model, unsearched, judged)));
        }
        variants(settings, model.info().opset())
                .forEach((words, variant) -> tried.add(tried(words, () -> {
                    OnnxModel made = new ModelQuantizer(variant).quantize(model, data);
                    return ModelComparison.of(model, made, judged);
                })));
        return tried;
    }

    /** Makes a model and compares it. */
    @FunctionalInterface
    private interface Trial {
        ModelComparison comparison() throws IOException;
    }

    /** The model that was asked for is there already, so that nothing may fail for want of another. */
    private static Tried tried(String words, Trial trial) {
        try {
            return Tried.made(words, trial.comparison());
        } catch (IOException | IllegalArgumentException e) {
            return Tried.failed(words, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, QuantizeSettings> variants(QuantizeSettings asked, long opset) {
        Accuracy accuracy = asked.accuracy().withoutLeastSqnr();
        boolean isSearched = asked.accuracy().leastSqnrDb().isPresent();
        QuantizeSettings settings = asked.withAccuracy(accuracy);
        Map<String, QuantizeSettings> variants = new LinkedHashMap<>();
        if (settings.weights() == WeightScales.PER_CHANNEL) {
            variants.put("--weights per-tensor", settings.withWeights(WeightScales.PER_TENSOR));
        } else if (opset >= LEAST_OPSET_PER_CHANNEL) {
            variants.put("--weights per-channel", settings.withWeights(WeightScales.PER_CHANNEL));
        }
        if (settings.isByConsumer()) {
            variants.put(
                    "--method mse",
                    settings.withRanges(new MeanSquaredError(settings.activationType(), settings.activationScheme())));
        }
        if (!(settings.ranges() instanceof MinMax)) {
            variants.put("--method minmax", settings.withRanges(new MinMax()));
        }
        if (accuracy.biases() == BiasShift.SEQUENTIAL) {
            Accuracy usual = QuantizeSettings.of(settings.target()).accuracy();
            variants.put("no --accurate", settings.withAccuracy(usual));
        }
        if (accuracy.biases() != BiasShift.NONE) {
            variants.put(
                    "biases as they were (--summary without --data)",
                    settings.withAccuracy(
                            new Accuracy(BiasShift.NONE, accuracy.isSigmoidFloat(), OptionalDouble.empty())));
        }
        if (!isSearched) {
            return variants;
        }
        Map<String, QuantizeSettings> without = new LinkedHashMap<>();
        variants.forEach((words, variant) -> without.put("no --min-sqnr, " + words, variant));
        return without;
    }
}
