/* inside.so: preloaded into a program, it notes each call of PC/SC and each flush to the disk
 * with the time it took, and changes nothing. INSIDE_LOG names the file; one record a call. */
#define _GNU_SOURCE
#include "common.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <winscard.h>

struct record {
    long long began, took;
    char call[24], thread[16];
};

enum { most = 1 << 16 };

struct log {
    atomic_long count;
    long long unused;
    struct record records[most];
};

static struct log *shared;

static __attribute__((constructor)) void start(void) {
    const char *path = getenv("INSIDE_LOG");
    int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0 || ftruncate(file, sizeof *shared) != 0) return;
    void *room = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (room != MAP_FAILED) shared = room;
    close(file);
}

static void note(const char *call, long long began) {
    long long took = now() - began;
    long at = shared ? atomic_fetch_add(&shared->count, 1) : most;
    if (at >= most) return;
    struct record *record = &shared->records[at];
    record->began = began;
    strncpy(record->call, call, sizeof record->call - 1);
    prctl(PR_GET_NAME, record->thread);
    record->took = took;
}

#define NOTED(type, name, parameters, ...)                        \
    type name parameters {                                        \
        static type(*_Atomic next) parameters;                    \
        if (!next) next = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        long long began = now();                                  \
        type result = next(__VA_ARGS__);                          \
        note(#name, began);                                       \
        return result;                                            \
    }

NOTED(LONG, SCardEstablishContext, (DWORD a, LPCVOID b, LPCVOID c, LPSCARDCONTEXT d), a, b, c, d)
NOTED(LONG, SCardReleaseContext, (SCARDCONTEXT a), a)
NOTED(LONG, SCardListReaders, (SCARDCONTEXT a, LPCSTR b, LPSTR c, LPDWORD d), a, b, c, d)
NOTED(LONG, SCardConnect,
      (SCARDCONTEXT a, LPCSTR b, DWORD c, DWORD d, LPSCARDHANDLE e, LPDWORD f), a, b, c, d, e, f)
NOTED(LONG, SCardReconnect, (SCARDHANDLE a, DWORD b, DWORD c, DWORD d, LPDWORD e), a, b, c, d, e)
NOTED(LONG, SCardDisconnect, (SCARDHANDLE a, DWORD b), a, b)
NOTED(LONG, SCardBeginTransaction, (SCARDHANDLE a), a)
NOTED(LONG, SCardEndTransaction, (SCARDHANDLE a, DWORD b), a, b)
NOTED(LONG, SCardStatus,
      (SCARDHANDLE a, LPSTR b, LPDWORD c, LPDWORD d, LPDWORD e, LPBYTE f, LPDWORD g),
      a, b, c, d, e, f, g)
NOTED(LONG, SCardGetStatusChange,
      (SCARDCONTEXT a, DWORD b, SCARD_READERSTATE *c, DWORD d), a, b, c, d)
NOTED(LONG, SCardControl,
      (SCARDHANDLE a, DWORD b, LPCVOID c, DWORD d, LPVOID e, DWORD f, LPDWORD g),
      a, b, c, d, e, f, g)
NOTED(LONG, SCardTransmit,
      (SCARDHANDLE a, const SCARD_IO_REQUEST *b, LPCBYTE c, DWORD d, SCARD_IO_REQUEST *e, LPBYTE f,
       LPDWORD g),
      a, b, c, d, e, f, g)
NOTED(int, fdatasync, (int a), a)
NOTED(int, fsync, (int a), a)
