// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.CodeRange;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import dev.octant.core.TensorQuantizer;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.ReferenceFunction;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantizedActivationTest {
    private static final int PAIRS = 500;
    private static final QuantParams IN = QuantParams.of(QuantType.INT8, 0.05f, 3);
    private static final QuantParams OUT = QuantParams.of(QuantType.UINT8, 1 / 256f, 0);

    /** For all pairs of types, 500 random pairs of parameters each: all 256 codes, within the natural range. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void tablesAreTheOracles(ActivationKind kind) {
        ReferenceFunction reference = ReferenceFunction.of(kind.label());
        Activation activation = Activation.of(kind);
        Random random = new Random(kind.label().hashCode());
        for (QuantType inputType : QuantType.values()) {
            for (QuantType outputType : QuantType.values()) {
                for (int i = 0; i < PAIRS; i++) {
                    check(
                            activation,
                            reference,
                            Grids.random(inputType, random),
                            Grids.random(outputType, random),
                            RealRange.ALL);
                }
            }
        }
    }

    /** The same with declared ranges, whose ends are often the value of a code or next to one. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void tablesWithDeclaredRangesAreTheOracles(ActivationKind kind) {
        ReferenceFunction reference = ReferenceFunction.of(kind.label());
        Activation activation = Activation.of(kind);
        Random random = new Random(~kind.label().hashCode());
        int refused = 0;
        for (QuantType inputType : QuantType.values()) {
            for (QuantType outputType : QuantType.values()) {
                for (int i = 0; i < PAIRS; i++) {
                    QuantParams output = Grids.random(outputType, random);
                    RealRange declared = declared(activation.outputRange(), output, random);
                    refused += check(activation, reference, Grids.random(inputType, random), output, declared);
                }
            }
        }
        assertTrue(refused > 0 && refused < 9 * PAIRS / 2, "both must occur often, refused were " + refused);
    }

    /** Functions with parameters of their own, negative slopes and steep ones among them. */
    @Test
    void tablesOfFunctionsWithParametersAreTheOracles() {
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            double a = random.nextDouble() * 4 - 2;
            double alpha = random.nextDouble() * 3 + 0.01;
            double beta = random.nextDouble() * 2 - 1;
            double width = random.nextDouble() * 5 + 0.5;
            check(Activation.leakyRelu(a), ReferenceFunction.leakyRelu(a), random);
            check(Activation.prelu(a), ReferenceFunction.prelu(a), random);
            check(Activation.elu(alpha), ReferenceFunction.elu(alpha), random);
            check(Activation.elu(a), ReferenceFunction.elu(a), random);
            check(Activation.celu(alpha), ReferenceFunction.celu(alpha), random);
            check(Activation.selu(beta, alpha), ReferenceFunction.selu(beta, alpha), random);
            check(Activation.selu(a, -alpha), ReferenceFunction.selu(a, -alpha), random);
            check(Activation.swish(alpha), ReferenceFunction.swish(alpha), random);
            check(Activation.swish(-alpha), ReferenceFunction.swish(-alpha), random);
            check(Activation.thresholdedRelu(a), ReferenceFunction.thresholdedRelu(a), random);
            check(Activation.shrink(a, alpha), ReferenceFunction.shrink(a, alpha), random);
            check(Activation.hardshrink(alpha), ReferenceFunction.shrink(0, alpha), random);
            check(Activation.softshrink(alpha), ReferenceFunction.shrink(alpha, alpha), random);
            check(Activation.clip(a, a + width), ReferenceFunction.clip(a, a + width), random);
            check(Activation.hardsigmoid(alpha, beta), ReferenceFunction.hardsigmoid(alpha, beta), random);
            check(Activation.hardtanh(a, a + width), ReferenceFunction.hardtanh(a, a + width), random);
        }
        check(Activation.leakyRelu(0), ReferenceFunction.of("relu"), random);
    }

    private static void check(Activation activation, ReferenceFunction reference, Random random) {
        List<QuantType> types = List.of(QuantType.values());
        QuantParams input = Grids.random(types.get(random.nextInt(3)), random);
        QuantParams output = Grids.random(types.get(random.nextInt(3)), random);
        if (activation.outputRange().contains(0)) {
            check(activation, reference, input, output, RealRange.ALL);
        } else {
            check(activation, reference, input, output, activation.outputRange());
        }
    }

    /** Returns how many pairs were refused, 0 or 1: exactly those that the oracle refuses. */
    private static int check(
            Activation activation,
            ReferenceFunction reference,
            QuantParams input,
            QuantParams output,
            RealRange declared) {
        Supplier<String> where = () -> activation + ": " + input + " -> " + output + " within " + declared;
        Grid out = Grids.of(output);
        double low = Math.max(reference.low(), declared.min());
        double high = Math.min(reference.high(), declared.max());
        int[] expected;
        try {
            expected = Oracle.table(reference.function(), Grids.of(input), out, low, high);
        } catch (IllegalArgumentException noCode) {
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> QuantizedActivation.compile(activation, input, output, declared),
                    where);
            assertTrue(refusal.getMessage().startsWith("range must "), refusal::getMessage);
            return 1;
        }
        QuantizedActivation quantized = QuantizedActivation.compile(activation, input, output, declared);
        byte[] codes = quantized.table().codes(input.type());
        int[] actual = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            actual[i] = output.type().code(codes[i]);
        }
        assertArrayEquals(expected, actual, where);
        for (int i = 0; i < codes.length; i++) {
            assertEquals(actual[i], quantized.apply(input.type().firstStored() + i), where);
            assertTrue(quantized.outputRange().contains(output.dequantize(actual[i])), where);
            assertTrue(declared.contains(output.dequantize(actual[i])), where);
            assertTrue(
                    actual[i] >= output.type().low()
                            && actual[i] <= output.type().high(),
                    where);
            if (i > 0 && reference.increasing()) {
                assertTrue(actual[i] >= actual[i - 1], where);
            }
        }
        return 0;
    }

    /**
     * A range whose ends lie at values of output codes, next to them, or anywhere between; mostly within the natural
     * one. Some hold no code, and some do not meet the natural range: those must be refused.
     */
    private static RealRange declared(RealRange natural, QuantParams output, Random random) {
        CodeRange codes = random.nextInt(8) == 0
                ? new CodeRange(output.type().low(), output.type().high())
                : output.codesWithin(natural);
        double a = end(output, codes, random);
        double b = random.nextInt(8) == 0 ? a + output.scale() * random.nextDouble() : end(output, codes, random);
        return RealRange.of(Math.min(a, b), Math.max(a, b));
    }

    private static double end(QuantParams output, CodeRange codes, Random random) {
        int code = codes.low() + random.nextInt(codes.high() - codes.low() + 1);
        double value = output.dequantize(code);
        return switch (random.nextInt(4)) {
            case 0 -> value;
            case 1 -> Math.nextUp(value);
            case 2 -> Math.nextDown(value);
            default -> value + (random.nextDouble() - 0.5) * output.scale();
        };
    }

    @Test
    void functionsOfTheCallersOwnAreTabulated() {
        Random random = new Random(5);
        RealRange codomain = RealRange.of(-1, 1);
        Activation sine = Activation.of("sine", Math::sin, codomain);
        for (int i = 0; i < PAIRS; i++) {
            QuantParams input = QuantParams.of(QuantType.INT8, (float) (0.001 + random.nextDouble()), -7);
            QuantParams output = Grids.random(QuantType.UINT8, random);
            byte[] codes =
                    QuantizedActivation.compile(sine, input, output).table().codes(QuantType.INT8);
            int[] expected = Oracle.table(Math::sin, Grids.of(input), Grids.of(output), -1, 1);
            for (int c = 0; c < codes.length; c++) {
                assertEquals(expected[c], codes[c] & 0xFF);
            }
        }
    }

    @Test
    void functionsThatLieAboutTheirCodomainDoNotLeaveIt() {
        Activation liar = Activation.of("liar", x -> 10 * x, RealRange.of(-0.3, 0.2));
        QuantParams output = QuantParams.of(QuantType.INT8, 0.1f, 0);
        QuantizedActivation quantized = QuantizedActivation.compile(liar, IN, output);
        CodeRange inside = output.codesWithin(RealRange.of(-0.3, 0.2));
        for (int code = -128; code <= 127; code++) {
            assertTrue(inside.contains(quantized.apply(code)));
        }
        // 3 * 0.1f lies beyond 0.3, 2 * 0.1f beyond 0.2.
        assertEquals(new CodeRange(-2, 1), inside);
    }

    @Test
    void functionsThatGiveNanAreRefused() {
        Activation root = Activation.of("root", Math::sqrt, RealRange.of(0, Double.POSITIVE_INFINITY));
        String message = assertThrows(IllegalArgumentException.class, () -> QuantizedActivation.compile(root, IN, OUT))
                .getMessage();
        assertEquals("root must be a number for every input, was NaN at " + IN.dequantize(-128), message);
    }

    /** A grid so coarse that codes lie beyond the floats: the function's limit is taken there. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void gridsBeyondTheFloatsHaveTheLimits(ActivationKind kind) {
        QuantParams coarse = QuantParams.of(QuantType.INT8, Float.MAX_VALUE, 0);
        QuantParams output = QuantParams.of(QuantType.INT8, 0x1p-5f, 0);
        assertTrue(Float.isInfinite(coarse.dequantize(2)));
        check(Activation.of(kind), ReferenceFunction.of(kind.label()), coarse, output, RealRange.ALL);
    }

    @Test
    void identityRequantizes() {
        Random random = new Random(17);
        for (QuantType from : QuantType.values()) {
            for (QuantType to : QuantType.values()) {
                for (int i = 0; i < PAIRS; i++) {
                    QuantParams input = Grids.random(from, random);
                    QuantParams output = Grids.random(to, random);
                    QuantizedTensor all =
                            QuantizedTensor.of(input, Grids.of(input).storedCodes());
                    QuantizedTensor expected = TensorQuantizer.of(input).requantize(all, output);
                    QuantizedActivation identity = QuantizedActivation.compile(Activation.IDENTITY, input, output);
                    assertEquals(expected, identity.apply(all));
                }
            }
        }
    }

    @Test
    void partsAreKept() {
        QuantizedActivation sigmoid = QuantizedActivation.compile(Activation.SIGMOID, IN, OUT, RealRange.of(-3, 0.5));
        assertEquals(Activation.SIGMOID, sigmoid.activation());
        assertEquals(IN, sigmoid.input());
        assertEquals(OUT, sigmoid.output());
        assertEquals(RealRange.of(0, 0.5), sigmoid.outputRange());
        assertEquals(
                "sigmoid: int8(scale=0.05, zeroPoint=3) -> uint8(scale=0.00390625, zeroPoint=0) within [0.0, 0.5]",
                sigmoid.toString());
        assertEquals(
                RealRange.UNIT,
                QuantizedActivation.compile(Activation.SIGMOID, IN, OUT).outputRange());
    }

    @Test
    void rangesThatHoldNothingAreRefused() {
        String disjoint = assertThrows(
                        IllegalArgumentException.class,
                        () -> QuantizedActivation.compile(Activation.SIGMOID, IN, OUT, RealRange.of(2, 3)))
                .getMessage();
        assertEquals("range must overlap [2.0, 3.0], was [0.0, 1.0]", disjoint);
        RealRange narrow = RealRange.of(1.2 / 256, 1.8 / 256);
        String noCode = assertThrows(
                        IllegalArgumentException.class,
                        () -> QuantizedActivation.compile(Activation.SIGMOID, IN, OUT, narrow))
                .getMessage();
        assertEquals("range must hold the value of at least one code of " + OUT + ", was " + narrow, noCode);
    }

    @Test
    void tensorsOfForeignParametersAreRefused() {
        QuantizedActivation sigmoid = QuantizedActivation.compile(Activation.SIGMOID, IN, OUT);
        QuantizedTensor source = QuantizedTensor.of(IN, new byte[4]);
        QuantizedTensor destination = QuantizedTensor.of(OUT, new byte[4]);
        for (QuantParams foreign : List.of(
                QuantParams.of(QuantType.INT8_NARROW, 0.05f, 3),
                QuantParams.of(QuantType.INT8, Math.nextUp(0.05f), 3),
                QuantParams.of(QuantType.INT8, 0.05f, 4),
                OUT)) {
            QuantizedTensor other = QuantizedTensor.of(foreign, new byte[4]);
            String message = assertThrows(IllegalArgumentException.class, () -> sigmoid.apply(other))
                    .getMessage();
            assertEquals("tensor must have the parameters " + IN + ", had " + foreign, message);
            assertThrows(IllegalArgumentException.class, () -> sigmoid.apply(other, destination));
        }
        String backwards = assertThrows(IllegalArgumentException.class, () -> sigmoid.apply(source, source))
                .getMessage();
        assertEquals("tensor must have the parameters " + OUT + ", had " + IN, backwards);
        String length = assertThrows(
                        IllegalArgumentException.class,
                        () -> sigmoid.apply(source, QuantizedTensor.of(OUT, new byte[5])))
                .getMessage();
        assertEquals("destination must have the source's 4 codes, had 5", length);
        assertArrayEquals(new byte[4], destination.codes());
    }

    @Test
    void tensorsMayShareTheirArray() {
        QuantizedActivation sigmoid = QuantizedActivation.compile(Activation.SIGMOID, IN, OUT);
        byte[] codes = Grids.of(IN).storedCodes();
        QuantizedTensor expected = sigmoid.apply(QuantizedTensor.of(IN, codes.clone()));
        sigmoid.apply(QuantizedTensor.of(IN, codes), QuantizedTensor.of(OUT, codes));
        assertArrayEquals(expected.codes(), codes);
    }
}
