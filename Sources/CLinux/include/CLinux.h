// What Swift cannot import from the kernel's and glibc's headers by itself: variadic
// functions, macros, and what glibc shows under _GNU_SOURCE only. One line of C each, so
// that nothing is decided here.
#ifndef TOKEN_STATION_CLINUX_H
#define TOKEN_STATION_CLINUX_H
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Identity of a Unix socket's other end, as SO_PEERCRED gives it.
struct ts_peer { int32_t pid; uint32_t uid; uint32_t gid; };
/// One epoll event.
struct ts_event { uint32_t flags; uint64_t token; };

extern const uint32_t ts_epoll_in, ts_epoll_out, ts_epoll_hang_up, ts_epoll_peer_closed,
    ts_epoll_error;

int ts_open(const char *path, int flags, unsigned int mode);
int ts_fcntl(int fd, int command, int value);
/// fallocate with FALLOC_FL_KEEP_SIZE.
int ts_reserve(int fd, int64_t offset, int64_t length);
int64_t ts_pread(int fd, void *into, size_t count, int64_t offset);
int ts_truncate(int fd, int64_t length);

int ts_unix_socket(int nonblocking, int datagram);
int ts_unix_pair(int ends[2]);
int ts_tcp_socket(void);
int ts_accept(int fd, int nonblocking);
int ts_peer_of(int fd, struct ts_peer *peer);
/// Supplementary groups of the other end: how many, or -1 with ERANGE when `room` is too small.
int ts_peer_groups(int fd, uint32_t *groups, int room);
/// A path that begins with "@" is an abstract name, as systemd and ss write it.
int ts_connect_unix(int fd, const char *path);
/// How long a blocking connect or send may wait; then it fails with EAGAIN.
int ts_send_timeout(int fd, int milliseconds);
int ts_bind_unix(int fd, const char *path);
int64_t ts_send_to_unix(int fd, const char *path, const void *bytes, size_t count);
int64_t ts_send(int fd, const void *bytes, size_t count, int wait);
int64_t ts_receive(int fd, void *into, size_t count, int wait);
/// Connects to 127.0.0.1; no other address is ever wanted here.
int ts_connect_loopback(int fd, uint16_t port);
/// Binds 127.0.0.1, with the port free again at once when its last listener has gone.
int ts_bind_loopback(int fd, uint16_t port);
/// The port a socket is bound to, or -1.
int ts_local_port(int fd);
int ts_no_delay(int fd);
int ts_quick_acknowledgement(int fd);

int ts_epoll(void);
int ts_epoll_add(int poller, int fd, uint32_t flags, uint64_t token);
int ts_epoll_modify(int poller, int fd, uint32_t flags, uint64_t token);
int ts_epoll_remove(int poller, int fd);
int ts_epoll_wait(int poller, struct ts_event *events, int room, int milliseconds);
int ts_eventfd(void);
/// An open file in memory, without a name.
int ts_memory_file(int inherited);
int ts_pipe(int ends[2]);
/// The flag of posix_spawn for a session of its own.
extern const int16_t ts_spawn_new_session;
int ts_inotify(void);
/// Reports entries that come, go or change their permissions, and the folder's own end.
int ts_inotify_watch_folder(int fd, const char *path);
/// A NETLINK_SOCK_DIAG socket.
int ts_sock_diag_socket(void);
/// Blocks the signals in this thread and those it starts, and gives a descriptor for them.
int ts_signalfd(const int *signals, int count);
/// The next signal's number, or -1.
int ts_next_signal(int fd);
void ts_unblock(const int *signals, int count);

int ts_set_dumpable(int value);
void ts_forbid_core_files(void);
/// Touches `count` bytes of the calling thread's stack, so that they are there later.
void ts_touch_stack(size_t count);
int ts_set_thread_name(const char *name);
int ts_die_with_parent(int signal);
/// Unmaps what of the program's and its libraries' files nobody writes to; it comes back from the
/// page cache as it is touched. Where pages are locked, nothing.
void ts_let_go_of_program(void);
/// mlockall with MCL_ONFAULT.
int ts_lock_memory_on_fault(void);
/// Puts the calling thread under SCHED_FIFO at `priority`; 0 or an errno.
int ts_become_real_time(int priority);
/// 1 when this process may use SCHED_FIFO: by its capabilities or RLIMIT_RTPRIO.
int ts_may_become_real_time(void);
/// Initialises a condition variable that is timed by CLOCK_MONOTONIC.
int ts_monotonic_condition(pthread_cond_t *condition);
int ts_window_size(int fd, uint16_t *columns, uint16_t *rows);
/// 1 when the kernel holds the clock for synchronised, 0 when not, -1 with errno.
int ts_clock_is_synchronised(void);
char **ts_environment(void);
#endif
