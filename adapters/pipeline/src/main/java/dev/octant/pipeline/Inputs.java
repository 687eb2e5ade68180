package dev.octant.pipeline;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens this package's files; what hinders is one sentence. */
final class Inputs {
    private Inputs() {}

    /** Reads and may fail. */
    @FunctionalInterface
    interface Parser<T> {
        T parse() throws IOException;
    }

    static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FormatException(file + ": input must be a file, was a folder");
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new FormatException(file + ": input must exist, was missing", e);
        } catch (AccessDeniedException e) {
            throw new FormatException(file + ": input must be readable, was refused by the file system", e);
        }
    }
}
