package dev.octant.formats;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces a file all at once or not at all: the content goes to a temporary file in the same folder, reaches the disk,
 * and is then moved into place.
 *
 * <p>A reader sees the old content or the new, never a part. When writing fails, the temporary file is deleted and an
 * existing target stays as it was. Where the file system cannot move atomically, a plain replacing move is used. A link is
 * followed: its target is replaced. A device or a pipe has nothing to replace and is written directly.
 *
 * <p>A process that is killed leaves its temporary file behind, {@code .octant-*.tmp}. The next write of the same target
 * deletes it if it is a day old and nobody holds it: a writer keeps a lock on its file, which the operating system drops with
 * the process. Where locks are not known, and where the target is not written again, it stays.
 *
 * <p>Thread safe: it keeps nothing. Of two writers of one target, the last to finish wins.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of a file; need not close the stream. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes {@code target}. The stream given to {@code content} is buffered. What {@code content} throws is passed on
     * unchanged.
     *
     * @throws FormatException if the folder of the target is missing, the target is a folder, or the file system refuses
     *     or fails to write
     */
    public static void write(Path target, Content content) throws IOException {
        if (Files.isDirectory(target)) {
            throw new FormatException(target + ": output must be a file, was a folder");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            fill(target, target, content, StandardOpenOption.WRITE);
            return;
        }
        Path place = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        Path folder = place.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new FormatException(target + ": folder of the output must exist, was missing");
        }
        Leftovers leftovers = new Leftovers(place);
        leftovers.delete();
        // Not Files.createTempFile: it makes files that only their owner may read.
        Path temporary = leftovers.another();
        try {
            fill(temporary, target, content, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            try {
                move(temporary, place);
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        } catch (Throwable e) {
            deleteQuietly(temporary, e);
            throw e;
        }
    }

    private static void fill(Path written, Path target, Content content, StandardOpenOption... options)
            throws IOException {
        try (FileChannel channel = open(written, target, options)) {
            if (!written.equals(target)) {
                Leftovers.hold(channel);
            }
            OutputStream out = new BufferedOutputStream(new ChannelStream(channel, target), 1 << 16);
            content.writeTo(out);
            out.flush();
            if (!written.equals(target)) {
                force(channel, target);
            }
        }
    }

    private static FileChannel open(Path written, Path target, StandardOpenOption... options) throws IOException {
        try {
            return FileChannel.open(written, options);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static void force(FileChannel channel, Path target) throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static void move(Path temporary, Path place) throws IOException {
        try {
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void deleteQuietly(Path temporary, Throwable reason) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static FormatException unwritable(Path target, IOException cause) {
        String reason = cause instanceof AccessDeniedException
                ? "permission denied"
                : FormatException.shown(String.valueOf(cause.getMessage()));
        return new FormatException(
                target + ": output must be writable, was refused by the file system (" + reason + ")", cause);
    }

    /** Bytes into a channel; a full disk is told with the name of the target, not of the temporary file. */
    private static final class ChannelStream extends OutputStream {
        private final FileChannel channel;
        private final Path target;

        ChannelStream(FileChannel channel, Path target) {
            this.channel = channel;
            this.target = target;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                for (ByteBuffer left = ByteBuffer.wrap(bytes, offset, length); left.hasRemaining(); ) {
                    channel.write(left);
                }
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        }
    }
}
