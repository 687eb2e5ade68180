// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The one session of all tests, for it takes seconds to start: two threads, four attempts for each task. */
final class LocalSpark {
    private static final SparkSession SESSION = start();

    private LocalSpark() {}

    private static SparkSession start() {
        SparkSession spark = SparkSession.builder()
                .master("local[2,4]")
                .appName("tests")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 3)
                .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
                .getOrCreate();
        // Tasks are made to fail here by the hundred, each with its stack.
        spark.sparkContext().setLogLevel("OFF");
        return spark;
    }

    static SparkSession session() {
        return SESSION;
    }

    /** The same rows, but the first attempt of every task fails after three of them, or at their end. */
    static Dataset<Row> failingFirst(Dataset<Row> rows) {
        return rows.mapPartitions((MapPartitionsFunction<Row, Row>) FailingRows::new, Encoders.row(rows.schema()));
    }

    private static final class FailingRows implements Iterator<Row>, Serializable {
        private static final long serialVersionUID = 1L;

        private final transient Iterator<Row> rows;
        private int left = 3;

        FailingRows(Iterator<Row> rows) {
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            boolean hasNext = rows.hasNext() && left > 0;
            if (!hasNext && TaskContext.get().attemptNumber() == 0) {
                throw new IllegalStateException("first attempt");
            }
            return rows.hasNext();
        }

        @Override
        public Row next() {
            if (!rows.hasNext()) {
                throw new NoSuchElementException();
            }
            left--;
            return rows.next();
        }
    }
}
