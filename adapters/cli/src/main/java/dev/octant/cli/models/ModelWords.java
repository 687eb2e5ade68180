// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.calibration.methods.MethodName;
import dev.octant.cli.models.DataOptions.ImageSize;
import dev.octant.cli.ranges.MethodWords;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.internal.text.Numbers;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.ImageSettings.Resize;
import dev.octant.onnx.values.Provider;
import dev.octant.onnx.values.Target;
import java.util.Locale;
import picocli.CommandLine;

/** From the words of these commands to the types of the library. */
public final class ModelWords {
    private ModelWords() {}

    /** Tells a command line with its commands what the words mean. */
    public static void register(CommandLine line) {
        line.registerConverter(WeightScales.class, TextConverters.converter(WeightScales::parse));
        line.registerConverter(Target.class, TextConverters.converter(Target::parse));
        line.registerConverter(TensorWord.class, TextConverters.converter(TensorWord::parse));
        line.registerConverter(Provider.class, TextConverters.converter(Provider::parse));
        line.registerConverter(ImageSize.class, TextConverters.converter(ModelWords::size));
        line.registerConverter(Resize.class, TextConverters.converter(Resize::parse));
        line.registerConverter(MethodName.class, TextConverters.converter(MethodWords.MODEL::name));
    }

    private static ImageSize size(String text) {
        String[] sides = text.strip().toLowerCase(Locale.ROOT).split("x", -1);
        if (sides.length != 2) {
            throw new IllegalArgumentException("size of images must be WxH, as 224x224, was '" + text + "'");
        }
        return new ImageSize(Numbers.whole("width of images", sides[0]), Numbers.whole("height of images", sides[1]));
    }
}
