package io.tha.tracker;

import static io.tha.tracker.UserfaultDescriptor.API_FEATURES_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.API_LENGTH;
import static io.tha.tracker.UserfaultDescriptor.PAGEMAP_SCAN;
import static io.tha.tracker.UserfaultDescriptor.PAGE_IS_WRITTEN;
import static io.tha.tracker.UserfaultDescriptor.PM_SCAN_CHECK_WPASYNC;
import static io.tha.tracker.UserfaultDescriptor.PM_SCAN_WP_MATCHING;
import static io.tha.tracker.UserfaultDescriptor.RANGE_LENGTH_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.RANGE_MODE_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.REGION_END_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.REGION_LENGTH;
import static io.tha.tracker.UserfaultDescriptor.REGISTER_LENGTH;
import static io.tha.tracker.UserfaultDescriptor.SCAN_CATEGORY_MASK_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.SCAN_END_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.SCAN_FLAGS_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.SCAN_LENGTH;
import static io.tha.tracker.UserfaultDescriptor.SCAN_RETURN_MASK_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.SCAN_START_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.SCAN_VECTOR_LENGTH_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.SCAN_VECTOR_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.SCAN_WALK_END_OFFSET;
import static io.tha.tracker.UserfaultDescriptor.UFFDIO_API;
import static io.tha.tracker.UserfaultDescriptor.UFFDIO_REGISTER;
import static io.tha.tracker.UserfaultDescriptor.UFFDIO_REGISTER_MODE_WP;
import static io.tha.tracker.UserfaultDescriptor.UFFDIO_WRITEPROTECT;
import static io.tha.tracker.UserfaultDescriptor.UFFDIO_WRITEPROTECT_MODE_WP;
import static io.tha.tracker.UserfaultDescriptor.UFFD_API;
import static io.tha.tracker.UserfaultDescriptor.UFFD_FEATURE_WP_ASYNC;
import static io.tha.tracker.UserfaultDescriptor.UFFD_FEATURE_WP_HUGETLBFS_SHMEM;
import static io.tha.tracker.UserfaultDescriptor.UFFD_FEATURE_WP_UNPOPULATED;
import static io.tha.tracker.UserfaultDescriptor.UFFD_USER_MODE_ONLY;

import io.tha.ThaException;
import io.tha.memory.Memory;
import io.tha.memory.Posix;

/**
 * The kernel watches by itself: userfaultfd in its asynchronous mode, and the scan of {@code /proc/self/pagemap} that finds what was written and
 * protects it again.
 */
final class UserfaultProtection implements WriteProtection {
    private static final int REGIONS = 1_024;

    private final int userfaultfd;
    private final int pagemap;
    private final long argument;
    private final long regions;
    private boolean closed;

    private UserfaultProtection(int userfaultfd, int pagemap) {
        this.userfaultfd = userfaultfd;
        this.pagemap = pagemap;
        argument = Memory.allocate(SCAN_LENGTH);
        regions = Memory.allocate((long) REGIONS * REGION_LENGTH);
    }

    /**
     * Watches nothing yet.
     *
     * @throws ThaException that names what is missing here
     */
    static UserfaultProtection open() {
        if (!Posix.available()) {
            throw new ThaException(Posix.unavailableReason());
        }
        long known = features(0);
        requireFeature(known, UFFD_FEATURE_WP_ASYNC, "UFFD_FEATURE_WP_ASYNC (Linux 6.7)");
        requireFeature(known, UFFD_FEATURE_WP_UNPOPULATED, "UFFD_FEATURE_WP_UNPOPULATED (Linux 6.4)");
        requireFeature(known, UFFD_FEATURE_WP_HUGETLBFS_SHMEM, "UFFD_FEATURE_WP_HUGETLBFS_SHMEM (Linux 5.19)");
        int userfaultfd = openWith(UFFD_FEATURE_WP_ASYNC | UFFD_FEATURE_WP_UNPOPULATED | UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
        int pagemap = Posix.open("/proc/self/pagemap", Posix.O_RDONLY | Posix.O_CLOEXEC, 0);
        if (pagemap < 0) {
            Posix.close(userfaultfd);
            throw new ThaException("/proc/self/pagemap cannot be opened: errno " + -pagemap);
        }
        return new UserfaultProtection(userfaultfd, pagemap);
    }

    private static void requireFeature(long known, long feature, String name) {
        if ((known & feature) == 0) {
            throw new ThaException("this kernel's userfaultfd does not have " + name + ": features 0x" + Long.toHexString(known));
        }
    }

    /** What the kernel knows; asked of a descriptor of its own, since each can be asked once. */
    private static long features(long wanted) {
        int fd = openDescriptor();
        try {
            return handshake(fd, wanted);
        } finally {
            Posix.close(fd);
        }
    }

    private static int openWith(long wanted) {
        int fd = openDescriptor();
        try {
            handshake(fd, wanted);
            return fd;
        } catch (ThaException e) {
            Posix.close(fd);
            throw e;
        }
    }

    private static int openDescriptor() {
        int fd = Posix.userfaultfd(Posix.O_CLOEXEC | UFFD_USER_MODE_ONLY);
        if (fd < 0) {
            throw new ThaException("userfaultfd(UFFD_USER_MODE_ONLY) fails: errno " + -fd);
        }
        return fd;
    }

    private static long handshake(int fd, long wanted) {
        long api = Memory.allocate(API_LENGTH);
        try {
            Memory.putLong(api, UFFD_API);
            Memory.putLong(api + API_FEATURES_OFFSET, wanted);
            int result = Posix.ioctl(fd, UFFDIO_API, api);
            if (result < 0) {
                throw new ThaException("userfaultfd refuses the features 0x" + Long.toHexString(wanted) + ": errno " + -result);
            }
            return Memory.getLong(api + API_FEATURES_OFFSET);
        } finally {
            Memory.free(api);
        }
    }

    @Override
    public void watch(long address, long lengthBytes) {
        long range = Memory.allocate(REGISTER_LENGTH);
        try {
            Memory.putLong(range, address);
            Memory.putLong(range + RANGE_LENGTH_OFFSET, lengthBytes);
            Memory.putLong(range + RANGE_MODE_OFFSET, UFFDIO_REGISTER_MODE_WP);
            check(Posix.ioctl(userfaultfd, UFFDIO_REGISTER, range), "UFFDIO_REGISTER", address, lengthBytes);
            Memory.putLong(range + RANGE_MODE_OFFSET, UFFDIO_WRITEPROTECT_MODE_WP);
            int result = Posix.ioctl(userfaultfd, UFFDIO_WRITEPROTECT, range);
            while (result == -Posix.EAGAIN) {
                result = Posix.ioctl(userfaultfd, UFFDIO_WRITEPROTECT, range);
            }
            check(result, "UFFDIO_WRITEPROTECT", address, lengthBytes);
        } finally {
            Memory.free(range);
        }
    }

    @Override
    public void scan(long from, long to, RangeConsumer consumer) {
        long at = from;
        while (at < to) {
            Memory.putLong(argument, SCAN_LENGTH);
            Memory.putLong(argument + SCAN_FLAGS_OFFSET, PM_SCAN_WP_MATCHING | PM_SCAN_CHECK_WPASYNC);
            Memory.putLong(argument + SCAN_START_OFFSET, at);
            Memory.putLong(argument + SCAN_END_OFFSET, to);
            Memory.putLong(argument + SCAN_VECTOR_OFFSET, regions);
            Memory.putLong(argument + SCAN_VECTOR_LENGTH_OFFSET, REGIONS);
            Memory.putLong(argument + SCAN_CATEGORY_MASK_OFFSET, PAGE_IS_WRITTEN);
            Memory.putLong(argument + SCAN_RETURN_MASK_OFFSET, PAGE_IS_WRITTEN);
            int count = Posix.ioctl(pagemap, PAGEMAP_SCAN, argument);
            if (count == -Posix.EINTR) {
                continue;
            }
            check(count, "PAGEMAP_SCAN", at, to - at);
            for (int i = 0; i < count; i++) {
                long region = regions + (long) i * REGION_LENGTH;
                consumer.accept(Memory.getLong(region), Memory.getLong(region + REGION_END_OFFSET));
            }
            at = Memory.getLong(argument + SCAN_WALK_END_OFFSET);
        }
    }

    private static void check(int result, String request, long address, long lengthBytes) {
        if (result < 0) {
            throw new ThaException(request + " of " + lengthBytes + " bytes at 0x" + Long.toHexString(address) + " fails: errno " + -result);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Posix.close(userfaultfd);
            Posix.close(pagemap);
            Memory.free(argument);
            Memory.free(regions);
        }
    }
}
