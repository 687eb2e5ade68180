// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Owner, group and permissions of a file, for the one that takes its place. Known where the file system is a POSIX one.
 *
 * <p>Permissions are those to read, write and execute. The bits beside them, setuid, setgid and sticky, are not kept,
 * as the system itself drops the first two when a file is written: whoever set them trusted the content that was there.
 */
final class FileRights {
    private final PosixFileAttributes attributes;

    private FileRights(PosixFileAttributes attributes) {
        this.attributes = attributes;
    }

    /** Those of the file at a place; none if there is no file, or the file system does not know them. */
    static Optional<FileRights> of(Path place) throws IOException {
        PosixFileAttributeView view = view(place);
        return view != null && Files.exists(place, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(new FileRights(view.readAttributes()))
                : Optional.empty();
    }

    /** With these a file is created that only its owner may read. */
    static FileAttribute<Set<PosixFilePermission>> ownerOnly() {
        return PosixFilePermissions.asFileAttribute(
                EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }

    /**
     * Gives a file of {@link #ownerOnly()} these rights, as far as the system permits. At no moment, and in no case,
     * may anybody read it who may not read the file it replaces: where the group cannot be given, the group that the
     * file has gets no more than everybody has.
     */
    void giveTo(Path file) throws IOException {
        PosixFileAttributeView view = view(file);
        try {
            view.setGroup(attributes.group());
        } catch (IOException e) {
            // Only some users may; what follows looks at the group that the file has.
        }
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        permissions.addAll(attributes.permissions());
        if (!view.readAttributes().group().equals(attributes.group())) {
            withhold(permissions, PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
            withhold(permissions, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
            withhold(permissions, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
        }
        view.setPermissions(permissions);
        if (!view.readAttributes().owner().equals(attributes.owner())) {
            try {
                // Last: who gives a file away may change it no more.
                view.setOwner(attributes.owner());
            } catch (IOException e) {
                // Only the superuser may.
                return;
            }
        }
    }

    private static void withhold(
            Set<PosixFilePermission> permissions, PosixFilePermission ofGroup, PosixFilePermission ofOthers) {
        if (!permissions.contains(ofOthers)) {
            permissions.remove(ofGroup);
        }
    }

    private static PosixFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}
