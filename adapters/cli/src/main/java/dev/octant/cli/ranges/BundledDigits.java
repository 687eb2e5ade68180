// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.commons.lang3.Validate;

/**
 * The activations that come with the command: inputs of the SiLUs and of the sigmoid of a small digit classifier, see
 * the README beside the resource. Unpacked to a temporary file, since zip files are read by position.
 */
public final class BundledDigits implements AutoCloseable {
    static final String TITLE = "bundled digits activations (64 images, float32)";

    /** The op that reads each tensor in the model. */
    public static final List<String> OPS =
            List.of("b1_act=silu", "b2_act=silu", "gate_act=silu", "gate_sig=sigmoid", "b3_act=silu", "act=silu");

    private static final String RESOURCE = "/dev/octant/cli/digits/digits_preactivations.npz";

    private final Path file;

    private BundledDigits(Path file) {
        this.file = file;
    }

    public static BundledDigits unpack() throws IOException {
        Path file = Files.createTempFile("octant-digits", ".npz");
        // Once in the life of a command: whatever ends it, the file goes.
        file.toFile().deleteOnExit();
        try (InputStream in = BundledDigits.class.getResourceAsStream(RESOURCE)) {
            Validate.validState(in != null, "resource %s must be in the jar, was missing", RESOURCE);
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new BundledDigits(file);
    }

    public Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
