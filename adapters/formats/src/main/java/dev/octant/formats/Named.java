// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.text.Given;
import java.util.function.Supplier;

/** Puts the place in front of a refusal: which side, which line, which channel. */
public final class Named {
    private Named() {}

    /** Parameters whose refusal names what they belong to: {@code input scale must ..}. */
    public static QuantParams params(String of, QuantType type, float scale, int zeroPoint) {
        Given.require("name", of);
        Given.require("type", type);
        return at(of + " ", () -> QuantParams.of(type, scale, zeroPoint));
    }

    /**
     * The same call, with {@code prefix} in front of what it refuses; once where that is a name with a colon, which may
     * be there already.
     */
    public static <T> T at(String prefix, Supplier<T> call) {
        Given.require("prefix", prefix);
        Given.require("call", call);
        try {
            return call.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(named(prefix, e), e);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(named(prefix, e), e);
        }
    }

    private static String named(String prefix, RuntimeException refusal) {
        String message = refusal.getMessage() == null ? refusal.getClass().getSimpleName() : refusal.getMessage();
        return prefix.endsWith(": ") && message.startsWith(prefix) ? message : prefix + message;
    }

    /** The same for work that returns nothing. */
    public static void at(String prefix, Runnable work) {
        Given.require("prefix", prefix);
        Given.require("work", work);
        at(prefix, () -> {
            work.run();
            return prefix;
        });
    }
}
