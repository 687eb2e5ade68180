// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.parquet.ParquetColumn.PhysicalType;
import dev.octant.formats.parquet.ParquetColumn.Real;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the columns in a schema, which stands in a footer as a tree in pre-order: each element says how many of the
 * next are its children.
 *
 * <p>A column's name as a tensor is its path without the steps that only make a list: {@code act} for {@code
 * act.list.element}.
 *
 * <p>Source: {@code parquet.thrift} and {@code LogicalTypes.md} of Apache Parquet, its rules for lists of older
 * writers too.
 */
final class Schema {
    private static final int MAX_DEPTH = 64;
    private static final int REQUIRED = 0;
    private static final int OPTIONAL = 1;
    private static final int REPEATED = 2;
    private static final int CONVERTED_LIST = 3;
    private static final int LOGICAL_LIST = 3;
    private static final int LOGICAL_FLOAT16 = 15;

    /**
     * An element of the tree.
     *
     * @param type null for a group
     * @param real how its values stand for real numbers, or null
     * @param repetition one of the three above
     * @param children of a group
     * @param isList whether it says to be a list
     */
    record Element(String name, PhysicalType type, Real real, int repetition, int children, boolean isList) {

        static Element read(ThriftReader in) {
            PhysicalType type = null;
            int repetition = OPTIONAL;
            String name = null;
            int children = 0;
            boolean isList = false;
            int length = 0;
            int logical = 0;
            for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
                switch (field) {
                    case 1 -> type = type(in.i32());
                    case 3 -> repetition = repetition(in.i32());
                    case 4 -> name = in.text();
                    case 5 -> children = in.i32();
                    case 6 -> isList |= in.i32() == CONVERTED_LIST;
                    case 2 -> length = in.i32();
                    case 7, 8, 9 -> in.skip(ThriftReader.Type.I32);
                    case 10 -> logical = logical(in);
                    default -> in.skip();
                }
            }
            if (name == null) {
                throw new IllegalArgumentException("with a schema element without a name");
            }
            if (children < 0 || (type != null && children > 0)) {
                throw new IllegalArgumentException("with a schema element of " + children + " children");
            }
            boolean isHalf = logical == LOGICAL_FLOAT16 && length == Real.FLOAT16.bytes();
            return new Element(name, type, real(type, isHalf), repetition, children, isList || logical == LOGICAL_LIST);
        }

        private static PhysicalType type(int number) {
            PhysicalType type = PhysicalType.of(number);
            if (type == null) {
                throw new IllegalArgumentException("with type " + number + " in its schema");
            }
            return type;
        }

        private static int repetition(int number) {
            if (number < REQUIRED || number > REPEATED) {
                throw new IllegalArgumentException("with repetition " + number + " in its schema");
            }
            return number;
        }

        private static Real real(PhysicalType type, boolean isHalf) {
            if (type == PhysicalType.FLOAT) {
                return Real.FLOAT;
            }
            if (type == PhysicalType.DOUBLE) {
                return Real.DOUBLE;
            }
            return type == PhysicalType.FIXED_LEN_BYTE_ARRAY && isHalf ? Real.FLOAT16 : null;
        }

        /** Which member of the union is there. */
        private static int logical(ThriftReader in) {
            int member = 0;
            in.struct();
            for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
                member = field;
                in.skip(ThriftReader.Type.STRUCT);
            }
            return member;
        }
    }

    /** The steps to an element, its name as a tensor, and the levels there. */
    private record Way(Step step, String tensor, int definition, int repetition) {
        static final Way START = new Way(Step.ROOT, "", 0, 0);

        Way to(Element element, String name) {
            return new Way(
                    step.to(element.name()),
                    name,
                    definition + (element.repetition() == REQUIRED ? 0 : 1),
                    repetition + (element.repetition() == REPEATED ? 1 : 0));
        }
    }

    private final List<Element> elements;
    private final List<ParquetColumn> columns = new ArrayList<>();
    private final int maxCharacters;
    private int at;
    private int characters;

    private Schema(List<Element> elements, int maxCharacters) {
        this.elements = elements;
        this.maxCharacters = maxCharacters;
    }

    /**
     * The columns in order.
     *
     * @param maxCharacters of all names together: a long name of a group with many columns would multiply
     * @throws IllegalArgumentException if the elements are no tree; the message says why
     */
    static List<ParquetColumn> columns(List<Element> elements, int maxCharacters) {
        Schema schema = new Schema(elements, maxCharacters);
        Element root = schema.next();
        schema.children(root, Way.START);
        boolean hasRest = schema.at < elements.size();
        if (hasRest && !schema.columns.isEmpty()) {
            throw new IllegalArgumentException(
                    "with " + elements.size() + " schema elements, of which its tree has " + schema.at);
        }
        return schema.columns;
    }

    private Element next() {
        if (at == elements.size()) {
            throw new IllegalArgumentException("with a schema of " + at + " elements that should go on");
        }
        return elements.get(at++);
    }

    private void children(Element group, Way way) {
        for (int i = 0; i < group.children(); i++) {
            Element child = next();
            visit(child, way.to(child, name(way, child)));
        }
    }

    private String name(Way way, Element child) {
        characters += way.tensor().length() + child.name().length();
        if (characters > maxCharacters) {
            throw new IllegalArgumentException("with column names of more than " + maxCharacters + " characters");
        }
        return way.step().depth() == 0 ? child.name() : way.tensor() + "." + child.name();
    }

    private void visit(Element element, Way way) {
        if (way.step().depth() > MAX_DEPTH) {
            throw new IllegalArgumentException("with a schema nested more than " + MAX_DEPTH + " deep");
        }
        if (element.type() != null) {
            columns.add(new ParquetColumn(
                    way.tensor(), way.step(), element.type(), element.real(), way.definition(), way.repetition()));
        } else if (element.isList() && element.children() > 0 && elementAt(at).repetition() == REPEATED) {
            list(element, way);
        } else {
            children(element, way);
        }
    }

    /** The repeated element is the item itself, or a group around it, by the rules for lists. */
    private void list(Element list, Way way) {
        Element repeated = next();
        Way within = way.to(repeated, way.tensor());
        boolean isItem = repeated.type() != null
                || repeated.children() != 1
                || repeated.name().equals("array")
                || repeated.name().equals(list.name() + "_tuple");
        if (isItem) {
            visit(repeated, within);
        } else {
            Element item = next();
            visit(item, within.to(item, way.tensor()));
        }
        for (int i = 1; i < list.children(); i++) {
            Element child = next();
            visit(child, way.to(child, name(way, child)));
        }
    }

    private Element elementAt(int index) {
        if (index == elements.size()) {
            throw new IllegalArgumentException("with a schema of " + index + " elements that should go on");
        }
        return elements.get(index);
    }
}
