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
import dev.octant.core.RealRange;
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
import dev.octant.onnx.internal.quantize.QuantizationPlan.Table;
import dev.octant.onnx.values.OnnxType;
import dev.octant.ops.Activation;
import dev.octant.ops.LookupTable;
import dev.octant.ops.QuantizedActivation;
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
 * DequantizeLinear in place of constants. There is one pair for a value, which all who read its codes read, unless each
 * is to have its own; bodies of nodes read the float value, or, behind a table, which computes none, that of its codes.
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
    private final Map<String, String> codesOf = new HashMap<>();
    private String flatShape = "";
    private final Map<String, List<NodeProto>> pairs = new LinkedHashMap<>();

    /** The constants of one pair of parameters. */
    private record Names(String scale, String zeroPoint) {}

    private final ModelProto model;

    /** Writes the plan into the graph's model. */
    PairWriter(FloatGraph graph, QuantizationPlan plan, Parameters parameters) throws IOException {
        this.graph = graph;
        this.plan = plan;
        this.parameters = parameters;
        this.names = new FreshNames(graph.model().getGraph());
        this.model = written();
    }

    /** The model with the plan in it. */
    ModelProto model() {
        return model;
    }

    /** The name of what the plan's node computes before it becomes codes. */
    String nameOf(String output) {
        return writtenAs.getOrDefault(output, output);
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
        for (Table table : plan.tables()) {
            table(table);
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
        if (mark.readers() == Readers.INT8_APART) {
            return;
        }
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
        codesOf.put(value, codes);
        pairs.put(value, pair(value, from, codes, to));
    }

    private List<NodeProto> pair(String value, String from, String codes, String to) {
        Names params = scales.get(plan.paramsOf(value));
        return List.of(
                node("QuantizeLinear", value, List.of(from, params.scale(), params.zeroPoint()), codes, -1),
                node("DequantizeLinear", value, List.of(codes, params.scale(), params.zeroPoint()), to, -1));
    }

    /** A pair for one reader; what it reads is returned. */
    private String ownPair(String value, List<NodeProto> nodes) {
        String to = names.of(value + "_DequantizeLinear_Output");
        nodes.addAll(pair(value, value, names.of(value + "_QuantizeLinear_Output"), to));
        return to;
    }

    /**
     * {@code codes of y = GatherElements(table, codes of x)}, on a flat tensor, for GatherElements takes table and
     * indices of one rank. A negative index counts from the end, as codes of int8 do in the order of raw bytes.
     */
    private void table(Table table) {
        String x = codesOf.get(table.input());
        String y = codesOf.get(table.output());
        QuantParams input = parameters.of(table.input()).params().get(0);
        QuantParams output = parameters.of(table.output()).params().get(0);
        Activation function = Activation.of(table.output(), table.function(), RealRange.ALL);
        byte[] codes = new byte[QuantType.RAW_VALUES];
        LookupTable lookup =
                QuantizedActivation.compile(function, input, output).table();
        for (int raw = 0; raw < codes.length; raw++) {
            codes[raw] = lookup.apply((byte) raw);
        }
        String name = names.of(table.output() + "_table");
        constants.add(Tensors.ofBytes(name, type(output.type()), List.of((long) codes.length), codes));
        if (flatShape.isEmpty()) {
            flatShape = names.of("flat_shape");
            constants.add(Tensors.ofLongs(flatShape, List.of(1L), -1));
        }
        List<NodeProto> nodes = new ArrayList<>();
        String index = append("Cast", table, List.of(x), nodes);
        String indices = append("Reshape", table, List.of(index, flatShape), nodes);
        String gathered = append("GatherElements", table, List.of(name, indices), nodes);
        String shape = append("Shape", table, List.of(x), nodes);
        nodes.add(node("Reshape", table.output(), List.of(gathered, shape), y, -1));
        // In place of QuantizeLinear.
        nodes.add(pairs.get(table.output()).get(1));
        pairs.put(table.output(), nodes);
    }

    private String append(String op, Table table, List<String> inputs, List<NodeProto> nodes) {
        String output = names.of(table.output() + "_" + op + "_Output");
        NodeProto node = node(op, table.output(), inputs, output, -1);
        nodes.add(
                op.equals("Cast")
                        ? node.toBuilder()
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName("to")
                                        .setType(AttributeProto.AttributeType.INT)
                                        .setI(OnnxType.INT32.code()))
                                .build()
                        : node);
        return output;
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
        Map<String, String> tabulated = new HashMap<>();
        for (Table table : plan.tables()) {
            tabulated.put(table.output(), readAs(table.output(), false));
        }
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
                String input = builder.getInput(i);
                boolean isApart = placed.isInt8() && isApart(input);
                builder.setInput(i, isApart ? ownPair(input, nodes) : readAs(input, placed.isInt8()));
            }
            for (int i = 0; i < builder.getOutputCount(); i++) {
                builder.setOutput(i, writtenAs.getOrDefault(builder.getOutput(i), builder.getOutput(i)));
            }
            nodes.add(Captures.renamed(builder.build(), tabulated));
            node.getOutputList().forEach(output -> append(output, done, nodes));
        }
        for (Table table : plan.tables()) {
            append(table.input(), done, nodes);
            append(table.output(), done, nodes);
        }
        return plan.tables().isEmpty() ? nodes : withoutUnread(nodes);
    }

    /** Without DequantizeLinear of codes that only a table reads. */
    private List<NodeProto> withoutUnread(List<NodeProto> nodes) {
        Set<String> read = new HashSet<>(Captures.readers(nodes).keySet());
        graph.model().getGraph().getOutputList().forEach(output -> read.add(output.getName()));
        return nodes.stream()
                .filter(node -> !node.getOpType().equals("DequantizeLinear") || read.contains(node.getOutput(0)))
                .toList();
    }

    private boolean isApart(String value) {
        Mark mark = plan.marks().get(value);
        return mark != null && mark.readers() == Readers.INT8_APART;
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
