// SPDX-License-Identifier: Apache-2.0
/** ONNX models in and out. */
module dev.octant.onnx {
    requires transitive dev.octant.formats;
    requires transitive dev.octant.layers;
    requires com.google.protobuf;
    requires com.microsoft.onnxruntime;
    requires java.desktop;
    requires org.apache.commons.lang3;
    requires org.tribuo.util.onnx;

    exports dev.octant.onnx;
    exports dev.octant.onnx.product;
    exports dev.octant.onnx.values;

    provides dev.octant.layers.MatrixProduct with
            dev.octant.onnx.product.OnnxRuntimeProduct;
}
