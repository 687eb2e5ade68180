// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.core.QuantScheme;
import dev.octant.core.RealRange;
import dev.octant.onnx.values.TensorOverride;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code NAME=HOW}: how one value of a model becomes codes.
 *
 * @param name of the value
 * @param override a range, or a scheme
 */
record TensorWord(String name, TensorOverride override) {
    /** Reads one; a name may hold a {@code =} itself. */
    static TensorWord parse(String text) {
        int at = text.lastIndexOf('=');
        if (at <= 0) {
            throw new IllegalArgumentException("tensor must be NAME=LO,HI or NAME=symmetric, was '" + text + "'");
        }
        String name = text.substring(0, at);
        String how = text.substring(at + 1).strip();
        return new TensorWord(
                name,
                switch (how.toLowerCase(Locale.ROOT)) {
                    case "symmetric" -> TensorOverride.of(QuantScheme.SYMMETRIC);
                    case "asymmetric" -> TensorOverride.of(QuantScheme.ASYMMETRIC);
                    default -> TensorOverride.of(RealRange.parse(how));
                });
    }

    static Map<String, TensorOverride> overrides(List<TensorWord> words) {
        Map<String, TensorOverride> overrides = new LinkedHashMap<>();
        for (TensorWord word : words) {
            if (overrides.put(word.name(), word.override()) != null) {
                throw new IllegalArgumentException(
                        "--tensor: tensor must be named once, was " + word.name() + " again");
            }
        }
        return overrides;
    }
}
