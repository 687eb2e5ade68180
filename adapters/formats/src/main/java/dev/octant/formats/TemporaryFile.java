// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.internal.text.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the system's folder for temporary ones, which only the owner may read. It is deleted when this is closed,
 * and when the process is told to end (Ctrl-C, SIGTERM, SIGHUP) before that. A process that is killed leaves it behind.
 *
 * <p>Thread safe.
 */
public final class TemporaryFile implements AutoCloseable {
    private final Path path;
    private final DeletedAtExit deletion;

    private TemporaryFile(Path path) {
        this.path = path;
        this.deletion = new DeletedAtExit(path);
    }

    /**
     * An empty file with a name of its own.
     *
     * @param prefix begins the name, which ends in {@code .tmp}
     * @throws IOException if there is no room or no permission for it
     */
    public static TemporaryFile create(String prefix) throws IOException {
        Given.require("prefix", prefix);
        return new TemporaryFile(Files.createTempFile(prefix, ".tmp"));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try (deletion) {
            Files.deleteIfExists(path);
        }
    }
}
