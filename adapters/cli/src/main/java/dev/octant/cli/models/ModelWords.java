// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.calibration.methods.MethodName;
import dev.octant.cli.words.TextConverters;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.Target;
import java.util.Locale;
import picocli.CommandLine;

/** From the words of these commands to the types of the library. */
public final class ModelWords {
    private ModelWords() {}

    /** Tells a command line with its commands what the words mean. */
    public static void register(CommandLine line) {
        line.registerConverter(WeightScales.class, TextConverters.converter(ModelWords::weights));
        line.registerConverter(Target.class, TextConverters.converter(Target::parse));
        line.registerConverter(TensorWord.class, TextConverters.converter(TensorWord::parse));
        line.registerConverter(MethodName.class, TextConverters.converter(MethodName::parse));
    }

    private static WeightScales weights(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "per-tensor" -> WeightScales.PER_TENSOR;
            case "per-channel" -> WeightScales.PER_CHANNEL;
            default ->
                throw new IllegalArgumentException("weights must be per-tensor or per-channel, was '" + text + "'");
        };
    }
}
