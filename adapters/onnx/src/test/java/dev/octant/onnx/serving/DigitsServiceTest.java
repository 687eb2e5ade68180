// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.onnx.ModelData;
import dev.octant.onnx.ModelQuantizer;
import dev.octant.onnx.ModelRunner;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.QuantizeSettings;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service of docs/serving.md, as it stands there. */
class DigitsServiceTest {
    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(
                        DigitsServiceTest.class.getResource("/dev/octant/onnx/models/digits_cnn/" + name), name)
                .toURI());
    }

    @Test
    void requestsThatWaitAreAnsweredTogetherAndAsAlone(@TempDir Path folder) throws Exception {
        OnnxModel model = OnnxModel.read(resource("model.onnx"));
        ModelData calibration = ModelData.open(model.info().inputs(), List.of(resource("calib.npz")));
        Path file = folder.resolve("int8.onnx");
        new ModelQuantizer(QuantizeSettings.CPU).quantize(model, calibration).write(file);
        List<float[]> images = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        try (ModelRunner runner = ModelRunner.open(OnnxModel.read(file))) {
            calibration.forEachBatch(1, batch -> {
                images.add(batch.get("image").floats());
                expected.add(runner.run(batch).get("logits").floats());
            });
        }
        try (DigitsService service = new DigitsService(file, 2)) {
            List<CompletableFuture<float[]>> answers = new ArrayList<>();
            for (float[] image : images) {
                answers.add(service.classify(image));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertArrayEquals(expected.get(i), answers.get(i).join(), 1e-4f);
            }
            assertThrows(IllegalArgumentException.class, () -> service.classify(new float[5000]));
            assertArrayEquals(expected.get(0), service.classify(images.get(0)).join(), 1e-4f);
        }
        assertEquals(256, images.size());
    }

    @Test
    void thePageShowsIt() throws Exception {
        String source = Files.readString(Path.of("src/test/java/dev/octant/onnx/serving/DigitsService.java"));
        String page = Files.readString(Path.of("../../docs/serving.md"));
        assertTrue(page.contains(
                source.substring(source.indexOf("/** Answers requests")).strip()));
    }
}
