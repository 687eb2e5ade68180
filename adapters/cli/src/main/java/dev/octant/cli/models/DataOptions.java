// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.words.ShownNames;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.values.ImageSettings;
import dev.octant.onnx.values.ImageSettings.Resize;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The data that a model is fed with. */
final class DataOptions {
    private static final int NAMED = 3;

    @Option(
            names = "--data",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Rows for the model's inputs: .npz or .safetensors by their names, .npy for one, .png and"
                    + " .jpg for images; or folders of them.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Rows that the model computes at a time. Default: what it fixes, or 32.")
    private Integer batch;

    @Option(
            names = "--image-size",
            paramLabel = "WxH",
            description = "Width and height of images, where the model leaves them open.")
    private ImageSize size;

    @Option(
            names = "--image-resize",
            paramLabel = "R",
            description = "How an image of another size is made to fit: stretch, or crop to its middle."
                    + " Default: stretch.")
    private Resize resize = Resize.STRETCH;

    @Option(
            names = "--image-mean",
            paramLabel = "R,G,B",
            split = ",",
            hideParamSyntax = true,
            description = "What is subtracted from pixels within 0..1; one number for all channels, or three."
                    + " Default: 0.")
    private List<Double> mean = List.of(0.0);

    @Option(
            names = "--image-std",
            paramLabel = "R,G,B",
            split = ",",
            hideParamSyntax = true,
            description = "What pixels are divided by then; one number for all channels, or three. Default: 1.")
    private List<Double> std = List.of(1.0);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    private final Set<Path> said = new HashSet<>();

    /** Width and height. */
    record ImageSize(int width, int height) {}

    /** Whether data were given. */
    boolean isGiven() {
        return !paths.isEmpty();
    }

    /** The data that were given. */
    ModelData open(OnnxModel model) throws IOException {
        if (!isGiven()) {
            throw new IllegalArgumentException("--data must be given, was missing");
        }
        return open(model, paths);
    }

    /** Other data, read in the same way. */
    ModelData open(OnnxModel model, List<Path> others) throws IOException {
        ImageSettings images =
                ImageSettings.USUAL.withResize(resize).withMean(floats(mean)).withStd(floats(std));
        ModelData data = ModelData.open(
                model.info().inputs(),
                others,
                size == null ? images : images.withSize(size.width(), size.height()),
                batch == null ? OptionalInt.empty() : OptionalInt.of(batch));
        sayPassedOver(data.passedOver());
        return data;
    }

    /** Of a folder in which data have an ending that is not known, or lie one folder deeper, little is left. */
    private void sayPassedOver(List<Path> files) {
        List<Path> unsaid = files.stream().filter(said::add).toList();
        if (unsaid.isEmpty()) {
            return;
        }
        List<String> names = unsaid.stream()
                .map(file -> VisibleText.name(file.getFileName().toString()))
                .toList();
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.qualifiedName() + ": passed over what is no data in the folders given, "
                + Numbers.counted(unsaid.size(), "name") + ": " + ShownNames.first(names, NAMED));
        err.flush();
    }

    private static List<Float> floats(List<Double> numbers) {
        return numbers.stream().map(Double::floatValue).toList();
    }
}
