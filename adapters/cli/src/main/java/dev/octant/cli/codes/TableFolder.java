// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A folder with a file for each tensor. */
final class TableFolder {
    /** Leaves room for a number and an ending in the 255 bytes of a name. */
    private static final int LONGEST_NAME = 200;

    private final Path folder;

    TableFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The file of each tensor: names that differ, in any case of letters, and that every file system takes; those of C
     * differ in what C takes for a name, too.
     */
    Map<String, Path> files(Collection<String> tensors, String ending) {
        Map<String, Path> files = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (String tensor : tensors) {
            String name = fileName(tensor);
            String numbered = name;
            for (int n = 2; !taken.add(told(numbered, ending)); n++) {
                numbered = name + "_" + n;
            }
            files.put(tensor, folder.resolve(numbered + "." + ending));
        }
        return files;
    }

    /** What tells a name from others. */
    private static String told(String name, String ending) {
        String told = ending.equals(TableFormat.C_HEADER) ? TableFormat.symbol(name) : name;
        return told.toLowerCase(Locale.ROOT);
    }

    private static String fileName(String tensor) {
        StringBuilder name = new StringBuilder();
        tensor.codePoints().limit(LONGEST_NAME).forEach(c -> {
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean inside = name.length() > 0 && (c == '.' || c == '-');
            name.appendCodePoint(plain || inside || c == '_' ? c : '_');
        });
        return name.toString();
    }

    /** Makes the folder where there is none. */
    void create() throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.createDirectory(folder);
        } catch (NoSuchFileException e) {
            throw new FormatException(folder + ": folder above it must exist, was missing", e);
        } catch (FileAlreadyExistsException e) {
            throw new FormatException(
                    folder + ": output for tables of several tensors must be a folder, was a file", e);
        }
    }
}
