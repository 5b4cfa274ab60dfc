/* Times in nanoseconds on CLOCK_MONOTONIC, as the Swift side takes them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* The time in which a hypervisor ran something else on our processors, in ticks of 10 ms. */
static inline long long stolen(void) {
    long long ticks = 0;
    FILE *stat = fopen("/proc/stat", "re");
    if (stat && fscanf(stat, "cpu %*d %*d %*d %*d %*d %*d %*d %lld", &ticks) != 1) ticks = 0;
    if (stat) fclose(stat);
    return ticks;
}

static inline void die(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}
