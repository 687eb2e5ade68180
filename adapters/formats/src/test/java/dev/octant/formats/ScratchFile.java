// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of given bytes, there for as long as a test looks at it. */
public final class ScratchFile {
    private ScratchFile() {}

    @FunctionalInterface
    public interface Body {
        void accept(Path file) throws IOException;
    }

    public static void with(String name, byte[] content, Body body) throws IOException {
        Path folder = Files.createTempDirectory("octant-formats");
        Path file = folder.resolve(name);
        try {
            Files.write(file, content);
            body.accept(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
