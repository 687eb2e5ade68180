package dev.octant.cli;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.calibration.CalibrationFormat;
import dev.octant.ops.Activation;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the words of the command line to the types of the libraries, which read them. */
final class TextConverters {
    private TextConverters() {}

    static void register(CommandLine line) {
        line.registerConverter(Path.class, converter(TextConverters::path));
        line.registerConverter(QuantType.class, converter(QuantType::parse));
        line.registerConverter(QuantScheme.class, converter(TextConverters::scheme));
        line.registerConverter(ParameterPolicy.class, converter(ParameterPolicy::parse));
        line.registerConverter(Profile.class, converter(Profile::parse));
        line.registerConverter(CalibrationFormat.class, converter(CalibrationFormat::parse));
        line.registerConverter(Activation.class, converter(Activation::parse));
        line.registerConverter(Float.class, converter(QuantParams::parseScale));
        line.registerConverter(RealRange.class, converter(RealRange::parse));
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

    /** A file or folder. What the JVM cannot read of an argument it replaces: that may be the name of another file. */
    static Path path(String text) {
        try {
            if (text.indexOf('\uFFFD') < 0) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // falls through to the sentence below
        }
        throw new IllegalArgumentException("path must have only characters of this locale ("
                + System.getProperty("sun.jnu.encoding") + "; set LC_ALL=C.UTF-8 for others), was '" + text + "'");
    }

    /** The two schemes that calibrate; fixed outputs belong to ops, not to users. */
    static QuantScheme scheme(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "asymmetric" -> QuantScheme.ASYMMETRIC;
            case "symmetric" -> QuantScheme.SYMMETRIC;
            default -> throw new IllegalArgumentException("scheme must be asymmetric or symmetric, was '" + text + "'");
        };
    }
}
