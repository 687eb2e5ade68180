// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** The arrays a {@code .npz} lists, checked before any is read. */
final class NpzDirectory {
    private static final String SUFFIX = ".npy";

    private NpzDirectory() {}

    /**
     * An array in a zip.
     *
     * @param name the entry's name without {@code .npy}
     * @param entry where it is
     */
    record Item(String name, ZipDirectory.Entry entry) {}

    static List<Item> list(InputFile file, FileChannel channel) throws IOException {
        List<Item> arrays = new ArrayList<>();
        for (ZipDirectory.Entry entry : ZipDirectory.read(file, channel)) {
            String name = entry.name();
            requirePlain(name, file);
            if (name.endsWith("/")) {
                continue;
            }
            if (!name.endsWith(SUFFIX) || name.length() == SUFFIX.length()) {
                throw new FormatException(
                        file.path() + ": entry names must be an array's name and .npy, was " + VisibleText.of(name));
            }
            arrays.add(new Item(name.substring(0, name.length() - SUFFIX.length()), entry));
        }
        return arrays;
    }

    /** Array names become file names and table keys, so a name that could leave a folder is refused here, for all. */
    private static void requirePlain(String name, InputFile file) throws FormatException {
        boolean plain = !name.isEmpty()
                && !name.startsWith("/")
                && name.indexOf('\\') < 0
                && name.indexOf(':') < 0
                && VisibleText.isPrintable(name);
        if (plain) {
            String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
            for (String part : path.split("/", -1)) {
                plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
            }
        }
        if (!plain) {
            throw new FormatException(
                    file.path() + ": entry names must be relative, without .., \\, : or control characters, was "
                            + VisibleText.of(name));
        }
    }
}
