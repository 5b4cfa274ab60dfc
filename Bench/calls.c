/* calls SOCKET COUNT CONNECTIONS MESSAGE: sends MESSAGE and a NUL so many times over so many
 * connections at once, each waiting for its answer. Prints the whole time first, then the
 * time of each call. */
#include "common.h"
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char *path, *message;
static int count;
static pthread_barrier_t start;

static void *client(void *argument) {
    long long *times = argument;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) die(path);
    size_t length = strlen(message) + 1;
    static __thread char answer[65536];
    pthread_barrier_wait(&start);
    for (int i = 0; i < count; i++) {
        long long began = now();
        if (write(fd, message, length) != (ssize_t)length) die("write");
        ssize_t got;
        do {
            got = read(fd, answer, sizeof answer);
            if (got <= 0) die("read");
        } while (answer[got - 1] != 0);
        times[i] = now() - began;
        if (i == 0 && strstr(answer, "\"error\"")) {
            fprintf(stderr, "calls: %s\n", answer);
            exit(1);
        }
    }
    close(fd);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    path = argv[1];
    int connections = atoi(argv[3]);
    count = atoi(argv[2]) / connections;
    message = argv[4];
    long long *times = calloc((size_t)count * connections, sizeof *times);
    pthread_t threads[64];
    if (connections < 1 || connections > 64) return 2;
    pthread_barrier_init(&start, NULL, connections + 1);
    for (int i = 0; i < connections; i++)
        pthread_create(&threads[i], NULL, client, times + (size_t)i * count);
    pthread_barrier_wait(&start);
    long long began = now();
    for (int i = 0; i < connections; i++) pthread_join(threads[i], NULL);
    printf("%lld\n", now() - began);
    for (long i = 0; i < (long)count * connections; i++) printf("%lld\n", times[i]);
    return 0;
}
