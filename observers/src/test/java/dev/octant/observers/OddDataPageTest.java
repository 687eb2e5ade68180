// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every row of docs/odd-data.md names tests that exist, and every kind of odd data that is tested stands in it. */
class OddDataPageTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)?#(\\w+)`");

    @Test
    void theTestsThatThePageNamesExist() throws Exception {
        List<String> page = Files.readAllLines(Path.of("..", "docs", "odd-data.md"));
        int rows = 0;
        for (String line : page) {
            if (!line.startsWith("|") || line.startsWith("| data") || line.startsWith("| ---")) {
                continue;
            }
            rows++;
            String type = "";
            boolean named = line.contains("the same three on \"");
            Matcher matcher = TEST.matcher(line);
            while (matcher.find()) {
                type = matcher.group(1) == null ? type : matcher.group(1);
                assertTrue(methods(type).contains(matcher.group(2)), line);
                named = true;
            }
            assertTrue(named, line);
        }
        assertEquals(10 + 9, rows);
        String text = String.join("\n", page);
        OddDataTest.odd()
                .forEach(odd -> assertTrue(
                        text.contains("\"" + odd + "\"") || odd.toString().startsWith("one outlier"), odd::toString));
    }

    private static Set<String> methods(String type) throws ReflectiveOperationException {
        String place = type.startsWith("Engine") ? "dev.octant.observers.engines." : "dev.octant.observers.";
        return Arrays.stream(Class.forName(place + type).getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(java.lang.reflect.Method::getName)
                .collect(Collectors.toSet());
    }
}
