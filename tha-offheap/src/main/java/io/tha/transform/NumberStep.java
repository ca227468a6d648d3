package io.tha.transform;

import io.tha.layout.FieldType;

/** Numbers of another type. */
final class NumberStep extends ElementStep implements Conversion {
    private final FieldType from;
    private final FieldType to;
    private final boolean clamps;

    NumberStep(Place place, FieldType from, FieldType to, int count) {
        super(place, from.lengthBytes(), to.lengthBytes(), count);
        this.from = from;
        this.to = to;
        clamps = place.narrowing() == Narrowing.CLAMP;
    }

    @Override
    void value(long sourceAddress, long targetAddress, int index, Receiver receiver) {
        int result = Numbers.convert(from, sourceAddress, to, targetAddress, clamps);
        if (result != Numbers.EXACT) {
            receiver.lost(this, index, result == Numbers.ROUNDED ? Loss.PRECISION : Loss.RANGE, sourceAddress);
        }
    }

    @Override
    public String valueAt(long sourceAddress) {
        return from.text() + " " + Numbers.text(from, sourceAddress);
    }
}
