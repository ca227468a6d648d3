package io.tha.transform;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A declared default as text, the same in every JVM, which reads back as the same value: {@code -5}, {@code 2.5}, {@code "text"}. */
final class DefaultText {
    private static final char QUOTE = '"';
    private static final char ESCAPE = '\\';
    /** So many digits tell each float64 from its neighbours. */
    private static final int ENOUGH_DIGITS = 17;
    private static final int HEX = 16;
    private static final Pattern ESCAPED = Pattern.compile("\\\\(u[0-9a-f]{4}|.)");

    private DefaultText() {}

    static String of(Object value) {
        return value instanceof String text ? quote(text) : value instanceof Double real ? of((double) real) : value.toString();
    }

    /** With the fewest digits that lead back to it; not {@link Double#toString}, which JDKs before 19 give more digits at times. */
    private static String of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        BigDecimal shortest = exact;
        for (int digits = ENOUGH_DIGITS; digits > 0; digits--) {
            BigDecimal fewer = exact.round(new MathContext(digits));
            if (fewer.doubleValue() != value) {
                break;
            }
            shortest = fewer;
        }
        String text = shortest.stripTrailingZeros().toString();
        return text.indexOf('.') < 0 && text.indexOf('E') < 0 ? text + ".0" : text;
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder().append(QUOTE);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == QUOTE || c == ESCAPE) {
                quoted.append(ESCAPE).append(c);
            } else if (isUnseen(c)) {
                quoted.append(ESCAPE).append('u').append(String.format("%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append(QUOTE).toString();
    }

    /** Whether a character would end the line for some reader of the file, or be no character by itself. */
    private static boolean isUnseen(char c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c);
    }

    /** Reads it back; null if it is no such text. */
    static Object parse(String text) {
        if (text.length() > 1 && text.charAt(0) == QUOTE && text.charAt(text.length() - 1) == QUOTE) {
            return unquote(text.substring(1, text.length() - 1));
        }
        try {
            return text.matches("-?[0-9]+") ? (Object) Long.valueOf(text) : (Object) Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String unquote(String quoted) {
        return ESCAPED.matcher(quoted).replaceAll(escaped -> {
            String what = escaped.group(1);
            return Matcher.quoteReplacement(
                    what.length() == 1 ? what : Character.toString((char) Integer.parseInt(what.substring(1), HEX)));
        });
    }
}
