// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleSummary;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions of SQL, by the library's answers. */
class FunctionsTest {
    private static final Activations DATA = Activations.random(11, 20, 30);

    @BeforeAll
    static void view() {
        DATA.table().createOrReplaceTempView("activations");
    }

    private static List<Row> sql(String query) {
        return LocalSpark.session().sql(query).collectAsList();
    }

    private static byte[] bytes(float... values) {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(values);
        return new TensorSummary(observer.summary(), PerSampleSummary.EMPTY).toBytes();
    }

    private static byte[] bytes(float[][] rows) {
        HistogramObserver observer = new HistogramObserver();
        for (float[] row : rows) {
            observer.observe(row);
        }
        return new TensorSummary(observer.summary(), PerSampleSummary.EMPTY).toBytes();
    }

    /** The session was made with the jar's classes there, and nothing was called. */
    @Test
    void sparkFindsThemByItself() {
        String described = sql("DESCRIBE FUNCTION octant_summary").toString();
        assertTrue(described.contains("Returns the summary of floats or doubles"), described);
    }

    /** A session that was made before the jar was there gets them by a call. */
    @Test
    void registeringTwiceChangesNothing() {
        OctantSpark.register(LocalSpark.session());
        OctantSpark.register(LocalSpark.session());
        assertArrayEquals(
                bytes(2), (byte[]) sql("SELECT octant_summary(2F)").get(0).get(0));
    }

    @Test
    void everyTypeOfValues() {
        byte[] expected = bytes(1, -2.5f, 1e30f);
        for (String values : List.of(
                "(1F), (-2.5F), (1e30F)",
                "(1D), (-2.5D), (1e30D), (NULL)",
                "(array(1F, -2.5F, 1e30F))",
                "(array(1F, NULL, -2.5F)), (array()), (NULL), (array(1e30F))",
                "(array(1D, -2.5D, NULL, 1e30D))",
                "(array(array(1D), NULL, array(-2.5D, NULL))), (array(array(1e30D)))")) {
            List<Row> rows = sql("SELECT octant_summary(v) FROM VALUES " + values + " AS t(v)");
            assertArrayEquals(expected, (byte[]) rows.get(0).get(0), values);
        }
    }

    @Test
    void doublesAreNarrowed() {
        assertArrayEquals(bytes(0.1f, Float.POSITIVE_INFINITY, 0), (byte[])
                sql("SELECT octant_summary(v) FROM VALUES (0.1D), (1e39D), (1e-60D) AS t(v)")
                        .get(0)
                        .get(0));
    }

    @Test
    void nullsAreCounted() {
        assertEquals(
                4L,
                sql("SELECT octant_nulls(v) FROM VALUES (array(1F, NULL)), (NULL), (array(NULL, NULL)) t(v)")
                        .get(0)
                        .get(0));
        assertEquals(
                0L, sql("SELECT octant_nulls(values) FROM activations").get(0).get(0));
    }

    @Test
    void nothingObservedIsNull() {
        assertNull(sql("SELECT octant_summary(v) FROM VALUES (CAST(NULL AS FLOAT)) t(v)")
                .get(0)
                .get(0));
        assertNull(sql("SELECT octant_merge(CAST(NULL AS BINARY))").get(0).get(0));
        assertNull(sql("SELECT octant_range(NULL, 'minmax')").get(0).get(0));
        // Not a finite value among them: there is a summary, and no range.
        Row row = sql("SELECT s, octant_range(s, 'minmax'), octant_sqnr(s, 'minmax') FROM"
                        + " (SELECT octant_summary(v) s FROM VALUES (CAST('NaN' AS FLOAT)) t(v))")
                .get(0);
        assertArrayEquals(bytes(Float.NaN), (byte[]) row.get(0));
        assertNull(row.get(1));
        assertNull(row.get(2));
    }

    @Test
    void filtersRollupsAndWindows() {
        float[][] mul = DATA.rows().get("aten::mul");
        Row filtered = sql("SELECT octant_summary(values) FILTER (WHERE tensor = 'aten::mul') FROM activations")
                .get(0);
        assertArrayEquals(bytes(mul), (byte[]) filtered.get(0));
        List<Row> rollup = sql("SELECT tensor, octant_summary(values) FROM activations GROUP BY ROLLUP(tensor)");
        assertEquals(DATA.rows().size() + 1, rollup.size());
        HistogramObserver all = new HistogramObserver();
        DATA.rows().values().forEach(rows -> {
            for (float[] row : rows) {
                all.observe(row);
            }
        });
        byte[] whole = new TensorSummary(all.summary(), PerSampleSummary.EMPTY).toBytes();
        for (Row row : rollup) {
            byte[] expected = row.isNullAt(0) ? whole : bytes(DATA.rows().get(row.getString(0)));
            assertArrayEquals(expected, (byte[]) row.get(1), String.valueOf(row.get(0)));
        }
        List<Row> running = sql("SELECT octant_summary(v) OVER (ORDER BY v) FROM VALUES (1F), (2F), (3F) t(v)");
        assertArrayEquals(bytes(1), (byte[]) running.get(0).get(0));
        assertArrayEquals(bytes(1, 2), (byte[]) running.get(1).get(0));
        assertArrayEquals(bytes(1, 2, 3), (byte[]) running.get(2).get(0));
        Row distinct = sql("SELECT octant_summary(DISTINCT v), count(DISTINCT v) FROM VALUES (1F), (1F), (2F) t(v)")
                .get(0);
        assertArrayEquals(bytes(1, 2), (byte[]) distinct.get(0));
    }

    @Test
    void mergingIsTheSummaryOfAll() {
        List<Row> merged = sql("SELECT tensor, octant_merge(s) FROM (SELECT tensor, octant_summary(values) s"
                + " FROM activations GROUP BY tensor, size(filter(values, v -> v > 0)) % 5) GROUP BY tensor");
        for (Row row : merged) {
            assertArrayEquals(bytes(DATA.rows().get(row.getString(0))), (byte[]) row.get(1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "minmax,,int8,asymmetric,octant",
        "percentile=99.99,,uint8,symmetric,pytorch",
        "entropy,,int8_narrow,symmetric,nvidia",
        "consumer,silu,int8,asymmetric,octant",
        "best,sigmoid,uint8,asymmetric,onnxruntime"
    })
    void answersAreThoseOfTheLibrary(String method, String op, String type, String scheme, String policy)
            throws IOException {
        Calibration calibration = Calibration.parse(
                method,
                new ParameterRule(QuantType.parse(type), QuantScheme.parse(scheme), ParameterPolicy.parse(policy)),
                op == null ? OpChoice.NONE : OpChoice.of(Activation.parse(op)));
        String words = "'" + method + "', " + (op == null ? "NULL" : "'" + op + "'") + ", '" + type + "', '" + scheme
                + "', '" + policy + "'";
        List<Row> rows = sql("SELECT s, octant_range(s, " + words + ") r, octant_params(s, " + words
                + ") p, octant_sqnr(s, " + words + ") FROM (SELECT octant_summary(values) s FROM activations WHERE"
                + " tensor IN ('layer 1', 'aten::mul') GROUP BY tensor)");
        assertEquals(2, rows.size());
        for (Row row : rows) {
            TensorSummary summary = TensorSummary.of((byte[]) row.get(0));
            RealRange range = calibration.range("t", summary);
            assertEquals(range.min(), row.getStruct(1).getDouble(0));
            assertEquals(range.max(), row.getStruct(1).getDouble(1));
            CalibrationTable.Entry entry = calibration.entry("t", summary);
            Row params = row.getStruct(2);
            assertEquals(entry.params().scale(), params.<Float>getAs("scale"));
            assertEquals(entry.params().zeroPoint(), params.<Integer>getAs("zero_point"));
            assertEquals(entry.range().min(), (double) params.<Double>getAs("min"));
            assertEquals(entry.range().max(), (double) params.<Double>getAs("max"));
            assertEquals(entry.method(), params.<String>getAs("method"));
            assertEquals(
                    entry.consumer().map(consumer -> consumer.params().scale()).orElse(null),
                    params.<Float>getAs("output_scale"));
            double sqnr = calibration.evaluation(List.of(), Map.of("t", summary)).tensors().get(0).methods().stream()
                    .filter(result ->
                            calibration.isBest() || result.method().toString().startsWith(method.replaceAll("=.*", "")))
                    .mapToDouble(result -> result.error().outputSqnrDb())
                    .max()
                    .orElseThrow();
            assertEquals(sqnr, row.getDouble(3));
        }
    }

    @Test
    void wordsThatAreLeftOutAreThoseOfTheCommand() {
        Row row = sql("SELECT octant_params(s, 'minmax') = octant_params(s, 'minmax', NULL, 'int8', 'asymmetric',"
                        + " 'octant') FROM (SELECT octant_summary(values) s FROM activations)")
                .get(0);
        assertTrue(row.getBoolean(0));
    }

    /** One sentence of ours, in an exception of Spark, before anything is read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "octant_summary('a') | values of octant_summary must be of FLOAT or DOUBLE or arrays of these, was ST",
                "octant_summary(1) | must be of FLOAT or DOUBLE or arrays of these, was INT",
                "octant_summary(array(1.5)) | was ARRAY<DECIMAL(2,1)>",
                "octant_summary(map(1F, 1F)) | was MAP<FLOAT, FLOAT>",
                "octant_summary() | octant_summary must have one or two arguments, was given 0",
                "octant_summary(1F, 2F, 3F) | octant_summary must have one or two arguments, was given 3",
                "octant_summary(1F, 1) | samples of octant_summary must be the constant TRUE or FALSE, was 1",
                "octant_merge(1F) | summary of octant_merge must be BINARY, as octant_summary gives it, was FLOAT",
                "octant_merge(X'00', X'00') | octant_merge must have one argument, was given 2",
                "octant_nulls(TRUE) | was BOOLEAN",
                "octant_range(X'00') | was given 1 arguments",
                "octant_range('a', 'minmax') | summary of octant_range must be BINARY, as octant_summary gives it",
                "octant_range(X'00', 'minimax') | octant_range: method must be one of minmax",
                "octant_range(X'00', 'percentile=x') | percentile must be",
                "octant_range(X'00', NULL) | method must be given, was NULL",
                "octant_range(X'00', 5) | words of octant_range must be constant strings, was 5",
                "octant_range(X'00', 'ort-entropy') | method must not depend on the order of the data",
                "octant_range(X'00', 'consumer') | op",
                "octant_params(X'00', 'best', 'hswish') | must be one of",
                "octant_params(X'00', 'best', 'silu', 'int4') | type must be one of",
                "octant_params(X'00', 'minmax', NULL, 'int8', 'symmetric', 'tflite', 'x') | was given 7 arguments",
                "octant_sqnr(X'00', 'mean') | method of octant_sqnr must be one of a histogram"
            })
    void whatDoesNotSuitIsRefused(String call, String sentence) {
        Exception refusal =
                assertThrows(Exception.class, () -> LocalSpark.session().sql("SELECT " + call));
        assertEquals("org.apache.spark.sql.AnalysisException", superclass(refusal), refusal.toString());
        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
    }

    private static String superclass(Exception refusal) {
        Class<?> type = refusal.getClass();
        while (type.getName().endsWith("ExtendedAnalysisException")) {
            type = type.getSuperclass();
        }
        return type.getName();
    }

    /** Without samples, methods of samples have no answer; with samples of some values, neither. */
    @Test
    void summariesThatWereMadeWithoutSamplesAreRefused() {
        for (String query : List.of(
                "SELECT octant_range(s, 'mean') FROM (SELECT octant_summary(v) s FROM VALUES (1F), (2F) t(v))",
                "SELECT octant_params(octant_merge(s), 'median') FROM (SELECT octant_summary(v, TRUE) s FROM VALUES"
                        + " (array(1F)) t(v) UNION ALL SELECT octant_summary(v) FROM VALUES (array(2F)) t(v))")) {
            String sentence = Calibrate.sentence(assertThrows(Exception.class, () -> sql(query)));
            assertTrue(sentence.contains("samples must be known of all 2 values for "), sentence);
            assertTrue(sentence.endsWith(" (octant_summary(values, TRUE) keeps those of arrays)"), sentence);
            assertFalse(sentence.contains("\n"), sentence);
        }
    }

    @Test
    void bytesThatAreNoSummaryAreRefused() {
        byte[] bytes = bytes(1, 2);
        bytes[20] ^= 1;
        StringBuilder hex = new StringBuilder();
        for (byte b : bytes) {
            hex.append(String.format("%02x", b));
        }
        for (String bad : List.of("00", hex.toString())) {
            Exception refusal = assertThrows(
                    Exception.class, () -> sql("SELECT octant_merge(s) FROM VALUES (X'" + bad + "') t(s)"));
            String sentence = Calibrate.sentence(refusal);
            assertTrue(sentence.startsWith("summary of a tensor must "), sentence);
            assertFalse(sentence.contains("\n"), sentence);
        }
    }
}
