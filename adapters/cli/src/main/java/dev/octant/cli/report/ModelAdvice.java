// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Numbers;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.ModelComparison;
import dev.octant.onnx.ModelEvaluation;
import dev.octant.onnx.ModelSpeed;
import dev.octant.onnx.values.NodeRun;
import dev.octant.onnx.values.NodeRun.Way;
import dev.octant.onnx.values.TensorNoise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What follows from an evaluation of a model: what is to be tried next, and whether int8 pays at all. */
public final class ModelAdvice {
    /** Below this an error is a hundredth of the signal, which few classifiers notice. */
    private static final double GOOD_DB = 40;

    private static final double MOST_CLIPPED = 0.001;
    private static final double AGREEMENT = 0.99;

    /** From here on a model is slower by more than what two measurements of it differ by. */
    private static final double SLOWER = 0.9;

    /** What a setting must bring to be worth a sentence, in decibels. */
    private static final double LEAST_GAIN_DB = 0.1;

    private ModelAdvice() {}

    /** Whether the int8 model is clearly slower than the float one at every batch that was measured. */
    public static boolean isSlower(ModelEvaluation evaluation) {
        return !evaluation.speeds().isEmpty() && evaluation.speeds().stream().allMatch(speed -> speed.ratio() < SLOWER);
    }

    /** Sentences, the most useful first; what was tried is named with what it brought. */
    static List<String> of(ModelEvaluation evaluation, List<Tried> tried) {
        List<String> advice = new ArrayList<>();
        speed(evaluation, advice);
        gains(evaluation, tried, advice);
        clipping(evaluation, tried, advice);
        accuracy(evaluation, tried, advice);
        if (advice.isEmpty()) {
            advice.add(
                    "Nothing: the outputs are within a hundredth of the float model's, and int8 is faster here. Measure"
                            + " both models where they will run.");
        }
        return advice;
    }

    private static void speed(ModelEvaluation evaluation, List<String> advice) {
        if (isSlower(evaluation)) {
            double longest = evaluation.speeds().stream()
                    .mapToDouble(ModelSpeed::first)
                    .max()
                    .orElse(0);
            advice.add(
                    longest < 1000
                            ? "Larger batches: a run of the float model takes microseconds, in which the steps between"
                                    + " float and codes cost more than int8 kernels save."
                            : "The float model: int8 was not faster here when this was measured. On another CPU, or on"
                                    + " one that nothing else uses, it may be.");
        } else if (evaluation.speeds().stream().anyMatch(speed -> speed.ratio() < 1)) {
            advice.add("The batch that your service will have: int8 is slower at some of those measured.");
        }
    }

    private static void gains(ModelEvaluation evaluation, List<Tried> tried, List<String> advice) {
        for (Tried one : tried) {
            double gain = gain(evaluation, one);
            if (gain >= LEAST_GAIN_DB) {
                advice.add(String.format(Locale.ROOT, "%s: %+.2f dB on the data compared.", one.settings(), gain));
            }
        }
    }

    /** What it brought, the least of all outputs. */
    private static double gain(ModelEvaluation evaluation, Tried one) {
        double least = Double.POSITIVE_INFINITY;
        List<ModelComparison.Output> outputs =
                one.comparison().map(ModelComparison::outputs).orElse(List.of());
        for (int i = 0; i < outputs.size(); i++) {
            least = Math.min(
                    least,
                    outputs.get(i).sqnrDb()
                            - evaluation.comparison().outputs().get(i).sqnrDb());
        }
        return outputs.isEmpty() ? 0 : least;
    }

    private static boolean isTried(List<Tried> tried, String option) {
        return tried.stream().anyMatch(one -> one.settings().startsWith(option));
    }

    private static void clipping(ModelEvaluation evaluation, List<Tried> tried, List<String> advice) {
        List<TensorNoise> clipped = evaluation.tensors().stream()
                .filter(tensor -> tensor.clipped() > MOST_CLIPPED)
                .sorted(Comparator.comparingDouble(TensorNoise::clipped).reversed())
                .limit(3)
                .toList();
        if (!clipped.isEmpty()) {
            boolean isTried = isTried(tried, "--method");
            advice.add((isTried ? "More calibration data: " : "More calibration data, or --method minmax: ")
                    + Numbers.percent(clipped.get(0).clipped())
                    + " % of " + VisibleText.whole(clipped.get(0).name())
                    + " lie beyond its range on the data compared. Ranges of least error clip on purpose where that"
                    + " costs less than it saves" + (isTried ? "." : "; compare both."));
        }
    }

    private static void accuracy(ModelEvaluation evaluation, List<Tried> tried, List<String> advice) {
        boolean isFar = evaluation.comparison().outputs().stream()
                .anyMatch(output ->
                        output.sqnrDb() < GOOD_DB || output.topAgreement().orElse(1) < AGREEMENT);
        if (!isFar) {
            return;
        }
        advice.add("--accurate: biases are moved one op after the other, with a pass over the data for each, and SiLU"
                + " stays float behind a Conv. --min-sqnr " + (int) GOOD_DB
                + ": as many activations as that takes stay float, which costs some of the speed.");
        List<String> worst = worstNodes(evaluation);
        if (!worst.isEmpty()) {
            advice.add("--keep-float " + String.join(" ", worst)
                    + ": the nodes behind which the SQNR falls most stay float, which costs some of the speed.");
        }
        if (!isTried(tried, "--weights")) {
            advice.add("--weights per-tensor and per-channel both: neither is better on all models.");
        }
    }

    /** Int8 nodes by how much noisier what they write is than what was written before them. */
    private static List<String> worstNodes(ModelEvaluation evaluation) {
        record Loss(String node, double db) {}
        List<Loss> losses = new ArrayList<>();
        double before = Double.POSITIVE_INFINITY;
        for (TensorNoise tensor : evaluation.tensors()) {
            double loss = Math.min(before, 99) - tensor.sqnrDb();
            for (NodeRun node : evaluation.nodes()) {
                if (node.way() == Way.INT8 && node.output().equals(tensor.name())) {
                    losses.add(new Loss(node.name(), loss));
                }
            }
            before = tensor.sqnrDb();
        }
        return losses.stream()
                .filter(loss -> loss.db() > 3)
                .sorted(Comparator.comparingDouble(Loss::db).reversed())
                .limit(3)
                .map(loss -> VisibleText.whole(loss.node()))
                .toList();
    }

    /** How fast it is, in a few words. */
    static String speed(ModelSpeed speed) {
        return String.format(Locale.ROOT, "%.2f × float", speed.ratio()) + " at " + Numbers.plural(speed.rows(), "row");
    }
}
