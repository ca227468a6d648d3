/*
 * What a tracker's work costs without a JVM: the baseline of the benchmark WhatDoesATrackerCost, which compiles and starts it.
 *
 *     tracker_baseline userfaultfd|mprotect FILE START END
 *
 * maps the file, watches its bytes from START to END for writes, prints "ready", and then answers requests on its standard input. A request is
 * a number of rounds, a number of pages, and for each round as many offsets in the file, all of 64 bits. In a round it writes a long to each,
 * finds the written pages and protects them again; it prints the nanoseconds of the writes, those of finding and protecting, and how many pages
 * it found. Without an error it ends with its input.
 *
 *     userfaultfd   WP_ASYNC: the kernel resolves the faults, PAGEMAP_SCAN over the whole range finds and protects
 *     mprotect      a SIGSEGV handler notes the page and opens it; each noted page is protected again
 *
 * The handler calls mprotect, which is a plain system call, and writes to memory that nobody else touches meanwhile: the faulting thread is the
 * only one.
 *
 * Headers may be older than the kernel: its numbers are repeated here as they are in UserfaultDescriptor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE_LENGTH 4096UL
#define REGIONS 1024
#define MAX_PAGES 65536

#define USER_MODE_ONLY 1
#define API 0xAAULL
#define FEATURES ((1ULL << 12) | (1ULL << 13) | (1ULL << 15)) /* WP_HUGETLBFS_SHMEM, WP_UNPOPULATED, WP_ASYNC */
#define REQUEST_API 0xC018AA3FUL
#define REQUEST_REGISTER 0xC020AA00UL
#define REQUEST_WRITEPROTECT 0xC018AA06UL
#define REQUEST_SCAN 0xC0606610UL
#define MODE_WP 2
#define WRITEPROTECT_WP 1
#define SCAN_WP_MATCHING 1
#define SCAN_CHECK_WPASYNC 2
#define IS_WRITTEN 2

struct region {
    uint64_t start, end, categories;
};

struct scan {
    uint64_t size, flags, start, end, walk_end, vector, vector_length, max_pages;
    uint64_t category_inverted, category_mask, category_anyof, return_mask;
};

static char *watched;
static uint64_t watched_length;
static int pagemap;
static struct region regions[REGIONS];
static char *noted[MAX_PAGES];
static volatile uint64_t noted_count;

static void fail(const char *what) {
    printf("%s fails: errno %d (%s)\n", what, errno, strerror(errno));
    exit(1);
}

static uint64_t nanos(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
}

static void userfaultfd_watch(void) {
    int fd = (int) syscall(SYS_userfaultfd, O_CLOEXEC | USER_MODE_ONLY);
    uint64_t api[3] = {API, FEATURES, 0};
    uint64_t registration[4] = {(uintptr_t) watched, watched_length, MODE_WP, 0};
    uint64_t protection[3] = {(uintptr_t) watched, watched_length, WRITEPROTECT_WP};
    if (fd < 0) {
        fail("userfaultfd");
    }
    if (ioctl(fd, REQUEST_API, api) < 0) {
        fail("UFFDIO_API");
    }
    if (ioctl(fd, REQUEST_REGISTER, registration) < 0) {
        fail("UFFDIO_REGISTER");
    }
    if (ioctl(fd, REQUEST_WRITEPROTECT, protection) < 0) {
        fail("UFFDIO_WRITEPROTECT");
    }
    pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (pagemap < 0) {
        fail("opening /proc/self/pagemap");
    }
}

static uint64_t userfaultfd_collect(void) {
    uint64_t found = 0;
    uint64_t at = (uintptr_t) watched;
    uint64_t end = at + watched_length;
    while (at < end) {
        struct scan scan = {
            .size = sizeof scan, .flags = SCAN_WP_MATCHING | SCAN_CHECK_WPASYNC, .start = at, .end = end,
            .vector = (uintptr_t) regions, .vector_length = REGIONS, .category_mask = IS_WRITTEN, .return_mask = IS_WRITTEN};
        int count = ioctl(pagemap, REQUEST_SCAN, &scan);
        if (count < 0 && errno != EINTR) {
            fail("PAGEMAP_SCAN");
        }
        for (int i = 0; i < count; i++) {
            found += (regions[i].end - regions[i].start) / PAGE_LENGTH;
        }
        at = count < 0 ? at : scan.walk_end;
    }
    return found;
}

static void note(int number, siginfo_t *info, void *context) {
    char *page = (char *) ((uintptr_t) info->si_addr & ~(PAGE_LENGTH - 1));
    (void) context;
    if (page < watched || page >= watched + watched_length || noted_count == MAX_PAGES
            || mprotect(page, PAGE_LENGTH, PROT_READ | PROT_WRITE) < 0) {
        signal(number, SIG_DFL);
        return;
    }
    noted[noted_count++] = page;
}

static void mprotect_watch(void) {
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    if (sigaction(SIGSEGV, &action, NULL) < 0) {
        fail("sigaction");
    }
    if (mprotect(watched, watched_length, PROT_READ) < 0) {
        fail("mprotect");
    }
}

static uint64_t mprotect_collect(void) {
    uint64_t found = noted_count;
    for (uint64_t i = 0; i < found; i++) {
        if (mprotect(noted[i], PAGE_LENGTH, PROT_READ) < 0) {
            fail("mprotect");
        }
    }
    noted_count = 0;
    return found;
}

static void answer(char *base, const uint64_t *offsets, uint64_t count, uint64_t collect(void)) {
    static uint64_t value = 1;
    uint64_t begin = nanos();
    for (uint64_t i = 0; i < count; i++) {
        *(volatile uint64_t *) (base + offsets[i]) = ++value;
    }
    uint64_t written = nanos();
    uint64_t found = collect();
    uint64_t end = nanos();
    printf("%llu %llu %llu\n", (unsigned long long) (written - begin), (unsigned long long) (end - written), (unsigned long long) found);
}

static void serve(char *base, uint64_t collect(void)) {
    static uint64_t offsets[MAX_PAGES];
    uint64_t head[2];
    while (fread(head, sizeof *head, 2, stdin) == 2) {
        uint64_t rounds = head[0], count = head[1];
        if (count == 0 || count > MAX_PAGES || rounds > MAX_PAGES / count || fread(offsets, sizeof *offsets, rounds * count, stdin) != rounds * count) {
            printf("a request of %llu rounds of %llu pages is too large, or cut off\n", (unsigned long long) rounds, (unsigned long long) count);
            exit(1);
        }
        for (uint64_t i = 0; i < rounds; i++) {
            answer(base, offsets + i * count, count, collect);
        }
        fflush(stdout);
    }
}

int main(int argc, char **argv) {
    if (argc != 5) {
        printf("usage: %s userfaultfd|mprotect FILE START END\n", argv[0]);
        return 2;
    }
    int fd = open(argv[2], O_RDWR | O_CLOEXEC);
    uint64_t start = strtoull(argv[3], NULL, 10);
    uint64_t end = strtoull(argv[4], NULL, 10);
    char *base = fd < 0 ? MAP_FAILED : mmap(NULL, end, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) {
        fail("mapping the file");
    }
    watched = base + start;
    watched_length = end - start;
    /* As in the engine, whose pool has been written: all pages are there. */
    for (char *page = watched; page < base + end; page += PAGE_LENGTH) {
        volatile uint64_t *word = (volatile uint64_t *) page;
        *word = *word;
    }
    int by_kernel = strcmp(argv[1], "userfaultfd") == 0;
    (by_kernel ? userfaultfd_watch : mprotect_watch)();
    puts("ready");
    fflush(stdout);
    serve(base, by_kernel ? userfaultfd_collect : mprotect_collect);
    return 0;
}
