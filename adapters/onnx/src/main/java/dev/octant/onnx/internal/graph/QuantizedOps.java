// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import dev.octant.onnx.internal.file.Domains;
import java.util.Set;

/** The ops by which a model is known to be quantized already. */
public final class QuantizedOps {
    private static final String MICROSOFT = Domains.MICROSOFT + "::";

    private static final Set<String> ONNX = Set.of(
            "QuantizeLinear",
            "DequantizeLinear",
            "DynamicQuantizeLinear",
            "QLinearConv",
            "QLinearMatMul",
            "ConvInteger",
            "MatMulInteger");

    private QuantizedOps() {}

    /** Whether an op, with its domain in front, is one of them. */
    public static boolean isOne(String op) {
        if (!op.startsWith(MICROSOFT)) {
            return ONNX.contains(op);
        }
        String name = op.substring(MICROSOFT.length());
        return ONNX.contains(name)
                || name.startsWith("QLinear")
                || name.startsWith("MatMulInteger")
                || name.startsWith("DynamicQuantize")
                || name.equals("QGemm");
    }
}
