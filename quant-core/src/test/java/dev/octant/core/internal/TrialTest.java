// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.choice.Trial;
import dev.octant.core.internal.errors.ErrorKernel;
import dev.octant.core.internal.errors.ErrorSums;
import dev.octant.core.internal.product.TileKernel;
import dev.octant.core.internal.softmax.LargestKernel;
import dev.octant.core.internal.softmax.WeightKernel;
import dev.octant.core.internal.softmax.WeightTable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What trials show of a kernel: which blocks they give it, what is in those, and that a wrong kernel is noticed. */
class TrialTest {
    private static final String LONG = "4109";
    private static final String ROWS = "16*45";

    /** Sums of pairs go through in blocks, each pair of operands, with a long and a short tail. */
    private static final String PAIRS = "16*256 13 63 7";

    /** Lengths of the blocks of a run, and of what is called without being timed, by the name of the choice. */
    private static final Map<String, List<String>> BLOCKS = Map.ofEntries(
            Map.entry("table", List.of(LONG, "64 5")),
            Map.entry("min-max", List.of(LONG, "")),
            Map.entry("histogram", List.of("4093", "")),
            Map.entry("quantize", List.of(LONG + " " + ROWS, "64 20")),
            Map.entry("quantize by reciprocal", List.of(LONG + " " + ROWS, "64 20")),
            Map.entry("quantize channels last", List.of(LONG + " " + ROWS, "64")),
            Map.entry("dequantize", List.of("2*" + LONG + " " + ROWS, "64")),
            Map.entry("dequantize channels last", List.of("2*" + LONG + " " + ROWS, "64")),
            Map.entry("requantize int32", List.of(LONG, "64")),
            Map.entry("fake quantize mask", List.of(LONG, "64 20")),
            Map.entry("fake quantize mask by reciprocal", List.of(LONG, "64 20")),
            Map.entry("fake quantize mask, half away", List.of(LONG, "64 20")),
            Map.entry("float16 to float", List.of(LONG, "64")),
            Map.entry("float to float16", List.of(LONG, "64")),
            Map.entry("bfloat16 to float", List.of(LONG, "64")),
            Map.entry("float to bfloat16", List.of(LONG, "64")),
            Map.entry("gate", List.of(PAIRS + " " + PAIRS, "")),
            Map.entry("add", List.of(PAIRS + " " + PAIRS, "")),
            Map.entry("add, fused", List.of(PAIRS, "")),
            Map.entry("add, fixed point", List.of(PAIRS, "")),
            Map.entry("multiply", List.of(PAIRS + " " + PAIRS, "")),
            Map.entry("add and multiply, rounded twice", List.of(PAIRS, "")),
            Map.entry("largest", List.of("2*" + LONG + " 4096 100 9", "")),
            Map.entry("weights", List.of("8269 1024 9", "")),
            Map.entry("errors", List.of("4101", "")),
            Map.entry("fake quantize", List.of("2*" + LONG, "20")),
            Map.entry("fake quantize gradient", List.of("2*" + LONG, "20")),
            Map.entry("step gradient", List.of(LONG, "60 20")),
            Map.entry("step gradient, parts", List.of("2*" + LONG, "20")),
            Map.entry("fake quantize channels last", List.of("4*" + LONG, "4*64 20")),
            Map.entry("matrix tile", List.of("256", "3")),
            Map.entry("sums by column", List.of(LONG, "64")));

    static List<? extends Arguments> choices() {
        return Kernels.all().stream()
                .map(choice -> argumentSet(choice.name(), choice))
                .toList();
    }

    /** One call of a kernel. */
    private static final class Call {
        private final Method method;
        private final Object[] args;
        private Object result;

        Call(Method method, Object... args) {
            this.method = method;
            this.args = args;
        }

        int length() {
            return (int) args[at()];
        }

        /** Which argument is the length. */
        int at() {
            return switch (method.getDeclaringClass().getSimpleName()) {
                case "EndsKernel", "BinKernel", "LargestKernel" -> 2;
                case "WeightKernel" -> 3;
                case "TableKernel" -> 5;
                case "PassKernel", "StepKernel", "LocalKernel" -> 6;
                case "RowKernel" -> method.getName().equals("fake") ? 4 : 6;
                case "PairKernel" -> 7;
                default -> 4; // after two arrays with their offsets, or three with one
            };
        }
    }

    /** What a kernel is replaced by. */
    @FunctionalInterface
    private interface Instead {
        Object call(Call call, Object scalar) throws ReflectiveOperationException;
    }

    @SuppressWarnings("unchecked")
    private static <K> K instead(KernelChoice<K> choice, Instead instead) {
        K scalar = choice.scalar();
        Class<?> type = scalar.getClass();
        return (K) Proxy.newProxyInstance(
                type.getClassLoader(),
                type.getInterfaces(),
                (proxy, method, args) -> instead.call(new Call(method, args), scalar));
    }

    private static Object invoke(Call call, Object scalar) throws ReflectiveOperationException {
        try {
            call.result = call.method.invoke(scalar, call.args);
            return call.result;
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static <K> List<Call> callsOf(KernelChoice<K> choice, Trial<K> trial, boolean odd) {
        List<Call> calls = new ArrayList<>();
        K kernel = instead(choice, (call, scalar) -> {
            calls.add(call);
            return invoke(call, scalar);
        });
        if (odd) {
            trial.runOdd(kernel);
        } else {
            trial.run(kernel);
        }
        return calls;
    }

    private static List<Integer> lengths(String blocks) {
        List<Integer> lengths = new ArrayList<>();
        for (String block : blocks.isEmpty() ? new String[0] : blocks.split(" ", -1)) {
            int star = block.indexOf('*');
            int times = star < 0 ? 1 : Integer.parseInt(block.substring(0, star));
            lengths.addAll(Collections.nCopies(times, Integer.valueOf(block.substring(star + 1))));
        }
        return lengths;
    }

    /** Long blocks and tails that no vector divides, short rows, short blocks: what is compiled must have met them. */
    @ParameterizedTest
    @MethodSource("choices")
    <K> void everyTrialGivesItsBlocks(KernelChoice<K> choice) {
        List<String> blocks = BLOCKS.get(choice.name());
        assertNotNull(blocks, "a trial whose blocks are not listed: " + choice.name());
        Trial<K> trial = choice.trial();
        assertEquals(
                lengths(blocks.get(0)),
                callsOf(choice, trial, false).stream().map(Call::length).toList());
        assertEquals(
                lengths(blocks.get(1)),
                callsOf(choice, trial, true).stream().map(Call::length).toList());
    }

    @ParameterizedTest
    @MethodSource("choices")
    <K> void theSameEveryTime(KernelChoice<K> choice) {
        Object expected = output(choice, choice.scalar());
        assertNotNull(expected);
        assertTrue(Objects.deepEquals(expected, output(choice, choice.scalar())));
        Trial<K> trial = choice.trial();
        trial.run(choice.scalar());
        trial.run(choice.scalar());
        assertTrue(Objects.deepEquals(expected, trial.output()), "a second run adds nothing to the first");
    }

    private static <K> Object output(KernelChoice<K> choice, K kernel) {
        Trial<K> trial = choice.trial();
        trial.run(kernel);
        return trial.output();
    }

    /** A kernel that leaves out the second half of every block. */
    @ParameterizedTest
    @MethodSource("choices")
    <K> void missingElementsAreNoticed(KernelChoice<K> choice) {
        K shorter = instead(choice, (call, scalar) -> {
            Object[] args = call.args.clone();
            args[call.at()] = call.length() / 2;
            return invoke(new Call(call.method, args), scalar);
        });
        assertFalse(Objects.deepEquals(output(choice, choice.scalar()), output(choice, shorter)));
    }

    /** A kernel that does nothing, or says 0. */
    @ParameterizedTest
    @MethodSource("choices")
    <K> void aKernelThatDoesNothingIsNoticed(KernelChoice<K> choice) {
        K idle = instead(
                choice,
                (call, scalar) -> call.method.getReturnType() == int.class
                        ? (Object) 0
                        : call.method.getReturnType() == long.class ? (Object) 0L : null);
        Trial<K> trial = choice.trial();
        Object expected = output(choice, choice.scalar());
        trial.run(idle);
        assertFalse(Objects.deepEquals(expected, trial.output()));
    }

    /** No block is constant, or wrong code would go unseen. */
    @ParameterizedTest
    @MethodSource("choices")
    <K> void inputsAreVaried(KernelChoice<K> choice) {
        for (Object arg : callsOf(choice, choice.trial(), false).get(0).args) {
            if (arg instanceof float[] room && room.length == TileKernel.ROWS * TileKernel.COLUMNS) {
                // Room of a matrix tile, of no meaning.
                continue;
            }
            if (arg instanceof float[] floats) {
                assertTrue(distinct(IntStream.range(0, floats.length).mapToObj(i -> floats[i])) > 30);
            } else if (arg instanceof short[] codes) {
                // Written or read.
                assertTrue(distinct(IntStream.range(0, codes.length).mapToObj(i -> codes[i])) > 1000);
            } else if (arg instanceof int[] sums && !choice.name().equals("matrix tile")) {
                assertTrue(distinct(Arrays.stream(sums).boxed()) > 3000);
                assertTrue(Arrays.stream(sums).allMatch(sum -> Math.abs(sum) <= 1 << 20));
            }
        }
    }

    private static long distinct(Stream<?> values) {
        return values.distinct().count();
    }

    @Test
    void everyThirtySeventhValueIsAZeroOfMinMaxAndHistogram() {
        for (KernelChoice<?> choice : List.of(Kernels.ENDS, Kernels.BINS)) {
            float[] src = (float[]) firstOf(choice).args[0];
            for (int i = 0; i < src.length; i++) {
                assertEquals(i % 37 == 0, src[i] == 0, "at " + i);
            }
        }
    }

    private static <K> Call firstOf(KernelChoice<K> choice) {
        return callsOf(choice, choice.trial(), false).get(0);
    }

    @Test
    void codesToWidenAreFinite() {
        for (KernelChoice<?> choice : List.of(Kernels.FLOAT16_WIDEN, Kernels.BFLOAT16_WIDEN)) {
            for (short code : (short[]) firstOf(choice).args[0]) {
                assertEquals(0, code & 0x4000);
            }
        }
    }

    /** At the front, in the odd tail and in between, where it is read without a sign. */
    @Test
    void theLargestCodeStandsWhereAKernelMayMissIt() {
        Trial<LargestKernel> trial = Kernels.LARGEST.trial();
        List<Call> calls = callsOf(Kernels.LARGEST, trial, false);
        int[] output = (int[]) trial.output();
        assertEquals(101, output[0]);
        assertEquals(127, output[1]);
        assertEquals(100, output[2]);
        for (int i = 0; i < output.length; i++) {
            assertEquals(calls.get(i).result, output[i]);
        }
        byte[] src = (byte[]) calls.get(0).args[0];
        assertTrue(distinct(IntStream.range(0, src.length).mapToObj(i -> src[i])) > 100);
    }

    @Test
    void weightsAreOfAllSizesAndTheLargestInARow() {
        Trial<WeightKernel> trial = Kernels.WEIGHTS.trial();
        List<Call> calls = callsOf(Kernels.WEIGHTS, trial, false);
        assertEquals(calls.stream().mapToLong(call -> (long) call.result).sum(), trial.output());
        WeightTable table = (WeightTable) calls.get(0).args[0];
        IntStream sizes =
                IntStream.range(0, 256).map(distance -> 32 - Integer.numberOfLeadingZeros(table.weight(distance)));
        assertEquals(32, distinct(sizes.boxed()));
        byte[] src = (byte[]) calls.get(0).args[1];
        for (int i = 0; i < Trial.SIZE; i++) {
            assertEquals(100 - i % 4, src[i]);
        }
        byte[] inNoOrder = Trial.bytes(src.length);
        for (int i = Trial.SIZE; i < src.length; i++) {
            assertEquals(inNoOrder[i], src[i]);
        }
    }

    /** Some values are clipped and some are not, and none is far from its approximation. */
    @Test
    void errorsAreThoseOfRounding() {
        Trial<ErrorKernel> trial = Kernels.ERRORS.trial();
        Object[] args = callsOf(Kernels.ERRORS, trial, false).get(0).args;
        float[] values = (float[]) args[1];
        float[] approximations = (float[]) args[2];
        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], approximations[i], 0x1p-5f);
        }
        ErrorSums sums = (ErrorSums) args[5];
        assertTrue(sums.clipped() > 100 && sums.clipped() < 1000, "clipped " + sums.clipped());
        assertTrue(sums.inside() > 0 && sums.outside() > 0);
    }

    @Test
    void bytesHaveAllCodesInNoOrder() {
        byte[] bytes = Trial.bytes(4096);
        Set<Byte> seen = new HashSet<>();
        int ascending = 0;
        for (int i = 0; i < bytes.length; i++) {
            seen.add(bytes[i]);
            ascending += i > 0 && bytes[i] > bytes[i - 1] ? 1 : 0;
        }
        assertEquals(256, seen.size());
        assertTrue(ascending > 1900 && ascending < 2200, "ascends " + ascending + " times");
        assertTrue(Arrays.equals(bytes, Trial.bytes(4096)));
    }

    @Test
    void floatsFillTheirRange() {
        float[] floats = Trial.floats(4096, 3);
        double sum = 0;
        double most = 0;
        double least = 0;
        for (float value : floats) {
            assertTrue(value >= -3 && value < 3, "was " + value);
            sum += value;
            most = Math.max(most, value);
            least = Math.min(least, value);
        }
        assertTrue(most > 2.99 && least < -2.99, most + " and " + least);
        assertTrue(Math.abs(sum / 4096) < 0.1, "mean " + sum / 4096);
        assertTrue(Arrays.equals(floats, Trial.floats(4096, 3)));
    }
}
