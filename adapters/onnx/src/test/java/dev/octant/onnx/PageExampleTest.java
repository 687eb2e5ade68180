// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of docs/models.md, as it stands there but for the names of files. */
class PageExampleTest {
    @Test
    void modelsPage(@TempDir Path folder) throws IOException {
        float[] image = new float[64];
        OnnxModel model = OnnxModel.read(GivenModel.DIGITS_CNN.file("model.onnx"));
        ModelData data = ModelData.open(model.info().inputs(), List.of(GivenModel.DIGITS_CNN.file("calib.npz")));
        OnnxModel int8 = new ModelQuantizer(QuantizeSettings.CPU).quantize(model, data);
        int8.write(folder.resolve("int8.onnx"));

        try (ModelRunner runner = ModelRunner.open(int8)) {
            Map<String, TensorValue> outputs =
                    runner.run(Map.of("image", TensorValue.of(List.of(1L, 1L, 8L, 8L), image)));
            assertEquals(10, outputs.get("logits").floats().length);
        }
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../../docs/models.md")));
        assertTrue(block.find());
        String source = Files.readString(Path.of("src/test/java/dev/octant/onnx/PageExampleTest.java"))
                .replaceAll("GivenModel.DIGITS_CNN.file\\(|folder.resolve\\(", "Path.of(")
                .replaceAll("\\s+assertEquals.*;", "");
        String shown = block.group(1).replaceAll("\\s+", "");
        assertTrue(source.replaceAll("\\s+", "").contains(shown), block::group);
    }
}
