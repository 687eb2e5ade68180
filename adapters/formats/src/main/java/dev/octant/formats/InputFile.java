// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.internal.text.Given;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * A regular file to read from at any place, as it was when it was first looked at. Its size, time of last change and
 * identity are kept; {@link #open()} refuses a file that has others by then, and {@link #requireUnchanged()} one that
 * was changed while it was read.
 *
 * <p>What is read more than once, in parts or on several threads, is read from one of these, so from a regular file.
 * What is read once, from its first byte to its last, may be a pipe, and is read by {@link #stream(Path)}.
 *
 * <p>For formats in modules of their own. Immutable and thread safe.
 *
 * @param path where it is
 * @param size its bytes
 * @param modified when it was last changed
 * @param identity what tells it from another file put in its place; null where the file system does not say
 */
public record InputFile(Path path, long size, FileTime modified, Object identity) {
    /** The standard input of this process, which is read where it stands. */
    public static final Path STANDARD_INPUT = Path.of("/dev/stdin");

    private static final int STREAM_BYTES = 1 << 16;

    /**
     * Looks at a file.
     *
     * @throws FormatException if it is missing, a folder, or not a regular file: a pipe can be read once only; or if
     *     its name cannot be told from others in this locale
     */
    public static InputFile of(Path path) throws IOException {
        Given.require("path", path);
        if (path.toString().indexOf('\uFFFD') >= 0) {
            // Its tensors are called by this name, and two such files may have the same.
            throw new FormatException(path + ": name must " + ruleOfNames() + ", had others");
        }
        BasicFileAttributes attributes = attributes(path);
        if (!attributes.isRegularFile()) {
            throw new FormatException(path + ": input must be a regular file, was "
                    + (attributes.isDirectory() ? "a folder" : "a pipe or device"));
        }
        return new InputFile(path, attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }

    /**
     * What names of files must hold to, for the JVM replaces what it cannot read of them, and how to come by that:
     * {@code have only characters of this locale ...}.
     */
    public static String ruleOfNames() {
        String locale = System.getProperty("sun.jnu.encoding");
        return "UTF-8".equalsIgnoreCase(locale)
                ? "have only bytes that are UTF-8 text, as this locale says; give the file another name"
                : "have only characters of this locale (" + locale + "; set LC_ALL=C.UTF-8 for others)";
    }

    /**
     * The bytes of a file, a pipe perhaps; what hinders is one sentence. A pipe that nobody writes to yet is waited
     * for, as every program does. {@link #STANDARD_INPUT} is read on from where it stands, whatever it is, and stays
     * open.
     */
    public static InputStream stream(Path path) throws IOException {
        Given.require("path", path);
        if (path.equals(STANDARD_INPUT)) {
            // By its name a pipe of another user could not be opened, nor a socket.
            return new Kept(new FileInputStream(FileDescriptor.in));
        }
        if (Files.isDirectory(path)) {
            throw new FormatException(path + ": input must be a file, was a folder");
        }
        try {
            return Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        } catch (FileSystemException e) {
            throw notReadable(path, e);
        }
    }

    /**
     * The same, refused once it is longer than {@code most} bytes: a regular file before it is read, another as soon
     * as that many have come.
     *
     * @param what the file is, as in {@code calibration table}
     */
    public static InputStream stream(Path path, String what, long most) throws IOException {
        InputStream in = stream(path);
        try {
            Bounded bounded =
                    new Bounded(in, path + ": " + what + " must have at most " + most + " bytes, was longer", most);
            bounded.requireAtMost(Files.isRegularFile(path) ? Files.size(path) : 0);
            return bounded;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Opens the file for reading.
     *
     * @throws FormatException if it is not the file any more that it was
     */
    public FileChannel open() throws IOException {
        requireUnchanged();
        try {
            return FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        } catch (FileSystemException e) {
            throw notReadable(path, e);
        }
    }

    /**
     * Looks at the file again, as after its last byte was read.
     *
     * @throws FormatException if it was changed, cut, replaced or deleted since it was first looked at
     */
    public void requireUnchanged() throws IOException {
        BasicFileAttributes now = attributes(path);
        if (now.size() != size
                || !now.lastModifiedTime().equals(modified)
                || !Objects.equals(now.fileKey(), identity)) {
            throw new FormatException(path + ": file must stay as it is while it is read, was changed");
        }
    }

    /** Bytes {@code from .. to} of an open file as a stream, which does not close it. */
    public static InputStream range(FileChannel channel, long from, long to) {
        // No more room than there are bytes: a file may have a hundred thousand short ranges.
        return new BufferedInputStream(
                new Range(channel, from, to), (int) Math.min(STREAM_BYTES, Math.max(1, to - from)));
    }

    /** Fills what remains of {@code target} from {@code position} on; the file must be long enough. */
    public void readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = channel.read(target, at);
            if (count < 0) {
                throw new FormatException(path + ": file must stay as it is while it is read, was cut after " + at
                        + " of " + size + " bytes");
            }
            at += count;
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        } catch (FileSystemException e) {
            throw notReadable(path, e);
        }
    }

    private static FormatException missing(Path path, IOException cause) {
        return new FormatException(path + ": input must exist, was missing", cause);
    }

    private static FormatException notReadable(Path path, FileSystemException cause) {
        // Of the reasons, that too many files are open is not the file's.
        String reason = cause.getReason();
        return new FormatException(
                path + ": input must be readable, was refused by the file system"
                        + (reason == null ? "" : " (" + reason + ")"),
                cause);
    }

    /** A stream that is not ours to close. */
    private static final class Kept extends FilterInputStream {
        Kept(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // It may be read on by others.
        }
    }

    /** Refuses what comes beyond a number of bytes. */
    private static final class Bounded extends FilterInputStream {
        private final String sentence;
        private final long most;
        private long count;

        Bounded(InputStream in, String sentence, long most) {
            super(in);
            this.sentence = sentence;
            this.most = most;
        }

        void requireAtMost(long length) throws FormatException {
            if (length > most) {
                throw new FormatException(sentence);
            }
        }

        private int counted(int read) throws FormatException {
            count += Math.max(0, read);
            requireAtMost(count);
            return read;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            counted(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return counted(in.read(target, offset, length));
        }

        @Override
        public long skip(long length) throws IOException {
            long skipped = in.skip(length);
            count += skipped;
            requireAtMost(count);
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    /** Positional reads, so that many of these share a channel. */
    private static final class Range extends InputStream {
        private final FileChannel channel;
        private final long to;
        private long at;

        Range(FileChannel channel, long from, long to) {
            this.channel = channel;
            this.at = from;
            this.to = to;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int wanted = (int) Math.min(length, to - at);
            if (wanted <= 0) {
                return length == 0 ? 0 : -1;
            }
            int count = channel.read(ByteBuffer.wrap(target, offset, wanted), at);
            at += Math.max(0, count);
            return count;
        }
    }
}
