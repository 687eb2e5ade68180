// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.data;

import dev.octant.formats.FormatException;
import dev.octant.onnx.values.ImageSettings;
import dev.octant.onnx.values.ModelTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What files and folders of data hold for a model. */
public final class DataFiles {
    private static final List<String> ARRAYS = List.of(".npz", ".npy", ".safetensors");
    private static final List<String> IMAGES = List.of(".png", ".jpg", ".jpeg");

    private static final Comparator<Path> BY_NAME =
            Comparator.comparing(file -> file.getFileName().toString());

    private DataFiles() {}

    /**
     * The rows of all paths, in their order. A folder stands for the files of data directly in it, sorted by name;
     * images that follow one another make batches together.
     *
     * @throws FormatException if one is missing, a folder without data, or does not fit the model
     */
    public static List<RowSource> open(List<ModelTensor> inputs, List<Path> paths, ImageSettings settings)
            throws IOException {
        List<RowSource> sources = new ArrayList<>();
        List<Path> images = new ArrayList<>();
        for (Path file : files(paths)) {
            if (hasEnding(file, IMAGES)) {
                images.add(file);
            } else {
                addImages(images, sources, inputs, settings);
                sources.add(ArrayRows.of(file, inputs));
            }
        }
        addImages(images, sources, inputs, settings);
        return sources;
    }

    private static void addImages(
            List<Path> images, List<RowSource> sources, List<ModelTensor> inputs, ImageSettings settings)
            throws IOException {
        if (!images.isEmpty()) {
            sources.add(new ImageRows(images, ImageShape.of(inputs, settings), settings));
            images.clear();
        }
    }

    /**
     * The files that paths stand for.
     *
     * @throws FormatException if one is missing, or a folder without data
     */
    public static List<Path> files(List<Path> paths) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new FormatException(path + ": input must exist, was missing");
            }
            files.addAll(Files.isDirectory(path) ? inFolder(path) : List.of(path));
        }
        return files;
    }

    /**
     * What is in folders of data and no data, in the order of the paths and by name: what begins with a dot is not
     * counted, for systems leave such behind.
     */
    public static List<Path> passedOver(List<Path> paths) throws IOException {
        List<Path> passedOver = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                Set<Path> known = Set.copyOf(inFolder(path));
                try (Stream<Path> entries = Files.list(path)) {
                    entries.filter(entry -> !known.contains(entry)
                                    && !entry.getFileName().toString().startsWith("."))
                            .sorted(BY_NAME)
                            .forEach(passedOver::add);
                }
            }
        }
        return passedOver;
    }

    private static List<Path> inFolder(Path folder) throws IOException {
        List<Path> arrays = inFolder(folder, ARRAYS);
        List<Path> images = inFolder(folder, IMAGES);
        if (arrays.isEmpty() == images.isEmpty()) {
            throw new FormatException(folder + ": folder must hold " + String.join(", ", ARRAYS) + " files, or "
                    + String.join(", ", IMAGES) + " files, was " + (arrays.isEmpty() ? "without any" : "with both"));
        }
        return arrays.isEmpty() ? images : arrays;
    }

    private static List<Path> inFolder(Path folder, List<String> endings) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> hasEnding(file, endings)
                            && !file.getFileName().toString().startsWith("._")
                            && !Files.isDirectory(file))
                    .sorted(BY_NAME)
                    .toList();
        }
    }

    private static boolean hasEnding(Path file, List<String> endings) {
        Path name = file.getFileName();
        String lower = name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(lower::endsWith);
    }
}
