// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.tensor.TensorFiles;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.Strings;
import org.apache.commons.lang3.Validate;

/**
 * Which part of a name in a file is the name of the tensor, so that arrays of several names are one tensor: by
 * <code>{name}_*</code>, {@code batch_000} and {@code batch_001} are {@code batch}.
 *
 * <p><code>{name}</code> stands for the tensor's name, at least one character and as many as can be; {@code *} for any
 * characters, {@code ?} for one, and every other character for itself. The pattern is of the whole name; what it does
 * not match keeps its name.
 *
 * <p>An array that is called as its file, as every {@code .npy} is, is looked for with as many folders before its name
 * as the pattern has slashes: by <code>{name}/*</code>, {@code acts/layer1/000.npy} is {@code layer1}. An ending
 * {@code .npy} of the pattern plays no part.
 *
 * <p>Immutable and thread safe.
 *
 * @param text the pattern
 */
public record NamePattern(String text) {
    /** Every name is that of a tensor. */
    public static final NamePattern WHOLE = new NamePattern("{name}");

    private static final String NAME = "{name}";
    private static final String ENDING = ".npy";

    /** @throws IllegalArgumentException if the pattern does not hold <code>{name}</code> just once */
    public NamePattern {
        Validate.notNull(text, "pattern of names must be given, was null");
        Validate.isTrue(
                StringUtils.countMatches(text, NAME) == 1,
                "pattern of names must hold {name} once, where the name of the tensor stands, as {name}_*, was '%s'",
                text);
    }

    /**
     * The tensor's name in a name.
     *
     * @param file where an array of that name is
     * @param name the name it has there
     * @return empty if the pattern does not match
     */
    public Optional<String> in(Path file, String name) {
        Validate.notNull(file, "file must be given, was null");
        Validate.notNull(name, "name must be given, was null");
        String pattern = Strings.CI.removeEnd(text, ENDING);
        String whole = withFolders(file, name, StringUtils.countMatches(pattern, '/'));
        int at = pattern.indexOf(NAME);
        // By characters and not by halves of them, of which a name must not be left with one.
        int[] text = whole.codePoints().toArray();
        int before = least(pattern.substring(0, at).codePoints().toArray(), text, false);
        int after = least(pattern.substring(at + NAME.length()).codePoints().toArray(), text, true);
        return before < 0 || after < 0 || before + after >= text.length
                ? Optional.empty()
                : Optional.of(new String(text, before, text.length - before - after));
    }

    private static String withFolders(Path file, String name, int folders) {
        if (folders == 0 || !name.equals(TensorFiles.baseName(file))) {
            return name;
        }
        Path at = file.toAbsolutePath().normalize().getParent();
        StringBuilder whole = new StringBuilder(name);
        for (int i = 0; i < folders && at != null && at.getFileName() != null; i++) {
            whole.insert(0, at.getFileName() + "/");
            at = at.getParent();
        }
        return whole.toString();
    }

    /**
     * The fewest characters at the beginning of a text, or at its end, that a pattern matches, or -1. In time of the
     * product of both lengths.
     */
    private static int least(int[] pattern, int[] text, boolean isFromEnd) {
        // reached[p]: the first p characters of the pattern match all that was read of the text.
        boolean[] reached = new boolean[pattern.length + 1];
        reached[0] = true;
        for (int read = 0; ; read++) {
            for (int p = 0; p < pattern.length; p++) {
                reached[p + 1] |= reached[p] && at(pattern, p, isFromEnd) == '*';
            }
            if (reached[pattern.length]) {
                return read;
            }
            if (read == text.length) {
                return -1;
            }
            int next = at(text, read, isFromEnd);
            for (int p = pattern.length; p > 0; p--) {
                int own = at(pattern, p - 1, isFromEnd);
                reached[p] = own == '*' ? reached[p] : reached[p - 1] && (own == '?' || own == next);
            }
            reached[0] = false;
        }
    }

    private static int at(int[] text, int index, boolean isFromEnd) {
        return text[isFromEnd ? text.length - 1 - index : index];
    }

    @Override
    public String toString() {
        return text;
    }
}
