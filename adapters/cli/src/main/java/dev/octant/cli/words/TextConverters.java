// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import dev.octant.calibration.run.RunSettings;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.InputFile;
import dev.octant.formats.calibration.CalibrationFormat;
import dev.octant.ops.Activation;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the words of the command line to the types of the libraries, which read them. */
public final class TextConverters {
    /** What stands for standard input and output on the command line. */
    public static final String STANDARD_STREAM = "-";

    /** What it becomes for an output. */
    public static final Path STANDARD_OUTPUT = Path.of("/dev/stdout");

    private TextConverters() {}

    public static void register(CommandLine line) {
        line.registerConverter(Path.class, converter(TextConverters::path));
        line.registerConverter(QuantType.class, converter(QuantType::parse));
        line.registerConverter(QuantScheme.class, converter(QuantScheme::parseOfData));
        line.registerConverter(ParameterPolicy.class, converter(ParameterPolicy::parse));
        line.registerConverter(Profile.class, converter(Profile::parse));
        line.registerConverter(CalibrationFormat.class, converter(CalibrationFormat::parse));
        line.registerConverter(Activation.class, converter(Activation::parse));
        line.registerConverter(Float.class, converter(QuantParams::parseScale));
        line.registerConverter(RealRange.class, converter(RealRange::parse));
        line.registerConverter(Integer.class, converter(text -> Numbers.whole("value", text)));
        line.registerConverter(double.class, converter(text -> Numbers.real("value", text)));
        line.registerConverter(Double.class, converter(text -> Numbers.real("value", text)));
        line.registerConverter(boolean.class, converter(TextConverters::flag));
    }

    /**
     * picocli asks for its own exception; the sentence stays. Takes a function rather than a converter: the archive of
     * classes that makes a start quick holds no class of a lambda whose interface is of Java 5, as picocli's are.
     */
    public static <T> ITypeConverter<T> converter(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    /**
     * A file or folder, or standard input for {@value #STANDARD_STREAM}. What the JVM cannot read of an argument it
     * replaces: that may be the name of another file. An empty name would be the working folder, and what a path ends
     * in says that it is a folder.
     */
    public static Path path(String text) {
        return text.equals(STANDARD_STREAM) ? InputFile.STANDARD_INPUT : named(text);
    }

    private static Path named(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("path must not be empty, was ''");
        }
        try {
            if (text.indexOf('\uFFFD') < 0) {
                Path path = Path.of(text);
                if (endsAsFolder(text) && Files.exists(path) && !Files.isDirectory(path)) {
                    throw new IllegalArgumentException(
                            "path that ends in / must be a folder, was the file '" + text + "'");
                }
                return path;
            }
        } catch (InvalidPathException e) {
            // falls through to the sentence below
        }
        throw new IllegalArgumentException("path must " + InputFile.ruleOfNames() + ", was '" + text + "'");
    }

    private static boolean endsAsFolder(String text) {
        return text.endsWith("/") || text.endsWith(File.separator);
    }

    /** A number of threads. */
    public static final class Threads implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) throws Exception {
            return converter(word -> Numbers.whole("value", word, "1.." + RunSettings.MOST_THREADS))
                    .convert(text);
        }
    }

    /** A zero point, of a type that other words say. */
    public static final class ZeroPoint implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) throws Exception {
            return converter(word -> Numbers.whole("value", word, "-128..127, or 0..255 of uint8"))
                    .convert(text);
        }
    }

    /** A file that is written, or standard output for {@value #STANDARD_STREAM}. */
    public static final class Output implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) throws Exception {
            return converter(TextConverters::output).convert(text);
        }
    }

    /**
     * A file that is written, or a folder for several, which other options tell; what ends as a folder's does ends in
     * a dot here, which {@link #file} refuses.
     */
    public static final class OutputOrFolder implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) throws Exception {
            return converter(word -> endsAsFolder(word) ? named(word).resolve(".") : output(word))
                    .convert(text);
        }
    }

    /** The file that must be meant by an output which could have been a folder. */
    public static Path file(Path output) {
        if (output.endsWith(".")) {
            throw new IllegalArgumentException(
                    "-o: output must be a file, was the folder '" + output.normalize() + "'");
        }
        return output;
    }

    private static Path output(String text) {
        if (text.equals(STANDARD_STREAM)) {
            return STANDARD_OUTPUT;
        }
        Path path = named(text);
        if (endsAsFolder(text)) {
            throw new IllegalArgumentException("output must be a file, was the folder '" + text + "'");
        }
        return path;
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("value must be true or false, was '" + text + "'");
        };
    }
}
