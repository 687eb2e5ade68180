// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import ai.onnxruntime.OrtEnvironment;
import dev.octant.formats.FormatException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * ONNX Runtime's environment, of which a process has one.
 *
 * <p>ONNX Runtime 1.29.0 reads the command line of the process by a recursive pattern when the environment is made:
 * with a class path of some 4,000 characters that overflows the stack of an ordinary thread and ends the process. So
 * the first call is made on a thread whose stack holds any command line that Linux allows.
 */
final class Environment {
    /** 2 MiB of command line, at some 300 bytes for each character; only what is used is taken. */
    private static final long STACK_BYTES = 1L << 30;

    private Environment() {}

    private static final class Holder {
        static final OrtEnvironment INSTANCE = make();
    }

    /**
     * The environment.
     *
     * @throws FormatException if ONNX Runtime cannot be loaded
     */
    static OrtEnvironment get() throws FormatException {
        try {
            return Holder.INSTANCE;
        } catch (ExceptionInInitializerError | NoClassDefFoundError | UnsatisfiedLinkError e) {
            throw new FormatException("ONNX Runtime must load on this machine, was refused: " + e.getCause(), e);
        }
    }

    private static OrtEnvironment make() {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicReference<OrtEnvironment> made = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        made.set(OrtEnvironment.getEnvironment());
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                },
                "onnxruntime-environment",
                STACK_BYTES);
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
        return made.get();
    }
}
