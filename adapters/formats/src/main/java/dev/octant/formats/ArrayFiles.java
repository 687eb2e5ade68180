package dev.octant.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds array files. Thread safe: it keeps nothing. */
public final class ArrayFiles {
    private ArrayFiles() {}

    /**
     * The array files an input stands for: a file is itself, whatever its name; a folder is the files directly in it whose
     * names end in {@code .npy} or {@code .npz}, in any case of letters, sorted by name.
     *
     * @throws FormatException if the input is missing, or is a folder without such files
     */
    public static List<Path> find(Path input) throws IOException {
        if (!Files.exists(input)) {
            throw new FormatException(input + ": input must exist, was missing");
        }
        if (!Files.isDirectory(input)) {
            return List.of(input);
        }
        try (Stream<Path> entries = Files.list(input)) {
            List<Path> files = entries.filter(ArrayFiles::isArrayFile)
                    .sorted((a, b) -> fileName(a).compareTo(fileName(b)))
                    .toList();
            if (files.isEmpty()) {
                throw new FormatException(input + ": folder must hold .npy or .npz files, was without any");
            }
            return files;
        }
    }

    /** The bytes of a file; what hinders is one sentence. */
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

    /** The name of a file without {@code .npy} or {@code .npz}. */
    static String baseName(Path file) {
        String name = fileName(file);
        return hasExtension(name) ? name.substring(0, name.length() - ".npy".length()) : name;
    }

    private static boolean isArrayFile(Path file) {
        return hasExtension(fileName(file)) && !Files.isDirectory(file);
    }

    private static boolean hasExtension(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.length() > ".npy".length() && (lower.endsWith(".npy") || lower.endsWith(".npz"));
    }

    private static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }
}
