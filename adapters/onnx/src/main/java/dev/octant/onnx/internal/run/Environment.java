// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.util.concurrent.atomic.AtomicBoolean;

/** ONNX Runtime's environment, of which a process has one. */
final class Environment {
    private static final AtomicBoolean IS_SWEPT = new AtomicBoolean();

    private Environment() {}

    /**
     * The environment; the first call loads the native library, and deletes what others left of theirs.
     *
     * @throws FormatException if there is none for this machine
     */
    static OrtEnvironment get() throws FormatException {
        if (!IS_SWEPT.getAndSet(true)) {
            NativeLeftovers.delete();
        }
        try {
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        } catch (ExceptionInInitializerError | NoClassDefFoundError | UnsatisfiedLinkError e) {
            // The first failure names its reason, those after it do not.
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new FormatException(
                    "ONNX Runtime must load on this machine, was refused: "
                            + VisibleText.of(String.valueOf(reason.getMessage())),
                    e);
        }
    }
}
