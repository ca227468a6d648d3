package flights;

import io.tha.flyweight.ObjectFlyweight;
import io.tha.layout.Layout;
import io.tha.layout.Utf8Text;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import javax.annotation.processing.Generated;

/**
 * Shows an object as {@link Airport} declares it.
 */
@Generated("io.tha.flyweight.processor.FlyweightProcessor")
public class AirportFlyweight extends ObjectFlyweight implements Airport {
    private static final int CODE_OFFSET = 0;

    private static final int CODE_LENGTH = 8;

    private static final int DEPARTURES_OFFSET = 8;

    private static final int DELAYS_OFFSET = 16;

    private static final int DELAYS_COUNT = 8;

    private static final int ALTERNATE_OFFSET = 48;

    private static final int POSITION_OFFSET = 56;

    private static final int POSITION_LENGTH = 16;

    private static final int RUNWAYS_OFFSET = 72;

    private static final int RUNWAYS_LENGTH = 16;

    private static final int RUNWAYS_COUNT = 2;

    /**
     * To be registered.
     */
    public static final Layout LAYOUT = Layout.named("Airport")
            .utf8("code", CODE_LENGTH)
            .int64("departures").was("takeOffs")
            .int32Array("delays", DELAYS_COUNT)
            .pointer("alternate", "Airport")
            .struct("position", PositionFlyweight.LAYOUT)
            .structArray("runways", PositionFlyweight.LAYOUT, RUNWAYS_COUNT)
            .renamedFrom("Airfield")
            .build();

    private static final Utf8Text CODE_TEXT = new Utf8Text("layout 'Airport', field 'code'", CODE_LENGTH);

    static {
        // What is a constant here may be another number in another version of a nested structure.
        requirePlace(LAYOUT, "code", CODE_OFFSET, CODE_LENGTH);
        requirePlace(LAYOUT, "departures", DEPARTURES_OFFSET, Long.BYTES);
        requirePlace(LAYOUT, "delays", DELAYS_OFFSET, Integer.BYTES);
        requirePlace(LAYOUT, "alternate", ALTERNATE_OFFSET, Long.BYTES);
        requirePlace(LAYOUT, "position", POSITION_OFFSET, POSITION_LENGTH);
        requirePlace(LAYOUT, "runways", RUNWAYS_OFFSET, RUNWAYS_LENGTH);
    }

    private final PositionFlyweight.PositionFlyweightNested positionFlyweight;

    private final PositionFlyweight.PositionFlyweightNested runwaysFlyweight;

    /**
     * Shows nothing yet.
     */
    public AirportFlyweight() {
        this(LAYOUT);
    }

    private AirportFlyweight(Layout outermost) {
        super(LAYOUT, outermost);
        positionFlyweight = new PositionFlyweight.PositionFlyweightNested(outermost);
        runwaysFlyweight = new PositionFlyweight.PositionFlyweightNested(outermost);
    }

    @Override
    public AirportFlyweight wrap(ObjectMemory inMemory, long ofHandle) {
        show(inMemory, ofHandle);
        return this;
    }

    @Override
    public String code() {
        return CODE_TEXT.get(readAt(CODE_OFFSET));
    }

    @Override
    public void code(CharSequence value) {
        writeText(CODE_OFFSET, CODE_TEXT, value);
    }

    @Override
    public boolean codeEquals(CharSequence ascii) {
        return CODE_TEXT.contentEquals(readAt(CODE_OFFSET), ascii);
    }

    @Override
    public long departures() {
        return Memory.getLong(readAt(DEPARTURES_OFFSET));
    }

    @Override
    public long addDepartures(long delta) {
        long address = writeAt(DEPARTURES_OFFSET);
        long sum = Memory.getLong(address) + delta;
        Memory.putLong(address, sum);
        return sum;
    }

    @Override
    public int delays(int index) {
        return Memory.getInt(readAt(DELAYS_OFFSET + checkIndex("delays", index, DELAYS_COUNT) * Integer.BYTES));
    }

    @Override
    public void delays(int index, int value) {
        Memory.putInt(writeAt(DELAYS_OFFSET + checkIndex("delays", index, DELAYS_COUNT) * Integer.BYTES), value);
    }

    @Override
    public long alternate() {
        return Memory.getLong(readAt(ALTERNATE_OFFSET));
    }

    @Override
    public void alternate(long value) {
        Memory.putLong(writeAt(ALTERNATE_OFFSET), value);
    }

    @Override
    public Position position() {
        showNested(positionFlyweight, POSITION_OFFSET);
        return positionFlyweight;
    }

    @Override
    public Position runways(int index) {
        showNested(runwaysFlyweight, RUNWAYS_OFFSET + checkIndex("runways", index, RUNWAYS_COUNT) * RUNWAYS_LENGTH);
        return runwaysFlyweight;
    }

    /**
     * Shows a structure in an object of a layout that nests this one.
     */
    public static final class AirportFlyweightNested extends AirportFlyweight {
        /**
         * Shows nothing yet.
         *
         * @param outermost layout of the objects
         */
        public AirportFlyweightNested(Layout outermost) {
            super(outermost);
        }

        @Override
        protected long readAt(int offset) {
            return readNestedAt(offset);
        }

        @Override
        protected long writeAt(int offset) {
            return writeNestedAt(offset);
        }
    }
}
