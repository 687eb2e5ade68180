// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;

/**
 * Objects as the bytes of Java's serialization: what is sent so needs nothing of the serializer that Spark is set to,
 * of which Kryo cannot make records. Stateless and thread safe.
 */
final class JavaBytes {
    private JavaBytes() {}

    static byte[] of(Serializable object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Reads what a task or the driver of the same program has written. */
    static <T> T read(byte[] bytes, Class<T> type) {
        // Types are looked for by the loader of this class, which is that of the jar.
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return type.cast(in.readObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("class path of executors must be that of the driver", e);
        }
    }
}
