// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

import java.util.Locale;

/** The way to the vector kernels, which need a newer JDK and a module that must be asked for. */
public final class VectorModule {
    private static final String MODULE = "jdk.incubator.vector";

    /** The JDK that the kernels are compiled for. */
    private static final int JDK = 25;

    private VectorModule() {}

    /**
     * Makes the kernel of a simple name, of the kind its scalar twin is, and from the same package.
     *
     * @throws UnusableKernelException if this JVM cannot; one sentence says why
     */
    @SuppressWarnings("unchecked")
    public static <K> K load(String name, K twin) throws UnusableKernelException {
        if (Runtime.version().feature() < JDK) {
            throw new UnusableKernelException("vector kernels need JDK " + JDK + " or later, this is "
                    + Runtime.version().feature());
        }
        if (!isLoaded()) {
            throw new UnusableKernelException("the JVM runs without --add-modules " + MODULE);
        }
        try {
            // The cast is sound: every kernel of a choice has the twin's interface, and the trial would fail otherwise.
            return (K) Class.forName(
                            twin.getClass().getPackageName() + "." + name,
                            true,
                            twin.getClass().getClassLoader())
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ClassNotFoundException e) {
            throw new UnusableKernelException("vector kernels are in the packaged jar only");
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnusableKernelException(name + " cannot run here (" + cause.getMessage() + ")");
        }
    }

    /**
     * Whether it was there at the start, or was loaded since: its classes are of the JDK. As modules, the kernels may
     * read it from here on: a descriptor that names it would make compilers warn those who only use this module.
     */
    private static boolean isLoaded() {
        try {
            Class<?> vector = Class.forName(MODULE + ".Vector", false, null);
            VectorModule.class.getModule().addReads(vector.getModule());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Why a vector kernel could only be slow, or null: without the optimising compiler it is made of method calls. */
    static String whyNoCompiler() {
        String mode = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
        if (mode.contains("interpreted") || mode.contains("emulated-client")) {
            return "the JVM runs without its optimising compiler (" + mode + ")";
        }
        return null;
    }
}
