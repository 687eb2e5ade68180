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

    /** What a zip holds: its arrays, and the names of entries that are none, as of a text that explains them. */
    record Listing(List<Item> arrays, List<String> others) {}

    /**
     * The arrays and what else there is, in the order of the directory; folders are nothing.
     *
     * <p>Names are data: no file is ever made from one, so {@code /model.0/act}, {@code aten::mul} and {@code ../a} are
     * names like any. Only what cannot be printed is refused.
     */
    static Listing list(InputFile file, FileChannel channel) throws IOException {
        List<Item> arrays = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (ZipDirectory.Entry entry : ZipDirectory.read(file, channel)) {
            String name = entry.name();
            boolean isArray = name.endsWith(SUFFIX);
            String array = isArray ? name.substring(0, name.length() - SUFFIX.length()) : name;
            if (!VisibleText.isPrintable(array)) {
                throw new FormatException(file.path() + ": entry names must have visible characters"
                        + (isArray ? " before .npy" : "") + " and no control characters, was \"" + VisibleText.of(name)
                        + "\"");
            }
            if (isArray) {
                arrays.add(new Item(array, entry));
            } else if (!name.endsWith("/")) {
                others.add(name);
            }
        }
        return new Listing(arrays, others);
    }
}
