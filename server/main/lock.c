#include "main/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum lock_status lock_take(const char *data, int *descriptor) {
    if (mkdir(data, 0700) != 0 && errno != EEXIST) {
        return LOCK_FAILED;
    }
    int folder = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return LOCK_FAILED;
    }
    *descriptor = openat(folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int trouble = errno;
    close(folder);
    if (*descriptor < 0) {
        errno = trouble;
        return LOCK_FAILED;
    }
    if (flock(*descriptor, LOCK_EX | LOCK_NB) != 0) {
        trouble = errno;
        close(*descriptor);
        errno = trouble;
        return trouble == EWOULDBLOCK ? LOCK_HELD : LOCK_FAILED;
    }
    return LOCK_TAKEN;
}

void lock_drop(int descriptor) {
    close(descriptor);
}
