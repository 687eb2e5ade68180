// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;

/**
 * A folder that may be moved or renamed while it is used: where the system knows open folders, as Linux and macOS do, a
 * file of it is found all the same. Elsewhere, and where the folder may not be listed, it is looked for by its name.
 */
final class HeldFolder implements AutoCloseable {
    private final Path path;
    private final DirectoryStream<Path> open;

    private HeldFolder(Path path, DirectoryStream<Path> open) {
        this.path = path;
        this.open = open;
    }

    @SuppressWarnings("StreamResourceLeak") // closed with this
    static HeldFolder of(Path path) {
        try {
            return new HeldFolder(path, Files.newDirectoryStream(path));
        } catch (IOException e) {
            // Files can be written to a folder that cannot be listed.
            return new HeldFolder(path, null);
        }
    }

    /** Deletes a file of the folder, if it is there, wherever the folder is. */
    void delete(Path name) throws IOException {
        if (open instanceof SecureDirectoryStream<Path> here) {
            try {
                here.deleteFile(name);
            } catch (NoSuchFileException e) {
                // The folder may be another by now.
                Files.deleteIfExists(path.resolve(name));
            }
        } else {
            Files.deleteIfExists(path.resolve(name));
        }
    }

    @Override
    public void close() {
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // It was only read.
            return;
        }
    }
}
