package io.tha.testkit;

/** Starts a child, makes a directory, and ends without closing either. */
final class Careless {
    private Careless() {}

    @SuppressWarnings("resource")
    public static void main(String[] arguments) {
        ForkedJvm child = ForkedJvm.start(Echo.class);
        child.awaitLine("READY");
        System.out.println("CHILD " + child.pid());
        System.out.println("DIRECTORY " + DomainDirectory.create());
        System.exit(0);
    }
}
