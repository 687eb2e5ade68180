// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Sources;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.pair.PairTable;
import dev.octant.core.internal.text.Given;
import dev.octant.ops.internal.binary.BinaryRules;
import dev.octant.ops.internal.binary.PairLoop;
import java.nio.ByteBuffer;
import org.apache.commons.lang3.Validate;

/**
 * A function of two quantized tensors, element by element: sum, product, or a gated product.
 *
 * <pre>
 * add        output.quantize(a.dequantize(qa) + b.dequantize(qb))             one float addition
 * multiply   output.quantize(a.dequantize(qa) * b.dequantize(qb))             one float multiplication
 * gated      output.quantize((float) (f(gate.dequantize(qg)) * value.dequantize(qv)))      f and product in double
 * relu       max(code, output.zeroPoint), after any of them
 * </pre>
 *
 * <p>So much for the default, {@link Profile#ONNX}; under the profile of an engine, sum and product are that engine's,
 * code for code ({@link BinaryRules}). No engine has gated products in 8 bits, so they have no profile: GLU is the gate
 * {@link Activation#SIGMOID}, SwiGLU {@link Activation#SILU}, GeGLU {@link Activation#GELU} and ReGLU {@link
 * Activation#RELU}; they round once, where a chain of 8-bit ops rounds at each.
 *
 * <p>The first call on a block tabulates all 65,536 pairs and finds an arithmetic for vectors that gives exactly
 * these codes, which takes one to three milliseconds and 64 KB; calls on two codes do not need it.
 *
 * <p>Shapes: flat blocks of equal length, or what remains of buffers, whose positions then advance past it; no
 * broadcasting. Aliasing: in arrays the destination may be the same block as either operand or both, and otherwise
 * must not overlap them, which is checked. Buffers may overlap in any way, and any of them may be one buffer, whose
 * position then advances once: the destination gets what copies of the operands would have given.
 *
 * <p>Codes beyond the output grid saturate; NaN does not occur. Blocks outside their array throw {@link
 * IndexOutOfBoundsException}, tensors of other parameters and a destination that is read-only or has too little room
 * {@link IllegalArgumentException}, what is missing {@link NullPointerException}; all before anything is written or a
 * position moves. Immutable and thread safe. Applying it to arrays or buffers allocates nothing after the first call,
 * but for a copy of an operand that overlaps the destination elsewhere than at its start, or of which the JVM does not
 * tell (read-only heap buffers).
 */
public final class QuantizedBinary {
    private final QuantParams left;
    private final QuantParams right;
    private final QuantParams output;
    private final int low;
    private final BinaryRules.Rule rule;

    /** Null until the first call on a block: the table takes longer to make than a few codes to compute. */
    private volatile PairLoop<?> loop;

    private QuantizedBinary(QuantParams left, QuantParams right, QuantParams output, int low, BinaryRules.Rule rule) {
        this.left = left;
        this.right = right;
        this.output = output;
        this.low = low;
        this.rule = rule;
    }

    /** The sum under {@link Profile#ONNX}. */
    public static QuantizedBinary add(QuantParams a, QuantParams b, QuantParams output) {
        return add(a, b, output, Profile.ONNX);
    }

    /**
     * The sum as an engine computes it.
     *
     * @throws IllegalArgumentException if the engine refuses these grids
     */
    public static QuantizedBinary add(QuantParams a, QuantParams b, QuantParams output, Profile profile) {
        Given.require("first operand", a);
        Given.require("second operand", b);
        Given.require("output", output);
        Given.require("profile", profile);
        return new QuantizedBinary(a, b, output, output.type().low(), BinaryRules.add(a, b, output, profile));
    }

    /** The product under {@link Profile#ONNX}. */
    public static QuantizedBinary multiply(QuantParams a, QuantParams b, QuantParams output) {
        return multiply(a, b, output, Profile.ONNX);
    }

    /**
     * The product as an engine computes it.
     *
     * @throws IllegalArgumentException if the engine refuses these grids
     */
    public static QuantizedBinary multiply(QuantParams a, QuantParams b, QuantParams output, Profile profile) {
        Given.require("first operand", a);
        Given.require("second operand", b);
        Given.require("output", output);
        Given.require("profile", profile);
        return new QuantizedBinary(a, b, output, output.type().low(), BinaryRules.multiply(a, b, output, profile));
    }

    /** {@code f(gate) value}: the first operand is the gate. */
    public static QuantizedBinary gated(Activation function, QuantParams gate, QuantParams value, QuantParams output) {
        Given.require("function", function);
        Given.require("gate", gate);
        Given.require("value", value);
        Given.require("output", output);
        int first = gate.type().firstStored();
        double[] gates = new double[1 << Byte.SIZE];
        for (int i = 0; i < gates.length; i++) {
            gates[i] = function.value(gate.dequantize(first + i));
            Validate.isTrue(
                    !Double.isNaN(gates[i]),
                    "%s must be a number for every input, was NaN at code %s",
                    function,
                    first + i);
        }
        return new QuantizedBinary(
                gate, value, output, output.type().low(), BinaryRules.gated(gates, gate, value, output));
    }

    /** The same followed by ReLU, as the engines fuse it. */
    public QuantizedBinary withRelu() {
        return new QuantizedBinary(left, right, output, output.zeroPoint(), rule);
    }

    /** The grid of the first operand. */
    public QuantParams left() {
        return left;
    }

    /** The grid of the second operand. */
    public QuantParams right() {
        return right;
    }

    /** The grid of the result. */
    public QuantParams output() {
        return output;
    }

    /**
     * The result of two codes.
     *
     * @throws IllegalArgumentException if no raw byte of an operand's type stands for its code
     */
    public int apply(int leftCode, int rightCode) {
        left.type().raw(leftCode);
        right.type().raw(rightCode);
        return result(leftCode, rightCode);
    }

    private int result(int leftCode, int rightCode) {
        return Math.max(rule.codes().applyAsInt(leftCode, rightCode), low);
    }

    /** The results of {@code length} pairs of raw bytes. */
    public void apply(byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        Bounds.check("first operand", a, aOffset, length);
        Bounds.check("second operand", b, bOffset, length);
        Bounds.check("destination", dst, dstOffset, length);
        Bounds.checkOverlap(a, aOffset, dst, dstOffset, length);
        Bounds.checkOverlap(b, bOffset, dst, dstOffset, length);
        loop().run(a, aOffset, b, bOffset, dst, dstOffset, length);
    }

    /** The results of what remains of two buffers, which must be as much; they may be direct or on the heap. */
    public void apply(ByteBuffer a, ByteBuffer b, ByteBuffer dst) {
        Given.require("first operand", a);
        Given.require("second operand", b);
        if (a.remaining() != b.remaining()) {
            throw new IllegalArgumentException(
                    "operands must have equal lengths, were " + a.remaining() + " and " + b.remaining());
        }
        int length = Bounds.remaining(a, dst);
        PairLoop<?> made = loop();
        ByteBuffer aSource = Sources.ofOperand(a, dst, length);
        ByteBuffer bSource = Sources.ofOperand(b, dst, length);
        int aFrom = aSource.position();
        int bFrom = bSource.position();
        int to = dst.position();
        try (Staging block = Staging.take()) {
            byte[] lefts = block.codes;
            byte[] rights = block.otherCodes;
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.CODES);
                aSource.get(aFrom + at, lefts, 0, n);
                bSource.get(bFrom + at, rights, 0, n);
                made.run(lefts, 0, rights, 0, lefts, 0, n);
                dst.put(to + at, lefts, 0, n);
            }
        }
        Bounds.advance(a, b, dst, length);
    }

    private PairLoop<?> loop() {
        PairLoop<?> made = loop;
        if (made == null) {
            byte[] pairs = PairTable.tabulate(
                    this::result, left.type().isSigned(), right.type().isSigned());
            made = PairLoop.of(pairs, low, rule.form());
            loop = made; // threads that meet here make equal ones
        }
        return made;
    }

    /** The result of two tensors of the operands' parameters and of equal length, as a new tensor. */
    public QuantizedTensor apply(QuantizedTensor a, QuantizedTensor b) {
        Given.require("first operand", a);
        Given.require("second operand", b);
        a.requireParams(left);
        b.requireParams(right);
        Validate.isTrue(
                a.length() == b.length(), "operands must have equal lengths, were %s and %s", a.length(), b.length());
        byte[] codes = new byte[a.length()];
        apply(a.codes(), 0, b.codes(), 0, codes, 0, codes.length);
        return QuantizedTensor.of(output, codes);
    }
}
