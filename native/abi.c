/*
 * Prints the numbers of this platform's C library and kernel that the Java code holds as constants, one "name value" per line.
 * A test compares them (NativeAbiTest); nothing links this.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

#define PRINT(name) printf("%s %lld\n", #name, (long long) (name))

int main(void) {
    PRINT(EINTR);
    PRINT(EAGAIN);
    PRINT(EEXIST);
    PRINT(ENOSPC);
    PRINT(ELOOP);
    PRINT(ETIMEDOUT);
    PRINT(O_RDONLY);
    PRINT(O_RDWR);
    PRINT(O_CREAT);
    PRINT(O_EXCL);
    PRINT(O_CLOEXEC);
    PRINT(O_NOFOLLOW);
    PRINT(PROT_READ);
    PRINT(PROT_WRITE);
    PRINT(MAP_SHARED);
    PRINT(MAP_PRIVATE);
    PRINT(MADV_DONTNEED);
    PRINT(MADV_POPULATE_WRITE);
    PRINT(SIGKILL);
    PRINT(SIGSTOP);
    PRINT(FUTEX_WAIT);
    PRINT(FUTEX_WAKE);
    PRINT(SYS_futex);
    printf("MUTEX_LENGTH %zu\n", sizeof(pthread_mutex_t));
    printf("FUTEX_OWNER_DIED_BIT %u\n", (unsigned) FUTEX_OWNER_DIED);
    return 0;
}
