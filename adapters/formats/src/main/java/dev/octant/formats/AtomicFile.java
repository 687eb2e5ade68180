// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.internal.text.Given;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces a file all at once or not at all: the content goes to a temporary file in the same folder, reaches the disk,
 * and is then moved into place.
 *
 * <p>A reader sees the old content or the new, never a part. When writing fails, the temporary file is deleted and an
 * existing target stays as it was, also where their folder was moved meanwhile, if the system can follow it. Where the
 * file system cannot move atomically, a plain replacing move is used.
 *
 * <p>A link is followed, also to a file that is missing yet: the link stays, its target is replaced. Other hard links
 * to the file keep the old content.
 *
 * <p>Where permissions are those of POSIX, a file that is replaced keeps its own, and its owner and group as far as the
 * system lets this process give files away. Nobody may read the new content, not in the temporary file either, who
 * might not read the old. Access control lists beyond the permissions are not kept, nor are the bits that run a file
 * as its owner or group (setuid, setgid): they were given to the old content.
 *
 * <p>What has nothing to replace takes a stream and is written directly: a device, a pipe, and a descriptor that is
 * open already ({@code /dev/stdout}, {@code /dev/stderr}, {@code /dev/fd/3}). Standard output and error are written
 * where they stand; an ordinary file behind another descriptor is written on at its end. Nothing of it is emptied.
 *
 * <p>A process that is told to end (Ctrl-C, SIGTERM, SIGHUP) deletes its temporary file. One that is killed leaves it
 * behind, {@code .octant-*.tmp}. The next write of the same target deletes it if it is a day old and nobody holds it: a
 * writer keeps a lock on its file, which the operating system drops with the process. Where locks are not known, and
 * where the target is not written again, it stays.
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
     * @throws FormatException if the folder of the target is missing, the target is a folder or a link in a loop, or
     *     the file system refuses or fails to write
     */
    public static void write(Path target, Content content) throws IOException {
        Given.require("target", target);
        Given.require("content", content);
        Destination destination = Destination.of(target);
        destination.requireFolder();
        if (destination.isFile()) {
            replace(destination.place(), target, content);
        } else if (destination.isStandardOutput()) {
            System.out.flush();
            // Never closed: it is not ours.
            fill(new FileOutputStream(FileDescriptor.out), target, content);
        } else if (destination.isDescriptor(2)) {
            System.err.flush();
            fill(new FileOutputStream(FileDescriptor.err), target, content);
        } else {
            try (FileChannel channel = asked(target, () -> openStream(destination))) {
                fill(Channels.newOutputStream(channel), target, content);
            }
        }
    }

    @SuppressWarnings("try") // the deletion only has to be there
    private static void replace(Path place, Path target, Content content) throws IOException {
        Leftovers leftovers = new Leftovers(place);
        leftovers.delete();
        Path temporary = leftovers.another();
        try (HeldFolder folder = HeldFolder.of(place.getParent());
                DeletedAtExit deletion = new DeletedAtExit(temporary)) {
            replace(place, target, content, temporary, folder);
        }
    }

    private static void replace(Path place, Path target, Content content, Path temporary, HeldFolder folder)
            throws IOException {
        try {
            Optional<FileRights> rights = asked(target, () -> FileRights.of(place));
            try (FileChannel channel = asked(target, () -> create(temporary, rights.isPresent()))) {
                Leftovers.hold(channel);
                fill(Channels.newOutputStream(channel), target, content);
                asked(target, () -> {
                    channel.force(true);
                    return channel;
                });
            }
            asked(target, () -> {
                if (rights.isPresent()) {
                    rights.get().giveTo(temporary);
                }
                return move(temporary, place);
            });
        } catch (Throwable e) {
            deleteQuietly(folder, temporary, e);
            throw e;
        }
    }

    /**
     * A new file has the permissions that new files have here; one that replaces another gets them when it is complete.
     */
    private static FileChannel create(Path temporary, boolean ownerOnly) throws IOException {
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        return ownerOnly
                ? FileChannel.open(temporary, options, FileRights.ownerOnly())
                : FileChannel.open(temporary, options);
    }

    private static FileChannel openStream(Destination destination) throws IOException {
        Path place = destination.place();
        if (!destination.isDescriptor()) {
            return FileChannel.open(place, StandardOpenOption.WRITE);
        }
        destination.requireOpenForWriting();
        return Files.isRegularFile(place)
                ? FileChannel.open(place, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
                : FileChannel.open(place, StandardOpenOption.WRITE);
    }

    private static void fill(OutputStream stream, Path target, Content content) throws IOException {
        OutputStream out = new BufferedOutputStream(new TargetStream(stream, target), 1 << 16);
        content.writeTo(out);
        out.flush();
    }

    private static Path move(Path temporary, Path place) throws IOException {
        try {
            return Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            return Files.move(temporary, place, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void deleteQuietly(HeldFolder folder, Path temporary, Throwable reason) {
        try {
            folder.delete(temporary.getFileName());
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Something asked of the file system. */
    @FunctionalInterface
    private interface Request<T> {
        T run() throws IOException;
    }

    /** Its answer; a refusal is told with the name of the target, not of the temporary file. */
    private static <T> T asked(Path target, Request<T> request) throws FormatException {
        try {
            return request.run();
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            throw Destination.unwritable(target, e);
        }
    }

    /** Bytes to a target; a full disk is told with its name. */
    private static final class TargetStream extends OutputStream {
        private final OutputStream out;
        private final Path target;

        TargetStream(OutputStream out, Path target) {
            this.out = out;
            this.target = target;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            asked(target, () -> {
                out.write(bytes, offset, length);
                return out;
            });
        }
    }
}
