// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.nio.file.Path;

/**
 * Has a temporary file deleted if the process is told to end (Ctrl-C, SIGTERM, SIGHUP, {@link System#exit}) while this
 * is open.
 *
 * <p>It is deleted after all shutdown hooks have ended, not by one: another hook may wait until this very file is
 * written. Nothing is kept once this is closed, which {@link java.io.File#deleteOnExit} alone would do: it never
 * forgets a name.
 */
final class DeletedAtExit implements AutoCloseable {
    private final Thread hook;

    /** @param file need not exist yet */
    DeletedAtExit(Path file) {
        hook = new Thread(null, () -> deleteLast(file), "octant-delete", 0, false);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hooks are running, and one of them may be waiting for this write.
            deleteLast(file);
        }
    }

    private static void deleteLast(Path file) {
        try {
            file.toFile().deleteOnExit();
        } catch (UnsupportedOperationException e) {
            // Not of the default file system, where files stay that nobody deletes.
            return;
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending; there is nothing left to delete.
            return;
        }
    }
}
