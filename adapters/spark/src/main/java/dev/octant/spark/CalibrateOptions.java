// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.lang3.Validate;

/** The words of {@link Calibrate}. Immutable. */
final class CalibrateOptions {
    static final String HELP = """
            spark-submit --class dev.octant.spark.Calibrate octant-spark_2.13-all.jar INPUT... --summary URI LAYOUT
            Summaries of recorded activations by a cluster, with the bytes of octant calibrate --summary.

            INPUT                   URIs of Parquet tables, or with --files of tensor files, or of folders of them.
            --summary URI           Where the summary file goes, for octant ranges and octant merge.

            LAYOUT, one of
            --tensor C --values C   A long table: the name of a tensor, and a value or an array of values.
            --wide                  A wide table: each column of floats or doubles, or arrays of them, is a tensor.
            --files                 Files: .npy, .npz, .safetensors, .csv, .tsv, and .parquet as wide tables.

            --samples               Keep the extremes of samples, for the methods mean and median. With --tensor, the
                                    values of a row are a sample; with --files, a row of the first dimension.
            -o, --output FILE       Write a calibration table, on the machine of the driver.
            --method M              Of the table, as octant ranges takes it. Default: minmax.
            --op OP                 The op that reads the tensors. Default: none is known.
            --type T                int8, uint8 or int8_narrow. Default: int8.
            --scheme S              asymmetric or symmetric. Default: asymmetric.
            --policy P              octant, onnxruntime, pytorch, tflite, nvidia or aimet. Default: octant.
            --verbose               Leave Spark's log as it is.
            """.strip();

    private static final String TENSOR = "--tensor";
    private static final String VALUES = "--values";
    private static final String SUMMARY = "--summary";
    private static final String OUTPUT = "--output";
    private static final List<String> OF_TABLE = List.of("--method", "--op", "--type", "--scheme", "--policy");
    private static final Set<String> FLAGS = Set.of("--wide", "--files", "--samples", "--verbose", "--help");

    /** How values lie in the inputs. */
    enum Layout {
        LONG,
        WIDE,
        FILES
    }

    private final List<String> inputs = new ArrayList<>();
    private final Map<String, String> words = new HashMap<>();
    private final Set<String> flags = new TreeSet<>();

    private CalibrateOptions() {}

    /**
     * Reads the words.
     *
     * @throws IllegalArgumentException if one is unknown, missing, or given twice, or they do not go together
     */
    static CalibrateOptions parse(String... arguments) {
        CalibrateOptions options = new CalibrateOptions();
        for (int i = 0; i < arguments.length; i++) {
            String word = arguments[i].equals("-o") ? OUTPUT : arguments[i].equals("-h") ? "--help" : arguments[i];
            if (FLAGS.contains(word)) {
                options.flags.add(word);
            } else if (OF_TABLE.contains(word)
                    || Set.of(TENSOR, VALUES, SUMMARY, OUTPUT).contains(word)) {
                Validate.isTrue(i + 1 < arguments.length, "option %s must have a value, was the last word", word);
                Validate.isTrue(
                        options.words.put(word, arguments[++i]) == null,
                        "option %s must be given once, was again",
                        word);
            } else {
                Validate.isTrue(!word.startsWith("-"), "option must be one of those of --help, was '%s'", word);
                options.inputs.add(word);
            }
        }
        if (!options.isHelp()) {
            options.check();
        }
        return options;
    }

    private void check() {
        Validate.isTrue(!inputs.isEmpty(), "inputs must be at least one, was none");
        Validate.isTrue(words.containsKey(SUMMARY), "option --summary must be given, was missing");
        words.forEach((option, word) ->
                Validate.isTrue(!word.isBlank(), "option %s must have a value, was '%s'", option, word));
        inputs.forEach(input -> Validate.isTrue(!input.isBlank(), "input must be a path or URI, was '%s'", input));
        Validate.isTrue(
                words.containsKey(TENSOR) == words.containsKey(VALUES),
                "options --tensor and --values must be given together, was one of them");
        long layouts = (words.containsKey(TENSOR) ? 1 : 0)
                + flags.stream().filter(Set.of("--wide", "--files")::contains).count();
        Validate.isTrue(
                layouts == 1,
                "layout must be one of --tensor with --values, --wide and --files, was %s",
                layouts == 0 ? "none" : "more than one");
        Validate.isTrue(
                !samples() || layout() != Layout.WIDE,
                "option --samples must come with --tensor or --files, was without");
        for (String word : OF_TABLE) {
            Validate.isTrue(
                    !words.containsKey(word) || words.containsKey(OUTPUT),
                    "option %s must come with -o, was without",
                    word);
        }
    }

    boolean isHelp() {
        return flags.contains("--help");
    }

    boolean isVerbose() {
        return flags.contains("--verbose");
    }

    List<String> inputs() {
        return inputs;
    }

    Layout layout() {
        return words.containsKey(TENSOR) ? Layout.LONG : flags.contains("--wide") ? Layout.WIDE : Layout.FILES;
    }

    String tensorColumn() {
        return words.get(TENSOR);
    }

    String valuesColumn() {
        return words.get(VALUES);
    }

    boolean samples() {
        return flags.contains("--samples");
    }

    String summary() {
        return words.get(SUMMARY);
    }

    /** Where the table goes, where one is asked for. */
    Optional<Path> table() {
        return Optional.ofNullable(words.get(OUTPUT)).map(Path::of);
    }

    /** How the table's ranges are chosen, where one is asked for; refuses what can be known to fail. */
    Optional<Calibration> calibration() {
        if (!words.containsKey(OUTPUT)) {
            return Optional.empty();
        }
        ParameterRule rule = new ParameterRule(
                QuantType.parse(words.getOrDefault("--type", QuantType.INT8.label())),
                QuantScheme.parse(words.getOrDefault("--scheme", QuantScheme.ASYMMETRIC.label())),
                ParameterPolicy.parse(words.getOrDefault("--policy", ParameterPolicy.OCTANT.label())));
        OpChoice ops = words.containsKey("--op") ? OpChoice.of(Activation.parse(words.get("--op"))) : OpChoice.NONE;
        Calibration calibration = Calibration.parse(words.getOrDefault("--method", "minmax"), rule, ops);
        calibration.requireSuits(List.of("any tensor"));
        Validate.isTrue(
                !calibration.isOrdered(),
                "method must not depend on the order of the data, was %s",
                words.get("--method"));
        Validate.isTrue(
                !calibration.isOfSamples() || layout() == Layout.FILES || samples(),
                "method must be one of a histogram without --samples, was %s",
                words.get("--method"));
        return Optional.of(calibration);
    }
}
