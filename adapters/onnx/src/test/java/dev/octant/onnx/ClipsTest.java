// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.estimators.AbsMax;
import dev.octant.observers.estimators.Fixed;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import dev.octant.onnx.values.TensorOverride;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A Relu or Clip vanishes only where the codes that stand in its place end where it clips. */
class ClipsTest {
    /** More than a clip that is lost leaves, and less than 8 bits give. */
    private static final double DECIBELS = 22;

    @TempDir
    private Path folder;

    private static TestGraph images() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .random("v", 2, 4L, 4L, 1L, 1L);
    }

    private static TestGraph outputOf(TestGraph graph, String value) {
        return graph.node("Conv", "d", value, "v")
                .node("Neg", "y", "d")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8");
    }

    private Map<String, QuantizedGraph.Op> quantized(TestGraph graph, QuantizeSettings settings) throws IOException {
        OnnxModel model = graph.model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 20L, 4L, 8L, 8L));
        OnnxModel int8 = new ModelQuantizer(settings).quantize(model, data);
        double sqnr = ModelComparison.of(model, int8, data).outputs().get(0).sqnrDb();
        assertTrue(sqnr > DECIBELS, () -> settings + ": SQNR " + sqnr + " dB");
        return new QuantizedGraph(int8.proto()).nodes;
    }

    private static boolean hasClip(Map<String, QuantizedGraph.Op> nodes) {
        return nodes.values().stream()
                .anyMatch(node -> node.op().equals("Clip") || node.op().equals("Relu"));
    }

    static Stream<Arguments> bounds() {
        return Stream.of(Target.CPU, Target.ARM64, Target.QNN, Target.ONNX_RUNTIME)
                .flatMap(target -> Stream.of(
                        Arguments.of(target, 1f, 6f),
                        Arguments.of(target, -3f, -0.5f),
                        Arguments.of(target, 0.5f, null),
                        Arguments.of(target, null, -0.5f),
                        Arguments.of(target, 0f, 6f),
                        Arguments.of(target, -1f, 1f)));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void aClipStaysIfZeroIsOutsideOfIt(Target target, Float least, Float most) throws IOException {
        boolean stays = (least != null && least > 0) || (most != null && most < 0);
        TestGraph inputs = images().node("Conv", "c", "x", "w");
        if (least != null) {
            inputs.constant("least", TestGraph.scalar(), least);
        }
        if (most != null) {
            inputs.constant("most", List.of(1L), most);
        }
        inputs.node("Clip", "r", "c", least == null ? "" : "least", most == null ? "" : "most");
        assertEquals(stays, hasClip(quantized(outputOf(inputs, "r"), QuantizeSettings.of(target))));
        TestGraph attributes = images().opset(10)
                .node("Conv", "c", "x", "w")
                .node("Add", "s", "c", "c")
                .node("Clip", "r", "s");
        if (least != null) {
            attributes.with("min", least);
        }
        if (most != null) {
            attributes.with("max", most);
        }
        QuantizeSettings old = QuantizeSettings.of(target).withWeights(QuantizeSettings.WeightScales.PER_TENSOR);
        assertEquals(stays, hasClip(quantized(outputOf(attributes, "r"), old)));
    }

    /** What is computed may be anything; a constant that a node holds is known. */
    @ParameterizedTest
    @EnumSource(names = {"CPU", "ONNX_RUNTIME"})
    void boundsMustBeConstants(Target target) throws IOException {
        TestGraph computed = images().node("Conv", "c", "x", "w")
                .node("ReduceMax", "m", "x")
                .with("keepdims", 0)
                .node("Neg", "least", "m")
                .node("Clip", "r", "c", "least", "m");
        assertTrue(hasClip(quantized(outputOf(computed, "r"), QuantizeSettings.of(target))));
        TestGraph held = images().node("Conv", "c", "x", "w")
                .node("Constant", "least")
                .with("value_float", -1f)
                .node("Clip", "r", "c", "least");
        assertEquals(false, hasClip(quantized(outputOf(held, "r"), QuantizeSettings.of(target))));
    }

    static Stream<Arguments> overrides() {
        return Stream.of(QuantizeSettings.CPU, QuantizeSettings.ONNX_RUNTIME)
                .flatMap(settings -> Stream.of(
                        Arguments.of(settings, "r", TensorOverride.of(RealRange.of(-4, 2)), true),
                        Arguments.of(settings, "r", TensorOverride.of(RealRange.of(0, 3)), true),
                        Arguments.of(settings, "r", TensorOverride.of(RealRange.of(0, 2)), false),
                        Arguments.of(settings, "r", TensorOverride.of(QuantScheme.SYMMETRIC), true),
                        Arguments.of(settings, "r", params(2 / 255f, 0), false),
                        Arguments.of(settings, "r", params(4 / 255f, 128), true),
                        Arguments.of(settings, "c", TensorOverride.of(RealRange.of(-4, 4)), true)));
    }

    private static TensorOverride params(float scale, int zeroPoint) {
        return TensorOverride.of(QuantParams.of(QuantType.UINT8, scale, zeroPoint));
    }

    /** Codes that the user gives, and that go beyond the bounds, do not saturate there. */
    @ParameterizedTest
    @MethodSource("overrides")
    void aClipStaysIfItsCodesAreGiven(QuantizeSettings settings, String value, TensorOverride override, boolean stays)
            throws IOException {
        TestGraph graph = images().node("Conv", "c", "x", "w")
                .constant("least", TestGraph.scalar(), 0)
                .constant("most", TestGraph.scalar(), 2)
                .node("Clip", "r", "c", "least", "most");
        assertEquals(stays, hasClip(quantized(outputOf(graph, "r"), settings.withOverrides(Map.of(value, override)))));
    }

    static Stream<Arguments> wide() {
        return Stream.of(QuantizeSettings.CPU, QuantizeSettings.ONNX_RUNTIME)
                .flatMap(settings -> Stream.of(
                        Arguments.of(settings, new AbsMax()),
                        Arguments.of(settings, Fixed.of(-8, 8)),
                        Arguments.of(settings, new MinMax())));
    }

    /** A range that is chosen wider than what was seen ends where the nodes that vanished clip. */
    @ParameterizedTest
    @MethodSource("wide")
    void rangesEndWhereTheClipDoes(QuantizeSettings settings, RangeEstimator ranges) throws IOException {
        TestGraph graph = images().node("Conv", "c", "x", "w")
                .constant("least", TestGraph.scalar(), -1)
                .constant("most", TestGraph.scalar(), 2)
                .node("Clip", "r", "c", "least", "most")
                .node("Relu", "t", "r");
        assertEquals(false, hasClip(quantized(outputOf(graph, "t"), settings.withRanges(ranges))));
    }

    /** Codes that are only moved have the range of another value, which holds what is clipped. */
    @Test
    void aReluBehindAPoolStays() throws IOException {
        TestGraph graph = images().node("Conv", "c", "x", "w")
                .node("Transpose", "p", "c")
                .with("perm", List.of(0L, 1L, 3L, 2L))
                .node("Relu", "r", "p");
        Map<String, QuantizedGraph.Op> nodes = quantized(outputOf(graph, "r"), QuantizeSettings.CPU);
        assertTrue(hasClip(nodes));
        assertEquals(List.of("q:c"), nodes.get("p").inputs());
    }
}
