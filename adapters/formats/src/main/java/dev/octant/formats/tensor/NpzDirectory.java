// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /**
     * An array whose name cannot be printed.
     *
     * @param shown its name as it can be, or its place
     * @param reason what is wrong with it
     */
    record Nameless(String shown, String reason) {}

    /**
     * What a zip holds.
     *
     * @param arrays its arrays
     * @param nameless those whose names cannot be printed
     * @param others the names of entries that are none, as of a text that explains them, as they can be printed
     */
    record Listing(List<Item> arrays, List<Nameless> nameless, List<String> others) {}

    /**
     * The arrays and what else there is, in the order of the directory. Folders are nothing, nor is what macOS puts
     * into a zip beside files, for their attributes: entries in {@code __MACOSX} or called {@code ._*}.
     *
     * <p>Names are data: no file is ever made from one, so {@code /model.0/act}, {@code aten::mul} and {@code ../a} are
     * names like any.
     */
    static Listing list(InputFile file, FileChannel channel) throws IOException {
        List<Item> arrays = new ArrayList<>();
        List<Nameless> nameless = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int number = 0;
        for (ZipDirectory.Entry entry : ZipDirectory.read(file, channel)) {
            number++;
            String name = entry.name();
            if (name.endsWith("/") || isOfMacOs(name)) {
                continue;
            }
            if (!name.endsWith(SUFFIX)) {
                others.add(LeftOut.shown(name, "entry " + number));
                continue;
            }
            String array = name.substring(0, name.length() - SUFFIX.length());
            Optional<String> flaw = VisibleText.flaw(array);
            if (flaw.isPresent()) {
                nameless.add(new Nameless(
                        LeftOut.shown(array, "entry " + number),
                        "name must have visible characters before .npy and no control or format characters, was "
                                + flaw.get()));
            } else {
                arrays.add(new Item(array, entry));
            }
        }
        return new Listing(arrays, nameless, others);
    }

    private static boolean isOfMacOs(String name) {
        return name.startsWith("__MACOSX/") || TensorFiles.isShadow(name.substring(name.lastIndexOf('/') + 1));
    }
}
