// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import java.util.function.IntUnaryOperator;
import org.apache.commons.lang3.Validate;

/**
 * An activation between two grids, compiled to a table of 256 entries.
 *
 * <pre>
 * table[q] = clip(output.quantize((float) f(input.dequantize(q))), codes inside the output range)
 * </pre>
 *
 * <p>The function is evaluated in double on the float the input code stands for, rounded once to float, and quantized
 * by the one equation ({@link QuantParams}). A code is inside the output range if the float it stands for is: the
 * range's ends are not rounded to codes, so a table never emits a value outside. The range is the function's own, or
 * a narrower one that the caller declares.
 *
 * <p>So much for the default, {@link Profile#ONNX}. Under the profile of an engine the table is that engine's, code for
 * code: its float or integer arithmetic in its order, its rounding. No engine clips to a function's natural range, so
 * only a declared one is applied there. Functions the engine does not have are refused.
 *
 * <p>Applying refuses tensors of other parameters. Input codes are finite unless their grid overflows a float, where
 * the function's limit is taken; results beyond the output grid saturate. Immutable and thread safe.
 */
public final class QuantizedActivation {
    private final Activation activation;
    private final QuantParams input;
    private final QuantParams output;
    private final RealRange outputRange;
    private final Profile profile;
    private final LookupTable table;

    private QuantizedActivation(
            Activation activation,
            QuantParams input,
            QuantParams output,
            RealRange outputRange,
            Profile profile,
            LookupTable table) {
        this.activation = activation;
        this.input = input;
        this.output = output;
        this.outputRange = outputRange;
        this.profile = profile;
        this.table = table;
    }

    /** Tabulates an activation whose outputs lie in its natural range. */
    public static QuantizedActivation compile(Activation activation, QuantParams input, QuantParams output) {
        return compile(activation, input, output, RealRange.ALL, Profile.ONNX);
    }

    /**
     * Tabulates an activation whose outputs lie in {@code declared}, as far as that is inside its natural range.
     *
     * @throws IllegalArgumentException if the two ranges have nothing in common, no output code lies in both, or the
     *     function gives NaN for an input code
     */
    public static QuantizedActivation compile(
            Activation activation, QuantParams input, QuantParams output, RealRange declared) {
        return compile(activation, input, output, declared, Profile.ONNX);
    }

    /**
     * Tabulates an activation as an engine computes it.
     *
     * @throws IllegalArgumentException if the engine does not have the activation, or not between these grids
     */
    public static QuantizedActivation compile(
            Activation activation, QuantParams input, QuantParams output, Profile profile) {
        return compile(activation, input, output, RealRange.ALL, profile);
    }

    /**
     * Tabulates an activation as an engine computes it, then clips its outputs to {@code declared}; under
     * {@link Profile#ONNX} to the natural range as well.
     *
     * @throws IllegalArgumentException if the engine does not have the activation, or not between these grids; if the
     *     ranges have nothing in common, no output code lies inside, or the function gives NaN for an input code
     */
    public static QuantizedActivation compile(
            Activation activation, QuantParams input, QuantParams output, RealRange declared, Profile profile) {
        Given.require("activation", activation);
        Given.require("input", input);
        Given.require("output", output);
        Given.require("declared range", declared);
        Given.require("profile", profile);
        RealRange outputRange =
                profile == Profile.ONNX ? activation.outputRange().intersect(declared) : declared;
        CodeRange inside = output.codesWithin(outputRange);
        IntUnaryOperator rule = EngineTables.of(profile).codes(activation, input, output);
        int first = input.type().firstStored();
        byte[] codes = new byte[QuantType.RAW_VALUES];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) inside.clip(rule.applyAsInt(first + i));
        }
        return new QuantizedActivation(
                activation, input, output, outputRange, profile, LookupTable.of(input.type(), codes));
    }

    /**
     * SiLU in the two steps that ONNX Runtime and TensorFlow Lite run, which have no SiLU of their own: sigmoid to its
     * fixed grid (1/256), then the product with the input, both under {@code profile}. A table as well, but one that
     * has rounded twice: 13 to 19 in a hundred codes differ from {@link #compile}'s, by up to three.
     *
     * @throws IllegalArgumentException if the engine refuses these grids
     */
    public static QuantizedActivation compileTwoStepSilu(QuantParams input, QuantParams output, Profile profile) {
        Given.require("input", input);
        Given.require("output", output);
        QuantParams unit = Activation.SIGMOID.fixedOutput(input.type()).orElseThrow();
        QuantizedActivation sigmoid = compile(Activation.SIGMOID, input, unit, profile);
        QuantizedBinary product = QuantizedBinary.multiply(input, unit, output, profile);
        int first = input.type().firstStored();
        byte[] codes = new byte[QuantType.RAW_VALUES];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) product.apply(first + i, sigmoid.apply(first + i));
        }
        return new QuantizedActivation(
                Activation.SILU, input, output, RealRange.ALL, profile, LookupTable.of(input.type(), codes));
    }

    /**
     * Whether an engine computes {@code activation} on the codes themselves, and so demands that output parameters
     * equal the input's: PyTorch's ReLU does.
     */
    public static boolean keepsGrid(Activation activation, Profile profile) {
        Given.require("activation", activation);
        Given.require("profile", profile);
        return EngineTables.of(profile).keepsGrid(activation);
    }

    /** The function tabulated. */
    public Activation activation() {
        return activation;
    }

    /** The grid of the codes that go in. */
    public QuantParams input() {
        return input;
    }

    /** The grid of the codes that come out. */
    public QuantParams output() {
        return output;
    }

    /** The range no output leaves. */
    public RealRange outputRange() {
        return outputRange;
    }

    /** The engine whose arithmetic the table has. */
    public Profile profile() {
        return profile;
    }

    /** The table, for hot loops over bare arrays and buffers. */
    public LookupTable table() {
        return table;
    }

    /**
     * The output code of an input code.
     *
     * @throws IllegalArgumentException if no raw byte of the input's type stands for {@code code}
     */
    public int apply(int code) {
        return output.type().code(table.apply(input.type().raw(code)));
    }

    /** The activation of a tensor, as a new tensor; its parameters must be {@link #input()}. */
    public QuantizedTensor apply(QuantizedTensor src) {
        Given.require("source", src);
        QuantizedTensor dst = QuantizedTensor.of(output, new byte[src.length()]);
        apply(src, dst);
        return dst;
    }

    /** The activation of a tensor into another of the same length, which may share its array. */
    public void apply(QuantizedTensor src, QuantizedTensor dst) {
        Given.require("source", src);
        Given.require("destination", dst);
        src.requireParams(input);
        dst.requireParams(output);
        Validate.isTrue(
                src.length() == dst.length(),
                "destination must have the source's %s codes, had %s",
                src.length(),
                dst.length());
        table.apply(src.codes(), dst.codes());
    }

    @Override
    public String toString() {
        return activation + ": " + input + " -> " + output + " within " + outputRange
                + (profile == Profile.ONNX ? "" : " as " + profile);
    }
}
