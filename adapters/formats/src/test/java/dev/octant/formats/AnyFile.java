// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.calibration.CalibrationFormat;
import dev.octant.formats.tensor.ArrayReader;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;

/** Reads a file of any bytes as far as it goes: what comes is values, or one sentence that begins with the file. */
public final class AnyFile {
    private AnyFile() {}

    /** Reads a file. */
    @FunctionalInterface
    public interface Reader {
        void read(Path file) throws IOException;
    }

    /** Whether the file was read; what comes out otherwise is the sentence, or this fails. */
    public static boolean isRead(Path file, Reader reader) throws IOException {
        try {
            reader.read(file);
            return true;
        } catch (FormatException e) {
            assertSentence(e.getMessage(), file);
            assertOwnWords(e);
            return false;
        }
    }

    /** The same for bytes under a name. */
    public static boolean isRead(String name, byte[] content, Reader reader) throws IOException {
        boolean[] isRead = {false};
        ScratchFile.with(name, content, file -> isRead[0] = isRead(file, reader));
        return isRead[0];
    }

    public static void assertSentence(String message, Path file) {
        String place = VisibleText.of(file);
        assertTrue(message.startsWith(place + ": ") || message.startsWith(place + ", "), message);
        assertTrue(message.contains(" must "), message);
        assertTrue(message.length() < 1000 + place.length(), message);
        assertFalse(message.matches("(?s).*[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}].*"), message);
    }

    /** What a library says may hold text of the file, names of its classes, and other positions. */
    private static void assertOwnWords(FormatException refused) {
        for (Throwable cause = refused.getCause(); cause != null; cause = cause.getCause()) {
            boolean isOwn = Stream.of(cause.getStackTrace())
                    .map(StackTraceElement::getClassName)
                    .filter(name -> !name.startsWith("org.apache.commons.lang3."))
                    .findFirst()
                    .filter(name -> name.startsWith("dev.octant."))
                    .isPresent();
            boolean isOfLibrary = !isOwn
                    && (cause instanceof RuntimeException
                            || cause instanceof ZipException
                            || cause instanceof CharacterCodingException);
            String text = cause instanceof JacksonException json ? json.getOriginalMessage() : cause.getMessage();
            if (isOfLibrary && text != null && text.length() > 10) {
                String shown = VisibleText.of(text.substring(0, Math.min(30, text.length())));
                assertFalse(refused.getMessage().contains(shown), refused.getMessage());
            }
        }
    }

    /** All values of all tensors; their names can be printed. */
    public static void asTensors(Path file) throws IOException {
        for (TensorPart part : TensorFiles.open(file).parts()) {
            for (String name : part.tensors()) {
                assertTrue(VisibleText.isPrintable(name), VisibleText.of(name));
            }
            part.read((tensor, block, offset, length) -> true);
        }
    }

    /** All elements of all arrays. */
    public static void asArrays(Path file) throws IOException {
        float[] floats = new float[1000];
        byte[] bytes = new byte[1000];
        try (ArrayReader reader = ArrayReader.open(file)) {
            while (reader.next()) {
                assertTrue(VisibleText.isPrintable(reader.header().name()));
                boolean isFloat = reader.header().type().isFloat();
                int count;
                do {
                    count = isFloat ? reader.readFloats(floats) : reader.readBytes(bytes);
                } while (count > 0);
            }
        }
    }

    /** A table, which can be written again. */
    public static Reader as(CalibrationFormat format) {
        return file -> {
            var read = format.read(file, QuantType.INT8, QuantScheme.ASYMMETRIC);
            read.losses().forEach(loss -> assertFalse(loss.matches("(?s).*[\\p{Cc}\\p{Cf}].*"), loss));
            for (CalibrationFormat other : CalibrationFormat.values()) {
                try {
                    other.export(read.file());
                } catch (IllegalArgumentException e) {
                    assertTrue(e.getMessage().contains(" must "), e.getMessage());
                }
            }
        };
    }
}
