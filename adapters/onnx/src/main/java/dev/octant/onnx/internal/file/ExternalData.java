// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import dev.octant.formats.Destination;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files beside a model in which its large tensors lie.
 *
 * <p>A tensor names its file by a path, which whoever made the model has chosen: only a file in the model's own folder,
 * or below it, is read, links followed. Nothing is read before it is asked for. Thread safe.
 */
public final class ExternalData {
    /** For models in memory, which have none. */
    public static final ExternalData NONE = new ExternalData(null);

    private final Path model;
    private final Map<String, InputFile> files = new ConcurrentHashMap<>();

    private ExternalData(Path model) {
        this.model = model;
    }

    /** Beside a model's file. */
    public static ExternalData beside(Path model) {
        return new ExternalData(model);
    }

    /** What begins messages on the model: its file, or {@code model} for one in memory. */
    public String place() {
        return model == null ? "model" : model.toString();
    }

    /** The model's file; empty for one in memory. */
    public Optional<Path> model() {
        return Optional.ofNullable(model);
    }

    /** Whether a tensor's bytes are in a file of their own. */
    public static boolean isExternal(TensorProto tensor) {
        return tensor.getDataLocation() == DataLocation.EXTERNAL;
    }

    /** The model's folder, to which locations are relative; empty for a model in memory. */
    public Optional<Path> folder() {
        return Optional.ofNullable(model).map(path -> path.toAbsolutePath().getParent());
    }

    /** A part of a file. */
    private record Extent(InputFile file, long offset, long length) {}

    /**
     * Refuses a tensor whose bytes are not there.
     *
     * @param length bytes that type and shape ask for
     */
    void check(TensorProto tensor, long length, String place) throws IOException {
        extent(tensor, length, place);
    }

    /** The bytes of a tensor, which a Java array must be able to hold. */
    byte[] read(TensorProto tensor, long length, String place) throws IOException {
        Extent extent = extent(tensor, length, place);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
        try (FileChannel channel = extent.file().open()) {
            extent.file().readFully(channel, bytes, extent.offset());
        }
        extent.file().requireUnchanged();
        return bytes.array();
    }

    /** Copies the bytes of a tensor, however many. */
    void copy(TensorProto tensor, long length, String place, OutputStream out) throws IOException {
        Extent extent = extent(tensor, length, place);
        try (FileChannel channel = extent.file().open();
                InputStream in = InputFile.range(channel, extent.offset(), extent.offset() + length)) {
            if (in.transferTo(out) != length) {
                throw new FormatException(
                        place + ": external data must stay as they are while they are read," + " were cut");
            }
        }
        extent.file().requireUnchanged();
    }

    /**
     * Refuses files that are others by now than when they were first asked for. ONNX Runtime reads them by itself.
     *
     * @throws FormatException if one was changed, cut, replaced or deleted
     */
    public void requireUnchanged() throws IOException {
        for (InputFile file : files.values()) {
            file.requireUnchanged();
        }
    }

    /** The files that were asked for so far: all of a model that was checked. */
    public List<Path> files() {
        return files.values().stream().map(InputFile::path).sorted().toList();
    }

    /** Refuses an output that would write over one of the files. */
    public void requireApart(Path output) throws FormatException {
        Destination destination = Destination.of(output);
        for (InputFile file : files.values()) {
            if (destination.isSameFile(file.path())) {
                throw new FormatException(
                        output + ": output must be no file that the model's data are read from, was " + file.path());
            }
        }
    }

    private Extent extent(TensorProto tensor, long length, String place) throws IOException {
        requireNoKeyTwice(tensor, place);
        InputFile file = file(entry(tensor, "location").orElse(""), place);
        long offset = number(tensor, "offset", 0, place);
        long stated = number(tensor, "length", length, place);
        if (stated != length) {
            throw new FormatException(place + ": length of external data must be the " + length
                    + " bytes that type and shape ask for, was " + stated);
        }
        if (offset > file.size() - length) {
            throw new FormatException(place + ": external data must lie within the " + file.size() + " bytes of "
                    + file.path().getFileName() + ", was " + length + " from " + offset);
        }
        return new Extent(file, offset, length);
    }

    private InputFile file(String location, String place) throws IOException {
        InputFile known = files.get(location);
        if (known == null) {
            known = located(location, place);
            files.put(location, known);
        }
        return known;
    }

    private InputFile located(String location, String place) throws IOException {
        Path folder = folder().orElse(null);
        if (folder == null || location.isEmpty()) {
            throw misplaced(location, place);
        }
        Path relative;
        try {
            relative = Path.of(location);
        } catch (InvalidPathException e) {
            throw misplaced(location, place);
        }
        if (relative.isAbsolute() || location.indexOf('\\') >= 0 || hasParent(relative)) {
            throw misplaced(location, place);
        }
        Path file = folder.resolve(relative);
        if (!Files.exists(file)) {
            throw new FormatException(place + ": external data must be in " + VisibleText.of(location)
                    + " beside the model, was missing");
        }
        if (!file.toRealPath().startsWith(folder.toRealPath())) {
            throw misplaced(location, place);
        }
        return InputFile.of(file);
    }

    private static boolean hasParent(Path relative) {
        for (Path part : relative) {
            if (part.toString().equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static FormatException misplaced(String location, String place) {
        return new FormatException(place + ": location of external data must be a file in the model's folder, was '"
                + VisibleText.of(location) + "'");
    }

    private static long number(TensorProto tensor, String key, long otherwise, String place) throws FormatException {
        Optional<String> text = entry(tensor, key);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the sentence below
        }
        throw new FormatException(place + ": " + key + " of external data must be a whole number of bytes, was '"
                + VisibleText.of(text.get()) + "'");
    }

    /** Of two values readers take the first or the last, and so different bytes. */
    private static void requireNoKeyTwice(TensorProto tensor, String place) throws FormatException {
        Set<String> keys = new HashSet<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            if (!keys.add(entry.getKey())) {
                throw new FormatException(place + ": external data must have each key once, was '"
                        + VisibleText.of(entry.getKey()) + "' again");
            }
        }
    }

    private static Optional<String> entry(TensorProto tensor, String key) {
        return tensor.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst();
    }
}
