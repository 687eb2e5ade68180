// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;

/** Whose operator a node is. */
public final class Domains {
    /** The domain of ONNX Runtime's own operators. */
    public static final String MICROSOFT = "com.microsoft";

    private Domains() {}

    /** Whether a domain is that of ONNX's operators, which has two spellings. */
    public static boolean isOnnx(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    /** Whether a node is this operator of ONNX. */
    public static boolean isOp(NodeProto node, String op) {
        return node.getOpType().equals(op) && isOnnx(node.getDomain());
    }

    /** The version of ONNX's operators that a model uses. */
    public static long opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(opset -> isOnnx(opset.getDomain()))
                .mapToLong(OperatorSetIdProto::getVersion)
                .findFirst()
                .orElse(0);
    }

    /** The op of a node, with its domain in front where that is not ONNX's. */
    public static String fullName(NodeProto node) {
        return isOnnx(node.getDomain()) ? node.getOpType() : node.getDomain() + "::" + node.getOpType();
    }
}
