// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.cli.report.ModelJson;
import dev.octant.cli.report.ModelReport;
import dev.octant.cli.report.Tried;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.ModelEvaluation;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.QuantizeSettings;
import dev.octant.onnx.values.Accuracy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of settings that were not asked for. */
class OtherSettingsTest {
    @TempDir
    private Path folder;

    /** The model that was asked for is written by then: what fails is left out, with its reason. */
    @Test
    void whatCannotBeMadeIsThereWithItsReason() throws IOException {
        try (BundledModel bundled = BundledModel.unpack()) {
            OnnxModel model = OnnxModel.read(bundled.model());
            Path copy = Files.copy(bundled.calibration(), folder.resolve("gone.npz"));
            ModelData data = ModelData.open(model.info().inputs(), List.of(copy));
            ModelData judged = ModelData.open(model.info().inputs(), List.of(bundled.calibration()));
            ModelEvaluation evaluation = ModelEvaluation.of(model, model, judged);
            Files.delete(copy);
            QuantizeSettings settings = QuantizeSettings.CPU.withAccuracy(Accuracy.HIGH.withLeastSqnr(40));
            List<Tried> tried = OtherSettings.tried(settings, model, model, data, judged);
            assertEquals(
                    List.of(
                            "no --min-sqnr",
                            "no --min-sqnr, --weights per-tensor",
                            "no --min-sqnr, --method mse",
                            "no --min-sqnr, --method minmax",
                            "no --min-sqnr, no --accurate",
                            "no --min-sqnr, biases as they were (--summary without --data)"),
                    tried.stream().map(Tried::settings).toList());
            assertTrue(tried.get(0).comparison().isPresent());
            StringBuilder page = new StringBuilder();
            ModelReport.write(Map.of(), evaluation, tried, page);
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            ModelJson.write(Map.of(), evaluation, tried, json);
            for (Tried one : tried.subList(1, tried.size())) {
                assertTrue(one.comparison().isEmpty() && one.failure().contains("gone.npz"), one::toString);
                assertTrue(page.indexOf("not made: " + one.failure()) > 0, page::toString);
                assertTrue(json.toString(StandardCharsets.UTF_8).contains(one.failure()), one::toString);
            }
        }
    }
}
