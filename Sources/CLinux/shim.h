// What Swift cannot import from the kernel's and glibc's headers by itself: variadic
// functions, macros, and structures behind _GNU_SOURCE.
#ifndef TOKEN_STATION_CLINUX_H
#define TOKEN_STATION_CLINUX_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/// Identity of a Unix socket's other end, as SO_PEERCRED gives it.
struct ts_peer { int32_t pid; uint32_t uid; uint32_t gid; };

static inline int ts_open(const char *path, int flags, unsigned int mode) {
    return open(path, flags, (mode_t)mode);
}
static inline int ts_openat(int folder, const char *path, int flags, unsigned int mode) {
    return openat(folder, path, flags, (mode_t)mode);
}
static inline int ts_fcntl_int(int fd, int command, int value) { return fcntl(fd, command, value); }
static inline int ts_peer_of(int fd, struct ts_peer *peer) {
    struct ucred u;
    socklen_t n = sizeof u;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &u, &n) != 0) return -1;
    peer->pid = u.pid; peer->uid = u.uid; peer->gid = u.gid;
    return 0;
}
#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif
/// Supplementary groups of the other end: how many, or -1 with ERANGE when `room` is too small.
static inline int ts_peer_groups(int fd, uint32_t *groups, int room) {
    socklen_t n = (socklen_t)((unsigned)room * sizeof *groups);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &n) != 0) return -1;
    return (int)(n / sizeof *groups);
}
static inline int ts_set_dumpable(int value) { return prctl(PR_SET_DUMPABLE, value, 0, 0, 0); }
static inline int ts_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }
static inline int ts_set_parent_death_signal(int signal) {
    return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
}
#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif
static inline int ts_lock_memory_on_fault(void) {
    return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}
/// Puts the calling thread under SCHED_FIFO at `priority`; 0 or an errno.
static inline int ts_become_real_time(int priority) {
    struct sched_param p;
    memset(&p, 0, sizeof p);
    p.sched_priority = priority;
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &p);
}
/// Initialises a condition variable that is timed by CLOCK_MONOTONIC.
static inline int ts_monotonic_condition(pthread_cond_t *condition) {
    pthread_condattr_t a;
    int r = pthread_condattr_init(&a);
    if (r != 0) return r;
    r = pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
    if (r == 0) r = pthread_cond_init(condition, &a);
    pthread_condattr_destroy(&a);
    return r;
}
static inline int ts_unix_address(struct sockaddr_un *address, const char *path, socklen_t *length) {
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof address->sun_path) { errno = ENAMETOOLONG; return -1; }
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, n + 1);
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
    // An abstract name is written with a leading "@", as systemd and ss write it.
    if (path[0] == '@') { address->sun_path[0] = 0; *length -= 1; }
    return 0;
}
static inline int ts_connect_unix(int fd, const char *path) {
    struct sockaddr_un a; socklen_t n;
    if (ts_unix_address(&a, path, &n) != 0) return -1;
    return connect(fd, (struct sockaddr *)&a, n);
}
static inline int ts_bind_unix(int fd, const char *path) {
    struct sockaddr_un a; socklen_t n;
    if (ts_unix_address(&a, path, &n) != 0) return -1;
    return bind(fd, (struct sockaddr *)&a, n);
}
static inline ssize_t ts_send_to_unix(int fd, const char *path, const void *bytes, size_t count) {
    struct sockaddr_un a; socklen_t n;
    if (ts_unix_address(&a, path, &n) != 0) return -1;
    return sendto(fd, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&a, n);
}
/// Connects to 127.0.0.1; no other address is ever wanted here.
static inline int ts_connect_loopback(int fd, uint16_t port) {
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd, (struct sockaddr *)&a, sizeof a);
}
static inline int ts_set_socket_option(int fd, int level, int option, int value) {
    return setsockopt(fd, level, option, &value, sizeof value);
}
static inline int ts_window_size(int fd, uint16_t *columns, uint16_t *rows) {
    struct winsize w;
    if (ioctl(fd, TIOCGWINSZ, &w) != 0) return -1;
    *columns = w.ws_col; *rows = w.ws_row;
    return 0;
}
/// 1 when the kernel holds the clock for synchronised, 0 when not, -1 with errno.
static inline int ts_clock_is_synchronised(void) {
    struct timex t;
    memset(&t, 0, sizeof t);
    int state = adjtimex(&t);
    if (state < 0) return -1;
    return (state != TIME_ERROR && (t.status & STA_UNSYNC) == 0) ? 1 : 0;
}
#endif
