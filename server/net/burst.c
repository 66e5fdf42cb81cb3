#include "net/burst.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

#define SEND_FLAGS (MSG_NOSIGNAL | MSG_DONTWAIT)
/* Below this a ring costs more than it saves. */
#define RING_MIN 2

static void plain_send(struct burst_item *items, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        ssize_t sent = send(items[i].fd, items[i].bytes, items[i].length, SEND_FLAGS);
        items[i].sent = sent < 0 ? -errno : (int)sent;
    }
}

static uint32_t ring_reap(struct io_uring *ring, struct burst_item *items) {
    struct io_uring_cqe *answer;
    unsigned head;
    uint32_t count = 0;
    io_uring_for_each_cqe(ring, head, answer) {
        items[answer->user_data].sent = answer->res;
        count++;
    }
    io_uring_cq_advance(ring, count);
    return count;
}

/* False: the ring has failed. In either case *taken is how many of the items it has taken. */
static bool ring_send(struct io_uring *ring, struct burst_item *items, uint32_t count,
                      uint32_t *taken) {
    for (uint32_t i = 0; i < count; i++) {
        struct io_uring_sqe *request = io_uring_get_sqe(ring);
        INVARIANT(request != NULL);
        io_uring_prep_send(request, items[i].fd, items[i].bytes, items[i].length, SEND_FLAGS);
        request->user_data = i;
        items[i].sent = -ECONNABORTED; /* taken but never answered: nobody knows what got out */
    }
    uint32_t answered = 0;
    int result = 0;
    while (answered < count && (result >= 0 || result == -EINTR)) {
        result = io_uring_submit_and_wait(ring, count - answered);
        answered += ring_reap(ring, items);
    }
    *taken = count - io_uring_sq_ready(ring);
    return answered == count;
}

void burst_send(struct burst *burst, struct burst_item *items, uint32_t count) {
    INVARIANT(count <= BURST_MAX);
    uint32_t taken = 0;
    if (burst->ringed && count >= RING_MIN && !ring_send(&burst->ring, items, count, &taken)) {
        burst_close(burst);
        log_line("io_uring fails: plain sends from now on");
    }
    plain_send(items + taken, count - taken);
}

/* A kernel may offer rings and yet refuse what is asked of them. */
static bool ring_try(struct io_uring *ring) {
    int pair[2];
    uint8_t byte = 'x', got = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
        return false;
    }
    struct burst_item item = {.bytes = &byte, .length = 1, .fd = pair[0]};
    uint32_t taken;
    bool works = ring_send(ring, &item, 1, &taken) && item.sent == 1 &&
                 recv(pair[1], &got, 1, 0) == 1 && got == byte;
    close(pair[0]);
    close(pair[1]);
    return works;
}

void burst_open(struct burst *burst, bool ringed) {
    /* Flags for a ring of one thread, registered files or rings: none of them showed in a figure.
     */
    burst->ringed = ringed && io_uring_queue_init(BURST_MAX, &burst->ring, 0) == 0;
    if (burst->ringed && !ring_try(&burst->ring)) {
        burst_close(burst);
    }
}

void burst_close(struct burst *burst) {
    if (burst->ringed) {
        io_uring_queue_exit(&burst->ring);
    }
    burst->ringed = false;
}
