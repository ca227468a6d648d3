package io.tha.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tha.layout.FieldType;
import io.tha.memory.Memory;
import io.tha.testkit.Seeds;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each primitive type to each other, at the borders of both and at random, against java.math. */
class NumbersTest {
    private static final int RANDOM_VALUES = 2_000;
    private static final long SEED = Seeds.seed();

    private final long source = Memory.allocate(Long.BYTES);
    private final long target = Memory.allocate(Long.BYTES);

    @AfterEach
    void free() {
        Memory.free(source);
        Memory.free(target);
    }

    static Stream<Arguments> pairs() {
        List<FieldType> types = Stream.of(FieldType.values()).filter(Numbers::isNumber).toList();
        return types.stream().flatMap(from -> types.stream().filter(to -> to != from).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aNumberBecomesItsEquivalent(FieldType from, FieldType to) {
        for (Number value : values(from)) {
            for (boolean clamps : new boolean[] {true, false}) {
                ReferenceNumber.put(from, source, value);
                Memory.putLong(target, -1);
                ReferenceNumber expected = ReferenceNumber.of(ReferenceNumber.at(from, bytes(source), 0), to, clamps);

                int result = Numbers.convert(from, source, to, target, clamps);

                String what = from + " " + value + " to " + to + (clamps ? ", clamped" : ", truncated");
                assertEquals(expected.result(), result, what);
                assertEquals(expected.bits(), ReferenceNumber.bits(to, bytes(target), 0), what);
            }
        }
    }

    private static ByteBuffer bytes(long address) {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Memory.getLong(address));
    }

    private static List<Number> values(FieldType type) {
        List<Number> values = new ArrayList<>();
        boolean isReal = type == FieldType.FLOAT32 || type == FieldType.FLOAT64;
        for (int bits : new int[] {0, 1, 7, 8, 15, 16, 24, 31, 32, 53, 63, 64, 65, 100, 127, 128}) {
            BigInteger power = BigInteger.ONE.shiftLeft(bits);
            for (int near = -2; near <= 2; near++) {
                BigInteger whole = power.add(BigInteger.valueOf(near));
                for (BigInteger signed : List.of(whole, whole.negate())) {
                    if (isReal) {
                        values.add(signed.doubleValue());
                        values.add(signed.doubleValue() + 0.5);
                        values.add(Math.nextUp(signed.doubleValue()));
                        values.add(Math.nextDown(signed.doubleValue()));
                    } else {
                        values.add(signed.longValue());
                    }
                }
            }
        }
        Random random = new Random(SEED ^ type.name().hashCode());
        for (int i = 0; i < RANDOM_VALUES; i++) {
            long bits = random.nextLong() >> random.nextInt(Long.SIZE);
            values.add(isReal ? (Number) Double.longBitsToDouble(random.nextLong()) : bits);
            values.add(isReal ? (Number) (double) Float.intBitsToFloat(random.nextInt()) : -bits);
        }
        if (isReal) {
            values.addAll(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE, Double.MAX_VALUE));
            values.addAll(List.of((double) Float.MAX_VALUE, (double) Float.MIN_VALUE, -Double.MAX_VALUE));
        }
        return values;
    }
}
