/* Connected sockets for the tests of what is sent: ours does not block, theirs is the phone. */
#ifndef RAUTE_TEST_PAIRS_H
#define RAUTE_TEST_PAIRS_H

#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
    int ours, theirs;
};

static inline struct pair pair_make(void) {
    int both[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both), 0);
    return (struct pair){both[0], both[1]};
}

static inline void pair_close(struct pair pair) {
    close(pair.ours);
    close(pair.theirs);
}

/* As many bytes as fit. */
static inline void pair_fill(struct pair pair) {
    static const uint8_t zeros[4096];
    while (send(pair.ours, zeros, sizeof zeros, MSG_NOSIGNAL) > 0) {}
    while (send(pair.ours, zeros, 1, MSG_NOSIGNAL) > 0) {}
}

/* All that lies there, at most `room`. */
static inline size_t pair_read(struct pair pair, uint8_t *bytes, size_t room) {
    size_t length = 0;
    ssize_t got;
    while (length < room && (got = recv(pair.theirs, bytes + length, room - length, 0)) > 0) {
        length += (size_t)got;
    }
    return length;
}

/* A pair takes two. */
static inline void pairs_allow(void) {
    struct rlimit files;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
}

#endif
