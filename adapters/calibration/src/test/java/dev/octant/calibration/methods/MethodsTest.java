package dev.octant.calibration.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.cli.Arrays;
import dev.octant.cli.Shell;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodsTest {
    private static final ParameterRule RULE =
            new ParameterRule(QuantType.INT8, QuantScheme.ASYMMETRIC, ParameterPolicy.OCTANT);

    private static List<String> names(Activation op, String... words) {
        return Methods.parse(List.of(words), RULE, op).stream()
                .map(Method::toString)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "percentile; percentile=99.99",
                "percentile=99.9; percentile=99.9",
                "entropy; entropy",
                "entropy=128; entropy=128",
                "saturation; saturation=3",
                "saturation=2.5; saturation=2.5",
                "fixed=-6,6; fixed=-6,6",
                "fixed=-1e30,0.5; fixed=-1E+30,0.5",
                "moving-average; moving-average=0.01",
                "moving-average=0.5; moving-average=0.5",
                "ort-entropy=2048; ort-entropy=2048",
                "nvidia-mse; nvidia-mse",
                "consumer; consumer",
                "median; median",
            })
    void aWordIsReadAndItsNameIsAWord(String word, String name) {
        assertEquals(List.of(name), names(Activation.SILU, word));
        assertEquals(List.of(name), names(Activation.SILU, name));
    }

    @ParameterizedTest
    @EnumSource(MethodWord.class)
    void everyFormStandsInTheHelpAndIsReadAsShown(MethodWord word) {
        if (word != MethodWord.FIXED) {
            assertEquals(1, names(Activation.SILU, word.form()).size());
            assertEquals(names(Activation.SILU, word.label()), names(Activation.SILU, word.form()));
        }
        for (String command : List.of("evaluate", "calibrate")) {
            String help = Shell.run(command, "--help").out();
            assertTrue(help.contains("  " + word.form() + " "), help);
            assertTrue(help.contains(word.description()), help);
        }
    }

    @Test
    void groups() {
        List<String> all =
                List.of("minmax", "absmax", "percentile=99.99", "entropy", "mse", "saturation=3", "consumer");
        assertEquals(all, names(Activation.SILU, "all"));
        assertEquals(all, names(Activation.SILU, "best"));
        assertEquals(all.subList(0, 6), names(Activation.IDENTITY, "all"));
        assertEquals(7, names(Activation.IDENTITY, "engines").size());
        assertEquals(List.of("mse", "minmax"), names(Activation.IDENTITY, "mse", "minmax", "mse "));
        assertEquals(8, names(Activation.SILU, "percentile=99", "all").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "fixed=-6,6,minmax", "minmax,fixed=6,7", "mean , median"})
    void commasBetweenMethodsAndInsideThem(String words, @TempDir Path folder) throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), -1, 2, 3);
        Shell shell = Shell.run("evaluate", file, "--method", words);
        assertEquals(0, shell.code(), shell::toString);
        for (String word : words.split(",(?=[^0-9])|all", -1)) {
            assertTrue(shell.out().contains(" " + word.strip()), shell::toString);
        }
    }

    @Test
    void completionKnowsTheMethods() {
        String script = Shell.run("generate-completion").out();
        assertTrue(script.contains("\"percentile=99.99\""), script);
        assertFalse(script.contains("MethodWord"));
    }
}
