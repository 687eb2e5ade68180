// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.datasources.FileIndex;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.PartitionDirectory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Files of Parquet as one table with all their columns. It is exactly the files that are named: Spark's own reader
 * takes a name for a pattern, passes over names that begin with a dot or an underscore, and makes columns of the names
 * of folders. Stateless and thread safe.
 */
public final class ParquetFiles {
    /** Pages whose checksum is another than that of their bytes are refused, where the writer made checksums. */
    public static final Map<String, String> CHECKED = Map.of("parquet.page.verify-checksum.enabled", "true");

    /** The same, and all columns that any file has. */
    public static final Map<String, String> WHOLE =
            Map.of("parquet.page.verify-checksum.enabled", "true", "mergeSchema", "true");

    private ParquetFiles() {}

    /**
     * Files that are there.
     *
     * @throws FormatException if one cannot be looked at, or has a name that Hadoop cannot read
     */
    public static List<FileStatus> find(List<String> files, Configuration configuration) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        for (String file : files) {
            Path path = HadoopFiles.qualified(file, configuration);
            if (HadoopFiles.isLocal(path) && path.getName().indexOf(':') >= 0) {
                throw new FormatException(file
                        + ": name of a local file of Parquet must have no colon, with which Hadoop cannot read it");
            }
            RemoteIterator<LocatedFileStatus> statuses =
                    path.getFileSystem(configuration).listLocatedStatus(path);
            while (statuses.hasNext()) {
                found.add(statuses.next());
            }
        }
        return found;
    }

    /** The table of files that {@link #find} has found. */
    public static Dataset<Row> table(SparkSession spark, List<FileStatus> found) {
        scala.collection.immutable.Map<String, String> options = Map$.MODULE$.from(CollectionConverters.asScala(WHOLE));
        ParquetFileFormat format = new ParquetFileFormat();
        StructType schema =
                format.inferSchema(spark, options, sequence(found)).get().asNullable();
        return spark.baseRelationToDataFrame(new HadoopFsRelation(
                new NamedFiles(found), new StructType(), schema, Option.empty(), format, options, spark));
    }

    private static <T> Seq<T> sequence(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }

    /** Files without an order of folders. Immutable. */
    private static final class NamedFiles implements FileIndex {
        private final List<FileStatus> files;

        NamedFiles(List<FileStatus> files) {
            this.files = List.copyOf(files);
        }

        @Override
        public Seq<Path> rootPaths() {
            return sequence(files.stream().map(FileStatus::getPath).toList());
        }

        @Override
        public Seq<PartitionDirectory> listFiles(Seq<Expression> partitionFilters, Seq<Expression> dataFilters) {
            return sequence(List.of(PartitionDirectory.apply(InternalRow.empty(), files.toArray(FileStatus[]::new))));
        }

        @Override
        public String[] inputFiles() {
            return files.stream().map(file -> file.getPath().toUri().toString()).toArray(String[]::new);
        }

        @Override
        public void refresh() {
            // They are those that were given.
        }

        @Override
        public long sizeInBytes() {
            return files.stream().mapToLong(FileStatus::getLen).sum();
        }

        @Override
        public StructType partitionSchema() {
            return new StructType();
        }

        @Override
        public String toString() {
            return "named files of Parquet: " + files.size();
        }
    }
}
