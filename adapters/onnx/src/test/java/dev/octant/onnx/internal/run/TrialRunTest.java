// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.formats.FormatException;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A model that ONNX Runtime does not load, or fails on when it runs, is refused before it is anywhere. */
class TrialRunTest {
    private static ValueInfoProto value(String name) {
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(OnnxType.FLOAT32.code());
        tensor.getShapeBuilder()
                .addDim(Dimension.newBuilder().setDimParam("n"))
                .addDim(Dimension.newBuilder().setDimParam("m"));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static ModelProto model(String op) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(GraphProto.newBuilder()
                        .setName("g")
                        .addInput(value("x"))
                        .addNode(NodeProto.newBuilder()
                                .setOpType(op)
                                .addInput("x")
                                .addInput("x")
                                .addOutput("y"))
                        .addOutput(value("y")))
                .build();
    }

    private static final Batches ROWS =
            reader -> reader.read(Map.of("x", TensorValue.of(List.of(2L, 3L), 1, 2, 3, 4, 5, 6)));

    private static String refused(String op, Batches batches) {
        String message = assertThrows(
                        FormatException.class, () -> TrialRun.require(model(op), ExternalData.NONE, batches))
                .getMessage();
        assertEquals(1, message.lines().count());
        return message;
    }

    @Test
    void whatDoesNotLoadOrRunIsRefused() throws IOException {
        String start = "model: the int8 model made of it must run in ONNX Runtime, did not: model must ";
        assertTrue(
                refused("NoSuchOp", reader -> {}).startsWith(start + "be one that ONNX Runtime loads, was refused: "));
        // Two rows of three by two rows of three.
        assertTrue(refused("MatMul", ROWS).startsWith(start + "run on these inputs, was refused: "));
        TrialRun.require(model("MatMul"), ExternalData.NONE, reader -> {});
        TrialRun.require(model("Add"), ExternalData.NONE, ROWS);
    }
}
