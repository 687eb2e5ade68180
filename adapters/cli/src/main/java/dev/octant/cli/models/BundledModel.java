// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.formats.TemporaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.commons.lang3.Validate;

/**
 * The model that comes with the command: a small digit classifier, see the README beside the resource. Unpacked to
 * temporary files, since models and arrays are read by position.
 */
final class BundledModel implements AutoCloseable {
    static final String TITLE = "bundled digits model (Conv, SiLU, squeeze and excite; 256 images, 500 to test)";

    /** Where the int8 model goes if nothing else is asked for. */
    static final Path OUTPUT = Path.of("octant-int8.onnx");

    /** Where the report goes if nothing else is asked for, beside the model. */
    static final Path REPORT = Path.of("octant-int8.html");

    private final TemporaryFile model;
    private final TemporaryFile calibration;
    private final TemporaryFile test;

    private BundledModel(TemporaryFile model, TemporaryFile calibration, TemporaryFile test) {
        this.model = model;
        this.calibration = calibration;
        this.test = test;
    }

    static BundledModel unpack() throws IOException {
        TemporaryFile model = unpacked("model.onnx");
        TemporaryFile calibration = unpacked("calib.npz");
        return new BundledModel(model, calibration, unpacked("test.npz"));
    }

    private static TemporaryFile unpacked(String name) throws IOException {
        TemporaryFile file = TemporaryFile.create("octant-model");
        try (InputStream in = BundledModel.class.getResourceAsStream(name)) {
            Validate.validState(in != null, "resource %s must be in the jar, was missing", name);
            Files.copy(in, file.path(), StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    Path model() {
        return model.path();
    }

    Path calibration() {
        return calibration.path();
    }

    Path test() {
        return test.path();
    }

    @Override
    public void close() throws IOException {
        model.close();
        calibration.close();
        test.close();
    }
}
