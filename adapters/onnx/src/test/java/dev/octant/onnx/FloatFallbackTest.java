// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.observers.estimators.MinMax;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.FloatFallback;
import dev.octant.onnx.internal.quantize.Grids;
import dev.octant.onnx.internal.quantize.Int8Draft;
import dev.octant.onnx.internal.quantize.PlacementRules;
import dev.octant.onnx.internal.quantize.Quantization;
import dev.octant.onnx.internal.run.AllOutputs;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.Accuracy.BiasShift;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which activations stay float, where a judge decides that is not a model's SQNR. */
class FloatFallbackTest {
    private static final int LAYERS = 8;

    /** What is reached with nothing in float; each in float brings 1. */
    private static final double START = 10;

    private static final double ENOUGH = 30;

    @TempDir
    private Path folder;

    private int judged;

    private Int8Draft draft(ModelProto model, ModelData data) throws IOException {
        PlacementRules rules = new PlacementRules(Target.CPU, false, false, false, false, Map.of(), Set.of());
        try (Session session =
                Session.open(AllOutputs.of(model), ExternalData.NONE, Optimization.NONE, Threads.USUAL)) {
            FloatGraph graph = new FloatGraph(model, ExternalData.NONE, session.outputTypes(), session.arrays());
            Quantization quantization = Quantization.place(graph, rules, session, true);
            data.forEachBatch(quantization::observe);
            Grids grids = new Grids(QuantType.UINT8, QuantScheme.ASYMMETRIC, false, false, 0, Map.of());
            return quantization.draft(new MinMax(), false, grids);
        }
    }

    private static ModelProto layers() {
        TestGraph graph = new TestGraph().input("v0", OnnxType.FLOAT32, "n", "8");
        for (int i = 0; i < LAYERS; i++) {
            graph.random("w" + i, i, 8L, 8L)
                    .node("MatMul", "m" + i, "v" + i, "w" + i)
                    .node("Tanh", "v" + (i + 1), "m" + i);
        }
        return graph.output("v" + LAYERS, OnnxType.FLOAT32, "n", "8").proto().build();
    }

    private static int inFloat(ModelProto model) {
        return LAYERS - new QuantizedGraph(model).activations.size();
    }

    private FloatFallback reach(Int8Draft draft, ModelData data, FloatFallback.Judge judge) throws IOException {
        judged = 0;
        FloatFallback.Judge counted = model -> {
            judged++;
            return judge.sqnrDb(model);
        };
        return FloatFallback.reach(draft, BiasShift.NONE, data::read, counted, ENOUGH);
    }

    /** Of eight, each of which brings a little, two are enough once the second of them is found: six come back. */
    @Test
    void whatNeedNotBeFloatComesBack() throws IOException {
        OnnxModel model = OnnxModel.of(layers().toByteArray());
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("v0", 5, 32L, 8L));
        Int8Draft draft = draft(layers(), data);
        FloatFallback all = reach(draft, data, made -> START + inFloat(made));
        assertFalse(all.isReached());
        List<String> order = all.steps().stream().map(FloatFallback.Step::value).toList();
        assertEquals(LAYERS - 1, order.size(), "something stays int8");
        String third = order.get(2);
        String last = order.get(order.size() - 1);
        FloatFallback found = reach(draft, data, made -> {
            Set<String> codes = new QuantizedGraph(made).activations.keySet();
            boolean isEnough = !codes.contains(third) && !codes.contains(last);
            return START + inFloat(made) + (isEnough ? ENOUGH : 0);
        });
        assertTrue(found.isReached());
        assertEquals(
                List.of(third, last),
                found.steps().stream().map(FloatFallback.Step::value).toList());
        assertEquals(START + 1, found.steps().get(0).sqnrDb());
        assertEquals(START + 2 + ENOUGH, found.steps().get(1).sqnrDb());
        assertEquals(2, inFloat(found.draft().model()));
        assertEquals(
                order.stream()
                        .filter(value -> !value.equals(third) && !value.equals(last))
                        .toList(),
                found.putBack());
        int searched = 1 + order.size();
        assertTrue(judged <= searched + order.size() - 1 + found.steps().size(), judged + " models");
    }

    @Test
    void whatIsNeededStaysFloat() throws IOException {
        OnnxModel model = OnnxModel.of(layers().toByteArray());
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("v0", 5, 32L, 8L));
        FloatFallback found = reach(draft(layers(), data), data, made -> inFloat(made) < 3 ? START : ENOUGH);
        assertEquals(3, found.steps().size());
        assertEquals(List.of(), found.putBack());
    }
}
