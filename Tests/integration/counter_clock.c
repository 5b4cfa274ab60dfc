/* The wall clock of a day at the counter: as far from the kernel's as the file in COUNTER_CLOCK
 * says (nanoseconds, eight bytes in this machine's order), and held for synchronised. Loaded
 * before libc by LD_PRELOAD; processes without that variable see the kernel's clock. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *offset;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("COUNTER_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *found = mmap(0, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
    if (found != MAP_FAILED) offset = found;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = (int)syscall(SYS_clock_gettime, clock, now);
    if (failed || !offset || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
        return failed;
    int64_t all = now->tv_sec * INT64_C(1000000000) + now->tv_nsec + *offset;
    now->tv_sec = all / 1000000000;
    now->tv_nsec = all % 1000000000;
    return 0;
}

int adjtimex(struct timex *t) {
    int state = (int)syscall(SYS_adjtimex, t);
    if (!offset || t->modes) return state;
    t->status &= ~STA_UNSYNC;
    return TIME_OK;
}
