// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

/**
 * A column as the schema declares it.
 *
 * @param tensor its name as a tensor, or null where its values are no floats
 * @param step the last step of the way to it
 * @param type of its values
 * @param maxDefinition definition level of a value that is there; lower ones are nulls and empty lists
 * @param maxRepetition repetition level of a list's further values; 0 where no list is
 */
record ParquetColumn(String tensor, Step step, PhysicalType type, int maxDefinition, int maxRepetition) {

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

        PhysicalType(int number) {
            this.number = number;
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

        boolean isReal() {
            return this == FLOAT || this == DOUBLE;
        }

        /** Bytes of a value of floats and doubles. */
        int bytes() {
            return this == DOUBLE ? Double.BYTES : Float.BYTES;
        }
    }
}
