// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What an evaluation comes to: which method is best, on how many tensors and by how much, and where the loss is
 * largest. Immutable and thread safe.
 *
 * @param compared tensors of two methods or more whose output has a signal
 * @param methods every method, that of the most wins first, then by the median loss to the best, then as they were met
 * @param worst the tensors with a method, those whose best output has the lowest SQNR first; NaN, no signal, is last
 */
public record Conclusion(int compared, List<Tally> methods, List<TensorResult> worst) {
    /** SQNR that is nearer than this, half of the last digit that is printed, is a tie. */
    public static final double TIE_DB = 0.005;

    public Conclusion {
        Given.require("methods", methods);
        Given.require("worst", worst);
        methods = List.copyOf(methods);
        worst = List.copyOf(worst);
    }

    /**
     * One method over all tensors.
     *
     * @param method its name
     * @param wins tensors on which it alone has the highest output SQNR
     * @param ties tensors on which it shares the highest, within {@link #TIE_DB}
     * @param tensors tensors it was compared on
     * @param leads by how many decibels it is above the next best where it wins, ascending
     * @param medianLossDb by how many decibels it is below the best, 0 where it is best: the lower median over the
     *     tensors it was compared on; NaN where there is none
     */
    public record Tally(String method, int wins, int ties, int tensors, List<Double> leads, double medianLossDb) {
        public Tally {
            Given.require("method", method);
            Given.require("leads", leads);
            leads = List.copyOf(leads);
        }

        /** Wins and ties. */
        public int firsts() {
            return wins + ties;
        }
    }

    /** What is counted of one method. */
    private static final class Count {
        private int wins;
        private int ties;
        private final List<Double> leads = new ArrayList<>();
        private final List<Double> losses = new ArrayList<>();

        Tally tally(String method) {
            leads.sort(null);
            losses.sort(null);
            double median = losses.isEmpty() ? Double.NaN : losses.get((losses.size() - 1) / 2);
            return new Tally(method, wins, ties, losses.size(), leads, median);
        }
    }

    /** The conclusion from an evaluation, each method with the output range that it came with. */
    public static Conclusion of(Evaluation evaluation) {
        return of(evaluation, result -> result.error().outputSqnrDb());
    }

    /** The same, each method with the best output range for its input: by {@link BestOutput#outputSqnrDb}. */
    public static Conclusion ofInputs(Evaluation evaluation) {
        return of(evaluation, result -> result.bestOutput().outputSqnrDb());
    }

    private static Conclusion of(Evaluation evaluation, ToDoubleFunction<MethodResult> sqnr) {
        Given.require("evaluation", evaluation);
        Map<String, Count> counts = new LinkedHashMap<>();
        List<TensorResult> worst = new ArrayList<>();
        int compared = 0;
        for (TensorResult tensor : evaluation.tensors()) {
            tensor.methods()
                    .forEach(result -> counts.computeIfAbsent(result.method().toString(), any -> new Count()));
            if (!tensor.methods().isEmpty()) {
                worst.add(tensor);
            }
            double[] figures = tensor.methods().stream().mapToDouble(sqnr).toArray();
            if (figures.length > 1 && !Arrays.stream(figures).allMatch(Double::isNaN)) {
                compared++;
                count(tensor, figures, counts);
            }
        }
        worst.sort(Comparator.comparingDouble(Conclusion::bestSqnr));
        List<Tally> methods = new ArrayList<>();
        counts.forEach((method, count) -> methods.add(count.tally(method)));
        // A stable sort: those that are equal stay as they were met.
        methods.sort(Comparator.comparingInt(Tally::wins)
                .reversed()
                .thenComparingDouble(Tally::medianLossDb)
                .thenComparing(Comparator.comparingInt(Tally::ties).reversed()));
        return new Conclusion(compared, methods, worst);
    }

    private static double bestSqnr(TensorResult tensor) {
        return tensor.best().error().outputSqnrDb();
    }

    private static void count(TensorResult tensor, double[] figures, Map<String, Count> counts) {
        double[] sqnr = Arrays.stream(figures)
                .map(value -> Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value)
                .toArray();
        double best = Arrays.stream(sqnr).max().orElseThrow();
        long firsts =
                Arrays.stream(sqnr).filter(value -> loss(best, value) < TIE_DB).count();
        double next = Arrays.stream(sqnr)
                .filter(value -> loss(best, value) >= TIE_DB)
                .max()
                .orElse(best);
        for (int i = 0; i < sqnr.length; i++) {
            Count count = counts.get(tensor.methods().get(i).method().toString());
            double loss = loss(best, sqnr[i]);
            count.losses.add(loss);
            if (loss < TIE_DB && firsts == 1) {
                count.wins++;
                count.leads.add(best - next);
            } else if (loss < TIE_DB) {
                count.ties++;
            }
        }
    }

    /** Two that lose nothing are equal, though the difference of infinities is no number. */
    private static double loss(double best, double value) {
        return best == value ? 0 : best - value;
    }

    /** Which method is best, in sentences; none where nothing was compared. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (compared == 0) {
            return sentences;
        }
        for (Tally tally : methods) {
            if (tally.wins > 0) {
                sentences.add(won(tally, sentences.isEmpty()));
            }
        }
        if (sentences.isEmpty()) {
            sentences.add("No method is best alone.");
        }
        int tied = compared - methods.stream().mapToInt(Tally::wins).sum();
        if (tied > 0) {
            List<String> names = methods.stream()
                    .filter(tally -> tally.ties > 0)
                    .map(Tally::method)
                    .toList();
            sentences.add("On " + Numbers.counted(tied, "tensor") + " the best are equal to the second decimal: "
                    + String.join(", ", names) + ".");
        }
        return sentences;
    }

    private String won(Tally tally, boolean first) {
        double least = tally.leads.get(0);
        double most = tally.leads.get(tally.leads.size() - 1);
        String by = tally.wins == 1 ? decibels(least) : decibels(least) + " to " + decibels(most);
        String median = tally.wins < 3
                ? ""
                : ", half of the time by at most " + decibels(tally.leads.get((tally.leads.size() - 1) / 2));
        return tally.method + " is best on " + tally.wins + (first ? " of " + Numbers.counted(compared, "tensor") : "")
                + ", by " + by + (first ? " over the next best" : "") + median + ".";
    }

    private static String decibels(double value) {
        return Double.isInfinite(value) ? "all of the error" : String.format(Locale.ROOT, "%.2f dB", value);
    }
}
