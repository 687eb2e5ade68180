// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import java.util.concurrent.ThreadFactory;

/** Virtual threads, which the release that the tests are compiled for does not know. */
final class VirtualThreads {
    static final boolean EXIST = Runtime.version().feature() >= 21;

    private VirtualThreads() {}

    static ThreadFactory factory() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("virtual threads must be there", e);
        }
    }
}
