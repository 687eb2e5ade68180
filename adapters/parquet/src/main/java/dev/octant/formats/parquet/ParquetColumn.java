// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.core.scalar.HalfType;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A column as the schema declares it.
 *
 * @param name of its values as a tensor
 * @param step the last step of the way to it
 * @param type of its stored values
 * @param real how they stand for real numbers, or null where they are none
 * @param maxDefinition definition level of a value that is there; lower ones are nulls and empty lists
 * @param maxRepetition repetition level of a list's further values; 0 where no list is
 */
record ParquetColumn(String name, Step step, PhysicalType type, Real real, int maxDefinition, int maxRepetition) {
    /** How pandas names a column that holds the unnamed index of a table. */
    private static final Pattern UNNAMED = Pattern.compile("__index_level_[0-9]+__");

    /** Why its values are no tensor; empty where they are one. */
    Optional<String> obstacle() {
        if (real == null) {
            return Optional.of(type.obstacle);
        }
        return UNNAMED.matcher(name).matches()
                ? Optional.of("column must have a name of its own, was the unnamed index of a pandas table")
                : Optional.empty();
    }

    /** How stored values stand for real numbers. */
    enum Real {
        /** IEEE 754 binary16 in two bytes, which become the same float. */
        FLOAT16(2) {
            @Override
            float at(ByteBuffer bytes, int position) {
                return HalfType.FLOAT16.toFloat(bytes.getShort(position));
            }
        },

        FLOAT(4) {
            @Override
            float at(ByteBuffer bytes, int position) {
                return bytes.getFloat(position);
            }
        },

        /** Rounds to the nearest float. */
        DOUBLE(8) {
            @Override
            float at(ByteBuffer bytes, int position) {
                return (float) bytes.getDouble(position);
            }
        };

        private final int bytes;

        Real(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of a value. */
        int bytes() {
            return bytes;
        }

        /** The value that begins at a position. */
        abstract float at(ByteBuffer bytes, int position);
    }

    /** Types of stored values, by their numbers in {@code parquet.thrift}. */
    enum PhysicalType {
        BOOLEAN(0),
        INT32(1),
        INT64(2),
        INT96(3),
        FLOAT(4),
        DOUBLE(5),
        BYTE_ARRAY(6),
        FIXED_LEN_BYTE_ARRAY(7);

        private final int number;
        private final String obstacle;

        PhysicalType(int number) {
            this.number = number;
            obstacle = "column must be of floats, doubles or float16, was " + name();
        }

        int number() {
            return number;
        }

        /** The type of a number, or null. */
        static PhysicalType of(int number) {
            for (PhysicalType type : values()) {
                if (type.number == number) {
                    return type;
                }
            }
            return null;
        }
    }
}
