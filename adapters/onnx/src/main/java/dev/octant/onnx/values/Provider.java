// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import java.util.Locale;

/**
 * What ONNX Runtime runs a model on. All but the CPU need its GPU library, {@code
 * com.microsoft.onnxruntime:onnxruntime_gpu} in place of {@code onnxruntime}, and NVIDIA's.
 */
public enum Provider {
    /** The CPU. */
    CPU("cpu"),

    /** The first CUDA device, and the CPU for what that lacks. */
    CUDA("cuda"),

    /** TensorRT on the first CUDA device, then as {@link #CUDA}. */
    TENSORRT("tensorrt");

    private final String label;

    Provider(String label) {
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
    public static Provider parse(String word) {
        for (Provider provider : values()) {
            if (provider.label.equals(word.strip().toLowerCase(Locale.ROOT))) {
                return provider;
            }
        }
        throw new IllegalArgumentException("provider must be cpu, cuda or tensorrt, was '" + word + "'");
    }
}
