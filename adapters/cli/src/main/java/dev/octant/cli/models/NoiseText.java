// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.formats.VisibleText;
import dev.octant.onnx.values.TensorNoise;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The noise of tensors, as people read it. */
final class NoiseText {
    /** The report and the JSON have all. */
    private static final int SHOWN = 10;

    private NoiseText() {}

    static void print(List<TensorNoise> tensors, PrintWriter out) {
        List<TensorNoise> worst = tensors.stream()
                .filter(tensor -> tensor.sqnrDb() != Double.POSITIVE_INFINITY)
                .sorted(Comparator.comparingDouble(TensorNoise::sqnrDb))
                .limit(SHOWN)
                .toList();
        if (worst.isEmpty()) {
            return;
        }
        out.printf(Locale.ROOT, "%10s %14s  tensor, the worst of %,d%n", "SQNR dB", "largest error", tensors.size());
        for (TensorNoise tensor : worst) {
            out.printf(
                    Locale.ROOT,
                    "%10.2f %14.6g  %s%n",
                    tensor.sqnrDb(),
                    tensor.largestError(),
                    VisibleText.of(tensor.name()));
        }
    }
}
