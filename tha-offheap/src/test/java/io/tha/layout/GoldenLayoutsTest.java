package io.tha.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tha.testkit.ForkedJvm;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same declarations come to the same descriptions, offsets and fingerprints in each JVM, and in each version of THA: a difference to these files
 * would keep versions of a service apart that differ in nothing.
 */
@Timeout(120)
class GoldenLayoutsTest {
    @Test
    void descriptionsAndFingerprintsAreThoseOfTheGoldenFile() throws IOException {
        assertEquals(golden("golden.layouts"), GoldenLayouts.text());
    }

    @Test
    void offsetsAreThoseOfTheGoldenFile() throws IOException {
        assertEquals(golden("golden-offsets.txt"), GoldenLayouts.offsets());
    }

    @Test
    void allTypesAreThere() throws IOException {
        String text = golden("golden.layouts");

        for (FieldType type : FieldType.values()) {
            assertTrue(text.contains(" type=" + type.text() + " "), type.text());
        }
    }

    /** With java.security and java.math, as another implementation would do it. */
    @Test
    void aFingerprintIsTheBeginningOfTheHashOfTheDescription() throws NoSuchAlgorithmException {
        for (Layout layout : GoldenLayouts.all()) {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(layout.description().getBytes(StandardCharsets.UTF_8));
            byte[] bigEndian = new byte[Long.BYTES];
            for (int i = 0; i < Long.BYTES; i++) {
                bigEndian[i] = hash[Long.BYTES - 1 - i];
            }

            assertEquals(new BigInteger(bigEndian).longValue(), layout.fingerprint(), layout.name());
        }
    }

    /** Turkish has another lower case of I, Arabic other digits; neither ASCII nor Latin-1 has all characters of the names. */
    @ParameterizedTest
    @ValueSource(strings = {
        "-Duser.language=tr -Duser.country=TR -Dfile.encoding=US-ASCII",
        "-Duser.language=ar -Duser.country=EG -Duser.extensions=u-nu-arab -Dfile.encoding=ISO-8859-1 -Xint",
        "-Duser.language=th -Duser.country=TH -Duser.variant=TH -Dfile.encoding=UTF-16 -XX:+UseSerialGC"
    })
    void neitherLocaleNorEncodingChangesThem(String flags) throws IOException {
        String[] options = flags.split(" ");
        try (ForkedJvm jvm = ForkedJvm.of(GoldenLayouts.class).jvmArgs(options).start()) {
            assertEquals(0, jvm.awaitExit(), jvm::output);
            List<String> lines = jvm.lines();

            assertTrue(lines.get(0).startsWith("locale " + options[0].substring(options[0].length() - 2)), lines.get(0));
            String[] expected = (golden("golden.layouts") + golden("golden-offsets.txt")).split("\n");
            assertArrayEquals(expected, Arrays.copyOfRange(lines.toArray(String[]::new), 1, lines.size() - 1));
        }
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = GoldenLayoutsTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
