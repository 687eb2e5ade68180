// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold of a model before anything else is done with it: it has a graph and an opset, every value that is read
 * is defined, none is defined twice, every constant has the elements that its shape asks for.
 *
 * <p>What ops there are and whether their inputs suit them is ONNX Runtime's to say. Source: the ONNX specification,
 * {@code IR.md}.
 */
final class ModelRules {
    private final ExternalData external;
    private final String place;

    /** Rules for one model; {@code place} begins messages. */
    ModelRules(ExternalData external, String place) {
        this.external = external;
        this.place = place;
    }

    void check(ModelProto model) throws IOException {
        if (!model.hasGraph()) {
            throw new FormatException(place + ": model must have a graph, was without one");
        }
        Set<String> domains = new HashSet<>();
        for (OperatorSetIdProto opset : model.getOpsetImportList()) {
            String domain = Domains.isOnnx(opset.getDomain()) ? "" : opset.getDomain();
            if (!domains.add(domain) || opset.getVersion() < 1) {
                throw new FormatException(place + ": opsets must have one version each, 1 or later, was "
                        + opset.getVersion() + " of domain '" + VisibleText.of(domain) + "'"
                        + (opset.getVersion() < 1 ? "" : " beside another"));
            }
        }
        if (!domains.contains("")) {
            throw new FormatException(place + ": model must state its version of ONNX's opset, was without it");
        }
        graph(model.getGraph(), Scope.NONE);
        sums(model.getGraph());
        for (FunctionProto function : model.getFunctionsList()) {
            nodes(function.getNodeList(), null);
        }
    }

    /** What graphs a value is looked up in: a body sees the values of the graphs around it, and those not its own. */
    private record Scope(Set<String> values, Optional<Scope> outer) {
        static final Scope NONE = new Scope(Set.of(), Optional.empty());

        boolean contains(String value) {
            Optional<Scope> at = Optional.of(this);
            while (at.isPresent()) {
                if (at.get().values().contains(value)) {
                    return true;
                }
                at = at.get().outer();
            }
            return false;
        }
    }

    /** Refuses constants that no {@code long} counts, as only those without data can be. */
    private void sums(GraphProto graph) throws FormatException {
        long elements = 0;
        long bytes = 0;
        try {
            for (TensorProto constant : graph.getInitializerList()) {
                elements = Math.addExact(elements, Tensors.size(constant));
                OnnxType type = Tensors.type(constant).orElse(null);
                bytes = type == null ? bytes : Math.addExact(bytes, Tensors.bytes(constant, type));
            }
        } catch (ArithmeticException e) {
            throw new FormatException(
                    place + ": constants must have fewer than 2^63 elements and bytes in all, was more", e);
        }
    }

    private void graph(GraphProto graph, Scope outer) throws IOException {
        Set<String> values = new HashSet<>();
        for (ValueInfoProto input : graph.getInputList()) {
            define(values, input.getNameBytes(), "input");
        }
        Set<String> constants = new HashSet<>();
        for (TensorProto constant : graph.getInitializerList()) {
            define(constants, constant.getNameBytes(), "constant");
            Tensors.check(constant, external, place + ", tensor " + VisibleText.of(constant.getName()));
        }
        for (SparseTensorProto constant : graph.getSparseInitializerList()) {
            define(constants, constant.getValues().getNameBytes(), "constant");
            sparse(constant);
        }
        // An input may have a constant as its default.
        values.addAll(constants);
        for (NodeProto node : graph.getNodeList()) {
            for (ByteString output : node.getOutputList().asByteStringList()) {
                if (!output.isEmpty()) {
                    define(values, output, "output of " + text(node));
                }
            }
        }
        Scope scope = new Scope(values, Optional.of(outer));
        nodes(graph.getNodeList(), scope);
        for (ValueInfoProto output : graph.getOutputList()) {
            if (!scope.contains(output.getName())) {
                throw new FormatException(place + ": output " + VisibleText.of(output.getName())
                        + " must be computed by a node, was by none");
            }
        }
    }

    private void define(Set<String> values, ByteString name, String what) throws FormatException {
        if (!name.isValidUtf8()) {
            throw new FormatException(
                    place + ": name of " + what + " must be UTF-8, was '" + VisibleText.of(name.toStringUtf8()) + "'");
        }
        if (name.isEmpty()) {
            throw new FormatException(place + ": " + what + " must have a name, was without one");
        }
        if (!values.add(name.toStringUtf8())) {
            throw new FormatException(place + ": name of " + what + " must be used once, was "
                    + VisibleText.of(name.toStringUtf8()) + " again");
        }
    }

    /** The nodes of a graph, which read values of {@code scope} only; of a function, where this is null. */
    private void nodes(List<NodeProto> nodes, Scope scope) throws IOException {
        for (NodeProto node : nodes) {
            if (node.getOpType().isEmpty()) {
                throw new FormatException(place + ": " + text(node) + " must have an op, was without one");
            }
            for (String input : node.getInputList()) {
                if (!input.isEmpty() && scope != null && !scope.contains(input)) {
                    throw new FormatException(place + ": inputs of " + text(node) + " must be values of the graph, was "
                            + VisibleText.of(input));
                }
            }
            for (AttributeProto attribute : node.getAttributeList()) {
                attribute(attribute, node, scope == null ? Scope.NONE : scope);
            }
        }
    }

    private void attribute(AttributeProto attribute, NodeProto node, Scope scope) throws IOException {
        String where = place + ", attribute " + VisibleText.of(attribute.getName()) + " of " + text(node);
        if (attribute.hasT()) {
            Tensors.check(attribute.getT(), external, where);
        }
        for (TensorProto tensor : attribute.getTensorsList()) {
            Tensors.check(tensor, external, where);
        }
        if (attribute.hasSparseTensor()) {
            sparse(attribute.getSparseTensor());
        }
        for (SparseTensorProto tensor : attribute.getSparseTensorsList()) {
            sparse(tensor);
        }
        if (attribute.hasG()) {
            graph(attribute.getG(), scope);
        }
        for (GraphProto graph : attribute.getGraphsList()) {
            graph(graph, scope);
        }
    }

    private void sparse(SparseTensorProto tensor) throws IOException {
        String where =
                place + ", sparse tensor " + VisibleText.of(tensor.getValues().getName());
        Tensors.check(tensor.getValues(), external, where);
        Tensors.check(tensor.getIndices(), external, where);
    }

    private static String text(NodeProto node) {
        String name = node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
        return "node " + VisibleText.of(name) + " (" + VisibleText.of(node.getOpType()) + ")";
    }
}
