// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.CodeRange;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramLaws;
import dev.octant.observers.HistogramSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Expected errors by their definitions: integrals over the cells of a histogram, code by code. */
class ErrorDefinitionTest {
    /** Bins of width 1, for the largest magnitude is between 1024 and 2048. */
    private static final HistogramSummary SUMMARY =
            HistogramLaws.summary(-700.25f, -3.5f, -3.25f, -0f, 0, 0.75f, 1.5f, 900, 900.5f, 1500.5f);

    /** Below 64 bins a cell is a 64th of its octave. */
    private static final List<Cell> CELLS = List.of(
            new Cell(-700.25, -700, 1),
            new Cell(-3.5 - 1 / 32.0, -3.5, 1),
            new Cell(-3.25 - 1 / 32.0, -3.25, 1),
            new Cell(0, 0, 2),
            new Cell(0.75, 0.75 + 1 / 128.0, 1),
            new Cell(1.5, 1.5 + 1 / 64.0, 1),
            new Cell(900, 901, 2),
            new Cell(1500, 1500.5, 1));

    private static final List<QuantParams> GRIDS = List.of(
            QuantParams.of(QuantType.INT8, 16, 3),
            QuantParams.of(QuantType.INT8, 4, -20),
            QuantParams.of(QuantType.INT8, 0.5f, 0),
            QuantParams.of(QuantType.UINT8, 7, 101),
            QuantParams.of(QuantType.UINT8, 0.01f, 0),
            QuantParams.of(QuantType.INT8_NARROW, 6, 0),
            // Their last codes lie within a cell.
            QuantParams.of(QuantType.UINT8, 1f / 170, 0),
            QuantParams.of(QuantType.INT8, 3.5f / 228, 100),
            // A cell lies within half a step of their last codes.
            QuantParams.of(QuantType.UINT8, 900.5f / 255, 0),
            QuantParams.of(QuantType.INT8, 700.25f / 128, 0));

    /** Four values in one cell, as wide as an octave, and one far beyond. */
    private static final Density OCTAVE =
            Density.of(List.of(new HistogramSummary.Cell(0.5, 1, 4), new HistogramSummary.Cell(1024, 1024, 1)));

    private static double line(double x) {
        return 0.01 * x + 0.5;
    }

    private record Cell(double left, double right, long count) {
        /** The integral of {@code (value - f)^2} over what of the cell lies within {@code (from, to)}. */
        double square(double from, double to, double value, DoubleUnaryOperator line) {
            if (left == right) {
                double miss = value - line.applyAsDouble(left);
                return left > from && left <= to ? count * miss * miss : 0;
            }
            double a = Math.max(left, from);
            double b = Math.min(right, to);
            double atA = line.applyAsDouble(a) - value;
            double atB = line.applyAsDouble(b) - value;
            // Simpson's rule is exact for squares of lines.
            double middle = (atA + atB) / 2;
            return a < b ? count * (b - a) / (right - left) * (atA * atA + 4 * middle * middle + atB * atB) / 6 : 0;
        }

        double share(double from, double to) {
            return square(from, to, 1, x -> 0);
        }
    }

    private static double square(double from, double to, double value, DoubleUnaryOperator line) {
        return CELLS.stream()
                .mapToDouble(cell -> cell.square(from, to, value, line))
                .sum();
    }

    /** Where the values of a code begin; its neighbours' clipped ones are not among them. */
    private static double edge(QuantParams grid, double code) {
        return (code - grid.zeroPoint()) * grid.scale();
    }

    private static double within(QuantParams grid) {
        double total = 0;
        for (int code = grid.type().low(); code <= grid.type().high(); code++) {
            total += square(edge(grid, code - 0.5), edge(grid, code + 0.5), edge(grid, code), x -> x);
        }
        return total;
    }

    private static double beyond(QuantParams grid) {
        int low = grid.type().low();
        int high = grid.type().high();
        return square(Double.NEGATIVE_INFINITY, edge(grid, low - 0.5), edge(grid, low), x -> x)
                + square(edge(grid, high + 0.5), Double.POSITIVE_INFINITY, edge(grid, high), x -> x);
    }

    private static double shareBeyond(QuantParams grid) {
        return CELLS.stream()
                .mapToDouble(cell -> cell.share(
                                Double.NEGATIVE_INFINITY, edge(grid, grid.type().low() - 0.5))
                        + cell.share(edge(grid, grid.type().high() + 0.5), Double.POSITIVE_INFINITY))
                .sum();
    }

    /** Within what sums of squares up to a hundred millions lose by rounding. */
    private static void assertClose(double expected, double actual, String what) {
        assertEquals(expected, actual, 1e-6 + 1e-12 * Math.abs(expected), what);
    }

    @Test
    void theCellsAreThoseOfTheHistogram() {
        Density density = Density.of(SUMMARY);
        assertEquals(CELLS.size(), density.cells());
        for (int i = 0; i < CELLS.size(); i++) {
            assertEquals(CELLS.get(i), new Cell(density.left(i), density.right(i), density.count(i)));
            assertEquals(i, Moments.of(density).at(density.left(i)));
            assertEquals(i - 1, Moments.of(density).at(Math.nextDown(density.left(i))));
        }
    }

    @Test
    void roundingAndClipping() {
        SquaredError error = new SquaredError(Density.of(SUMMARY));
        for (QuantParams grid : GRIDS) {
            String what = grid.toString();
            assertClose(within(grid) + beyond(grid), error.of(grid, Double.POSITIVE_INFINITY), what);
            assertClose(beyond(grid), error.ofClipped(grid), what);
            assertClose(shareBeyond(grid), error.clipped(grid), what);
            ExpectedError expected = ExpectedError.of(SUMMARY, grid);
            assertClose(within(grid) / 10, expected.rounding(), what);
            assertClose(beyond(grid) / 10, expected.clipping(), what);
            assertClose(shareBeyond(grid) / 10, expected.clippedShare(), what);
            assertClose((within(grid) + beyond(grid)) / 10, expected.total(), what);
        }
    }

    /** A search gives up what is worse than its best; what is better has its exact cost. */
    @Test
    void aLimitThatIsPassedIsPassedByTheResult() {
        SquaredError error = new SquaredError(Density.of(SUMMARY));
        for (QuantParams grid : GRIDS) {
            double exact = error.of(grid, Double.POSITIVE_INFINITY);
            assertEquals(exact, error.of(grid, Math.nextUp(exact)), grid.toString());
            for (double part : new double[] {0, 0.1, 0.5, 0.999}) {
                assertTrue(error.of(grid, part * exact) >= part * exact, grid + " " + part);
            }
        }
    }

    /** The table's value of an input code. */
    private static double value(QuantParams input, QuantParams output, CodeRange inside, int code) {
        return output.dequantize(inside.clip(output.quantize((float) line(input.dequantize(code)))));
    }

    @Test
    void aLineAsATable() {
        List<QuantParams> outputs = List.of(
                QuantParams.of(QuantType.INT8, 0.0625f, -10),
                QuantParams.of(QuantType.UINT8, 0.25f, 90),
                QuantParams.of(QuantType.UINT8, 0.01f, 30));
        for (RealRange codomain :
                List.of(RealRange.ALL, RealRange.of(-1, 5.3), RealRange.of(-0.501, 5.49), RealRange.of(-6.53, 15.53))) {
            TabulatedError error = new TabulatedError(Density.of(SUMMARY), ErrorDefinitionTest::line, codomain);
            assertEquals(codomain, error.codomain());
            assertClose(
                    square(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 0, ErrorDefinitionTest::line),
                    error.signal(),
                    "signal");
            for (QuantParams input : GRIDS) {
                TabulatedError.Sliced sliced = error.sliced(input);
                for (QuantParams output : outputs) {
                    CodeRange inside = output.codesWithin(codomain);
                    double rounding = 0;
                    double clipping = 0;
                    int low = input.type().low();
                    int high = input.type().high();
                    for (int code = low; code <= high; code++) {
                        double v = value(input, output, inside, code);
                        double f = line(input.dequantize(code));
                        double inner =
                                square(edge(input, code - 0.5), edge(input, code + 0.5), v, ErrorDefinitionTest::line);
                        boolean clipped = f < output.dequantize(inside.low()) - output.scale() / 2
                                || f > output.dequantize(inside.high()) + output.scale() / 2;
                        rounding += clipped ? 0 : inner;
                        clipping += clipped ? inner : 0;
                    }
                    clipping += square(
                            Double.NEGATIVE_INFINITY,
                            edge(input, low - 0.5),
                            value(input, output, inside, low),
                            ErrorDefinitionTest::line);
                    clipping += square(
                            edge(input, high + 0.5),
                            Double.POSITIVE_INFINITY,
                            value(input, output, inside, high),
                            ErrorDefinitionTest::line);
                    String what = input + " to " + output + " within " + codomain;
                    assertClose(rounding + clipping, sliced.error(output), what);
                    assertClose(clipping, sliced.clipped(output), what);
                    ExpectedOutputError expected =
                            ExpectedOutputError.of(SUMMARY, input, output, ErrorDefinitionTest::line, codomain);
                    assertClose(rounding / 10, expected.rounding(), what);
                    assertClose(clipping / 10, expected.clipping(), what);
                    assertClose((rounding + clipping) / 10, expected.total(), what);
                    assertClose(10 * Math.log10(error.signal() / (rounding + clipping)), expected.outputSqnr(), what);
                    assertClose(
                            10 * Math.log10(SUMMARY.sumOfSquares() / (within(input) + beyond(input))),
                            expected.inputSqnr(),
                            what);
                }
            }
        }
    }

    /** Those whose codes are met: none, or all of a few, lie beyond the grid. */
    @Test
    void theSpanIsThatOfTheCodesInUse() {
        TabulatedError error = new TabulatedError(Density.of(SUMMARY), ErrorDefinitionTest::line, RealRange.ALL);
        for (QuantParams input : GRIDS) {
            double low = line(input.dequantize(input.quantize(-700.1f)));
            double high = line(input.dequantize(input.quantize(1500.4f)));
            assertEquals(
                    RealRange.of((float) low, (float) high), error.sliced(input).span(), input.toString());
        }
    }

    /** What a table must cost that has one value for all inputs beyond each end: their variance. */
    @Test
    void theLeastThatIsClipped() {
        TabulatedError error = new TabulatedError(Density.of(SUMMARY), ErrorDefinitionTest::line, RealRange.ALL);
        for (QuantParams input : GRIDS) {
            double lower = edge(input, input.type().low() - 0.5);
            double upper = edge(input, input.type().high() + 0.5);
            double expected = variance(Double.NEGATIVE_INFINITY, lower) + variance(upper, Double.POSITIVE_INFINITY);
            assertClose(expected, error.leastClipped(input), input.toString());
        }
    }

    private static double variance(double from, double to) {
        double share = square(from, to, 1, x -> 0);
        double squares = square(from, to, 0, ErrorDefinitionTest::line);
        // (f + 1)^2 - f^2 - 1 = 2 f
        double sum = (square(from, to, -1, ErrorDefinitionTest::line) - squares - share) / 2;
        return share == 0 ? 0 : squares - sum * sum / share;
    }

    /** A cell is cut until a straight line misses the function by 2^-14 of its span at most. */
    @Test
    void bentFunctionsAreCut() {
        for (double power : new double[] {-1, 2, 0.5, 3}) {
            DoubleUnaryOperator f = x -> Math.pow(x, power) * (x < 2 ? 1 : 0);
            double exact = 8 * (1 - Math.pow(0.5, 2 * power + 1)) / (2 * power + 1);
            exact = 2 * power == -1 ? 8 * Math.log(2) : exact;
            TabulatedError error = new TabulatedError(OCTAVE, f, RealRange.ALL);
            double largest = Math.max(1, Math.pow(0.5, power));
            // Squares miss by 2 f times two thirds of the line's miss.
            assertEquals(exact, error.signal(), 4 * 4.0 / 3 * largest * largest * 0x1p-14, "power " + power);
        }
    }

    /** Kinks are met by a quarter, a half and three quarters of a cell. */
    @Test
    void kinksAreCut() {
        for (double kink : new double[] {0.6, 0.65, 0.75, 0.85, 0.9}) {
            for (int side : new int[] {-1, 1}) {
                DoubleUnaryOperator f = x -> x < 2 ? Math.max(0, side * (x - kink)) + 1 : 0;
                double reach = side > 0 ? 1 - kink : kink - 0.5;
                double exact = 4 * (1 + 2 * (reach * reach + reach * reach * reach / 3));
                // 64 pieces: one that holds the kink is off by less than its width squared.
                assertEquals(exact, new TabulatedError(OCTAVE, f, RealRange.ALL).signal(), 4.0 / 64 / 64, "" + kink);
            }
        }
    }

    /** How often the function is asked: at both ends of a cell, within it, and between its pieces. */
    private static int asked(Density density, DoubleUnaryOperator function) {
        int[] calls = {0};
        DoubleUnaryOperator counted = x -> {
            calls[0]++;
            return function.applyAsDouble(x);
        };
        assertTrue(new TabulatedError(density, counted, RealRange.ALL).signal() > 0);
        return calls[0];
    }

    @Test
    void cellsAreCutNoFurtherThanTheToleranceAsks() {
        // Seven cells with a width and a point, on a line.
        assertEquals(7 * (2 + 3) + 2, asked(Density.of(SUMMARY), ErrorDefinitionTest::line));
        // A parabola over [0.5, 1] is 2^-4 from its chord, and spans 1: five halvings leave 2^-14.
        DoubleUnaryOperator parabola = x -> x < 2 ? x * x + 3 : 3;
        assertEquals(2 + 3 + 31 + 2, asked(OCTAVE, parabola));
        // Nothing is cut into more than 64.
        assertEquals(2 + 3 + 63 + 2, asked(OCTAVE, x -> x < 0.7 ? 1 : 0));
    }

    @Test
    void aCodeBeyondTheFloatsIsInfinitelyBad() {
        TabulatedError error = new TabulatedError(Density.of(SUMMARY), x -> Float.MAX_VALUE, RealRange.ALL);
        // The largest float has 126.6 steps.
        QuantParams output = QuantParams.of(QuantType.INT8, Float.MAX_VALUE / 126.6f, 0);
        assertEquals(Float.POSITIVE_INFINITY, output.dequantize(output.quantize(Float.MAX_VALUE)));
        assertEquals(Double.POSITIVE_INFINITY, error.sliced(GRIDS.get(0)).error(output));
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertEquals(
                "function must be a number for every observed value, was NaN at -700.25",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new TabulatedError(Density.of(SUMMARY), Math::sqrt, RealRange.ALL))
                        .getMessage());
    }

    /** Whatever else a histogram holds costs what it costs without the values whose result is beyond the floats. */
    @Test
    void resultsBeyondTheFloatsCountForNothing() {
        HistogramSummary.Cell near = new HistogramSummary.Cell(-1, 0.5, 40);
        TabulatedError without = new TabulatedError(Density.of(List.of(near)), Math::exp, RealRange.ALL);
        for (HistogramSummary.Cell beyond : List.of(
                new HistogramSummary.Cell(100, 101, 3),
                new HistogramSummary.Cell(100, 100, 3),
                // One value, the largest, though its cell begins within.
                new HistogramSummary.Cell(88, 89, 1),
                new HistogramSummary.Cell(3e38, Float.MAX_VALUE, 7))) {
            TabulatedError with = new TabulatedError(Density.of(List.of(near, beyond)), Math::exp, RealRange.ALL);
            assertEquals((double) beyond.count(), with.leftOut());
            assertEquals(without.signal(), with.signal());
            for (QuantParams input : GRIDS) {
                assertEquals(without.sliced(input).span(), with.sliced(input).span());
                assertEquals(without.leastClipped(input), with.leastClipped(input));
                for (QuantParams output : GRIDS) {
                    assertEquals(
                            without.sliced(input).error(output),
                            with.sliced(input).error(output));
                }
            }
        }
        assertEquals(0, without.leftOut());
    }

    /** The values of a cell lie evenly in it, but that the outermost ends are values themselves. */
    @Test
    void aCellIsCutWhereItsResultsAreBeyondTheFloats() {
        for (int sign : new int[] {-1, 1}) {
            DoubleUnaryOperator f = x -> sign * x <= 1 ? x : Double.POSITIVE_INFINITY;
            TabulatedError kept = new TabulatedError(Density.of(List.of(cell(sign, 0, 1, 4))), f, RealRange.ALL);
            TabulatedError outermost = new TabulatedError(Density.of(List.of(cell(sign, 0, 2, 9))), f, RealRange.ALL);
            List<HistogramSummary.Cell> cells = new ArrayList<>(List.of(cell(sign, 0, 2, 8), cell(sign, 3, 4, 2)));
            cells.sort(Comparator.comparingDouble(HistogramSummary.Cell::left));
            TabulatedError inner = new TabulatedError(Density.of(cells), f, RealRange.ALL);
            assertEquals(5, outermost.leftOut());
            assertEquals(6, inner.leftOut());
            for (TabulatedError error : List.of(outermost, inner)) {
                assertEquals(kept.signal(), error.signal());
                for (QuantParams grid : GRIDS) {
                    assertEquals(
                            kept.sliced(grid).error(GRIDS.get(4)),
                            error.sliced(grid).error(GRIDS.get(4)));
                }
            }
        }
    }

    private static HistogramSummary.Cell cell(int sign, double near, double far, long count) {
        return new HistogramSummary.Cell(Math.min(sign * near, sign * far), Math.max(sign * near, sign * far), count);
    }

    /** Where all results are beyond the floats they count as the largest of them. */
    @Test
    void hugeValuesAreTheLargestFloat() {
        HistogramSummary one = HistogramLaws.summary(1);
        for (int sign : new int[] {-1, 1}) {
            TabulatedError error =
                    new TabulatedError(Density.of(one), x -> sign * Double.POSITIVE_INFINITY, RealRange.ALL);
            assertEquals((double) Float.MAX_VALUE * Float.MAX_VALUE, error.signal());
            assertEquals(
                    RealRange.of(sign * Float.MAX_VALUE, sign * Float.MAX_VALUE),
                    error.sliced(GRIDS.get(0)).span());
        }
    }

    @Test
    void noCodeInsideTheCodomainIsInfinitelyBad() {
        QuantParams whole = QuantParams.of(QuantType.INT8, 1, 0);
        for (RealRange nowhere : List.of(RealRange.of(0.25, 0.75), RealRange.of(200, 300), RealRange.of(-300, -200))) {
            TabulatedError error = new TabulatedError(Density.of(SUMMARY), ErrorDefinitionTest::line, nowhere);
            assertEquals(Double.POSITIVE_INFINITY, error.sliced(whole).error(whole), nowhere.toString());
        }
        // A codomain of one code has that value everywhere.
        TabulatedError one = new TabulatedError(Density.of(SUMMARY), ErrorDefinitionTest::line, RealRange.of(1, 1));
        assertClose(
                square(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1, ErrorDefinitionTest::line),
                one.sliced(whole).error(whole),
                "one code");
    }
}
