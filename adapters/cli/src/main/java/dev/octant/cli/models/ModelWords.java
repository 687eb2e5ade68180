// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.calibration.methods.MethodName;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.Target;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the words of these commands to the types of the library. */
final class ModelWords {
    private ModelWords() {}

    /** {@code per-channel} or {@code per-tensor}. */
    static final class Weights implements ITypeConverter<WeightScales> {
        @Override
        public WeightScales convert(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "per-tensor" -> WeightScales.PER_TENSOR;
                case "per-channel" -> WeightScales.PER_CHANNEL;
                default ->
                    throw new TypeConversionException("weights must be per-tensor or per-channel, was '" + text + "'");
            };
        }
    }

    /** A target by its name. */
    static final class Targets implements ITypeConverter<Target> {
        @Override
        public Target convert(String text) {
            try {
                return Target.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** A method by its name. */
    static final class Methods implements ITypeConverter<MethodName> {
        @Override
        public MethodName convert(String text) {
            try {
                return MethodName.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
