// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.ReadOutOfMemoryError;
import dev.octant.formats.VisibleText;
import dev.octant.observers.SummaryFormatException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.commons.lang3.Validate;

/**
 * Summaries by tensor name in a file: what a calibration learnt, to be merged with that of other data, and to be
 * asked for ranges without the data.
 *
 * <pre>
 * magic OCTF (4), version 1 (1)
 * for each tensor, by ascending name:  1 (1), name (modified UTF-8, its length in two bytes), histogram,
 *                                      samples if known
 * 0 (1), CRC-32C of all before (4)
 * </pre>
 *
 * <p>Nothing else is in it, no tool, no time: equal summaries give equal bytes. Names ascend by {@link
 * String#compareTo}, so by their UTF-16 code units: not by their bytes in UTF-8 nor by code points, by which a name
 * with a character beyond U+FFFF comes later than one with U+E000 to U+FFFF at its place, and here before. The bytes of
 * a name in UTF-16BE, compared without sign, have this order. Files are read, written and merged tensor by
 * tensor: memory is less than 4 MB per file that is open, whatever the file claims, and what is allocated in all,
 * most of it for a moment, is at most {@value #MOST_FACTOR} bytes for each of the file and 1 MiB. A name is kept as
 * it is, printable or not; who shows it does so by {@link VisibleText}. Nothing is kept; every method is thread safe.
 */
public final class SummaryFile {
    /** Names the format: OCTF. */
    private static final int MAGIC = 0x4F435446;

    private static final int VERSION = 1;

    /** A count of two bytes may become a page of 528, and a tensor of 30, its shortest, a table of 5 kB. */
    static final int MOST_FACTOR = 1024;

    /** What an open file takes of the heap with usual data: the summary of its tensor, the name, and buffers. */
    private static final long OPEN_BYTES = (long) TensorSummary.BYTES + (16 << 10);

    /** The longest name, whose length has two bytes. */
    private static final int MOST_NAME_BYTES = 65_535;

    private SummaryFile() {}

    /**
     * Refuses a name that is too long for files of summaries, in the modified UTF-8 in which they and checkpoints hold
     * it: three bytes at most for each UTF-16 unit.
     */
    static void requireShort(String tensor) {
        long bytes = 0;
        for (int i = 0; i < tensor.length(); i++) {
            char c = tensor.charAt(i);
            bytes += c >= 1 && c <= 0x7F ? 1 : c <= 0x7FF ? 2 : 3;
        }
        if (bytes > MOST_NAME_BYTES) {
            throw new IllegalArgumentException("tensor name must have at most " + MOST_NAME_BYTES + " bytes, was "
                    + bytes + ": " + VisibleText.name(tensor));
        }
    }

    /**
     * Writes a file, all at once or not at all; see {@link AtomicFile}.
     *
     * @throws FormatException if the target cannot be written
     * @throws IllegalArgumentException if a name {@linkplain VisibleText#isPrintable cannot be printed} or is longer
     *     than 65,535 bytes, or the order is not that of the names
     */
    public static void write(Path target, SortedMap<String, TensorSummary> tensors) throws IOException {
        Given.require("target", target);
        Given.require("tensors", tensors);
        tensors.keySet().forEach(SummaryFile::requireShort);
        AtomicFile.write(target, out -> {
            Writer writer = new Writer(out);
            for (var tensor : tensors.entrySet()) {
                writer.put(tensor.getKey(), tensor.getValue());
            }
            writer.end();
        });
    }

    /**
     * Writes what all files together have observed. Which file comes first makes no difference to the bytes, and the
     * target may be one of them.
     *
     * @return how many tensors the merged file has
     * @throws FormatException if a file cannot be read or the target not be written, or a tensor has more than {@link
     *     Long#MAX_VALUE} values in the files up to this one
     * @throws IllegalArgumentException if no file is given
     * @throws HeapTooSmallException if so many files cannot be open at a time
     */
    public static int merge(List<Path> files, Path target) throws IOException {
        Given.require("files", files);
        Given.require("target", target);
        Validate.isTrue(!files.isEmpty(), "files to merge must be at least one, was none");
        Heap.ofThisProcess().require(Numbers.counted(files.size(), "summary file"), files.size() * OPEN_BYTES);
        List<Reader> opened = new ArrayList<>();
        try {
            PriorityQueue<Reader> readers = new PriorityQueue<>(Comparator.comparing(Reader::name));
            for (Path file : files) {
                Reader reader = open(file);
                opened.add(reader);
                if (reader.next()) {
                    readers.add(reader);
                }
            }
            int[] tensors = {0};
            AtomicFile.write(target, out -> {
                Writer writer = new Writer(out);
                while (!readers.isEmpty()) {
                    writeLeast(readers, writer);
                    tensors[0]++;
                }
                writer.end();
            });
            return tensors[0];
        } finally {
            for (Reader reader : opened) {
                reader.close();
            }
        }
    }

    private static void writeLeast(PriorityQueue<Reader> readers, Writer writer) throws IOException {
        String name = readers.element().name();
        TensorSummary merged = TensorSummary.EMPTY;
        while (!readers.isEmpty() && readers.element().name().equals(name)) {
            Reader reader = readers.remove();
            try {
                merged = merged.merge(reader.summary());
            } catch (ArithmeticException e) {
                throw new FormatException(
                        reader.file + ", tensor " + VisibleText.of(name)
                                + " must have at most 2^63 - 1 values together with the files before, was with more",
                        e);
            }
            if (reader.next()) {
                readers.add(reader);
            }
        }
        writer.put(name, merged);
    }

    /**
     * Opens a file and stands before its first tensor.
     *
     * @throws FormatException if it is missing, or no summary file of this version
     */
    public static Reader open(Path file) throws IOException {
        Given.require("file", file);
        Reader reader = new Reader(file);
        try {
            reader.readHeader();
            return reader;
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * Writes a summary file to a stream, tensor by tensor, so that memory is that of one: to storage that is no file of
     * this machine, or of tensors that are not in memory together. The bytes are those of {@link SummaryFile#write};
     * what has no {@link #end} is refused by whoever reads it. Not thread safe.
     */
    public static final class Writer {
        private final CRC32C checksum = new CRC32C();
        private final DataOutputStream out;
        private String last;
        private boolean isEnded;

        /** Begins a file. The stream should have a buffer, and is the caller's to close. */
        public Writer(OutputStream target) throws IOException {
            Given.require("target", target);
            out = new DataOutputStream(new CheckedOutputStream(target, checksum));
            out.writeInt(MAGIC);
            out.writeByte(VERSION);
        }

        /**
         * Writes the next tensor.
         *
         * @throws IllegalArgumentException if the name {@linkplain VisibleText#isPrintable cannot be printed}, is
         *     longer than 65,535 bytes or not after the one before; nothing is written then
         * @throws IllegalStateException if the file was ended
         */
        public void put(String name, TensorSummary summary) throws IOException {
            Given.require("name", name);
            Given.require("summary", summary);
            requireOpen();
            VisibleText.requirePrintable(name);
            Validate.isTrue(
                    last == null || last.compareTo(name) < 0,
                    "tensor names must ascend, was %s after %s",
                    VisibleText.of(name),
                    last == null ? "" : VisibleText.of(last));
            requireShort(name);
            last = name;
            out.writeBoolean(true);
            out.writeUTF(name);
            summary.writeTo(out);
        }

        /**
         * Ends the file with its checksum, and flushes the stream.
         *
         * @throws IllegalStateException if it was ended before
         */
        public void end() throws IOException {
            requireOpen();
            isEnded = true;
            out.writeBoolean(false);
            out.writeInt((int) checksum.getValue());
            out.flush();
        }

        private void requireOpen() {
            Validate.validState(!isEnded, "summary file must be written up to its end, was ended before");
        }
    }

    /**
     * A cursor over the tensors of a summary file, in the order of their names.
     *
     * <p>The checksum of the whole is known when {@link #next()} has returned false; until then nothing read should
     * be put in place of anything. Not thread safe.
     */
    public static final class Reader implements Closeable {
        private final Path file;
        private final CRC32C checksum = new CRC32C();
        private final DataInputStream in;
        private String name;
        private TensorSummary summary;
        private boolean isEnded;

        /** Reads and may fail. */
        @FunctionalInterface
        private interface Parser<T> {
            T parse() throws IOException;
        }

        private Reader(Path file) throws IOException {
            this.file = file;
            in = new DataInputStream(new CheckedInputStream(new BufferedInputStream(InputFile.stream(file)), checksum));
        }

        private void readHeader() throws IOException {
            parse(() -> {
                byte[] start = in.readNBytes(Integer.BYTES);
                if (start.length < Integer.BYTES || ByteBuffer.wrap(start).getInt() != MAGIC) {
                    throw mustBe("begin with OCTF, as calibrate --summary writes it, was "
                            + (start.length == 0
                                    ? "empty"
                                    : "'" + VisibleText.of(new String(start, StandardCharsets.ISO_8859_1)) + "'"));
                }
                int version = in.readUnsignedByte();
                if (version != VERSION) {
                    throw mustBe("have version " + VERSION + ", was " + version);
                }
                return null;
            });
        }

        /**
         * Moves to the next tensor.
         *
         * @return whether there is one; if not, the file was whole, and there is none ever after
         * @throws FormatException if the file is damaged or cut short
         */
        public boolean next() throws IOException {
            return !isEnded
                    && parse(() -> {
                        int more = in.readUnsignedByte();
                        if (more > 1) {
                            throw mustBe("have tensors marked by 1 and its end by 0, was " + more);
                        }
                        if (more == 0) {
                            end();
                            isEnded = true;
                            return false;
                        }
                        String next = in.readUTF();
                        if (!VisibleText.isPrintable(next)) {
                            throw mustBe("have tensor names of visible characters and no control characters, was "
                                    + VisibleText.name(next));
                        }
                        if (name != null && name.compareTo(next) >= 0) {
                            throw mustBe("have its tensors by ascending name, was in another order");
                        }
                        name = next;
                        summary = TensorSummary.readFrom(in);
                        return true;
                    });
        }

        private void end() throws IOException {
            int actual = (int) checksum.getValue();
            int stored = in.readInt();
            if (stored != actual) {
                throw mustBe(String.format("have the checksum %08x, was %08x", actual, stored));
            }
            if (in.read() >= 0) {
                throw mustBe("end after its checksum, was longer");
            }
        }

        /**
         * The name of the tensor.
         *
         * @throws IllegalStateException before the first call of {@link #next} and after the last
         */
        public String name() {
            requireTensor();
            return name;
        }

        /**
         * What was observed of it.
         *
         * @throws IllegalStateException as {@link #name}
         */
        public TensorSummary summary() {
            requireTensor();
            return summary;
        }

        private void requireTensor() {
            Validate.validState(
                    summary != null && !isEnded,
                    "%s: reader must stand at a tensor, stood %s",
                    file,
                    isEnded ? "behind the last" : "before the first");
        }

        @Override
        public void close() throws IOException {
            in.close();
        }

        private FormatException mustBe(String rule) {
            return new FormatException(file + ": summary file must " + rule);
        }

        private <T> T parse(Parser<T> parser) throws IOException {
            try {
                return parser.parse();
            } catch (EOFException | UTFDataFormatException e) {
                throw new FormatException(file + ": summary file must be whole, was cut short or damaged", e);
            } catch (SummaryFormatException | IllegalArgumentException e) {
                throw new FormatException(file + ": " + VisibleText.of(String.valueOf(e.getMessage()), 300), e);
            } catch (OutOfMemoryError e) {
                throw new ReadOutOfMemoryError(file.toString(), e);
            }
        }
    }
}
