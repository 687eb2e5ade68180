package dev.octant.formats;

import java.io.IOException;

/**
 * A file that cannot be read or written as asked. The message is one sentence on one line: where (file, then array or JSON
 * path), what must hold, and what was found.
 *
 * <p>Text taken from files is shown shortened and with control characters escaped, so that a message stays one line
 * whatever a file holds.
 */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN_LENGTH = 80;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Text from a file as it may stand in a message: at most 80 characters, one line, nothing invisible. */
    public static String shown(String text) {
        return shown(text, SHOWN_LENGTH);
    }

    /** The same with another limit, for sentences made here around such text. */
    public static String shown(String text, int limit) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (shown.length() >= limit) {
                return shown.append("...").toString();
            }
            char c = text.charAt(i);
            if (isVisible(c)) {
                shown.append(c);
            } else {
                shown.append(String.format("\\u%04x", (int) c));
            }
        }
        return shown.toString();
    }

    private static boolean isVisible(char c) {
        if (c == ' ') {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
