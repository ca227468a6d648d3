package io.tha.examples.flights;

/**
 * One flight.
 *
 * @param date as in the input, like {@code 2001/01/01 00:47}
 * @param origin code of an airport
 * @param destination code of an airport
 * @param delayMinutes negative when it was early
 * @param distanceMiles between the airports
 */
public record Flight(String date, String origin, String destination, int delayMinutes, int distanceMiles) {
    /** Flights that are later than this count as cancelled, and with them their route. */
    public static final int CANCELLED_ABOVE_MINUTES = 360;

    private static final String SEPARATOR = ",";
    private static final int[] BUCKET_ENDS = {0, 15, 30, 60, 120, 240, CANCELLED_ABOVE_MINUTES};

    /** How many buckets a histogram of delays has. */
    public static final int BUCKET_COUNT = 8;

    /** What {@link #text} gave. */
    public static Flight of(String text) {
        String[] values = text.split(SEPARATOR, -1);
        return new Flight(values[0], values[1], values[2], Integer.parseInt(values[3]), Integer.parseInt(values[4]));
    }

    /** All of it, for the one who has to take it into the state when this process cannot any more. */
    public String text() {
        return String.join(SEPARATOR, date, origin, destination, Integer.toString(delayMinutes), Integer.toString(distanceMiles));
    }

    public boolean isCancelled() {
        return delayMinutes > CANCELLED_ABOVE_MINUTES;
    }

    /** The bucket of its delay. */
    public int bucket() {
        int bucket = 0;
        while (bucket < BUCKET_ENDS.length && delayMinutes > BUCKET_ENDS[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
