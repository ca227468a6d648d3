package io.tha.standby;

/** Prints what the wall clock of its process shows, twice. */
final class WallClock {
    private WallClock() {}

    public static void main(String[] args) {
        System.out.println("CLOCK " + System.currentTimeMillis());
        System.out.println("CLOCK " + System.currentTimeMillis());
    }
}
