package flights;

import io.tha.flyweight.ObjectFlyweight;
import io.tha.layout.Layout;
import io.tha.memory.Memory;
import io.tha.memory.ObjectMemory;
import javax.annotation.processing.Generated;

/**
 * Shows an object as {@link Position} declares it.
 */
@Generated("io.tha.flyweight.processor.FlyweightProcessor")
public class PositionFlyweight extends ObjectFlyweight implements Position {
    private static final int LATITUDE_OFFSET = 0;

    private static final int LONGITUDE_OFFSET = 8;

    /**
     * To be registered.
     */
    public static final Layout LAYOUT = Layout.named("Position")
            .float64("latitude")
            .float64("longitude")
            .build();

    static {
        // What is a constant here may be another number in another version of a nested structure.
        requirePlace(LAYOUT, "latitude", LATITUDE_OFFSET, Double.BYTES);
        requirePlace(LAYOUT, "longitude", LONGITUDE_OFFSET, Double.BYTES);
    }

    /**
     * Shows nothing yet.
     */
    public PositionFlyweight() {
        this(LAYOUT);
    }

    private PositionFlyweight(Layout outermost) {
        super(LAYOUT, outermost);
    }

    @Override
    public PositionFlyweight wrap(ObjectMemory inMemory, long ofHandle) {
        show(inMemory, ofHandle);
        return this;
    }

    @Override
    public double latitude() {
        return Memory.getDouble(readAt(LATITUDE_OFFSET));
    }

    @Override
    public void latitude(double value) {
        Memory.putDouble(writeAt(LATITUDE_OFFSET), value);
    }

    @Override
    public double longitude() {
        return Memory.getDouble(readAt(LONGITUDE_OFFSET));
    }

    @Override
    public void longitude(double value) {
        Memory.putDouble(writeAt(LONGITUDE_OFFSET), value);
    }

    /**
     * Shows a structure in an object of a layout that nests this one.
     */
    public static final class PositionFlyweightNested extends PositionFlyweight {
        /**
         * Shows nothing yet.
         *
         * @param outermost layout of the objects
         */
        public PositionFlyweightNested(Layout outermost) {
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
