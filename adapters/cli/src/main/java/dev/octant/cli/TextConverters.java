package dev.octant.cli;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.InputFile;
import dev.octant.formats.calibration.CalibrationFormat;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the words of the command line and of parameter files to the types of the libraries. */
final class TextConverters {
    private TextConverters() {}

    static void register(CommandLine line) {
        line.registerConverter(Path.class, converter(TextConverters::path));
        line.registerConverter(QuantType.class, converter(TextConverters::type));
        line.registerConverter(QuantScheme.class, converter(TextConverters::scheme));
        line.registerConverter(ParameterPolicy.class, converter(TextConverters::policy));
        line.registerConverter(Profile.class, converter(TextConverters::profile));
        line.registerConverter(CalibrationFormat.class, converter(TextConverters::format));
        line.registerConverter(Activation.class, converter(TextConverters::activation));
        line.registerConverter(Float.class, converter(TextConverters::scale));
        line.registerConverter(RealRange.class, converter(TextConverters::range));
        line.registerConverter(Integer.class, converter(text -> integer("value", text)));
        line.registerConverter(double.class, converter(text -> number("value", text)));
        line.registerConverter(boolean.class, converter(TextConverters::flag));
    }

    /** picocli asks for its own exception; the sentence stays. */
    private static <T> ITypeConverter<T> converter(ITypeConverter<T> parse) {
        return text -> {
            try {
                return parse.convert(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    /**
     * A file or folder. What the JVM cannot read of an argument it replaces: that may be the name of another file. An empty
     * name would be the working folder, and what a path ends in says that it is a folder.
     */
    static Path path(String text) {
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

    /** A file that is written. */
    static final class Output implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) throws Exception {
            return converter(TextConverters::output).convert(text);
        }
    }

    private static Path output(String text) {
        Path path = path(text);
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

    static QuantType type(String text) {
        for (QuantType type : QuantType.values()) {
            if (type.label().equalsIgnoreCase(text.strip())) {
                return type;
            }
        }
        throw new IllegalArgumentException("type must be one of "
                + Arrays.stream(QuantType.values()).map(QuantType::label).collect(Collectors.joining(", ")) + ", was '"
                + text + "'");
    }

    /** The engine to compute like. */
    static Profile profile(String text) {
        for (Profile profile : Profile.values()) {
            if (profile.label().equalsIgnoreCase(text.strip())) {
                return profile;
            }
        }
        throw new IllegalArgumentException("profile must be one of "
                + Arrays.stream(Profile.values()).map(Profile::label).collect(Collectors.joining(", ")) + ", was '"
                + text + "'");
    }

    /** The file format of a calibration table. */
    static CalibrationFormat format(String text) {
        for (CalibrationFormat format : CalibrationFormat.values()) {
            if (format.label().equalsIgnoreCase(text.strip())) {
                return format;
            }
        }
        throw new IllegalArgumentException("format must be one of "
                + Arrays.stream(CalibrationFormat.values())
                        .map(CalibrationFormat::label)
                        .collect(Collectors.joining(", "))
                + ", was '" + text + "'");
    }

    /** By whose rule ranges become parameters. */
    static ParameterPolicy policy(String text) {
        for (ParameterPolicy policy : ParameterPolicy.values()) {
            if (policy.label().equalsIgnoreCase(text.strip())) {
                return policy;
            }
        }
        throw new IllegalArgumentException("policy must be one of "
                + Arrays.stream(ParameterPolicy.values())
                        .map(ParameterPolicy::label)
                        .collect(Collectors.joining(", "))
                + ", was '" + text + "'");
    }

    /** The two schemes that calibrate; fixed outputs belong to ops, not to users. */
    static QuantScheme scheme(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "asymmetric" -> QuantScheme.ASYMMETRIC;
            case "symmetric" -> QuantScheme.SYMMETRIC;
            default -> throw new IllegalArgumentException("scheme must be asymmetric or symmetric, was '" + text + "'");
        };
    }

    /** {@code silu}, {@code leaky_relu(0.1)}: a name, in any case and with or without its separators, and parameters. */
    static Activation activation(String text) {
        String trimmed = text.strip();
        int bracket = trimmed.indexOf('(');
        String name = bracket < 0 ? trimmed : trimmed.substring(0, bracket);
        if (bracket >= 0 && !trimmed.endsWith(")")) {
            throw new IllegalArgumentException("parameters of an op must end with ')', was '" + text + "'");
        }
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind != ActivationKind.CUSTOM && plain(kind.label()).equals(plain(name))) {
                double[] parameters = bracket < 0
                        ? new double[0]
                        : Arrays.stream(trimmed.substring(bracket + 1, trimmed.length() - 1)
                                        .split(",", -1))
                                .mapToDouble(p -> number("parameter of " + kind.label(), p))
                                .toArray();
                if (bracket >= 0 && kind.defaults().length == 0) {
                    throw new IllegalArgumentException(kind.label() + " must have no parameters, was '" + text + "'");
                }
                return Activation.of(kind, parameters);
            }
        }
        throw new IllegalArgumentException("op must be one of " + opNames() + ", was '" + text + "'");
    }

    static String opNames() {
        return Arrays.stream(ActivationKind.values())
                .filter(kind -> kind != ActivationKind.CUSTOM)
                .map(ActivationKind::label)
                .collect(Collectors.joining(", "));
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** A float: decimal, Java hex float, or {@code bits:} and the eight hex digits of its IEEE 754 form. */
    static Float scale(String text) {
        String trimmed = text.strip();
        if (trimmed.startsWith("bits:")) {
            String digits = trimmed.substring("bits:".length());
            if (!digits.matches("[0-9a-fA-F]{8}")) {
                throw new IllegalArgumentException("scale bits must be eight hex digits, was '" + text + "'");
            }
            return Float.intBitsToFloat(Integer.parseUnsignedInt(digits, 16));
        }
        if (!trimmed.matches(".*[fFdD]")) {
            try {
                return Float.parseFloat(trimmed);
            } catch (NumberFormatException e) {
                // falls through to the sentence below
            }
        }
        throw new IllegalArgumentException(
                "scale must be a decimal, a hex float (0x1.0p-8) or bits:3b808081, was '" + text + "'");
    }

    /** {@code LO,HI}; an end may be {@code -inf} or {@code inf}. */
    static RealRange range(String text) {
        String[] ends = text.split(",", -1);
        if (ends.length != 2) {
            throw new IllegalArgumentException("range must be two numbers LO,HI, was '" + text + "'");
        }
        return RealRange.of(number("low end of the range", ends[0]), number("high end of the range", ends[1]));
    }

    static double number(String what, String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        return switch (trimmed) {
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Double.parseDouble(trimmed);
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(what + " must be a number, was '" + text + "'");
                }
            }
        };
    }

    static int integer(String what, String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + " must be a whole number within " + Integer.MIN_VALUE + ".."
                    + Integer.MAX_VALUE + ", was '" + text + "'");
        }
    }
}
