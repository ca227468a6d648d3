/*
 * What tracker.c does beside other handlers of SIGSEGV, each in a process of its own. Prints what went wrong, and ends with the number of
 * failures; FaultHandlerChainTest runs it.
 */
#include "tracker.c"
#include <stdio.h>
#include <sys/wait.h>

#define PAGES 16
#define MAX_MAPPINGS ((uintptr_t) 1 << 18)

static char *memory;
static char alternate[64 << 10];
static volatile sig_atomic_t called;
static volatile sig_atomic_t on_alternate;
static volatile sig_atomic_t blocked_usr1;
static volatile sig_atomic_t blocked_usr2;

static void watch_memory(void) {
    memory = mmap(NULL, PAGES * PAGE_LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (tha_watch((uintptr_t) memory, (uintptr_t) memory + PAGES * PAGE_LENGTH, 8) < 0) {
        _exit(100);
    }
}

static void handle(void (*handler)(int), int masked) {
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    if (masked != 0) {
        sigaddset(&action.sa_mask, masked);
    }
    sigaction(SIGSEGV, &action, NULL);
}

/* Where they are is nothing that the compiler should know. */
static volatile uintptr_t nowhere = 0x10;
static volatile uintptr_t unmapped = 0x10000;

static void write_to_nowhere(void) {
    *(volatile long *) nowhere = 1;
}

static void repair(int signal) {
    (void) signal;
    called++;
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    blocked_usr1 = sigismember(&mask, SIGUSR1);
    blocked_usr2 = sigismember(&mask, SIGUSR2);
    on_alternate = (char *) &mask >= alternate && (char *) &mask < alternate + sizeof alternate;
    mmap((void *) unmapped, PAGE_LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static int writes_are_noticed_and_errno_kept(void) {
    watch_memory();
    errno = 77;
    memory[3 * PAGE_LENGTH] = 1;
    uint64_t walk = (uintptr_t) memory;
    uint64_t regions[2];
    return errno == 77 && tha_scan(0, &walk, (uintptr_t) memory + PAGES * PAGE_LENGTH, regions, 1) == 1
        && regions[0] == (uintptr_t) memory + 3 * PAGE_LENGTH && regions[1] == regions[0] + PAGE_LENGTH;
}

static int without_a_handler_a_fault_ends_the_process(void) {
    handle(SIG_DFL, 0);
    watch_memory();
    memory[0] = 1;
    write_to_nowhere();
    return 0;
}

static int without_a_handler_a_sent_signal_ends_the_process(void) {
    handle(SIG_DFL, 0);
    watch_memory();
    raise(SIGSEGV);
    return 0;
}

static int an_execution_of_data_is_no_write(void) {
    handle(SIG_DFL, 0);
    watch_memory();
    void (*code)(void);
    char *first = memory;
    memcpy(&code, &first, sizeof code);
    code();
    return 0;
}

static int an_ignored_signal_that_was_sent_is_ignored(void) {
    handle(SIG_IGN, 0);
    watch_memory();
    raise(SIGSEGV);
    memory[0] = 1;
    return 1;
}

static int an_ignored_fault_ends_the_process(void) {
    handle(SIG_IGN, 0);
    watch_memory();
    write_to_nowhere();
    return 0;
}

static int the_handler_before_is_called_with_its_mask(void) {
    handle(repair, SIGUSR1);
    watch_memory();
    *(volatile long *) unmapped = 1;
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    memory[0] = 1;
    return called == 1 && blocked_usr1 && !blocked_usr2 && !on_alternate && !sigismember(&mask, SIGUSR1);
}

static int an_alternate_stack_is_used(void) {
    handle(repair, 0);
    watch_memory();
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigaltstack(&stack, NULL);
    memory[0] = 1;
    *(volatile long *) unmapped = 1;
    return called == 1 && on_alternate;
}

static int a_fault_outside_is_tried_again_once_after_a_range_is_gone(void) {
    handle(SIG_DFL, 0);
    watch_memory();
    tha_unwatch(0);
    memory[0] = 1;
    mprotect(memory, PAGE_LENGTH, PROT_READ);
    memory[0] = 2;
    return 0;
}

/* As many mappings as the process may have; false where it may have too many to try. */
static bool use_up_mappings(void) {
    uintptr_t length = MAX_MAPPINGS * PAGE_LENGTH;
    char *filler = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (uintptr_t at = PAGE_LENGTH; filler != MAP_FAILED && at < length; at += 2 * PAGE_LENGTH) {
        if (mprotect(filler + at, PAGE_LENGTH, PROT_READ) != 0) {
            // That takes two; there may be one left.
            mprotect(filler + length - PAGE_LENGTH, PAGE_LENGTH, PROT_READ);
            return true;
        }
    }
    return false;
}

static bool reports(int first_page, int behind_page) {
    uint64_t walk = (uintptr_t) memory;
    uint64_t regions[2 * PAGES];
    return tha_scan(0, &walk, (uintptr_t) memory + PAGES * PAGE_LENGTH, regions, PAGES) == 1
        && regions[0] == (uintptr_t) memory + (uintptr_t) first_page * PAGE_LENGTH
        && regions[1] == (uintptr_t) memory + (uintptr_t) behind_page * PAGE_LENGTH;
}

/* A held page after written ones is one mapping with them, which cannot be cut when there are no mappings left. */
static int what_cannot_be_protected_again_stays_dirty(void) {
    watch_memory();
    tha_hold(0, (uintptr_t) memory + 8 * PAGE_LENGTH, (uintptr_t) memory + 9 * PAGE_LENGTH);
    for (int page = 5; page < 8; page++) {
        memory[page * PAGE_LENGTH] = 1;
    }
    if (!use_up_mappings()) {
        return 1;
    }
    bool stays = reports(5, 9) && reports(5, 9);
    memory[6 * PAGE_LENGTH] = 2;
    return stays && reports(5, 9);
}

static int where_the_kernel_refuses_more_is_opened(void) {
    watch_memory();
    if (!use_up_mappings()) {
        return 1;
    }
    memory[5 * PAGE_LENGTH] = 1;
    return reports(0, PAGES) && memory[5 * PAGE_LENGTH] == 1;
}

static int check(const char *name, int (*test)(void), int expected_signal) {
    pid_t child = fork();
    if (child == 0) {
        // Ends a fault that is tried again for ever.
        alarm(20);
        _exit(test() ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    int passed = expected_signal == 0 ? status == 0 : WIFSIGNALED(status) && WTERMSIG(status) == expected_signal;
    if (!passed) {
        printf("%s: status 0x%x\n", name, (unsigned) status);
    }
    return !passed;
}

#define CHECK(test, expected_signal) check(#test, test, expected_signal)

int main(void) {
    return CHECK(writes_are_noticed_and_errno_kept, 0)
        + CHECK(without_a_handler_a_fault_ends_the_process, SIGSEGV)
        + CHECK(without_a_handler_a_sent_signal_ends_the_process, SIGSEGV)
        + CHECK(an_execution_of_data_is_no_write, SIGSEGV)
        + CHECK(an_ignored_signal_that_was_sent_is_ignored, 0)
        + CHECK(an_ignored_fault_ends_the_process, SIGSEGV)
        + CHECK(the_handler_before_is_called_with_its_mask, 0)
        + CHECK(an_alternate_stack_is_used, 0)
        + CHECK(where_the_kernel_refuses_more_is_opened, 0)
        + CHECK(what_cannot_be_protected_again_stays_dirty, 0)
        + CHECK(a_fault_outside_is_tried_again_once_after_a_range_is_gone, SIGSEGV);
}
