// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

/**
 * The module of the vector kernels, loaded after the start of the JVM: at its start the JVM would warn users of it on
 * stderr, at every command, and they can do nothing about it. The JDK loads modules of its own so, for agents; that is
 * no public API, so the launcher asks for it on JDK 25 alone, where it is known.
 */
final class VectorApi {
    /** Set by the launcher, which then gives the JVM the flags that the module would have set. */
    static final String ASKED = "octant.load.vectors";

    private VectorApi() {}

    /** Loads it where the launcher asks for it. Without it the scalar loops write the same bytes. */
    static void loadIfAsked() {
        if (Boolean.getBoolean(ASKED)) {
            try {
                Class.forName("jdk.internal.module.Modules")
                        .getMethod("loadModule", String.class)
                        .invoke(null, "jdk.incubator.vector");
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                // Slower, and octant info says so.
            }
        }
    }
}
