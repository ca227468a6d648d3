package io.tha.examples.booking;

/**
 * A booking, or its cancellation.
 *
 * @param booking its number; a cancellation has that of what it cancels
 * @param seat from 0 on
 * @param customer from 0 on
 * @param price that is paid, or paid back
 * @param isCancellation whether the booking ends
 */
public record Order(long booking, int seat, int customer, long price, boolean isCancellation) {
    private static final String SEPARATOR = ",";

    /** What {@link #text} gave. */
    public static Order of(String text) {
        String[] values = text.split(SEPARATOR, -1);
        return new Order(
                Long.parseLong(values[0]),
                Integer.parseInt(values[1]),
                Integer.parseInt(values[2]),
                Long.parseLong(values[3]),
                Boolean.parseBoolean(values[4]));
    }

    /** For the services. */
    public String text() {
        return booking + SEPARATOR + seat + SEPARATOR + customer + SEPARATOR + price + SEPARATOR + isCancellation;
    }

    /** The cancellation of a booking; the booking of a cancellation. */
    public Order reverse() {
        return new Order(booking, seat, customer, price, !isCancellation);
    }

    /** What the ledger has of it: negative for a cancellation. */
    public long amount() {
        return isCancellation ? -price : price;
    }
}
