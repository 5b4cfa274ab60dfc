/* echo SOCKET BYTES: the least a Unix stream server can do: one epoll loop, one thread, an
 * answer of so many bytes with a NUL at its end for each message that ends with NUL. */
#include "common.h"
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), length = atoi(argv[2]);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 64))
        die(argv[1]);
    char *answer = malloc(length), message[65536];
    memset(answer, ' ', length);
    answer[length - 1] = 0;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, ready[64];
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event)) die("epoll");
    for (;;) {
        int n = epoll_wait(epoll, ready, 64, -1);
        for (int i = 0; i < n; i++) {
            int fd = ready[i].data.fd;
            if (fd == listener) {
                event.data.fd = accept(listener, NULL, NULL);
                if (event.data.fd >= 0) epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
                continue;
            }
            ssize_t got = read(fd, message, sizeof message);
            if (got <= 0) {
                close(fd);
                continue;
            }
            for (ssize_t at = 0; at < got; at++)
                if (message[at] == 0 && write(fd, answer, length) != length) die("write");
        }
    }
}
