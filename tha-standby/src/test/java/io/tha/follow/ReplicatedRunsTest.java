package io.tha.follow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.follow.Elements.Element;
import io.tha.layout.Layout;
import io.tha.layout.RandomLayouts;
import io.tha.layout.ReplicatedRuns;
import io.tha.testkit.Seeds;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Runs against a walk over the declared fields, for random layouts. */
class ReplicatedRunsTest {
    private static final int LAYOUTS = 2_000;

    private final Random random = Seeds.random();

    @Test
    void runsAreAllThatIsReplicatedAndPointersApart() {
        ReplicatedRuns runs = new ReplicatedRuns();
        for (int i = 0; i < LAYOUTS; i++) {
            Layout layout = RandomLayouts.next(random, "L");
            List<Element> elements = Elements.of(layout);
            int from = runs.cut(layout, random.nextInt(layout.sizeBytes() + 1));
            int to = Math.max(from, runs.cut(layout, random.nextInt(layout.sizeBytes() + 1)));
            char[] expected = new char[to - from];
            char[] found = new char[to - from];
            for (Element element : elements) {
                for (int at = Math.max(from, element.start()); at < Math.min(to, element.end()); at++) {
                    expected[at - from] = element.local() ? 0 : element.isPointer() ? 'p' : 'v';
                }
            }

            runs.begin(layout, from, to);
            int end = from;
            while (runs.next()) {
                assertTrue(runs.start() >= end && runs.end() > runs.start(), layout.description());
                for (int at = runs.start(); at < runs.end(); at++) {
                    found[at - from] = runs.isPointers() ? 'p' : 'v';
                }
                end = runs.end();
            }

            assertEquals(new String(expected), new String(found), () -> layout.description() + " from " + from + " to " + to);
            assertTrue(elements.stream().noneMatch(element -> element.isPointer() && cuts(element, from)), layout.description());
        }
    }

    private static boolean cuts(Element element, int offset) {
        return element.start() < offset && offset < element.end();
    }
}
