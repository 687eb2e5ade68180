// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.onnx.internal.graph.NodeNames;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Table;
import dev.octant.onnx.internal.run.Batches;
import dev.octant.onnx.values.Accuracy.BiasShift;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Leaves activations in float until the model is as accurate as it must be. They are ranked by what each brings alone,
 * on the first rows of the data; then they are left in float one after the other. One that brings nothing beside those
 * before it waits for the end. Once the SQNR is reached, all but the last are tried as codes again, those first that
 * have brought least, and stay codes where the SQNR holds: at most {@value #MOST_PUT_BACK} models are judged for it,
 * and as many as are left in float to say what each of these brings.
 *
 * <p>Where biases are moved one after the other, that depends on all that is int8: they are moved by themselves during
 * the search, and at its end one after the other, for as few of the activations found as that takes, in their order.
 *
 * <p>Memory: {@value Sample#ROWS} rows of inputs and outputs of the model.
 */
public final class FloatFallback {
    private static final int MOST_PUT_BACK = 32;

    private final Judge judge;
    private final double least;
    private final List<String> putBack = new ArrayList<>();

    /** What was left in float, as {@code steps} tells of it. */
    private final List<Unit> left = new ArrayList<>();

    private final List<Step> steps = new ArrayList<>();

    /** With that many steps. */
    private final List<Int8Draft> drafts = new ArrayList<>();

    private Int8Draft draft;
    private double reached;
    private double best = Double.NEGATIVE_INFINITY;

    /** How accurate an int8 model is. */
    @FunctionalInterface
    public interface Judge {
        /** Its SQNR in decibels. */
        double sqnrDb(ModelProto model) throws IOException;
    }

    /**
     * An activation with those that share its parameters, and the nodes that must stay float for it to be float.
     *
     * @param nodes by their first outputs
     */
    private record Unit(String value, Set<String> nodes) {}

    /**
     * What was left in float.
     *
     * @param nodes as users call them
     * @param sqnrDb what was reached with it, before biases were moved one after the other
     */
    public record Step(String value, List<String> nodes, double sqnrDb) {}

    private FloatFallback(Judge judge, double least) {
        this.judge = judge;
        this.least = least;
    }

    /**
     * Leaves in float what it takes.
     *
     * @param draft with its biases as they are
     * @param biases how they are moved
     * @param least SQNR in decibels
     */
    public static FloatFallback reach(Int8Draft draft, BiasShift biases, Batches batches, Judge judge, double least)
            throws IOException {
        FloatFallback fallback = new FloatFallback(judge, least);
        boolean isSequential = biases == BiasShift.SEQUENTIAL;
        fallback.become(BiasCorrection.apply(draft, biases, batches));
        if (!fallback.isReached()) {
            if (isSequential) {
                fallback.become(BiasCorrection.apply(draft, BiasShift.LOCAL, batches));
            }
            Int8Draft start = fallback.draft;
            double before = fallback.reached;
            fallback.search(ranked(start, batches));
            if (fallback.isReached()) {
                fallback.putBack(start, before);
            }
            if (isSequential) {
                fallback.moveBiases(batches);
            }
        }
        return fallback;
    }

    private void become(Int8Draft other) throws IOException {
        draft = other;
        found(judge.sqnrDb(other.model()));
    }

    private void found(double sqnr) {
        reached = sqnr;
        best = sqnr > best ? sqnr : best;
    }

    /** Moves biases one after the other, with as few of the steps as that takes, found by halving. */
    private void moveBiases(Batches batches) throws IOException {
        tryMoved(draft, reached, batches);
        int enough = steps.size();
        int notEnough = 0;
        while (isReached() && enough - notEnough > 1) {
            int tried = (enough + notEnough) / 2;
            boolean isEnough = tryMoved(drafts.get(tried - 1), least, batches);
            enough = isEnough ? tried : enough;
            notEnough = isEnough ? notEnough : tried;
        }
        steps.subList(enough, steps.size()).clear();
    }

    /** Takes a draft with its biases moved, if it then has this SQNR. */
    private boolean tryMoved(Int8Draft other, double wanted, Batches batches) throws IOException {
        Int8Draft moved = BiasCorrection.apply(other, BiasShift.SEQUENTIAL, batches);
        double sqnr = judge.sqnrDb(moved.model());
        if (!(sqnr >= wanted)) {
            return false;
        }
        draft = moved;
        found(sqnr);
        return true;
    }

    /** The model that was found, if the SQNR is reached. */
    public Int8Draft draft() {
        return draft;
    }

    /** What was left in float, in order. */
    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** What was left in float at first and became codes again. */
    public List<String> putBack() {
        return List.copyOf(putBack);
    }

    /** The best SQNR of all models that were tried. */
    public double bestDb() {
        return best;
    }

    /** Whether the SQNR that was asked for is reached. */
    public boolean isReached() {
        return reached >= least;
    }

    private void search(List<Unit> ranked) throws IOException {
        List<Unit> skipped = new ArrayList<>();
        for (Unit unit : ranked) {
            if (!isReached() && !leave(unit, false)) {
                skipped.add(unit);
            }
        }
        // What brings nothing by itself may do so once others have gone.
        for (Unit unit : skipped) {
            if (!isReached()) {
                leave(unit, true);
            }
        }
    }

    /**
     * Leaves an activation in float, if that can be, and the model gets better or {@code isForced}.
     *
     * @return whether it was
     */
    private boolean leave(Unit unit, boolean isForced) throws IOException {
        Optional<Int8Draft> next = draft.withFloat(unit.nodes());
        if (next.isEmpty()) {
            return false;
        }
        double sqnr = judge.sqnrDb(next.get().model());
        if (!isForced && !(sqnr > reached)) {
            return false;
        }
        draft = next.get();
        found(sqnr);
        add(unit, sqnr);
        return true;
    }

    private void add(Unit unit, double sqnr) {
        left.add(unit);
        steps.add(new Step(unit.value(), names(unit), sqnr));
        drafts.add(draft);
    }

    /** Makes codes again of what need not be float beside what was left in float after it. */
    private void putBack(Int8Draft start, double before) throws IOException {
        Map<Unit, Double> gains = new LinkedHashMap<>();
        double last = before;
        for (int i = 0; i < left.size() - 1; i++) {
            gains.put(left.get(i), steps.get(i).sqnrDb() - last);
            last = steps.get(i).sqnrDb();
        }
        List<Unit> kept = new ArrayList<>(left);
        List<Unit> cheapest = gains.keySet().stream()
                .sorted(Comparator.comparing(gains::get))
                .limit(MOST_PUT_BACK)
                .toList();
        for (Unit unit : cheapest) {
            List<Unit> others = kept.stream().filter(one -> !one.equals(unit)).toList();
            // What others keep in float does not come back.
            Optional<Int8Draft> with =
                    nodes(others).containsAll(unit.nodes()) ? Optional.empty() : start.withFloat(nodes(others));
            if (with.isPresent() && judge.sqnrDb(with.get().model()) >= least) {
                kept = new ArrayList<>(others);
            }
        }
        if (kept.size() < left.size()) {
            become(start, kept);
        }
    }

    private static Set<String> nodes(List<Unit> units) {
        Set<String> nodes = new LinkedHashSet<>();
        units.forEach(unit -> nodes.addAll(unit.nodes()));
        return nodes;
    }

    /** Takes the model with these in float, unless it cannot be without the others before it. */
    private void become(Int8Draft start, List<Unit> kept) throws IOException {
        List<Int8Draft> made = new ArrayList<>();
        for (int i = 1; i <= kept.size(); i++) {
            start.withFloat(nodes(kept.subList(0, i))).ifPresent(made::add);
        }
        if (made.size() < kept.size()) {
            return;
        }
        left.stream().filter(unit -> !kept.contains(unit)).map(Unit::value).forEach(putBack::add);
        left.clear();
        steps.clear();
        drafts.clear();
        for (int i = 0; i < kept.size(); i++) {
            become(made.get(i));
            add(kept.get(i), reached);
        }
    }

    private List<String> names(Unit unit) {
        return draft.graph().nodes().stream()
                .filter(node -> node.getOutputCount() > 0 && unit.nodes().contains(node.getOutput(0)))
                .map(NodeNames::of)
                .toList();
    }

    /** The one that brings most first; what brings nothing that can be tried is left out. */
    private static List<Unit> ranked(Int8Draft draft, Batches batches) throws IOException {
        Map<Unit, Double> noise = new LinkedHashMap<>();
        Sample sample = Sample.of(draft.graph(), batches);
        for (Unit unit : units(draft)) {
            Optional<Int8Draft> without = draft.withFloat(unit.nodes());
            if (without.isPresent()) {
                noise.put(unit, sample.noise(without.get().model()));
            }
        }
        return noise.keySet().stream().sorted(Comparator.comparing(noise::get)).toList();
    }

    private static List<Unit> units(Int8Draft draft) {
        QuantizationPlan plan = draft.plan();
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        for (String value : plan.marks().keySet()) {
            if (draft.graph().constant(value).isEmpty()) {
                groups.computeIfAbsent(plan.paramsOf(value), group -> new HashSet<>())
                        .add(value);
            }
        }
        Map<String, Set<String>> nodes = new HashMap<>();
        for (int at = 0; at < plan.size(); at++) {
            if (plan.isInt8(at)) {
                NodeProto node = plan.node(at);
                String output = draft.graph().nodes().get(at).getOutput(0);
                node.getInputList().forEach(value -> add(nodes, value, output));
                node.getOutputList().forEach(value -> add(nodes, value, output));
            }
        }
        for (Table table : plan.tables()) {
            for (String node : table.nodes()) {
                add(nodes, table.input(), node);
                add(nodes, table.output(), node);
            }
        }
        List<Unit> units = new ArrayList<>();
        groups.forEach((value, group) -> {
            Set<String> all = new LinkedHashSet<>();
            group.forEach(member -> all.addAll(nodes.getOrDefault(member, Set.of())));
            units.add(new Unit(value, all));
        });
        return units;
    }

    private static void add(Map<String, Set<String>> nodes, String value, String node) {
        nodes.computeIfAbsent(value, name -> new LinkedHashSet<>()).add(node);
    }
}
