package io.tha.tracker;

import io.tha.ThaException;
import io.tha.memory.LineMarks;
import io.tha.memory.Memory;
import io.tha.memory.Posix;
import java.util.function.Supplier;

/**
 * Finds out whether writes are noticed here, by writing: a container's seccomp filter may forbid what its kernel can.
 *
 * <p>Threads: any.
 */
final class ProtectionProbe {
    static final ProtectionProbe USERFAULTFD = new ProtectionProbe(UserfaultProtection::open);
    static final ProtectionProbe MPROTECT = new ProtectionProbe(FaultProtection::open);

    private final Supplier<WriteProtection> protections;
    private boolean probed;
    private String unavailableReason;

    private ProtectionProbe(Supplier<WriteProtection> protections) {
        this.protections = protections;
    }

    /** The reason, or null where it works. */
    synchronized String unavailableReason() {
        if (!probed) {
            unavailableReason = probe();
            probed = true;
        }
        return unavailableReason;
    }

    private String probe() {
        if (!Posix.available()) {
            return Posix.unavailableReason();
        }
        try {
            long length = 2L * LineMarks.PAGE_LENGTH;
            long address = Posix.map(-1, length, Posix.PROT_READ | Posix.PROT_WRITE, Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS);
            if (address < 0 && address > -LineMarks.PAGE_LENGTH) {
                return "two pages cannot be mapped: errno " + -address;
            }
            try (WriteProtection protection = protections.get()) {
                return tryOn(protection, address, length);
            } finally {
                Posix.unmap(address, length);
            }
        } catch (ThaException e) {
            return e.getMessage();
        }
    }

    private static String tryOn(WriteProtection protection, long address, long length) {
        long second = address + LineMarks.PAGE_LENGTH;
        StringBuilder found = new StringBuilder();
        WriteProtection.RangeConsumer note = (start, end) -> found.append(start - address).append('-').append(end - address).append(' ');
        protection.watch(address, length);
        Memory.putLong(second, 1);
        protection.scan(address, address + length, note);
        protection.scan(address, address + length, note);
        String expected = LineMarks.PAGE_LENGTH + "-" + length + " ";
        return found.toString().equals(expected) ? null : "a write to bytes " + expected + "was reported as '" + found + "'";
    }
}
