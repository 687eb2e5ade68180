// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.cli.report.drawing.Markup;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.w3c.dom.Element;

class MarkupProperties {
    @Property
    void anyNameComesBackFromTextAndAttribute(@ForAll String name) throws Exception {
        Markup page = new Markup();
        page.element("p", name, "title", name);
        Element p = Xml.parse(page.drain()).getDocumentElement();
        String shown = name.codePoints()
                .mapToObj(c -> isShown(c) ? Character.toString(c) : String.format("\\u%04x", c))
                .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
                .toString();
        assertEquals(shown, p.getTextContent());
        // XML reads line ends and tabs of an attribute as spaces.
        assertEquals(shown.replaceAll("[\t\n]", " "), p.getAttribute("title"));
    }

    private static boolean isShown(int c) {
        if (c == '\t' || c == '\n') {
            return true;
        }
        return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE && c != 0xFFFE && c != 0xFFFF;
    }
}
