// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** The temporary files of one target: those that writers need, and those that killed ones have left. */
final class Leftovers {
    /** A writer that has not written for so long, and holds no lock, is taken for dead. */
    private static final Duration LEAST_AGE = Duration.ofDays(1);

    private static final String SUFFIX = ".tmp";

    private final Path folder;
    private final String prefix;

    /** @param target absolute, in a folder that exists */
    Leftovers(Path target) {
        folder = target.getParent();
        // A digest of the name: the name itself may be as long as names may be.
        byte[] name = String.valueOf(target.getFileName()).getBytes(StandardCharsets.UTF_8);
        prefix = ".octant-" + UUID.nameUUIDFromBytes(name) + "-";
    }

    /** A name for one more writer. */
    Path another() {
        return folder.resolve(prefix + UUID.randomUUID() + SUFFIX);
    }

    /** Marks a temporary file as one that is being written, for as long as its channel is open. */
    static void hold(FileChannel channel) {
        try {
            // Held until the channel is closed. Nobody else has the file's name yet.
            channel.tryLock();
        } catch (IOException | UnsupportedOperationException e) {
            // Without locks nothing is ever deleted: the lock that delete() asks for fails likewise.
        }
    }

    /** Deletes what dead writers have left; what cannot be deleted stays. */
    void delete() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, this::isOurs)) {
            for (Path file : files) {
                deleteIfDead(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Tidying up is no reason to refuse a write.
        }
    }

    private boolean isOurs(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith(prefix) && name.endsWith(SUFFIX);
    }

    private static void deleteIfDead(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Instant latest = Instant.now().minus(LEAST_AGE);
        if (!attributes.isRegularFile()
                || attributes.lastModifiedTime().toInstant().isAfter(latest)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return;
            }
        } catch (OverlappingFileLockException | UnsupportedOperationException e) {
            // Being written by this process, or on a file system without locks.
            return;
        }
        Files.deleteIfExists(file);
    }
}
