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
 * @param ties which methods share the highest output SQNR, those of the most tensors first, then as they were met
 * @param worst the tensors with a method, those whose best output has the lowest SQNR first; NaN, no signal, is last
 */
public record Conclusion(int compared, List<Tally> methods, List<Tie> ties, List<TensorResult> worst) {
    /** A difference below this would be printed as 0.00. */
    public static final double LEAST_DB = 0.005;

    /** So many groups of equal methods are named in sentences, those of the most tensors. */
    private static final int NAMED_TIES = 3;

    public Conclusion {
        Given.require("methods", methods);
        Given.require("ties", ties);
        Given.require("worst", worst);
        methods = List.copyOf(methods);
        ties = List.copyOf(ties);
        worst = List.copyOf(worst);
    }

    /**
     * One method over all tensors.
     *
     * @param method its name
     * @param wins tensors on which it alone has the highest output SQNR
     * @param ties tensors on which it shares the highest: {@link #isTie}
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

    /**
     * Methods that are equal by {@link #isTie}, and better than the others.
     *
     * @param methods their names, in the order that the methods were asked for
     * @param tensors tensors on which just these are
     * @param isAll whether no other method was compared there; such tensors are one tie, with the methods of the first
     */
    public record Tie(List<String> methods, int tensors, boolean isAll) {
        public Tie {
            Given.require("methods", methods);
            methods = List.copyOf(methods);
        }

        private Tie withOneMore() {
            return new Tie(methods, tensors + 1, isAll);
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
        Map<List<String>, Tie> ties = new LinkedHashMap<>();
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
                count(tensor, figures, counts, ties);
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
        List<Tie> sorted = new ArrayList<>(ties.values());
        sorted.sort(Comparator.comparingInt(Tie::tensors).reversed());
        return new Conclusion(compared, methods, sorted, worst);
    }

    private static double bestSqnr(TensorResult tensor) {
        return tensor.best().error().outputSqnrDb();
    }

    private static void count(
            TensorResult tensor, double[] figures, Map<String, Count> counts, Map<List<String>, Tie> ties) {
        double[] sqnr = Arrays.stream(figures)
                .map(value -> Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value)
                .toArray();
        double best = Arrays.stream(sqnr).max().orElseThrow();
        long firsts = Arrays.stream(sqnr).filter(value -> isTie(best, value)).count();
        double next =
                Arrays.stream(sqnr).filter(value -> !isTie(best, value)).max().orElse(best);
        List<String> equal = new ArrayList<>();
        for (int i = 0; i < sqnr.length; i++) {
            String method = tensor.methods().get(i).method().toString();
            Count count = counts.get(method);
            boolean isFirst = isTie(best, sqnr[i]);
            count.losses.add(loss(best, sqnr[i]));
            if (isFirst && firsts == 1) {
                count.wins++;
                count.leads.add(best - next);
            } else if (isFirst) {
                count.ties++;
                equal.add(method);
            }
        }
        if (!equal.isEmpty()) {
            boolean isAll = equal.size() == sqnr.length;
            Tie one = new Tie(equal, 1, isAll);
            ties.merge(isAll ? List.of() : equal, one, (before, now) -> before.withOneMore());
        }
    }

    /**
     * Whether two SQNR are equal to the second decimal, as they are printed: what a table shows alike is a tie, and
     * what it shows apart is none, however near it is. Two that are NaN are equal, too, and infinities of one sign.
     */
    public static boolean isTie(double sqnrDb, double otherDb) {
        return sqnrDb == otherDb || printed(sqnrDb).equals(printed(otherDb));
    }

    private static String printed(double sqnrDb) {
        return String.format(Locale.ROOT, "%.2f", sqnrDb);
    }

    /** A lead in words: it is no lead of 0.00 dB where the figures differ. */
    static String lead(double leadDb) {
        return leadDb < LEAST_DB ? "less than 0.01 dB" : printed(leadDb) + " dB";
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
        if (!ties.isEmpty()) {
            sentences.add(tied());
        }
        return sentences;
    }

    /** Which are equal where no method is best alone. */
    private String tied() {
        StringBuilder text = new StringBuilder();
        for (Tie tie : ties.subList(0, Math.min(NAMED_TIES, ties.size()))) {
            boolean isFirst = text.length() == 0;
            text.append(isFirst ? "On " : "; on ")
                    .append(Numbers.counted(tie.tensors, "tensor"))
                    .append(tie.isAll ? " all methods" : " " + listed(tie.methods))
                    .append(" are ")
                    .append(tie.isAll ? "equal" : "best and equal")
                    .append(isFirst ? " to the second decimal" : "");
        }
        int others = ties.stream().skip(NAMED_TIES).mapToInt(Tie::tensors).sum();
        return text + (others == 0 ? "" : "; on " + Numbers.counted(others, "tensor") + " others are") + ".";
    }

    /** Two names or more: {@code a, b and c}. */
    static String listed(List<String> names) {
        return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
    }

    private String won(Tally tally, boolean first) {
        double least = tally.leads.get(0);
        double most = tally.leads.get(tally.leads.size() - 1);
        String by =
                decibels(least).equals(decibels(most)) ? decibels(least) : decibels(least) + " to " + decibels(most);
        double middle = tally.leads.get((tally.leads.size() - 1) / 2);
        String median = tally.wins < 3
                ? ""
                : ", half of the time by " + (middle < LEAST_DB ? "" : "at most ") + decibels(middle);
        return tally.method + " is best on " + tally.wins + (first ? " of " + Numbers.counted(compared, "tensor") : "")
                + ", by " + by + (first ? " over the next best" : "") + median + ".";
    }

    private static String decibels(double value) {
        return Double.isInfinite(value) ? "all of the error" : lead(value);
    }
}
