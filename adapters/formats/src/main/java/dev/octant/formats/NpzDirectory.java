package dev.octant.formats;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The arrays a {@code .npz} lists, checked before any is read.
 *
 * <p>Deflate codes a match of at most 258 bytes in no less than 2 bits, so one byte never becomes more than {@value
 * #MAX_EXPANSION}. Together with entries that may not overlap, that bounds what a file can unfold into: {@value
 * #MAX_EXPANSION} times its own size, of which a reader holds one block at a time.
 */
final class NpzDirectory {
    /** The most bytes that one byte of deflated data stands for: {@code 8 / 2 * 258}. */
    static final int MAX_EXPANSION = 1032;

    private static final String SUFFIX = ".npy";

    private NpzDirectory() {}

    static List<StoredArray> list(ZipFile zip, Path file) throws IOException {
        List<StoredArray> arrays = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long packed = 0;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            String name = entry.getName();
            requirePlain(name, file);
            if (!names.add(name)) {
                throw new FormatException(
                        file + ": entry names must be different, was " + FormatException.shown(name) + " twice");
            }
            packed += entry.getCompressedSize();
            if (packed > Files.size(file)) {
                throw new FormatException(
                        file + ": entries must fit into the file, was overlapping at " + FormatException.shown(name));
            }
            if (!entry.isDirectory()) {
                arrays.add(stored(zip, entry, file));
            }
        }
        return arrays;
    }

    private static StoredArray stored(ZipFile zip, ZipEntry entry, Path file) throws FormatException {
        String name = entry.getName();
        if (!name.endsWith(SUFFIX) || name.length() == SUFFIX.length()) {
            throw new FormatException(
                    file + ": entry names must be an array's name and .npy, was " + FormatException.shown(name));
        }
        if (entry.getSize() / MAX_EXPANSION > entry.getCompressedSize()) {
            throw new FormatException(file + ": entry " + FormatException.shown(name) + " must unfold to at most "
                    + MAX_EXPANSION + " times its " + entry.getCompressedSize() + " compressed bytes, was "
                    + entry.getSize());
        }
        String array = name.substring(0, name.length() - SUFFIX.length());
        return new StoredArray(array, entry.getSize(), entry.getCrc(), () -> {
            try {
                return zip.getInputStream(entry);
            } catch (ZipException | EOFException e) {
                throw new FormatException(
                        file + ": entry " + FormatException.shown(name)
                                + " must be stored or deflated in a whole zip, was not ("
                                + FormatException.shown(String.valueOf(e.getMessage())) + ")",
                        e);
            }
        });
    }

    /** Array names become file names and table keys, so a name that could leave a folder is refused here, for all. */
    private static void requirePlain(String name, Path file) throws FormatException {
        boolean plain = !name.isEmpty()
                && !name.startsWith("/")
                && name.indexOf('\\') < 0
                && name.indexOf(':') < 0
                && name.chars().noneMatch(Character::isISOControl);
        if (plain) {
            String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
            for (String part : path.split("/", -1)) {
                plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
            }
        }
        if (!plain) {
            throw new FormatException(
                    file + ": entry names must be relative, without .., \\, : or control characters, was "
                            + FormatException.shown(name));
        }
    }
}
