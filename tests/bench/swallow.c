/* swallow.so: frames to phones go nowhere, so that what is left is the server's own work. Preloaded
 * into a server, it takes each write that begins as a WebSocket text of 126 to 65,535 bytes and has
 * at least FRAME_LEAST bytes for done; everything else goes to the kernel. The system calls are
 * made as such, since looking up the library's own functions would cost more than a small frame
 * does. At the end, stderr tells how many such writes there were. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FRAME_LEAST 200

static _Atomic uint64_t swallowed;

static ssize_t swallow(size_t length) {
    atomic_fetch_add_explicit(&swallowed, 1, memory_order_relaxed);
    return (ssize_t)length;
}

__attribute__((destructor)) static void swallowed_print(void) {
    (void)dprintf(STDERR_FILENO, "swallowed %" PRIu64 "\n", atomic_load(&swallowed));
}

static bool frame_begins(const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    return length >= FRAME_LEAST && at[0] == 0x81 && at[1] == 126;
}

static size_t parts_length(const struct iovec *parts, size_t count) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += parts[i].iov_len;
    }
    return length;
}

/* The header may be a part of its own. */
static bool parts_begin(const struct iovec *parts, size_t count) {
    return count > 0 && parts[0].iov_len >= 2 &&
           frame_begins(parts[0].iov_base, parts_length(parts, count));
}

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    if (frame_begins(bytes, length)) {
        return swallow(length);
    }
    return syscall(SYS_sendto, fd, bytes, length, flags, NULL, 0);
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, __CONST_SOCKADDR_ARG to,
               socklen_t to_length) {
    if (frame_begins(bytes, length)) {
        return swallow(length);
    }
    return syscall(SYS_sendto, fd, bytes, length, flags, to.__sockaddr__, to_length);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    if (frame_begins(bytes, length)) {
        return swallow(length);
    }
    return syscall(SYS_write, fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (count > 0 && parts_begin(parts, (size_t)count)) {
        return swallow(parts_length(parts, (size_t)count));
    }
    return syscall(SYS_writev, fd, parts, count);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    if (parts_begin(message->msg_iov, message->msg_iovlen)) {
        return swallow(parts_length(message->msg_iov, message->msg_iovlen));
    }
    return syscall(SYS_sendmsg, fd, message, flags);
}
