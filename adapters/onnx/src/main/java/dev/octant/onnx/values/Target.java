// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import java.util.Locale;

/** Whose rules say which values of a model become codes. */
public enum Target {
    /** The ops that {@code quantize_static} of onnxruntime 1.30.0 quantizes by default. */
    ONNX_RUNTIME("onnxruntime"),

    /** Only what runs in int8 kernels of ONNX Runtime on an x64 CPU. */
    CPU("cpu"),

    /** Only what runs in int8 kernels of ONNX Runtime on an arm64 CPU, which have int8 activations. */
    ARM64("arm64"),

    /** What TensorRT, also as ONNX Runtime's execution provider, fuses on a GPU. */
    TENSORRT("tensorrt"),

    /** All that Qualcomm's neural processors compute, through ONNX Runtime's execution provider QNN. */
    QNN("qnn");

    private final String label;

    Target(String label) {
        this.label = label;
    }

    /** Its word on the command line. */
    public String label() {
        return label;
    }

    /**
     * The constant of a {@link #label}, in any case of letters and with blanks around it.
     *
     * @throws IllegalArgumentException if the word names none
     */
    public static Target parse(String word) {
        for (Target target : values()) {
            if (target.label.equals(word.strip().toLowerCase(Locale.ROOT))) {
                return target;
            }
        }
        throw new IllegalArgumentException(
                "target must be cpu, arm64, tensorrt, qnn or onnxruntime, was '" + word + "'");
    }
}
