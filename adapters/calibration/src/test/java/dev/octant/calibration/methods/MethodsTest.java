// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MethodsTest {
    private static final ParameterRule RULE =
            new ParameterRule(QuantType.INT8, QuantScheme.ASYMMETRIC, ParameterPolicy.OCTANT);

    private static List<String> names(Activation op, String... words) {
        return MethodSet.parse(List.of(words)).methods(RULE, Optional.ofNullable(op)).stream()
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
    @EnumSource(MethodKind.class)
    void everyFormIsReadAsShown(MethodKind kind) {
        if (kind != MethodKind.FIXED) {
            assertEquals(1, names(Activation.SILU, kind.form()).size());
            assertEquals(names(Activation.SILU, kind.label()), names(Activation.SILU, kind.form()));
        }
    }

    @Test
    void groups() {
        List<String> all =
                List.of("minmax", "absmax", "percentile=99.99", "entropy", "mse", "saturation=3", "consumer");
        assertEquals(all, names(Activation.SILU, "all"));
        assertEquals(all, names(Activation.SILU, "best"));
        assertEquals(all.subList(0, 6), names(null, "all"));
        assertEquals(7, names(null, "engines").size());
        assertEquals(List.of("mse", "minmax"), names(null, "mse", "minmax", "mse "));
        assertEquals(8, names(Activation.SILU, "percentile=99", "all").size());
    }
}
