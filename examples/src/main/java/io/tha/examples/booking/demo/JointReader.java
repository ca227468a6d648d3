package io.tha.examples.booking.demo;

import io.tha.examples.booking.Report;
import io.tha.standby.JointRead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the standbys of all services, in their processes, at one instant.
 *
 * <p>Threads: one at a time reads.
 */
final class JointReader {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final List<ServiceNodes> services;
    private final AtomicLong reads = new AtomicLong();
    private long ended;

    JointReader(List<ServiceNodes> services) {
        this.services = services;
    }

    /**
     * Reads once.
     *
     * @return empty if a standby is missing at the moment, or a kill ended it
     * @throws IllegalStateException if something else did
     */
    Optional<Books> read() {
        List<Node> standbys = standbys();
        if (standbys.size() < services.size()) {
            return Optional.empty();
        }
        try {
            Books books = read(standbys);
            reads.incrementAndGet();
            return Optional.of(books);
        } catch (IllegalStateException e) {
            if (standbys().equals(standbys)) {
                throw e;
            }
            ended++;
            return Optional.empty();
        }
    }

    private List<Node> standbys() {
        return services.stream().map(ServiceNodes::readable).flatMap(Optional::stream).toList();
    }

    private static Books read(List<Node> standbys) {
        List<RemoteHold> holds = new ArrayList<>();
        try {
            // Always in the same order: two readers would wait for each other otherwise.
            for (Node standby : standbys) {
                holds.add(RemoteHold.of(standby));
            }
            JointRead.align(holds, TIMEOUT);
            List<Report> reports = holds.stream().map(RemoteHold::report).toList();
            return Books.of(reports);
        } finally {
            holds.forEach(RemoteHold::close);
        }
    }

    /** How many there were; by any thread. */
    long reads() {
        return reads.get();
    }

    /** How many reads were ended by a kill. */
    long ended() {
        return ended;
    }
}
