/* append FILE COUNT BYTES: lines of that length by a bare write and fdatasync loop. */
#include "common.h"
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) die(argv[1]);
    int count = atoi(argv[2]), length = atoi(argv[3]);
    char *line = malloc(length);
    memset(line, 'x', length);
    line[length - 1] = '\n';
    for (int i = 0; i < count; i++) {
        long long began = now();
        if (write(fd, line, length) != length || fdatasync(fd) != 0) die(argv[1]);
        printf("%lld\n", now() - began);
    }
    return 0;
}
