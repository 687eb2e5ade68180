// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.internal.graph.Captures;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.graph.FreshNames;
import dev.octant.onnx.internal.graph.NodeOrder;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Bias;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Placed;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Readers;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a plan into a model: QuantizeLinear and DequantizeLinear behind each value that becomes codes, codes and
 * DequantizeLinear in place of constants. There is one pair for a value, which all who read its codes read; bodies of
 * nodes read the float value.
 *
 * <p>The names are those of ONNX Runtime's tool, so that files can be compared: {@code T_scale}, {@code T_zero_point},
 * {@code T_QuantizeLinear_Output}, {@code T_DequantizeLinear_Output}, {@code W_quantized}; an output {@code T} of the
 * model is computed as {@code T_QuantizeLinear_Input}. A name that is taken gets a number behind it.
 */
final class PairWriter {
    private final FloatGraph graph;
    private final QuantizationPlan plan;
    private final Parameters parameters;
    private final FreshNames names;
    private final List<TensorProto> constants = new ArrayList<>();
    private final Map<String, Names> scales = new HashMap<>();
    private final Map<String, String> readAs = new HashMap<>();
    private final Map<String, String> writtenAs = new HashMap<>();
    private final Map<String, List<NodeProto>> pairs = new LinkedHashMap<>();

    /** The constants of one pair of parameters. */
    private record Names(String scale, String zeroPoint) {}

    private PairWriter(FloatGraph graph, QuantizationPlan plan, Parameters parameters) {
        this.graph = graph;
        this.plan = plan;
        this.parameters = parameters;
        this.names = new FreshNames(graph.model().getGraph());
    }

    /** The model with the plan in it. */
    static ModelProto write(FloatGraph graph, QuantizationPlan plan, Parameters parameters) throws IOException {
        return new PairWriter(graph, plan, parameters).written();
    }

    private ModelProto written() throws IOException {
        for (String value : plan.marks().keySet()) {
            if (plan.paramsOf(value).equals(value)) {
                scales.put(value, parameters(value, parameters.of(value)));
            }
        }
        for (Map.Entry<String, Mark> mark : plan.marks().entrySet()) {
            if (graph.constant(mark.getKey()).isPresent()) {
                constant(mark.getKey());
            } else {
                activation(mark.getKey(), mark.getValue());
            }
        }
        for (Bias bias : plan.biases().values()) {
            bias(bias);
        }
        List<NodeProto> nodes = NodeOrder.sorted(nodes());
        GraphProto.Builder builder =
                graph.model().getGraph().toBuilder().clearNode().addAllNode(nodes);
        keepWhatIsRead(builder);
        return graph.model().toBuilder().setGraph(builder).build();
    }

    private Names parameters(String value, Parameters.OfValue of) {
        Names made = new Names(names.of(value + "_scale"), names.of(value + "_zero_point"));
        List<QuantParams> params = of.params();
        List<Long> shape = of.axis().isPresent() ? List.of((long) params.size()) : List.of();
        float[] scale = new float[params.size()];
        byte[] zeroPoint = new byte[params.size()];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = params.get(i).scale();
            zeroPoint[i] = params.get(i).type().raw(params.get(i).zeroPoint());
        }
        constants.add(Tensors.ofBytes(made.zeroPoint(), type(params.get(0).type()), shape, zeroPoint));
        constants.add(Tensors.ofFloats(made.scale(), shape, scale));
        return made;
    }

    private static OnnxType type(QuantType type) {
        return type.isSigned() ? OnnxType.INT8 : OnnxType.UINT8;
    }

    private void activation(String value, Mark mark) {
        Names params = scales.get(plan.paramsOf(value));
        String codes = names.of(value + "_QuantizeLinear_Output");
        String from = value;
        String to;
        if (graph.isOutput(value) && !graph.isInput(value) && mark.readers() == Readers.ALL) {
            from = names.of(value + "_QuantizeLinear_Input");
            to = value;
            writtenAs.put(value, from);
        } else {
            to = names.of(value + "_DequantizeLinear_Output");
            readAs.put(value, to);
        }
        pairs.put(
                value,
                List.of(
                        node("QuantizeLinear", value, List.of(from, params.scale(), params.zeroPoint()), codes, -1),
                        node("DequantizeLinear", value, List.of(codes, params.scale(), params.zeroPoint()), to, -1)));
    }

    private void constant(String value) throws IOException {
        TensorProto constant = graph.constant(value).orElseThrow();
        float[] values = Tensors.floats(constant, graph.external());
        Parameters.OfValue of = parameters.of(value);
        byte[] codes = new byte[values.length];
        if (of.axis().isPresent()) {
            ChannelQuantizer.of(Parameters.layout(constant, of.axis().getAsInt()), of.params())
                    .quantize(values, 0, codes, 0, values.length);
        } else {
            TensorQuantizer.of(of.params().get(0)).quantize(values, 0, codes, 0, values.length);
        }
        String quantized = names.of(value + "_quantized");
        constants.add(Tensors.ofBytes(quantized, type(of.params().get(0).type()), constant.getDimsList(), codes));
        String to = names.of(value + "_DequantizeLinear_Output");
        readAs.put(value, to);
        Names params = scales.get(value);
        pairs.put(
                value,
                List.of(node(
                        "DequantizeLinear",
                        value,
                        List.of(quantized, params.scale(), params.zeroPoint()),
                        to,
                        of.axis().orElse(-1))));
    }

    private void bias(Bias bias) throws IOException {
        TensorProto constant = graph.constant(bias.bias()).orElseThrow();
        float[] values = Tensors.floats(constant, graph.external());
        float[] scale = parameters.biasScales(bias);
        int[] codes = new int[values.length];
        for (int i = 0; i < codes.length; i++) {
            double steps = Math.rint(values[i] / (double) scale[scale.length == 1 ? 0 : i]);
            // Beyond int32 the conversion saturates.
            codes[i] = (int) steps;
        }
        List<Long> shape = constant.getDimsList();
        boolean isPerChannel = parameters.of(bias.weight()).axis().isPresent();
        String quantized = names.of(bias.name() + "_quantized");
        String scaleName = names.of(bias.name() + "_quantized_scale");
        String zeroName = names.of(bias.name() + "_quantized_zero_point");
        constants.add(Tensors.ofInts(quantized, shape, codes));
        constants.add(Tensors.ofFloats(scaleName, List.of((long) scale.length), scale));
        constants.add(Tensors.ofInts(
                zeroName,
                isPerChannel ? List.of((long) scale.length) : List.of(),
                new int[isPerChannel ? scale.length : 1]));
        pairs.put(
                bias.name(),
                List.of(node(
                        "DequantizeLinear",
                        bias.name(),
                        List.of(quantized, scaleName, zeroName),
                        bias.name(),
                        isPerChannel ? 0 : -1)));
    }

    private NodeProto node(String op, String value, List<String> inputs, String output, int axis) {
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType(op)
                .setName(names.of(value + "_" + op))
                .addAllInput(inputs)
                .addOutput(output);
        if (axis >= 0) {
            node.addAttribute(AttributeProto.newBuilder()
                    .setName("axis")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(axis));
        }
        return node.build();
    }

    /** All nodes: what makes a constant or an input before its first reader, a pair behind its producer. */
    private List<NodeProto> nodes() {
        List<NodeProto> nodes = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (Placed placed : plan.nodes()) {
            NodeProto node = placed.node();
            for (String input : node.getInputList()) {
                if (graph.constant(input).isPresent()
                        || graph.isInput(input)
                        || plan.biases().containsKey(input)) {
                    append(input, done, nodes);
                }
            }
            NodeProto.Builder builder = node.toBuilder();
            for (int i = 0; i < builder.getInputCount(); i++) {
                builder.setInput(i, readAs(builder.getInput(i), placed.isInt8()));
            }
            for (int i = 0; i < builder.getOutputCount(); i++) {
                builder.setOutput(i, writtenAs.getOrDefault(builder.getOutput(i), builder.getOutput(i)));
            }
            nodes.add(builder.build());
            node.getOutputList().forEach(output -> append(output, done, nodes));
        }
        return nodes;
    }

    private String readAs(String value, boolean isInt8) {
        Mark mark = plan.marks().get(value);
        boolean readsCodes = mark != null && (isInt8 || mark.readers() == Readers.ALL);
        return readsCodes ? readAs.getOrDefault(value, value) : value;
    }

    private void append(String value, Set<String> done, List<NodeProto> nodes) {
        if (pairs.containsKey(value) && done.add(value)) {
            nodes.addAll(pairs.get(value));
        }
    }

    /** Drops constants that nothing reads any more, and what was said of values that are gone. */
    private void keepWhatIsRead(GraphProto.Builder builder) {
        Set<String> read = new HashSet<>(Captures.readers(builder.getNodeList()).keySet());
        builder.getOutputList().forEach(output -> read.add(output.getName()));
        Set<String> written = new HashSet<>();
        builder.getNodeList().forEach(node -> written.addAll(node.getOutputList()));
        List<TensorProto> kept = new ArrayList<>(builder.getInitializerList());
        kept.addAll(constants);
        // A bias is written by its DequantizeLinear now.
        kept.removeIf(constant -> !read.contains(constant.getName()) || written.contains(constant.getName()));
        kept.forEach(constant -> written.add(constant.getName()));
        List<ValueInfoProto> described = builder.getValueInfoList().stream()
                .filter(value -> written.contains(value.getName()))
                .toList();
        builder.clearInitializer().addAllInitializer(kept).clearValueInfo().addAllValueInfo(described);
    }
}
