// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The models in the test resources; their README says where they come from. */
enum GivenModel {
    DIGITS_CNN,
    MOBILE,
    ENCODER,
    FP16_EXTERNAL,
    OPS_A;

    Path file(String name) {
        String resource = "models/" + name().toLowerCase(Locale.ROOT) + "/" + name;
        try {
            return Path.of(Objects.requireNonNull(GivenModel.class.getResource(resource), resource)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    OnnxModel model() throws IOException {
        return OnnxModel.read(file("model.onnx"));
    }

    ModelData calibration() throws IOException {
        return ModelData.open(model().info().inputs(), List.of(file("calib.npz")));
    }

    ModelData test() throws IOException {
        return ModelData.open(model().info().inputs(), List.of(file("test.npz")));
    }

    /** What the tool wrote for a configuration, as {@code u8s8/minmax/tensor}. */
    JsonNode expected(String configuration) {
        return JsonMapper.shared()
                .readTree(file("expect.json").toFile())
                .get("configs")
                .get(configuration);
    }
}
