// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PictureTest {
    private final Picture picture = new Picture(RatiosTest.report());

    private Document parsed() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(picture.svg())));
    }

    @Test
    void theAxisIsLogarithmic() {
        assertEquals(picture.x(10) - picture.x(1), picture.x(1000) - picture.x(100), 1e-9);
        assertEquals(picture.x(1) - picture.x(0.5), picture.x(2) - picture.x(1), 1e-9);
        assertTrue(picture.x(10) > picture.x(1));
    }

    /** Four ratios: a bar each, between 1 and the ratio. */
    @Test
    void barsReachFromOneToTheRatio() throws Exception {
        List<Element> bars = new ArrayList<>();
        NodeList all = parsed().getElementsByTagName("rect");
        for (int i = 0; i < all.getLength(); i++) {
            if (((Element) all.item(i)).getAttribute("class").equals("bar")) {
                bars.add((Element) all.item(i));
            }
        }
        assertEquals(4, bars.size());
        double[] ratios = {1.0, 9.0, 0.75, 1500};
        for (int i = 0; i < ratios.length; i++) {
            double from = Double.parseDouble(bars.get(i).getAttribute("x"));
            double width = Double.parseDouble(bars.get(i).getAttribute("width"));
            assertEquals(Math.min(picture.x(1), picture.x(ratios[i])), from, 0.1);
            assertEquals(Math.max(1, Math.abs(picture.x(ratios[i]) - picture.x(1))), width, 0.15);
        }
    }

    @Test
    void whatItShowsIsWritten() throws Exception {
        String text = parsed().getDocumentElement().getTextContent();
        assertTrue(text.contains("sigmoid table, 64 K"), text);
        assertTrue(text.contains("sigmoid table, 1 M"), text);
        assertTrue(text.contains("1500"), text);
        assertTrue(text.contains("Some CPU"), text);
        // The background makes it readable on dark pages.
        assertTrue(picture.svg().contains("fill=\"#ffffff\""));
    }
}
