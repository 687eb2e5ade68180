// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import java.util.function.Predicate;

/**
 * Which tensors of a file are wanted, and as what.
 *
 * @param names which names; the others are not looked at
 * @param bytesAsValues whether arrays of int8 and uint8 in NumPy files are taken as the numbers they are; elsewhere
 *     they are codes of a quantized tensor, which has no range of its own, and are left out
 */
public record TensorSelection(Predicate<String> names, boolean bytesAsValues) {
    /** All tensors of real values. */
    public static final TensorSelection ALL = new TensorSelection(name -> true, false);

    public TensorSelection {
        Given.require("names", names);
    }
}
