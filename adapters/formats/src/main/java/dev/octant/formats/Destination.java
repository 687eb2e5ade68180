// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.internal.text.Given;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an output leads once all links are followed, as the file system says at the time of asking: to an ordinary
 * file, which is there or not yet, or to something that takes a stream: a pipe, a device, or a descriptor that is open
 * already, as {@code /dev/stdout} and {@code /dev/fd/3} are.
 *
 * <p>A link that leads to a file that is missing leads to that file. Two outputs are the same file if the file system
 * says so, hard links and spellings of names included; where one does not exist yet, if they have one name in one
 * folder.
 *
 * <p>Immutable and thread safe.
 */
public final class Destination {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    /** Folders whose entries are open descriptors: of this process or of another, of all its threads or of one. */
    private static final Pattern DESCRIPTORS = Pattern.compile("/dev/fd|/proc/(\\d+)(?:/task/\\d+)?/fd");

    private enum Kind {
        FILE,
        DESCRIPTOR,
        STREAM,
        NOWHERE
    }

    private final Path target;
    private final Path place;
    private final Kind kind;

    private Destination(Path target, Path place, Kind kind) {
        this.target = target;
        this.place = place;
        this.kind = kind;
    }

    /**
     * Follows the links of an output. Nothing is opened or written.
     *
     * @throws FormatException if no output can be there: it is a folder, a link in a loop, a name longer than the file
     *     system knows, or a file that may not be looked at
     */
    public static Destination of(Path target) throws FormatException {
        Given.require("target", target);
        Path at = target.toAbsolutePath();
        for (int links = 0; links <= MOST_LINKS; links++) {
            Path name = at.getFileName();
            if (name == null) {
                throw folder(target);
            }
            Path folder = realFolder(at, target);
            if (folder == null) {
                return new Destination(target, at.normalize(), Kind.NOWHERE);
            }
            Path place = folder.resolve(name);
            if (DESCRIPTORS.matcher(folder.toString()).matches()) {
                return new Destination(target, place, Kind.DESCRIPTOR);
            }
            BasicFileAttributes attributes;
            try {
                attributes = Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                return new Destination(target, place, Kind.FILE);
            } catch (IOException e) {
                throw unwritable(target, e);
            }
            if (attributes.isDirectory()) {
                throw folder(target);
            }
            if (!attributes.isSymbolicLink()) {
                return new Destination(target, place, attributes.isRegularFile() ? Kind.FILE : Kind.STREAM);
            }
            try {
                at = folder.resolve(Files.readSymbolicLink(place));
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        }
        throw new FormatException(target + ": output must lead to a file, was a link in a loop");
    }

    /** The folder with all links followed, or null if it is missing. */
    private static Path realFolder(Path at, Path target) throws FormatException {
        try {
            Path folder = at.getParent().toRealPath();
            return Files.isDirectory(folder) ? folder : null;
        } catch (AccessDeniedException e) {
            throw unwritable(target, e);
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether it is an ordinary file, or will be one: what is there is replaced. Else it takes a stream. */
    public boolean isFile() {
        return kind == Kind.FILE || kind == Kind.NOWHERE;
    }

    /** The file's name, that of a link's target for a link. */
    public Path name() {
        return place.getFileName();
    }

    /** Whether it lies directly in a folder. */
    public boolean isIn(Path folder) {
        Given.require("folder", folder);
        return isSame(folder(), folder);
    }

    /** Whether writing here would write over or into an ordinary file, by whatever name that is given. */
    public boolean isSameFile(Path file) {
        Given.require("file", file);
        return Files.isRegularFile(place) && isSame(place, file);
    }

    /**
     * Whether both are one file, or will be one. Two streams never are: what is written to both comes one after the
     * other.
     */
    public boolean isSameFile(Destination other) {
        Given.require("other", other);
        return (isFile() || other.isFile()) && (place.equals(other.place) || isSameFile(other.place));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            // One of them is not there.
            return false;
        }
    }

    private Path folder() {
        return place.getParent();
    }

    /**
     * Refuses what cannot be written for lack of a folder or of permission, or because a descriptor is not open for it.
     *
     * @throws FormatException if the folder is missing, or a file in it may not be replaced; if a pipe or device may
     *     not be written; if a descriptor is closed, or open for reading only
     */
    public void requireWritable() throws FormatException {
        requireFolder();
        if (kind == Kind.DESCRIPTOR) {
            requireOpenForWriting();
        } else if (!Files.isWritable(kind == Kind.FILE ? folder() : place)) {
            throw unwritable(target, new AccessDeniedException(target.toString()));
        }
    }

    /** Opened by its name a descriptor would be writable, whatever it was opened for. */
    void requireOpenForWriting() throws FormatException {
        Set<PosixFilePermission> rights;
        try {
            rights = Files.getPosixFilePermissions(place, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw new FormatException(target + ": descriptor must be open for writing, was closed", e);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
        if (!rights.contains(PosixFilePermission.OWNER_WRITE)) {
            throw new FormatException(target + ": descriptor must be open for writing, was open for reading only");
        }
    }

    void requireFolder() throws FormatException {
        if (kind == Kind.NOWHERE) {
            throw new FormatException(target + ": folder of the output must exist, was missing");
        }
    }

    /** The file itself, behind all links. */
    Path place() {
        return place;
    }

    /** Whether it is the standard output of this process. */
    public boolean isStandardOutput() {
        return isDescriptor(1);
    }

    boolean isDescriptor() {
        return kind == Kind.DESCRIPTOR;
    }

    /** Whether it is this descriptor of this process. */
    boolean isDescriptor(int number) {
        if (kind != Kind.DESCRIPTOR || !place.endsWith(String.valueOf(number))) {
            return false;
        }
        Matcher folder = DESCRIPTORS.matcher(folder().toString());
        return folder.matches()
                && (folder.group(1) == null
                        || folder.group(1)
                                .equals(String.valueOf(ProcessHandle.current().pid())));
    }

    private static FormatException folder(Path target) {
        return new FormatException(target + ": output must be a file, was a folder");
    }

    /** The one sentence for what the file system refuses, and for a thread that was interrupted, which it takes so. */
    static FormatException unwritable(Path target, IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return new FormatException(
                    target + ": output must be written without an interrupt, was interrupted", cause);
        }
        return new FormatException(
                target + ": output must be writable, was refused by the file system (" + reason(cause) + ")", cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "missing";
        }
        // The message of a FileSystemException begins with a path, which may be that of a temporary file.
        String reason = cause instanceof FileSystemException refused ? refused.getReason() : cause.getMessage();
        return VisibleText.of(reason == null ? cause.getClass().getSimpleName() : reason);
    }
}
