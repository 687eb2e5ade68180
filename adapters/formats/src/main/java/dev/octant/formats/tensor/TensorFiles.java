// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.LongTable;
import dev.octant.formats.ReadInterruptedException;
import dev.octant.formats.ReadOutOfMemoryError;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds and opens files of named tensors of real values.
 *
 * <table>
 * <caption>Formats</caption>
 * <tr><th>format</th><th>told by</th><th>tensors</th><th>parts</th></tr>
 * <tr><td>.npy</td><td>0x93 NUMPY</td><td>the array, named as the file; float16, float32, float64</td><td>about 4M
 * values</td></tr>
 * <tr><td>.npz</td><td>PK</td><td>its arrays, of the same types</td><td>about 4M values; a deflated array is
 * one</td></tr>
 * <tr><td>.safetensors</td><td>{ after 8 bytes</td><td>its tensors; F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I8,
 * U8</td><td>about 4M values</td></tr>
 * <tr><td>.csv, .tsv</td><td>the name</td><td>its columns</td><td>the file</td></tr>
 * </table>
 *
 * <p>Any other {@link TensorFormat} whose module is on the class path is asked, too: Parquet is one. Files told by
 * their first bytes come before those told by their names. A format that cannot be loaded, or fails, stops only what no
 * other reads; one that does not keep to what its interfaces say is refused with its class and the file.
 *
 * <p>A part has whole samples: rows of the first dimension. A row longer than a part is a part of its own size.
 *
 * <p>Values: float32 bits arrive unchanged, narrower types are exact, float64 rounds to the nearest float. NaN and
 * infinities are passed on, never judged. One-byte integers are read from safetensors as the numbers they are; in
 * {@code .npy} they are codes, as {@link ArrayWriter} writes them, and are read where {@link TensorSelection} asks for
 * it.
 *
 * <p>Names are data, whatever they look like: {@code /model.0/act}, {@code aten::mul}. An array whose name cannot be
 * printed is left out. Entries of a zip in {@code __MACOSX} or called {@code ._*} are passed over.
 *
 * <p>Errors: what can be known from headers and directories is refused by {@code open}, the rest by {@link
 * TensorPart#read}, always with a {@link FormatException} of one sentence. A tensor of a type that cannot be read, an
 * entry of a zip that is no array, a column of text or without a name is {@linkplain TensorFile#leftOut left out} with
 * its reason, unless it is not asked for. A thread that is interrupted gets a {@link ReadInterruptedException}.
 *
 * <p>Memory: no length found in a file is believed before it is checked. Opening takes the header (.npy 1 MiB,
 * safetensors 8 MiB, the directory of a zip 8 MiB, names of columns 1 MiB, each at the most) and what is made of it,
 * reading a block, the values of a CSV 32 MiB at the most. All that is allocated on the way is less than 32 MiB and
 * 128 bytes for each byte of the file ({@code .npz}), or 64 (the other formats here); nothing is needed that a JVM of
 * 256 MiB has not. Files are not mapped. Where memory runs out all the same, while a file is opened or a part is
 * read, a {@link ReadOutOfMemoryError} says of which.
 *
 * <p>Time: bounded by the file's size. A value takes its own bytes in a file, but where these are compressed: a {@code
 * .npz} unfolds to at most 1,032 times its size, and how far Parquet does is stated by its format. What is of size 0,
 * as an array with a dimension of 0, takes the time of its header. Between blocks of values a visitor may stop.
 *
 * <p>Thread safe: it keeps nothing.
 */
public final class TensorFiles {
    private TensorFiles() {}

    /**
     * The tensor files an input stands for: a file is itself, whatever its name; a folder is the files directly in it
     * whose names end as those of a format do, in any case of letters, sorted by name. Files called {@code ._*} are
     * passed over: macOS writes them beside others, for their attributes. So are the {@linkplain #folders folders} in
     * it, for files of one name in two of them are as often two tensors as one.
     *
     * @throws FormatException if the input is missing, or is a folder without such files, or one with files that may be
     *     of a format that cannot be loaded
     */
    public static List<Path> find(Path input) throws IOException {
        Given.require("input", input);
        if (!Files.exists(input)) {
            throw new FormatException(input + ": input must exist, was missing");
        }
        if (!Files.isDirectory(input)) {
            return List.of(input);
        }
        ProvidedFormat.Loaded others = ProvidedFormat.all();
        List<String> endings = endings(others);
        try (Stream<Path> entries = Files.list(input)) {
            List<Path> all = entries.filter(file -> !isShadow(file) && !Files.isDirectory(file))
                    .sorted((a, b) -> fileName(a).compareTo(fileName(b)))
                    .toList();
            List<Path> files =
                    all.stream().filter(file -> hasEnding(file, endings)).toList();
            if (files.size() < all.size()) {
                // One that would be passed over may be of a format that does not work.
                others.requireWhole();
            }
            if (files.isEmpty()) {
                int folders = folders(input).size();
                throw new FormatException(input + ": folder must hold " + text(endings) + " files, was without any"
                        + (folders == 0
                                ? ""
                                : "; it has " + Numbers.counted(folders, "folder")
                                        + ", which must be given to be read, as " + input.resolve("*") + "/"));
            }
            return files;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (AccessDeniedException e) {
            throw unreadable(input, e);
        }
    }

    /**
     * The folders in an input, sorted by name, whose files {@link #find} does not find; none in a file. Those whose
     * names begin with a dot are not meant to be seen.
     *
     * @throws FormatException if it cannot be read
     */
    public static List<Path> folders(Path input) throws IOException {
        Given.require("input", input);
        if (!Files.isDirectory(input)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(input)) {
            return entries.filter(entry -> !fileName(entry).startsWith(".") && Files.isDirectory(entry))
                    .sorted((a, b) -> fileName(a).compareTo(fileName(b)))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (AccessDeniedException e) {
            throw unreadable(input, e);
        }
    }

    private static FormatException unreadable(Path input, AccessDeniedException cause) {
        return new FormatException(input + ": input must be readable, was refused by the file system", cause);
    }

    /**
     * Whether a file of this name is one that {@link #find} finds in a folder.
     *
     * @throws FormatException if it may be of a format that cannot be loaded
     */
    public static boolean isFound(Path name) throws FormatException {
        Given.require("name", name);
        ProvidedFormat.Loaded others = ProvidedFormat.all();
        if (isShadow(name)) {
            return false;
        }
        if (!hasEnding(name, endings(others))) {
            others.requireWhole();
            return false;
        }
        return true;
    }

    private static boolean isShadow(Path file) {
        return isShadow(fileName(file));
    }

    /** Whether macOS calls so what it writes beside a file, for its attributes. */
    static boolean isShadow(String name) {
        return name.startsWith("._");
    }

    /**
     * Opens a file with all its tensors of real values; the others are {@linkplain TensorFile#leftOut left out}.
     *
     * @throws FormatException if the file is missing, not a regular file, of no known format, or malformed
     */
    public static TensorFile open(Path file) throws IOException {
        return open(file, TensorSelection.ALL);
    }

    /**
     * The same with the tensors of chosen names only.
     *
     * @throws FormatException as {@link #open(Path)} does
     */
    public static TensorFile open(Path file, Predicate<String> names) throws IOException {
        return open(file, new TensorSelection(names, false));
    }

    /**
     * The same with the tensors that are wanted. The others are not looked at, nor said to be left out.
     *
     * @throws FormatException as {@link #open(Path)} does
     */
    public static TensorFile open(Path path, TensorSelection wanted) throws IOException {
        Given.require("path", path);
        Given.require("wanted", wanted);
        return opened(path, format -> format.open(path, wanted)).readBy(asked(wanted));
    }

    /**
     * The same of a {@linkplain LongTable long table}, whose rows name the tensors.
     *
     * @throws FormatException as {@link #open(Path)} does, or if the file has not the columns, or is no table
     */
    public static TensorFile open(Path path, LongTable table, TensorSelection wanted) throws IOException {
        Given.require("path", path);
        Given.require("table", table);
        Given.require("wanted", wanted);
        // Of how many characters the first name is, so that no two pairs of names are one text.
        String tensors = table.tensorColumn();
        String columns = "by columns " + tensors.length() + " " + tensors + " " + table.valuesColumn();
        return opened(path, format -> format.openTable(path, table, wanted))
                .readBy(columns)
                .readBy(asked(wanted));
    }

    /** What a format is asked for that may change values; which names are wanted is seen by the tensors. */
    private static String asked(TensorSelection wanted) {
        return wanted.bytesAsValues() ? "bytes as values" : "";
    }

    /** Opens a file by its format. */
    @FunctionalInterface
    private interface Opening {
        TensorFile by(TensorFormat format) throws IOException;
    }

    private static TensorFile opened(Path path, Opening opening) throws IOException {
        return ReadOutOfMemoryError.named(path, () -> {
            TensorFile file;
            try {
                file = opening.by(format(path));
            } catch (ClosedByInterruptException e) {
                throw new ReadInterruptedException(path, e);
            }
            return file.withParts(file.parts().stream()
                    .map(part -> (TensorPart) new NamedPart(path, part))
                    .toList());
        });
    }

    /** A part that says of which file it is where memory runs out, or an interrupt closes it. */
    private static final class NamedPart extends TensorPart.Forwarding {
        private final Path file;

        NamedPart(Path file, TensorPart part) {
            super(part);
            this.file = file;
        }

        @Override
        public void read(Visitor visitor) throws IOException {
            try {
                super.read(visitor);
            } catch (ClosedByInterruptException e) {
                throw new ReadInterruptedException(file, e);
            } catch (OutOfMemoryError e) {
                throw named(e);
            }
        }

        @Override
        public void check() throws IOException {
            try {
                super.check();
            } catch (ClosedByInterruptException e) {
                throw new ReadInterruptedException(file, e);
            } catch (OutOfMemoryError e) {
                throw named(e);
            }
        }

        private ReadOutOfMemoryError named(OutOfMemoryError e) {
            List<String> tensors = tensors();
            return new ReadOutOfMemoryError(
                    file + (tensors.size() == 1 ? ", tensor " + VisibleText.of(tensors.get(0)) : ""), e);
        }
    }

    private static TensorFormat format(Path path) throws IOException {
        byte[] start = start(InputFile.of(path));
        for (TensorFormat format : StandardFormat.BY_BYTES) {
            if (format.accepts(path, start)) {
                return format;
            }
        }
        ProvidedFormat.Loaded others = ProvidedFormat.all();
        List<String> flaws = new ArrayList<>();
        for (ProvidedFormat format : others.formats()) {
            try {
                if (format.accepts(path, start)) {
                    return format;
                }
            } catch (RuntimeException | LinkageError e) {
                flaws.add(format.refusal(path, e));
            }
        }
        for (TensorFormat format : StandardFormat.BY_NAME) {
            if (format.accepts(path, start)) {
                return format;
            }
        }
        if (!flaws.isEmpty()) {
            throw new FormatException(flaws.get(0));
        }
        others.requireWhole();
        throw new FormatException(path + ": file must be one of " + text(endings(others)) + ", was "
                + (start.length == 0 ? "empty" : "none of them by its first bytes and name"));
    }

    /**
     * The name of a file without the ending of a format that needs no module: what the array of a {@code .npy} is
     * called.
     */
    public static String baseName(Path file) {
        Given.require("file", file);
        String name = fileName(file);
        for (StandardFormat format : StandardFormat.values()) {
            for (String ending : format.endings()) {
                if (StandardFormat.isNamed(name.toLowerCase(Locale.ROOT), ending)) {
                    return name.substring(0, name.length() - ending.length());
                }
            }
        }
        return name;
    }

    /**
     * The name of the array in a file that does not name it: the file's own.
     *
     * @throws FormatException if it cannot be printed
     */
    static String arrayName(Path file) throws FormatException {
        String name = baseName(file);
        if (!VisibleText.isPrintable(name)) {
            throw new FormatException(file + ": file name, which names the array, must have visible characters and no"
                    + " control characters, was \"" + VisibleText.of(name) + "\"");
        }
        return name;
    }

    private static List<String> endings(ProvidedFormat.Loaded others) {
        return Stream.concat(Arrays.stream(StandardFormat.values()), others.formats().stream())
                .flatMap(format -> format.endings().stream())
                .toList();
    }

    private static boolean hasEnding(Path file, List<String> endings) {
        String name = fileName(file).toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(ending -> StandardFormat.isNamed(name, ending));
    }

    private static byte[] start(InputFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(TensorFormat.START_BYTES, file.size()));
        try (FileChannel channel = file.open()) {
            file.readFully(channel, bytes, 0);
        }
        return bytes.array();
    }

    private static String text(List<String> endings) {
        int last = endings.size() - 1;
        return String.join(", ", endings.subList(0, last)) + " or " + endings.get(last);
    }

    private static String fileName(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }
}
