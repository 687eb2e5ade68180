// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.observers.ValueCounts;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationFileTest {
    /** As the first version wrote it. */
    private static final String FIRST =
            TableText.OCTANT.replace("  \"tensors\"", "  \"scheme\" : \"asymmetric\",\n  \"tensors\"");

    /** What has been added since. */
    private static final String GOOD = FIRST.replace(
                    "\"asymmetric\",\n", "\"asymmetric\",\n  \"policy\" : \"onnxruntime\",\n")
            .replace("f00a08\"\n    }\n  } ]\n", """
                    f00a08"
                        },
                        "consumer" : {
                          "op" : "leaky_relu(0.25)",
                          "min" : {
                            "value" : -0.5,
                            "bits" : "bfe0000000000000"
                          },
                          "max" : {
                            "value" : 2.5,
                            "bits" : "4004000000000000"
                          },
                          "type" : "uint8",
                          "scale" : {
                            "value" : 0.015625,
                            "bits" : "3c800000"
                          },
                          "zeroPoint" : 7
                        }
                      } ]
                    """);

    private static final CalibrationTable.Entry PLAIN = new CalibrationTable.Entry(
            RealRange.of(0, 1),
            QuantParams.of(QuantType.INT8, 1 / 255f, -128),
            "minmax",
            new ValueCounts(6, 1, 2, 0, 0, 0f, 1f),
            Optional.of("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));

    private static final CalibrationFile TABLE = new CalibrationFile(
            "octant 0.1.0",
            Optional.of(QuantScheme.ASYMMETRIC),
            Optional.of(ParameterPolicy.ONNX_RUNTIME),
            CalibrationTable.of(Map.of(
                    "act",
                    new CalibrationTable.Entry(
                            PLAIN.range(),
                            PLAIN.params(),
                            PLAIN.method(),
                            PLAIN.values(),
                            PLAIN.digest(),
                            Optional.of(new CalibrationTable.Consumer(
                                    Activation.leakyRelu(0.25),
                                    RealRange.of(-0.5, 2.5),
                                    QuantParams.of(QuantType.UINT8, 0x1p-6f, 7)))))));

    @TempDir
    Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("table.json"), json);
    }

    @Test
    void theLayoutIsFixed() throws IOException {
        Path file = folder.resolve("written.json");
        TABLE.write(file);
        assertEquals(GOOD, Files.readString(file).replace("\r\n", "\n"));
        assertEquals(TABLE, CalibrationFile.read(file(GOOD)));
    }

    @Test
    void filesOfTheFirstVersionAreRead() throws IOException {
        CalibrationFile read = CalibrationFile.read(file(FIRST));
        CalibrationFile expected = new CalibrationFile(
                "octant 0.1.0", Optional.of(QuantScheme.ASYMMETRIC), CalibrationTable.of(Map.of("act", PLAIN)));
        assertEquals(expected, read);
        assertEquals(Optional.empty(), read.policy());
        // And nothing is added by reading and writing.
        Path again = folder.resolve("again.json");
        read.write(again);
        assertEquals(FIRST, Files.readString(again).replace("\r\n", "\n"));
    }

    @Test
    void schemeMayBeUnknownAndTensorsNone() throws IOException {
        CalibrationFile read = CalibrationFile.read(file("{\"tensors\":[],\"tool\":\"x\",\"schema\":1}"));
        assertEquals(Optional.empty(), read.scheme());
        assertEquals(Map.of(), read.table().entries());
    }

    @Test
    void whatIsNotKnownIsLeftOut() throws IOException {
        CalibrationTable.Entry known = TABLE.table().entry("act");
        CalibrationTable.Entry noDigest =
                new CalibrationTable.Entry(known.range(), known.params(), known.method(), known.values());
        CalibrationTable.Entry noData =
                new CalibrationTable.Entry(known.range(), known.params(), known.method(), ValueCounts.NONE);
        for (CalibrationTable.Entry entry : List.of(noDigest, noData)) {
            Path file = folder.resolve("written.json");
            CalibrationFile table =
                    new CalibrationFile("tool", Optional.empty(), CalibrationTable.of(Map.of("act", entry)));
            table.write(file);
            assertEquals(table, CalibrationFile.read(file));
            assertEquals(entry.equals(noData), !Files.readString(file).contains("observed"));
            assertEquals(-1, Files.readString(file).indexOf("digest"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "\"schema\" : 1; \"schema\" : 2; , $.schema must be 1, was 2",
                "\"schema\" : 1; \"schema\" : \"1\"; , $.schema must be a whole number from -2^63 to 2^63 - 1, "
                        + "in digits only, was \"1\"",
                "\"schema\" : 1,; ~~; , $ must have the field schema, was without it",
                "\"tool\" : \"octant 0.1.0\",; ~~; , $ must have the field tool, was without it",
                "\"octant 0.1.0\"; \" \"; , $: tool must not be blank, was ' '",
                "\"octant 0.1.0\"; null; , $.tool must be a string, was null",
                "\"asymmetric\"; \"ASYMMETRIC\"; , $.scheme must be asymmetric, symmetric or fixed, was \"ASYMMETRIC\"",
                "\"scheme\"; \"sceme\"; , $ must have the fields schema, tool, scheme, policy, tensors only, was "
                        + "with sceme",
                "\"act\"; \" \"; , $: tensor name must not be blank, was ' '",
                "\"act\"; 5; , $.tensors[0].name must be a string, was 5",
                "\"method\" : \"minmax\",; ~~; , $.tensors[0] must have the field method, was without it",
                "\"minmax\"; \"\"; , $.tensors[0]: method must not be blank, was ''",
                "\"int8\"; \"int4\"; , $.tensors[0].type must be int8, uint8 or int8_narrow, was \"int4\"",
                "0.003921569; 0.003921568; , $.tensors[0].scale.value must be 0.003921569, the number of its "
                        + "bits, was 0.003921568",
                "0.003921569; \"0.003921569\"; , $.tensors[0].scale.value must be 0.003921569, the number of its "
                        + "bits, was \"0.003921569\"",
                "0.003921569; 1e999; , $.tensors[0].scale.value must be 0.003921569, the number of its bits, was",
                "3b808081; 3B808081; , $.tensors[0].scale.bits must be 8 hexadecimal digits in lower case, was "
                        + "\"3B808081\"",
                "3b808081; 3b80808; , $.tensors[0].scale.bits must be 8 hexadecimal digits",
                "3b808081; +b808081; , $.tensors[0].scale.bits must be 8 hexadecimal digits",
                "3b808081; 7f800000; , $.tensors[0].scale.bits must be the bits of a finite number, was \"7f800000\"",
                "3b808081; 3b808080; , $.tensors[0].scale.value must be 0.0039215684, the number of its bits, "
                        + "was 0.003921569",
                "\"value\" : 0.003921569,; ~~; , $.tensors[0].scale must have the field value, was without it",
                "3ff0000000000000; 3ff0000000000001; , $.tensors[0].max.value must be 1.0000000000000002, the "
                        + "number of its bits, was 1.0",
                "3ff0000000000000; 7ff8000000000000; , $.tensors[0].max.bits must be the bits of a finite number",
                "-128; 128; , $.tensors[0]: zero point must be within -128..127 of int8, was 128",
                "-128; -128.5; , $.tensors[0].zeroPoint must be a whole number from -2^31 to 2^31 - 1, in digits "
                        + "only, was -128.5",
                "-128; 4294967168; , $.tensors[0].zeroPoint must be a whole number from -2^31 to 2^31 - 1, in "
                        + "digits only, was 4294967168",
                "\"values\" : 6; \"values\" : 2; , $.tensors[0].observed: count must be at least",
                "\"values\" : 6; \"values\" : 6.0; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was 6.0",
                "\"values\" : 6; \"values\" : 6e0; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was 6",
                "\"values\" : 6; \"values\" : 1e3; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was 1E+3",
                "\"values\" : 6; \"values\" : 1e-3; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was 0.001",
                "\"values\" : 6; \"values\" : \"6\"; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was \"6\"",
                "\"values\" : 6; \"values\" : null; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was null",
                "\"values\" : 6; \"values\" : true; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was true",
                "\"values\" : 6; \"values\" : [6]; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was an array of 1",
                "\"values\" : 6; \"values\" : {}; , $.tensors[0].observed.values must be a whole number from "
                        + "-2^63 to 2^63 - 1, in digits only, was {}",
                "\"values\" : 6; \"values\" : -9223372036854775809; , $.tensors[0].observed.values must be a "
                        + "whole number from -2^63 to 2^63 - 1, in digits only, was -9223372036854775809",
                "-128; -128.0; , $.tensors[0].zeroPoint must be a whole number from -2^31 to 2^31 - 1, in digits "
                        + "only, was -128.0",
                "-128; -1.28e2; , $.tensors[0].zeroPoint must be a whole number from -2^31 to 2^31 - 1, in "
                        + "digits only, was -128",
                "-128; null; , $.tensors[0].zeroPoint must be a whole number from -2^31 to 2^31 - 1, in digits "
                        + "only, was null",
                "-128; \"-128\"; , $.tensors[0].zeroPoint must be a whole number from -2^31 to 2^31 - 1, in "
                        + "digits only, was \"-128\"",
                "\"values\" : 6; \"values\" : 9223372036854775808; , $.tensors[0].observed.values must be a "
                        + "whole number from -2^63 to 2^63 - 1, in digits only",
                "\"nan\" : 2; \"nan\" : -2; , $.tensors[0].observed: counts must not be negative",
                "\"nan\" : 2,; ~~; , $.tensors[0].observed must have the field nan, was without it",
                "\"nan\" : 2; \"nan\" : 2, \"inf\" : 0; , $.tensors[0].observed must have the fields",
                "\"nan\" : 2; \"nan\" : 2, \"nan\" : 2; : calibration table must be JSON with each name of an "
                        + "object once, was broken at line",
                "\"onnxruntime\"; \"ort\"; , $.policy must be one of octant, onnxruntime, pytorch, tflite, "
                        + "nvidia, aimet, was \"ort\"",
                "\"onnxruntime\"; null; , $.policy must be a string, was null",
                "\"leaky_relu(0.25)\"; \" \"; , $.tensors[0].consumer: op must be one of sigmoid, silu",
                "\"op\" : \"leaky_relu(0.25)\",; ~~; , $.tensors[0].consumer must have the field op, was without it",
                "\"uint8\"; \"uint4\"; , $.tensors[0].consumer.type must be int8, uint8 or int8_narrow, was \"uint4\"",
                "3c800000; 3c800001; , $.tensors[0].consumer.scale.value must be 0.015625002, the number of its bits",
                "4004000000000000; c004000000000000; , $.tensors[0].consumer.max.value must be -2.5, the number "
                        + "of its bits",
                "\"zeroPoint\" : 7; \"zeroPoint\" : 256; , $.tensors[0].consumer: zero point must be within "
                        + "0..255 of uint8, was 256",
                "\"zeroPoint\" : 7; \"zeroPoint\" : 7, \"profile\" : 1; , $.tensors[0].consumer must have the "
                        + "fields op, min, max,",
                "\"consumer\" : {; \"consumer\" : [{}], \"x\" : {; , $.tensors[0] must have the fields",
                "} ]; }, 7 ]; , $.tensors[1] must be an object, was 7",
                "\"tensors\" : [; \"tensors\" : [ [],; , $.tensors[0] must be an object, was []",
                "} ]; }; : calibration table must be JSON with each name of an object once, was broken at line",
            })
    void refusals(String part, String other, String reason) throws IOException {
        int at = GOOD.indexOf(part);
        assertTrue(at >= 0, part);
        Path file = file(GOOD.substring(0, at) + other + GOOD.substring(at + part.length()));
        assertRefused(file, reason);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        String tensor = GOOD.substring(GOOD.indexOf('[') + 1, GOOD.lastIndexOf(']'));
        assertRefused(
                file(GOOD.replace(tensor, tensor + "," + tensor)),
                ", $.tensors[1].name must be a name that no tensor before has, was \"act\"");
        assertRefused(file(""), " must be ");
        assertRefused(file("[]"), ", $ must be an object, was []");
        assertRefused(file("null"), ", $ must be an object, was null");
        assertRefused(
                file(GOOD + "{}"),
                ": calibration table must be JSON with each name of an object once, was broken at line");
        assertRefused(
                file("[".repeat(100_000)),
                ": calibration table must have at most " + JsonText.MAX_TOKENS + " tokens, 500 levels");
        assertRefused(file("{\"schema\":1" + "0".repeat(100_000) + "}"), "characters and numbers of 1000, was");
        assertRefused(folder, ": input must be a file, was a folder");
        assertRefused(folder.resolve("lost"), ": input must exist, was missing");
    }

    @Test
    void infiniteRangesCannotBeWritten() {
        CalibrationTable.Entry entry = TABLE.table().entry("act");
        CalibrationFile infinite = new CalibrationFile(
                "octant",
                Optional.empty(),
                CalibrationTable.of(Map.of(
                        "act",
                        new CalibrationTable.Entry(RealRange.ALL, entry.params(), entry.method(), entry.values()))));
        assertThrows(IllegalArgumentException.class, () -> infinite.write(folder.resolve("x.json")));
    }

    @Test
    void infiniteOutputRangesCannotBeWritten() {
        CalibrationTable.Entry entry = new CalibrationTable.Entry(
                PLAIN.range(),
                PLAIN.params(),
                PLAIN.method(),
                PLAIN.values(),
                PLAIN.digest(),
                Optional.of(new CalibrationTable.Consumer(
                        Activation.RELU, RealRange.of(0, Double.POSITIVE_INFINITY), PLAIN.params())));
        CalibrationFile infinite =
                new CalibrationFile("octant", Optional.empty(), CalibrationTable.of(Map.of("act", entry)));
        assertEquals(
                "act: output range must be finite to be written, was [0.0, Infinity]",
                assertThrows(IllegalArgumentException.class, () -> infinite.write(folder.resolve("x.json")))
                        .getMessage());
    }

    private static void assertRefused(Path file, String reason) {
        FormatException refused = assertThrows(FormatException.class, () -> CalibrationFile.read(file), reason);
        String message = refused.getMessage();
        assertTrue(message.startsWith(file.toString()) && message.contains(reason), message);
        assertTrue(message.contains(" must ") && message.contains(", was "), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    }
}
