package io.tha.tracker;

/** Numbers and structures of {@code <linux/userfaultfd.h>} and {@code <linux/fs.h>}; NativeAbiTest compares them with the C headers. */
final class UserfaultDescriptor {
    static final int UFFD_USER_MODE_ONLY = 1;
    static final long UFFD_API = 0xAA;
    static final long UFFD_FEATURE_WP_HUGETLBFS_SHMEM = 1L << 12;
    static final long UFFD_FEATURE_WP_UNPOPULATED = 1L << 13;
    static final long UFFD_FEATURE_WP_ASYNC = 1L << 15;

    /** {@code struct uffdio_api}: api, features, ioctls. */
    static final long UFFDIO_API = 0xC018_AA3FL;

    static final int API_LENGTH = 3 * Long.BYTES;
    static final int API_FEATURES_OFFSET = Long.BYTES;

    /** {@code struct uffdio_register}: start, length, mode, ioctls. */
    static final long UFFDIO_REGISTER = 0xC020_AA00L;

    static final int REGISTER_LENGTH = 4 * Long.BYTES;
    static final long UFFDIO_REGISTER_MODE_WP = 2;

    /** {@code struct uffdio_writeprotect}: start, length, mode. */
    static final long UFFDIO_WRITEPROTECT = 0xC018_AA06L;

    static final long UFFDIO_WRITEPROTECT_MODE_WP = 1;
    static final int RANGE_LENGTH_OFFSET = Long.BYTES;
    static final int RANGE_MODE_OFFSET = RANGE_LENGTH_OFFSET + Long.BYTES;

    /** {@code struct pm_scan_arg}, twelve longs. */
    static final long PAGEMAP_SCAN = 0xC060_6610L;

    static final int SCAN_LENGTH = 12 * Long.BYTES;
    static final int SCAN_FLAGS_OFFSET = Long.BYTES;
    static final int SCAN_START_OFFSET = SCAN_FLAGS_OFFSET + Long.BYTES;
    static final int SCAN_END_OFFSET = SCAN_START_OFFSET + Long.BYTES;
    static final int SCAN_WALK_END_OFFSET = SCAN_END_OFFSET + Long.BYTES;
    static final int SCAN_VECTOR_OFFSET = SCAN_WALK_END_OFFSET + Long.BYTES;
    static final int SCAN_VECTOR_LENGTH_OFFSET = SCAN_VECTOR_OFFSET + Long.BYTES;
    static final int SCAN_MAX_PAGES_OFFSET = SCAN_VECTOR_LENGTH_OFFSET + Long.BYTES;
    static final int SCAN_CATEGORY_INVERTED_OFFSET = SCAN_MAX_PAGES_OFFSET + Long.BYTES;
    static final int SCAN_CATEGORY_MASK_OFFSET = SCAN_CATEGORY_INVERTED_OFFSET + Long.BYTES;
    static final int SCAN_CATEGORY_ANYOF_OFFSET = SCAN_CATEGORY_MASK_OFFSET + Long.BYTES;
    static final int SCAN_RETURN_MASK_OFFSET = SCAN_CATEGORY_ANYOF_OFFSET + Long.BYTES;
    static final long PM_SCAN_WP_MATCHING = 1;
    static final long PM_SCAN_CHECK_WPASYNC = 2;
    static final long PAGE_IS_WRITTEN = 2;

    /** {@code struct page_region}: start, end, categories. */
    static final int REGION_LENGTH = 3 * Long.BYTES;

    static final int REGION_END_OFFSET = Long.BYTES;

    private UserfaultDescriptor() {}
}
