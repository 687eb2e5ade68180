// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

/** What the system property {@value #PROPERTY} asks for. Internal. */
public enum VectorMode {
    /** A vector kernel where it is proved to be faster. */
    AUTO,
    /** Vector kernels from the first call on, or an error that says why not. */
    ON,
    /** Scalar loops only; nothing is tried. */
    OFF;

    /** The system property: {@code auto} (the default), {@code on} or {@code off}. */
    public static final String PROPERTY = "octant.vector";

    /** @throws IllegalArgumentException if the property has another value */
    static VectorMode asked() {
        String value = System.getProperty(PROPERTY, "auto");
        return switch (value) {
            case "auto" -> AUTO;
            case "on" -> ON;
            case "off" -> OFF;
            default ->
                throw new IllegalArgumentException(
                        "system property " + PROPERTY + " must be auto, on or off, was '" + value + "'");
        };
    }
}
