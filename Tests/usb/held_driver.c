/* A pcscd that loads a reader's driver only while there is no file DRIVER_HELD, and says when it
 * waits. Loaded before libc by LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *dlopen(const char *path, int mode) {
    void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    const char *held = getenv("DRIVER_HELD");
    if (held && path && strstr(path, ".bundle/") && access(held, F_OK) == 0) {
        fprintf(stderr, "the driver is held\n");
        while (access(held, F_OK) == 0) usleep(20000);
    }
    return next(path, mode);
}
