// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.evaluation.DataError;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.Evidence;
import dev.octant.calibration.evaluation.MethodResult;
import dev.octant.calibration.evaluation.SplitError;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.methods.Method;
import dev.octant.cli.report.drawing.Numbers;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class HtmlReportTest {
    private static String html(Evaluation evaluation) throws IOException {
        StringWriter out = new StringWriter();
        HtmlReport.write(evaluation, out);
        return out.toString();
    }

    private static float[] normal(int seed, int n, double mean, double deviation) {
        Random random = new Random(seed);
        float[] data = new float[n];
        for (int i = 0; i < n; i++) {
            data[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return data;
    }

    private static Evaluation ordinary() {
        return Evaluations.of(
                Evaluations.tensor("b1_act", Activation.SILU, normal(1, 4000, 0, 1)),
                Evaluations.tensor("gate", Activation.SIGMOID, normal(2, 4000, 0.5, 3)));
    }

    private static List<Element> elements(Document page, String tag, String style) {
        List<Element> found = new ArrayList<>();
        NodeList all = page.getElementsByTagName(tag);
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (List.of(element.getAttribute("class").split(" ")).contains(style)) {
                found.add(element);
            }
        }
        return found;
    }

    private static List<String> cells(Element row) {
        List<String> cells = new ArrayList<>();
        NodeList children = row.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            cells.add(children.item(i).getTextContent());
        }
        return cells;
    }

    private static List<Element> summaryRows(Document page) {
        Element body = (Element) elements(page, "table", "summary")
                .get(0)
                .getElementsByTagName("tbody")
                .item(0);
        List<Element> rows = new ArrayList<>();
        NodeList all = body.getElementsByTagName("tr");
        for (int i = 0; i < all.getLength(); i++) {
            rows.add((Element) all.item(i));
        }
        return rows;
    }

    @Test
    void theSummaryHoldsEveryTensorAndMethod() throws Exception {
        Evaluation evaluation = ordinary();
        List<Element> rows = summaryRows(Xml.parse(html(evaluation)));
        int at = 0;
        for (TensorResult tensor : evaluation.tensors()) {
            for (MethodResult result : tensor.methods()) {
                List<String> cells = cells(rows.get(at++));
                boolean best = result.equals(tensor.best());
                assertEquals(
                        List.of(
                                tensor.name(),
                                tensor.function().toString(),
                                result.method() + (best ? " ★" : ""),
                                Numbers.real(result.range().min()),
                                Numbers.real(result.range().max()),
                                Numbers.real(result.quantized().input().scale()),
                                Numbers.code(result.quantized().input().zeroPoint()),
                                Numbers.percent(result.error().clippedFraction()),
                                Numbers.decimals(result.error().inputSqnrDb(), 1),
                                Numbers.decimals(result.error().outputSqnrDb(), 1),
                                Numbers.real(Math.sqrt(result.error().output().rounding())),
                                Numbers.real(Math.sqrt(result.error().output().clipping())),
                                Numbers.steps(result.error().maxErrorSteps())),
                        cells);
                assertEquals(best, rows.get(at - 1).getAttribute("class").contains("best"));
            }
        }
        assertEquals(at, rows.size());
    }

    /** The order of what is most in need of a look; ids stay those of the tensors. */
    @Test
    void theWorstTensorsAreFirst() throws Exception {
        TensorResult empty = Evaluations.tensor("a_nothing", Activation.SILU, Float.NaN);
        TensorResult coarse = Evaluations.tensor("b_coarse", Activation.SILU, outlier());
        TensorResult good = Evaluations.tensor("c_good", Activation.SILU, normal(1, 4000, 0, 1));
        Document page = Xml.parse(html(Evaluations.of(good, empty, coarse)));
        assertEquals(
                List.of("b_coarse", "c_good", "a_nothing"),
                elements(page, "span", "title").stream()
                        .map(Element::getTextContent)
                        .toList());
        assertEquals(
                List.of("t1", "t2", "t0"),
                elements(page, "div", "content").stream()
                        .map(e -> e.getAttribute("id"))
                        .toList());
        String conclusion =
                elements(page, "section", "conclusion").get(0).getTextContent().replaceAll("\\s+", " ");
        assertTrue(conclusion.matches(".* is best on \\d of 2 tensors, by .* dB over the next best.*"), conclusion);
        assertTrue(conclusion.contains("Lowest output SQNR: b_coarse "), conclusion);
        assertTrue(conclusion.contains("Warnings are given for 2 tensors, below."), conclusion);
    }

    private static float[] outlier() {
        float[] data = normal(9, 4000, 0, 1);
        data[17] = 500;
        return data;
    }

    /** Few values far from the others are not drawn but counted, and the others can be read. */
    @Test
    void aHistogramWithAnOutlierCanBeRead() throws Exception {
        String html = html(Evaluations.of(Evaluations.tensor("x", Activation.SILU, outlier())));
        assertTrue(html.contains(">1 value, up to 500.0 →<"), html);
        assertFalse(html.contains(">← "), html);
        float[] both = outlier();
        both[18] = -800;
        both[19] = -700;
        String left = html(Evaluations.of(Evaluations.tensor("x", Activation.SILU, both)));
        assertTrue(left.contains(">← 2 values, down to −800.0<"), left);
        assertTrue(left.contains(">1 value, up to 500.0 →<"), left);
        String ordinary = html(ordinary());
        assertFalse(ordinary.contains(", up to ") || ordinary.contains(", down to "), ordinary);
    }

    /** Without a script: titles say the counts, which are all of the values, and the error of every code. */
    @Test
    void everyBarSaysItsExactValue() throws Exception {
        TensorResult tensor = ordinary().tensors().get(0);
        Document page = Xml.parse(html(Evaluations.of(tensor)));
        long values = 0;
        int codes = 0;
        for (Element strip : elements(page, "path", "hit")) {
            String title = strip.getTextContent();
            if (title.startsWith("code ")) {
                codes++;
            } else {
                values += Long.parseLong(title.replaceAll(".*: | values?|,", "").strip());
            }
        }
        assertEquals(256, codes);
        assertEquals(tensor.input().counts().finite() - tensor.input().counts().zeros(), values);
    }

    @Test
    void methodsAreSortedAndTiesAreNoWins() throws Exception {
        TensorResult one = ordinary().tensors().get(0);
        MethodResult first = one.methods().get(0);
        MethodResult second = one.methods().get(1);
        TensorResult tied = new TensorResult(
                "tied",
                one.op(),
                one.input(),
                one.overflows(),
                List.of(
                        first,
                        new MethodResult(
                                second.method(),
                                second.range(),
                                second.outputRange(),
                                second.quantized(),
                                first.error())));
        Document page = Xml.parse(html(Evaluations.of(tied)));
        NodeList rows = elements(page, "table", "methods").get(0).getElementsByTagName("tr");
        assertEquals(
                List.of("0 tensors", "1 tensor", "0.00"),
                cells((Element) rows.item(1)).subList(1, 4));
        assertEquals(
                List.of("0 tensors", "1 tensor", "0.00"),
                cells((Element) rows.item(2)).subList(1, 4));
        NodeList sorted =
                elements(Xml.parse(html(ordinary())), "table", "methods").get(0).getElementsByTagName("tr");
        List<Integer> wins = new ArrayList<>();
        for (int i = 1; i < sorted.getLength(); i++) {
            wins.add(Integer.parseInt(cells((Element) sorted.item(i)).get(1).replaceAll(" tensors?", "")));
        }
        List<Integer> descending = new ArrayList<>(wins);
        descending.sort(Collections.reverseOrder());
        assertEquals(descending, wins);
    }

    @Test
    void everyTensorHasItsPicturesAndEveryLinkATarget() throws Exception {
        Document page = Xml.parse(html(ordinary()));
        List<Element> sections = elements(page, "details", "tensor");
        assertEquals(2, sections.size());
        for (Element section : sections) {
            assertEquals(4, section.getElementsByTagName("figure").getLength());
            assertEquals(4, elements(page, "path", "bracket").size() / sections.size());
        }
        NodeList links = page.getElementsByTagName("a");
        assertTrue(links.getLength() > 0);
        List<String> ids = elements(page, "div", "content").stream()
                .map(e -> "#" + e.getAttribute("id"))
                .toList();
        for (int i = 0; i < links.getLength(); i++) {
            String target = ((Element) links.item(i)).getAttribute("href");
            assertTrue(ids.contains(target), target);
        }
    }

    @Test
    void theHeaderSaysWhatWasRun() throws Exception {
        List<TensorResult> tensors = ordinary().tensors();
        Document page = Xml.parse(html(new Evaluation(
                List.of("a.npz", "b.npy"),
                Evaluations.rule(QuantType.UINT8, QuantScheme.SYMMETRIC),
                Profile.TFLITE,
                Evidence.MEASURED,
                tensors)));
        Element facts = elements(page, "dl", "run").get(0);
        List<String> values = new ArrayList<>();
        NodeList all = facts.getElementsByTagName("dd");
        for (int i = 0; i < all.getLength(); i++) {
            values.add(all.item(i).getTextContent());
        }
        assertEquals(List.of("a.npz, b.npy", "uint8", "symmetric", "octant", "tflite", "2", "8,000"), values);
    }

    @Test
    void nothingIsLoadedFromElsewhere() throws Exception {
        String html = html(ordinary()).replace("http://www.w3.org/1999/xhtml", "");
        assertFalse(Pattern.compile("https?:|//[a-z]|\\bsrc=|<link|@import|url\\(")
                .matcher(html)
                .find());
    }

    @Test
    void namesCannotBecomeMarkup() throws Exception {
        String evil = "</title><script>alert('x')</script>&amp;\"\u0000\uD800";
        Activation op = Activation.of("<b>op</b>", x -> 2 * x, RealRange.ALL);
        RangeEstimator method = new RangeEstimator() {
            @Override
            public RealRange estimate(HistogramSummary summary) {
                return summary.range();
            }

            @Override
            public String toString() {
                return "<i onload=\"x\">";
            }
        };
        TensorResult plain = Evaluations.tensor(evil, op, normal(3, 1000, 0, 1));
        MethodResult first = plain.methods().get(0);
        TensorResult tensor = new TensorResult(
                evil,
                Optional.of(op),
                plain.input(),
                plain.overflows(),
                List.of(new MethodResult(
                        new Method.OfHistogram(method),
                        first.range(),
                        first.outputRange(),
                        first.quantized(),
                        first.error())));
        String html = html(new Evaluation(
                List.of("<u>file</u>"),
                Evaluations.rule(QuantType.INT8, QuantScheme.ASYMMETRIC),
                Profile.TFLITE,
                Evidence.EXPECTED,
                List.of(tensor)));
        Document page = Xml.parse(html);
        assertEquals(1, page.getElementsByTagName("script").getLength());
        for (String tag : List.of("i", "u")) {
            assertEquals(0, page.getElementsByTagName(tag).getLength(), tag);
        }
        assertFalse(html.contains("<b>op"));
        assertEquals(
                evil.replace("\u0000", "\\u0000").replace("\uD800", "\\ud800"),
                elements(page, "span", "title").get(0).getTextContent());
    }

    @Test
    void theSameEvaluationGivesTheSameCharacters() throws Exception {
        assertEquals(html(ordinary()), html(ordinary()));
        assertNotEquals(
                html(ordinary()), html(Evaluations.of(ordinary().tensors().get(0))));
    }

    @Test
    void metricsMayBeNaNOrInfinite() throws Exception {
        TensorResult tensor = ordinary().tensors().get(0);
        List<MethodResult> results = new ArrayList<>();
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            MethodResult result = tensor.methods().get(results.size());
            results.add(new MethodResult(
                    result.method(),
                    result.range(),
                    result.outputRange(),
                    result.quantized(),
                    new DataError(
                            value, value, value, value, new SplitError(value, value), new SplitError(value, value))));
        }
        Document page = Xml.parse(
                html(Evaluations.of(new TensorResult("x", tensor.op(), tensor.input(), tensor.overflows(), results))));
        List<Element> rows = summaryRows(page);
        assertEquals(List.of("–", "–", "–", "–", "–", "–"), cells(rows.get(0)).subList(7, 13));
        assertEquals(List.of("∞", "∞", "∞", "∞", "∞", "∞"), cells(rows.get(1)).subList(7, 13));
        assertEquals(
                List.of("−∞", "−∞", "−∞", "–", "–", "−∞"), cells(rows.get(2)).subList(7, 13));
    }

    @ParameterizedTest
    @EnumSource(QuantType.class)
    void oddHistogramsAreDrawn(QuantType type) throws Exception {
        float[] outlier = normal(5, 3000, 0, 1);
        outlier[9] = -Float.MAX_VALUE;
        float[][] odd = {
            {},
            {Float.NaN},
            {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY},
            {0},
            {-0f, 0, 0},
            {7},
            {-7, -7},
            {Float.MIN_VALUE},
            {-Float.MIN_VALUE, Float.MIN_VALUE},
            {Float.MIN_NORMAL, 0},
            {1, 1.0000001f},
            {1e30f, 2e30f},
            outlier,
        };
        for (QuantScheme scheme : QuantScheme.values()) {
            List<TensorResult> tensors = new ArrayList<>();
            for (float[] data : odd) {
                for (Activation op : List.of(Activation.SIGMOID, Activation.IDENTITY, Activation.RELU6)) {
                    tensors.add(Evaluations.tensor("t" + tensors.size(), op, type, scheme, data));
                }
            }
            String html = html(Evaluations.of(type, scheme, tensors));
            Document page = Xml.parse(html);
            assertEquals(tensors.size(), elements(page, "details", "tensor").size());
            assertFalse(
                    Pattern.compile("[ \"]d=\"[^\"]*[^-0-9.mlhv \"]")
                            .matcher(html)
                            .find(),
                    "a path of numbers");
            assertFalse(Pattern.compile("(NaN|Infinity)[^<]*/>").matcher(html).find());
        }
    }

    @Test
    void functionsThatLeaveTheDoublesAreDrawn() throws Exception {
        float[] data = normal(6, 1000, 0, 30);
        QuantParams input = QuantParams.of(QuantType.INT8, 2e36f, 0);
        QuantizedActivation exp =
                QuantizedActivation.compile(Activation.EXP, input, QuantParams.of(QuantType.INT8, 2e36f, -128));
        Activation hole =
                Activation.of("hole", x -> x > 1e37 && x < 1.5e37 ? Double.POSITIVE_INFINITY : -x, RealRange.ALL);
        QuantizedActivation falling =
                QuantizedActivation.compile(hole, input, QuantParams.of(QuantType.INT8, 2e36f, 0));
        List<TensorResult> tensors = new ArrayList<>();
        for (QuantizedActivation op : List.of(exp, falling)) {
            tensors.add(new TensorResult(
                    "t",
                    Optional.of(op.activation()),
                    Evaluations.summary(data),
                    OptionalLong.empty(),
                    List.of(new MethodResult(
                            new Method.OfHistogram(new MinMax()),
                            RealRange.of(-90, 90),
                            RealRange.ALL,
                            op,
                            new DataError(0, 1, 1, 1, new SplitError(1, 0), new SplitError(0, 1))))));
        }
        Document page = Xml.parse(html(Evaluations.of(QuantType.INT8, QuantScheme.ASYMMETRIC, tensors)));
        assertEquals(2, elements(page, "details", "tensor").size());
    }

    @Test
    void manyTensorsAreClosedAndSmall() throws Exception {
        TensorResult one = ordinary().tensors().get(0);
        for (int n : new int[] {20, 21}) {
            List<TensorResult> tensors = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                tensors.add(new TensorResult("layer" + i, one.op(), one.input(), one.overflows(), one.methods()));
            }
            String html = html(Evaluations.of(QuantType.INT8, QuantScheme.ASYMMETRIC, tensors));
            List<Element> sections = elements(Xml.parse(html), "details", "tensor");
            assertEquals(n, sections.size());
            for (Element section : sections) {
                assertEquals(n <= 20, section.hasAttribute("open"));
            }
            int most = n <= 20 ? 75_000 : 26_000;
            assertTrue(html.length() < 40_000 + n * most, () -> "characters: " + html.length());
        }
    }

    @Test
    void ofManyTensorsTheSummaryShowsTheBestMethods() throws Exception {
        TensorResult one = ordinary().tensors().get(0);
        for (int n : new int[] {20, 21}) {
            Document page = Xml.parse(
                    html(Evaluations.of(QuantType.INT8, QuantScheme.ASYMMETRIC, Collections.nCopies(n, one))));
            Element box = elements(page, "input", "switch").get(0);
            assertEquals("only-best", box.getAttribute("id"));
            assertEquals(n > 20, box.hasAttribute("checked"));
        }
        // The heading must not go with the rows of other methods.
        assertTrue(html(ordinary()).contains("#only-best:checked ~ .scroll tbody tr:not(.best)"));
    }

    @Test
    void warningsAreListedByKindWithTheirTensors() throws Exception {
        assertTrue(elements(Xml.parse(html(ordinary())), "table", "alerts").isEmpty());
        List<TensorResult> tensors = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            tensors.add(Evaluations.tensor("few" + i, Activation.SILU, normal(i, 100, 0, 1)));
        }
        tensors.add(Evaluations.tensor("nan", Activation.SILU, Float.NaN, 1, 2));
        Document page = Xml.parse(html(Evaluations.of(tensors.toArray(new TensorResult[0]))));
        Element table = elements(page, "table", "alerts").get(0);
        NodeList rows = table.getElementsByTagName("tr");
        assertEquals(4, rows.getLength());
        List<String> first = cells((Element) rows.item(1));
        assertEquals(List.of("⚠ Few values", "16 tensors"), first.subList(0, 2));
        assertTrue(first.get(2).startsWith("few0, few1, ") && first.get(2).endsWith("few11 and 4 more"), first.get(2));
        assertEquals(List.of("⚠ NaN", "1 tensor", "nan"), cells((Element) rows.item(2)));
        assertEquals(List.of("⚠ One-sided", "1 tensor", "nan"), cells((Element) rows.item(3)));
    }

    @Test
    void everyMethodsRoundingAndClippingStandApart() throws Exception {
        Evaluation evaluation = ordinary();
        Document page = Xml.parse(html(evaluation));
        List<Element> tables = elements(page, "table", "errors-table");
        assertEquals(2, tables.size());
        for (int i = 0; i < 2; i++) {
            TensorResult tensor = evaluation.tensors().get(i);
            NodeList rows = tables.get(i).getElementsByTagName("tr");
            assertEquals(1 + tensor.methods().size(), rows.getLength());
            for (int k = 0; k < tensor.methods().size(); k++) {
                DataError error = tensor.methods().get(k).error();
                List<String> cells = cells((Element) rows.item(k + 1));
                assertEquals(
                        List.of(
                                Numbers.real(Math.sqrt(error.input().rounding())),
                                Numbers.real(Math.sqrt(error.input().clipping())),
                                Numbers.decimals(error.inputSqnrDb(), 2),
                                Numbers.real(Math.sqrt(error.output().rounding())),
                                Numbers.real(Math.sqrt(error.output().clipping())),
                                Numbers.decimals(error.outputSqnrDb(), 2)),
                        cells.subList(1, 7));
                // The SQNR is that of both parts together.
                double signal =
                        tensor.input().sumOfSquares() / tensor.input().counts().finite();
                assertEquals(10 * Math.log10(signal / error.input().total()), error.inputSqnrDb(), 1e-9);
            }
            assertEquals(tensor.reason(), elements(page, "p", "reason").get(i).getTextContent());
        }
    }

    @Test
    void anEvaluationOfNothingIsAPage() throws Exception {
        assertNotNull(Xml.parse(html(Evaluations.of())));
    }

    @Test
    void absentArgumentsAreRefused() {
        assertThrows(NullPointerException.class, () -> HtmlReport.write(null, new StringBuilder()));
        assertThrows(NullPointerException.class, () -> HtmlReport.write(ordinary(), null));
    }
}
