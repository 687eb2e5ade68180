// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Folders of ONNX Runtime in the system's folder for temporary files, into which it copies its library at each start:
 * 24 MB. It deletes them once the library is loaded, so a process that is killed before leaves its own behind.
 *
 * <p>Deleted are those that no process can still need: a folder of its name, no link, of this user, untouched for an
 * hour, which is empty or has nothing but the two libraries that are loaded as soon as they are copied. Libraries of
 * providers, which are loaded later, keep a folder in place.
 */
final class NativeLeftovers {
    private static final String FOLDERS = "onnxruntime-java[0-9]*";
    private static final Duration AGE = Duration.ofHours(1);
    private static final Set<String> LIBRARIES = Set.of(
            System.mapLibraryName("onnxruntime"),
            System.mapLibraryName("onnxruntime4j_jni"),
            "libonnxruntime.dylib",
            "libonnxruntime4j_jni.dylib");

    private NativeLeftovers() {}

    /** Deletes what may be deleted in the system's folder; what hinders is passed over. */
    static void delete() {
        delete(Path.of(System.getProperty("java.io.tmpdir")), Instant.now());
    }

    /** The same in another folder, at a time. */
    static void delete(Path folder, Instant now) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, FOLDERS)) {
            UserPrincipal user = Files.getOwner(Path.of(System.getProperty("user.home")));
            FileTime before = FileTime.from(now.minus(AGE));
            for (Path left : folders) {
                deleteOne(left, user, before);
            }
        } catch (IOException | RuntimeException e) {
            // Nothing depends on it: the next start tries again.
        }
    }

    private static void deleteOne(Path left, UserPrincipal user, FileTime before) {
        try {
            if (!Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(left, LinkOption.NOFOLLOW_LINKS).equals(user)
                    || Files.getLastModifiedTime(left, LinkOption.NOFOLLOW_LINKS)
                                    .compareTo(before)
                            > 0) {
                return;
            }
            List<Path> libraries = new ArrayList<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(left)) {
                for (Path file : files) {
                    if (!LIBRARIES.contains(file.getFileName().toString())
                            || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        return;
                    }
                    libraries.add(file);
                }
            }
            for (Path file : libraries) {
                Files.delete(file);
            }
            Files.delete(left);
        } catch (IOException e) {
            // In use on a system that keeps what is in use, or deleted by another process meanwhile.
        }
    }
}
