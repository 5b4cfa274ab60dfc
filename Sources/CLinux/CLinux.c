#define _GNU_SOURCE 1
#include "CLinux.h"
#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/netlink.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif
#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif

const uint32_t ts_epoll_in = EPOLLIN, ts_epoll_out = EPOLLOUT, ts_epoll_hang_up = EPOLLHUP,
    ts_epoll_peer_closed = EPOLLRDHUP, ts_epoll_error = EPOLLERR;

int ts_open(const char *path, int flags, unsigned int mode) {
    return open(path, flags, (mode_t)mode);
}
int ts_memory_file(int inherited) { return memfd_create("", inherited ? 0 : MFD_CLOEXEC); }
int ts_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
const int16_t ts_spawn_new_session = POSIX_SPAWN_SETSID;
int ts_fcntl(int fd, int command, int value) { return fcntl(fd, command, value); }
int ts_reserve(int fd, int64_t offset, int64_t length) {
    return fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, length);
}
int64_t ts_pread(int fd, void *into, size_t count, int64_t offset) {
    return pread(fd, into, count, offset);
}
int ts_truncate(int fd, int64_t length) { return ftruncate(fd, length); }

int ts_unix_socket(int nonblocking, int datagram) {
    return socket(AF_UNIX,
        (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
}
int ts_unix_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }
int ts_tcp_socket(void) { return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }
int ts_accept(int fd, int nonblocking) {
    return accept4(fd, NULL, NULL, SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0));
}
int ts_peer_of(int fd, struct ts_peer *peer) {
    struct ucred u;
    socklen_t n = sizeof u;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &u, &n) != 0) return -1;
    peer->pid = u.pid;
    peer->uid = u.uid;
    peer->gid = u.gid;
    return 0;
}
int ts_peer_groups(int fd, uint32_t *groups, int room) {
    socklen_t n = (socklen_t)((size_t)room * sizeof *groups);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &n) != 0) return -1;
    return (int)(n / sizeof *groups);
}
static int unix_address(struct sockaddr_un *address, const char *path, socklen_t *length) {
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, n + 1);
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
    if (path[0] == '@') {
        address->sun_path[0] = 0;
        *length -= 1;
    }
    return 0;
}
int ts_connect_unix(int fd, const char *path) {
    struct sockaddr_un a;
    socklen_t n;
    return unix_address(&a, path, &n) != 0 ? -1 : connect(fd, (struct sockaddr *)&a, n);
}
int ts_send_timeout(int fd, int milliseconds) {
    struct timeval t = {milliseconds / 1000, milliseconds % 1000 * 1000};
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
}
int ts_bind_unix(int fd, const char *path) {
    struct sockaddr_un a;
    socklen_t n;
    return unix_address(&a, path, &n) != 0 ? -1 : bind(fd, (struct sockaddr *)&a, n);
}
int64_t ts_send_to_unix(int fd, const char *path, const void *bytes, size_t count) {
    struct sockaddr_un a;
    socklen_t n;
    if (unix_address(&a, path, &n) != 0) return -1;
    return sendto(fd, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&a, n);
}
int64_t ts_send(int fd, const void *bytes, size_t count, int wait) {
    return send(fd, bytes, count, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
}
int64_t ts_receive(int fd, void *into, size_t count, int wait) {
    return recv(fd, into, count, wait ? 0 : MSG_DONTWAIT);
}
static struct sockaddr_in loopback(uint16_t port) {
    struct sockaddr_in a;
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}
int ts_connect_loopback(int fd, uint16_t port) {
    struct sockaddr_in a = loopback(port);
    return connect(fd, (struct sockaddr *)&a, sizeof a);
}
static int switch_on(int fd, int level, int option) {
    int on = 1;
    return setsockopt(fd, level, option, &on, sizeof on);
}
int ts_bind_loopback(int fd, uint16_t port) {
    struct sockaddr_in a = loopback(port);
    if (switch_on(fd, SOL_SOCKET, SO_REUSEADDR) != 0) return -1;
    return bind(fd, (struct sockaddr *)&a, sizeof a);
}
int ts_local_port(int fd) {
    struct sockaddr_in a;
    socklen_t n = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &n) != 0) return -1;
    return ntohs(a.sin_port);
}
int ts_no_delay(int fd) { return switch_on(fd, IPPROTO_TCP, TCP_NODELAY); }
int ts_quick_acknowledgement(int fd) { return switch_on(fd, IPPROTO_TCP, TCP_QUICKACK); }

int ts_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }
static int control(int poller, int operation, int fd, uint32_t flags, uint64_t token) {
    struct epoll_event event = {.events = flags, .data.u64 = token};
    return epoll_ctl(poller, operation, fd, &event);
}
int ts_epoll_add(int poller, int fd, uint32_t flags, uint64_t token) {
    return control(poller, EPOLL_CTL_ADD, fd, flags, token);
}
int ts_epoll_modify(int poller, int fd, uint32_t flags, uint64_t token) {
    return control(poller, EPOLL_CTL_MOD, fd, flags, token);
}
int ts_epoll_remove(int poller, int fd) { return control(poller, EPOLL_CTL_DEL, fd, 0, 0); }
int ts_epoll_wait(int poller, struct ts_event *events, int room, int milliseconds) {
    struct epoll_event got[64];
    int n = epoll_wait(poller, got, room < 64 ? room : 64, milliseconds);
    for (int i = 0; i < n; i++) {
        events[i].flags = got[i].events;
        events[i].token = got[i].data.u64;
    }
    return n;
}
int ts_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
int ts_inotify(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }
int ts_inotify_watch_folder(int fd, const char *path) {
    return inotify_add_watch(fd, path,
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF
            | IN_MOVE_SELF | IN_ONLYDIR);
}
int ts_sock_diag_socket(void) {
    return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
}
static sigset_t set_of(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    return set;
}
int ts_signalfd(const int *signals, int count) {
    sigset_t set = set_of(signals, count);
    int r = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (r != 0) {
        errno = r;
        return -1;
    }
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}
int ts_next_signal(int fd) {
    struct signalfd_siginfo record;
    return read(fd, &record, sizeof record) == sizeof record ? (int)record.ssi_signo : -1;
}
void ts_unblock(const int *signals, int count) {
    sigset_t set = set_of(signals, count);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int ts_set_dumpable(int value) { return prctl(PR_SET_DUMPABLE, value, 0, 0, 0); }
void ts_forbid_core_files(void) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}
void ts_touch_stack(size_t count) {
    volatile char *room = alloca(count);
    for (size_t i = 0; i < count; i += 4096) room[i] = 0;
}
int ts_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }
int ts_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
static int let_go(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size, (void)unused;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        uintptr_t start = object->dlpi_addr + part->p_vaddr, end = start + part->p_memsz;
        start &= ~(page - 1);
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}
void ts_let_go_of_program(void) { dl_iterate_phdr(let_go, NULL); }
int ts_lock_memory_on_fault(void) { return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT); }
int ts_become_real_time(int priority) {
    struct sched_param p = {.sched_priority = priority};
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &p);
}
int ts_may_become_real_time(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_RTPRIO, &limit) == 0 && limit.rlim_cur > 0) return 1;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) != 0) return 0;
    return (data[CAP_TO_INDEX(CAP_SYS_NICE)].effective & CAP_TO_MASK(CAP_SYS_NICE)) != 0;
}
int ts_monotonic_condition(pthread_cond_t *condition) {
    pthread_condattr_t a;
    int r = pthread_condattr_init(&a);
    if (r != 0) return r;
    r = pthread_condattr_setclock(&a, CLOCK_MONOTONIC);
    if (r == 0) r = pthread_cond_init(condition, &a);
    pthread_condattr_destroy(&a);
    return r;
}
int ts_window_size(int fd, uint16_t *columns, uint16_t *rows) {
    struct winsize w;
    if (ioctl(fd, TIOCGWINSZ, &w) != 0) return -1;
    *columns = w.ws_col;
    *rows = w.ws_row;
    return 0;
}
int ts_clock_is_synchronised(void) {
    struct timex t;
    memset(&t, 0, sizeof t);
    int state = adjtimex(&t);
    if (state < 0) return -1;
    return state != TIME_ERROR && (t.status & STA_UNSYNC) == 0;
}
char **ts_environment(void) { return environ; }
