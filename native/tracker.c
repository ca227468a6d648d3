/*
 * Notices writes to memory by page protection: watched pages are read-only, a handler of SIGSEGV notes the first write to each and opens it.
 * The control calls (tha_*) come from Java, class FaultProtection; docs/trackers.md has the argument why no write is lost.
 *
 * For each watched range, whenever its lock is free:
 *   1. a page that can be written is dirty;
 *   2. a held page is dirty, and can be written.
 *
 * What the handler calls, and why it may: it runs between any two instructions of any thread, also of one that holds malloc's lock.
 *   mprotect, futex, sigaction, sigmask, raise,
 *   nanosleep                                   system calls without state in the C library
 *   the range's lock                            its holder has all signals blocked and touches no watched memory: nobody waits for himself
 *   _Thread_local                               in the block that every thread has from its start, not allocated on first use
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

#ifdef __GLIBC__
#define IN_STATIC_TLS __attribute__((tls_model("initial-exec")))
#else
#define IN_STATIC_TLS /* musl gives every thread the variables of a library when that is loaded */
#endif

#define PAGE_SHIFT 12
#define PAGE_LENGTH ((uintptr_t) 1 << PAGE_SHIFT)
#define MAX_RANGES 64

/* What a fault opens, from one page up to 256 MiB; behind the last one the whole range. */
static const uintptr_t WIDTHS[] = {PAGE_LENGTH, PAGE_LENGTH << 4, PAGE_LENGTH << 8, PAGE_LENGTH << 12, PAGE_LENGTH << 16};
#define WIDTH_COUNT ((int) (sizeof WIDTHS / sizeof WIDTHS[0]))

struct range {
    /* Written under the lock; read without it to find a fault's range, and then again under the lock. start is 0 for none. */
    _Atomic uintptr_t start;
    _Atomic uintptr_t end;
    /* 0 free, 1 taken, 2 taken and perhaps waited for. */
    _Atomic uint32_t lock;
    /* One bit per page, by 64; under the lock. */
    uint64_t *dirty;
    uint64_t *held;
    /* There are at most so many separate runs of open pages; each takes two mappings. */
    long runs;
};

static struct range ranges[MAX_RANGES];
static pthread_mutex_t registration = PTHREAD_MUTEX_INITIALIZER;

/* Sum over the ranges, and from how many on more than a page is opened: vm.max_map_count is for all that the process maps. */
static _Atomic long open_runs;
static _Atomic long narrow_runs;

/* How many ranges were given up, and how many of these a thread has made allowance for. */
static _Atomic unsigned long given_up;
static IN_STATIC_TLS _Thread_local unsigned long allowed_for;

/* The range whose lock this thread holds. */
static IN_STATIC_TLS _Thread_local struct range *locked;

/* The process ends of a fault that is not ours: nothing is protected any more. */
static _Atomic bool ending;

static bool installed;
static struct sigaction previous;

static void lock(struct range *range) {
    uint32_t expected = 0;
    if (!atomic_compare_exchange_strong_explicit(&range->lock, &expected, 1, memory_order_acquire, memory_order_relaxed)) {
        while (atomic_exchange_explicit(&range->lock, 2, memory_order_acquire) != 0) {
            syscall(SYS_futex, &range->lock, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
        }
    }
    locked = range;
}

static void unlock(struct range *range) {
    locked = NULL;
    if (atomic_exchange_explicit(&range->lock, 0, memory_order_release) == 2) {
        syscall(SYS_futex, &range->lock, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
}

/* For the control calls: no handler of this thread can wait for the lock that the thread holds. */
static void lock_without_signals(struct range *range, sigset_t *before) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, before);
    lock(range);
}

static void unlock_with_signals(struct range *range, const sigset_t *before) {
    unlock(range);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* The first page from there on whose bit is set in (bits ^ flip), or end. */
static uintptr_t find(const uint64_t *bits, uint64_t flip, uintptr_t page, uintptr_t end) {
    while (page < end) {
        uint64_t rest = (bits[page >> 6] ^ flip) >> (page & 63);
        if (rest != 0) {
            page += (uintptr_t) __builtin_ctzll(rest);
            return page < end ? page : end;
        }
        page = (page | 63) + 1;
    }
    return end;
}

static uintptr_t next_set(const uint64_t *bits, uintptr_t page, uintptr_t end) {
    return find(bits, 0, page, end);
}

static uintptr_t next_clear(const uint64_t *bits, uintptr_t page, uintptr_t end) {
    return find(bits, ~(uint64_t) 0, page, end);
}

static void fill(uint64_t *bits, bool value, uintptr_t page, uintptr_t end) {
    for (; page < end && (page & 63) != 0; page++) {
        bits[page >> 6] = value ? bits[page >> 6] | (uint64_t) 1 << (page & 63) : bits[page >> 6] & ~((uint64_t) 1 << (page & 63));
    }
    for (; page + 64 <= end; page += 64) {
        bits[page >> 6] = value ? ~(uint64_t) 0 : 0;
    }
    for (; page < end; page++) {
        bits[page >> 6] = value ? bits[page >> 6] | (uint64_t) 1 << (page & 63) : bits[page >> 6] & ~((uint64_t) 1 << (page & 63));
    }
}

static uintptr_t start_of(struct range *range) {
    return atomic_load_explicit(&range->start, memory_order_relaxed);
}

static uintptr_t end_of(struct range *range) {
    return atomic_load_explicit(&range->end, memory_order_relaxed);
}

static uintptr_t page_of(struct range *range, uintptr_t address) {
    return (address - start_of(range)) >> PAGE_SHIFT;
}

static void set_runs(struct range *range, long runs) {
    atomic_fetch_add_explicit(&open_runs, runs - range->runs, memory_order_relaxed);
    range->runs = runs;
}

/* Dirty first: a page that is open in between, to threads that do not fault, is dirty already. */
static bool open_pages(struct range *range, uintptr_t from, uintptr_t to) {
    fill(range->dirty, true, page_of(range, from), page_of(range, to));
    return mprotect((void *) from, to - from, PROT_READ | PROT_WRITE) == 0;
}

static int width_for(long runs) {
    long narrow = atomic_load_explicit(&narrow_runs, memory_order_relaxed);
    if (runs < narrow) {
        return 0;
    }
    // Each further width has a quarter of what the first one had.
    long width = 1 + (runs - narrow) / (narrow / 4 + 1);
    return width < WIDTH_COUNT ? (int) width : WIDTH_COUNT;
}

/*
 * Opens at least these whole pages. Where the kernel refuses because the process has too many mappings, ever more is opened: the whole range
 * is one mapping. False if not even that is possible.
 */
static bool open_around(struct range *range, uintptr_t from, uintptr_t to) {
    uintptr_t start = start_of(range);
    uintptr_t end = end_of(range);
    for (int width = width_for(atomic_load_explicit(&open_runs, memory_order_relaxed)); width < WIDTH_COUNT; width++) {
        uintptr_t mask = WIDTHS[width] - 1;
        uintptr_t wide_from = from & ~mask;
        uintptr_t wide_to = (to + mask) & ~mask;
        if (open_pages(range, wide_from < start ? start : wide_from, wide_to > end ? end : wide_to)) {
            set_runs(range, range->runs + 1);
            return true;
        }
    }
    set_runs(range, range->runs + 1);
    return open_pages(range, start, end);
}

#if defined(__x86_64__)
static bool is_write(const ucontext_t *context) {
    return (context->uc_mcontext.gregs[REG_ERR] & 2) != 0;
}
#elif defined(__aarch64__)
static bool is_write(const ucontext_t *context) {
    const unsigned char *at = context->uc_mcontext.__reserved;
    const unsigned char *behind = at + sizeof context->uc_mcontext.__reserved;
    while (at + sizeof(struct _aarch64_ctx) <= behind) {
        const struct _aarch64_ctx *head = (const struct _aarch64_ctx *) at;
        if (head->magic == ESR_MAGIC) {
            return (((const struct esr_context *) at)->esr & 1 << 6) != 0;
        }
        if (head->magic == 0 || head->size == 0) {
            break;
        }
        at += head->size;
    }
    // Not told. Watched pages can be read: what is refused is a write, or the execution of data, which ends as the next fault.
    return true;
}
#else
#error "is_write is to be written for this architecture"
#endif

static bool covers(struct range *range, uintptr_t address) {
    // Acquire: pairs with the release in tha_watch and tha_unwatch.
    uintptr_t start = atomic_load_explicit(&range->start, memory_order_acquire);
    return start != 0 && address >= start && address < atomic_load_explicit(&range->end, memory_order_acquire);
}

/* Whether the instruction can be tried again. */
static bool note_write(uintptr_t address) {
    for (int i = 0; i < MAX_RANGES; i++) {
        struct range *range = &ranges[i];
        if (covers(range, address)) {
            lock(range);
            bool mine = covers(range, address);
            uintptr_t page = address & -PAGE_LENGTH;
            // Where another thread was faster, the page is open, and the call changes nothing.
            bool opened = mine && open_around(range, page, page + PAGE_LENGTH);
            unlock(range);
            if (mine) {
                return opened;
            }
        }
    }
    // The fault may be older than the end of its range, whose pages are open since. Once per range that was given up: no loop.
    unsigned long now = atomic_load_explicit(&given_up, memory_order_acquire);
    bool retry = allowed_for != now;
    allowed_for = now;
    return retry;
}

/*
 * Opens everything for good, as dirty. Where the JVM's handler comes before ours (libjsig.so) it does not ask us any more when we have given up
 * the signal: it would then take another thread's write to a protected page for the crash that is to be reported.
 */
static void open_all(void) {
    atomic_store_explicit(&ending, true, memory_order_relaxed);
    for (int i = 0; i < MAX_RANGES; i++) {
        struct range *range = &ranges[i];
        // Whoever faulted while he held a lock finds that one taken for ever.
        if (range != locked && start_of(range) != 0) {
            lock(range);
            if (start_of(range) != 0) {
                open_pages(range, start_of(range), end_of(range));
                set_runs(range, 1);
            }
            unlock(range);
        }
    }
    // For those whose fault is older than this, and who are on the way to our handler.
    struct timespec while_they_arrive = {.tv_nsec = 10 * 1000 * 1000};
    nanosleep(&while_they_arrive, NULL);
}

/* As if the handler that was there before had been called by the kernel. */
static void chain(int signal, siginfo_t *info, void *context) {
    bool takes_info = (previous.sa_flags & SA_SIGINFO) != 0;
    if (!takes_info && (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN)) {
        bool sent = info->si_code <= 0;
        if (sent && previous.sa_handler == SIG_IGN) {
            return;
        }
        open_all();
        struct sigaction fallback = {.sa_handler = SIG_DFL};
        sigaction(SIGSEGV, &fallback, NULL);
        if (sent) {
            raise(SIGSEGV);
        }
        return;
    }
    sigset_t mask = previous.sa_mask;
    if ((previous.sa_flags & SA_NODEFER) == 0) {
        sigaddset(&mask, signal);
    }
    const sigset_t *interrupted = &((ucontext_t *) context)->uc_sigmask;
    for (int other = 1; other < NSIG; other++) {
        if (sigismember(interrupted, other) == 1) {
            sigaddset(&mask, other);
        }
    }
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    if (takes_info) {
        previous.sa_sigaction(signal, info, context);
    } else {
        previous.sa_handler(signal);
    }
}

static void on_fault(int signal, siginfo_t *info, void *context) {
    int saved = errno;
    bool refused_write = info->si_code == SEGV_ACCERR && is_write(context);
    bool retry = refused_write && note_write((uintptr_t) info->si_addr);
    errno = saved;
    if (!retry) {
        chain(signal, info, context);
    }
}

/* Never undone: others may have put theirs before it since. */
static int install(void) {
    if (installed) {
        return 0;
    }
    // Read before it is replaced: another thread may fault in between.
    if (sigaction(SIGSEGV, NULL, &previous) != 0) {
        return -errno;
    }
    // SA_ONSTACK: a thread may have a stack that is too small for signals, and another one for them. SA_NODEFER, and errors not masked: a
    // mistake in the handler reaches the previous one, which reports it, instead of ending the process without a word.
    struct sigaction ours = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART};
    sigfillset(&ours.sa_mask);
    sigdelset(&ours.sa_mask, SIGSEGV);
    sigdelset(&ours.sa_mask, SIGBUS);
    sigdelset(&ours.sa_mask, SIGFPE);
    sigdelset(&ours.sa_mask, SIGILL);
    sigdelset(&ours.sa_mask, SIGTRAP);
    if (sigaction(SIGSEGV, &ours, NULL) != 0) {
        return -errno;
    }
    installed = true;
    return 0;
}

static int free_slot(uintptr_t from, uintptr_t to) {
    int slot = -ENOSPC;
    for (int i = MAX_RANGES - 1; i >= 0; i--) {
        uintptr_t start = start_of(&ranges[i]);
        if (start == 0) {
            slot = i;
        } else if (from < end_of(&ranges[i]) && start < to) {
            return -EEXIST;
        }
    }
    return slot;
}

static void clear_slot(struct range *range) {
    // Release: who does not find the range any more finds it counted.
    atomic_fetch_add_explicit(&given_up, 1, memory_order_release);
    atomic_store_explicit(&range->start, 0, memory_order_release);
    atomic_store_explicit(&range->end, 0, memory_order_release);
    set_runs(range, 0);
    free(range->dirty);
    free(range->held);
    range->dirty = NULL;
    range->held = NULL;
}

static int watch(uintptr_t from, uintptr_t to) {
    int slot = free_slot(from, to);
    int result = slot < 0 ? slot : install();
    if (result < 0) {
        return result;
    }
    struct range *range = &ranges[slot];
    size_t words = (((to - from) >> PAGE_SHIFT) + 63) / 64;
    uint64_t *dirty = calloc(words, sizeof(uint64_t));
    uint64_t *held = calloc(words, sizeof(uint64_t));
    if (dirty == NULL || held == NULL) {
        free(dirty);
        free(held);
        return -ENOMEM;
    }
    sigset_t before;
    lock_without_signals(range, &before);
    range->dirty = dirty;
    range->held = held;
    // Release: pairs with the acquire in covers. Before the protection: whoever faults finds the range.
    atomic_store_explicit(&range->end, to, memory_order_release);
    atomic_store_explicit(&range->start, from, memory_order_release);
    int error = mprotect((void *) from, to - from, PROT_READ) == 0 ? 0 : errno;
    if (error != 0) {
        mprotect((void *) from, to - from, PROT_READ | PROT_WRITE);
        clear_slot(range);
    }
    unlock_with_signals(range, &before);
    return error == 0 ? slot : -error;
}

/*
 * Watches whole pages that can be read and written; what was written before counts as not written.
 * Of narrow (since how many separate open runs, over all ranges, a fault opens more than a page) the last one given holds.
 * Returns the number of the range for the other calls, or a negative errno.
 */
EXPORT int tha_watch(uint64_t from, uint64_t to, int64_t narrow) {
    if (from == 0 || from >= to || ((from | to) & (PAGE_LENGTH - 1)) != 0 || narrow < 1) {
        return -EINVAL;
    }
    pthread_mutex_lock(&registration);
    atomic_store_explicit(&narrow_runs, (long) narrow, memory_order_relaxed);
    int result = watch(from, to);
    pthread_mutex_unlock(&registration);
    return result;
}

/* Opens the pages and watches them no more. */
EXPORT int tha_unwatch(int slot) {
    struct range *range = &ranges[slot];
    sigset_t before;
    pthread_mutex_lock(&registration);
    lock_without_signals(range, &before);
    int error = mprotect((void *) start_of(range), end_of(range) - start_of(range), PROT_READ | PROT_WRITE) == 0 ? 0 : errno;
    if (error == 0) {
        clear_slot(range);
    }
    unlock_with_signals(range, &before);
    pthread_mutex_unlock(&registration);
    return -error;
}

/*
 * Protects the dirty pages again that nobody holds. In few calls: what lies between dirty pages is read-only anyway (invariant 1). What the
 * kernel refuses to protect, for want of mappings, stays open and dirty, and so does everything in a process that ends.
 */
static void protect_again(struct range *range, uintptr_t page, uintptr_t end) {
    while ((page = next_clear(range->held, page, end)) < end) {
        uintptr_t next_held = next_set(range->held, page, end);
        uintptr_t first = next_set(range->dirty, page, next_held);
        if (first < next_held) {
            char *address = (char *) start_of(range) + (first << PAGE_SHIFT);
            bool left_open = atomic_load_explicit(&ending, memory_order_relaxed);
            if (!left_open && mprotect(address, (next_held - first) << PAGE_SHIFT, PROT_READ) == 0) {
                fill(range->dirty, false, first, next_held);
            }
        }
        page = next_held;
    }
}

static long count_runs(struct range *range) {
    uintptr_t end = page_of(range, end_of(range));
    long count = 0;
    for (uintptr_t page = next_set(range->dirty, 0, end); page < end; count++) {
        page = next_set(range->dirty, next_clear(range->dirty, page, end), end);
    }
    return count;
}

/*
 * Reports runs of dirty pages from *walk on, as start and end addresses, and watches them again; *walk is then where it stopped.
 * Returns how many were reported.
 */
EXPORT int tha_scan(int slot, uint64_t *walk, uint64_t to, uint64_t *regions, int capacity) {
    struct range *range = &ranges[slot];
    sigset_t before;
    lock_without_signals(range, &before);
    int count = 0;
    uintptr_t start = start_of(range);
    uintptr_t from_page = page_of(range, *walk);
    uintptr_t end = page_of(range, to);
    uintptr_t page = range->runs == 0 ? end : next_set(range->dirty, from_page, end);
    while (page < end && count < capacity) {
        regions[2 * count] = start + (page << PAGE_SHIFT);
        page = next_clear(range->dirty, page, end);
        regions[2 * count + 1] = start + (page << PAGE_SHIFT);
        count++;
        // Where there is no room for another run, the next call begins behind this one.
        page = count < capacity ? next_set(range->dirty, page, end) : page;
    }
    if (count > 0) {
        protect_again(range, from_page, page);
        set_runs(range, count_runs(range));
    }
    *walk = start + (page << PAGE_SHIFT);
    unlock_with_signals(range, &before);
    return count;
}

/* Opens pages, which stay open and dirty until they are let go. */
EXPORT int tha_hold(int slot, uint64_t from, uint64_t to) {
    struct range *range = &ranges[slot];
    sigset_t before;
    lock_without_signals(range, &before);
    bool opened = open_around(range, from, to);
    int error = errno;
    if (opened) {
        fill(range->held, true, page_of(range, from), page_of(range, to));
    }
    unlock_with_signals(range, &before);
    return opened ? 0 : -error;
}

EXPORT int tha_let_go(int slot, uint64_t from, uint64_t to) {
    struct range *range = &ranges[slot];
    sigset_t before;
    lock_without_signals(range, &before);
    fill(range->held, false, page_of(range, from), page_of(range, to));
    unlock_with_signals(range, &before);
    return 0;
}
