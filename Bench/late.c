/* late COUNT: how late the kernel wakes a SCHED_FIFO thread that sleeps until a point in time.
 * Before that, the ticks that a hypervisor took meanwhile. */
#include "common.h"
#include <sched.h>

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    int count = atoi(argv[1]);
    long long *late = calloc(count, sizeof *late);
    struct sched_param priority = {.sched_priority = 11};
    /* Where it may not, neither may the station. */
    sched_setscheduler(0, SCHED_FIFO, &priority);
    long long before = stolen();
    for (int i = 0; i < count; i++) {
        long long due = now() + 3000000;
        struct timespec until = {due / 1000000000, due % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        late[i] = now() - due;
    }
    printf("%lld\n", stolen() - before);
    for (int i = 0; i < count; i++) printf("%lld\n", late[i]);
    return 0;
}
