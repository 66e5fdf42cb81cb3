#include "main/control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/queue.h"
#include "wire/control.h"

#define SOCKET_NAME     "control"
#define DEADLINE_MS     10000  /* to send a request, and again to take the answer */
#define ANSWER_WAIT_MS  120000 /* an import of everything, on a slow disk */
#define PIECE_BYTES     65536
#define BACKLOG         16
#define ACCEPT_PAUSE_MS 100

struct control_socket {
    pthread_t thread;
    struct journal *journal;
    const char *public_url;
    int folder, listener, stop; /* stop: an eventfd */
    struct queue replies; /* the journal may still leave it while its answer is read: see _free */
};

/* A path of any length fits into sun_path through the folder's descriptor. */
static struct sockaddr_un socket_address(int folder) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/" SOCKET_NAME, folder);
    return address;
}

/* Waits for `events`; false: the deadline passed, or `stop` (−1: none) was raised. */
static bool socket_wait(int descriptor, short events, int stop, int64_t deadline) {
    struct pollfd wanted[2] = {{.fd = descriptor, .events = events},
                               {.fd = stop, .events = POLLIN}};
    for (;;) {
        int64_t left = deadline - clock_monotonic_ms();
        int ready = left <= 0 ? 0 : poll(wanted, 2, (int)left);
        if (ready > 0) {
            return wanted[1].revents == 0;
        }
        if (ready == 0 || errno != EINTR) {
            return false;
        }
    }
}

/* Reads up to a newline, which is cut off. */
static bool line_read(int descriptor, int stop, int64_t deadline, struct buffer *line) {
    uint8_t piece[PIECE_BYTES];
    while (socket_wait(descriptor, POLLIN, stop, deadline)) {
        ssize_t count = recv(descriptor, piece, sizeof piece, MSG_DONTWAIT);
        if (count <= 0) {
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
                continue;
            }
            return false;
        }
        const uint8_t *end = memchr(piece, '\n', (size_t)count);
        buffer_append(line, piece, end == NULL ? (size_t)count : (size_t)(end - piece));
        if (end != NULL || line->overflow) {
            return true;
        }
    }
    return false;
}

static bool line_write(int descriptor, int64_t deadline, const struct buffer *line) {
    size_t sent = 0;
    while (sent < line->length) {
        if (!socket_wait(descriptor, POLLOUT, -1, deadline)) {
            return false;
        }
        ssize_t count =
            send(descriptor, line->data + sent, line->length - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN && errno != EINTR) {
            return false;
        }
        sent += count > 0 ? (size_t)count : 0;
    }
    return true;
}

static void control_work(struct control_socket *own, const struct buffer *line,
                         struct buffer *answer) {
    struct control control;
    struct journal_request *request;
    control_start(&control, own->journal, own->public_url, LANGUAGE_EN, line->data, line->length);
    while ((request = control_next(&control)) != NULL) {
        request->reply = &own->replies;
        journal_submit(own->journal, request);
        request = (struct journal_request *)queue_wait(&own->replies, 1, INT64_MAX);
        control_answered(&control, request);
    }
    control_finish(&control, answer);
}

static void connection_serve(struct control_socket *own, int connection) {
    struct buffer line = buffer_make(LIMIT_CONTROL_BYTES);
    struct buffer answer = buffer_make(LIMIT_CONTROL_BYTES);
    if (line_read(connection, own->stop, clock_monotonic_ms() + DEADLINE_MS, &line)) {
        if (line.overflow) {
            buffer_text(&answer, "{\"error\":{\"code\":\"too_long\",\"message\":\"Too long.\"}}");
        } else {
            control_work(own, &line, &answer);
        }
        buffer_text(&answer, "\n");
        line_write(connection, clock_monotonic_ms() + DEADLINE_MS, &answer);
    }
    buffer_clear(&line);
    buffer_clear(&answer);
    close(connection);
}

static void *control_main(void *argument) {
    struct control_socket *own = argument;
    struct pollfd wanted[2] = {{.fd = own->listener, .events = POLLIN},
                               {.fd = own->stop, .events = POLLIN}};
    for (;;) {
        if (poll(wanted, 2, -1) < 0 && errno != EINTR) {
            log_fatal("the control socket cannot be waited for");
        }
        if (wanted[1].revents != 0) {
            return NULL;
        }
        int connection = accept4(own->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (connection >= 0) {
            connection_serve(own, connection);
        } else {
            (void)poll(NULL, 0,
                       ACCEPT_PAUSE_MS); /* out of descriptors: the socket stays readable */
        }
    }
}

static int folder_open(const char *data) {
    return open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int listener_open(int folder) {
    struct sockaddr_un address = socket_address(folder);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlinkat(folder, SOCKET_NAME, 0);
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        fchmodat(folder, SOCKET_NAME, 0600, 0) != 0 || listen(listener, BACKLOG) != 0) {
        int trouble = errno;
        close(listener);
        errno = trouble;
        return -1;
    }
    return listener;
}

struct control_socket *control_socket_start(const char *data, struct journal *journal,
                                            const char *public_url) {
    int folder = folder_open(data);
    int listener = folder < 0 ? -1 : listener_open(folder);
    if (listener < 0) {
        return NULL;
    }
    struct control_socket *own = memory_new(sizeof *own);
    own->journal = journal;
    own->public_url = public_url;
    own->folder = folder;
    own->listener = listener;
    queue_init(&own->replies, 0, NULL, NULL);
    own->stop = eventfd(0, EFD_CLOEXEC);
    INVARIANT(own->stop >= 0 && pthread_create(&own->thread, NULL, control_main, own) == 0);
    (void)pthread_setname_np(own->thread, "control");
    return own;
}

void control_socket_stop(struct control_socket *own) {
    uint64_t one = 1;
    INVARIANT(write(own->stop, &one, sizeof one) == sizeof one);
    pthread_join(own->thread, NULL);
    unlinkat(own->folder, SOCKET_NAME, 0);
    close(own->folder);
    close(own->listener);
    close(own->stop);
}

void control_socket_free(struct control_socket *own) {
    queue_destroy(&own->replies);
    free(own);
}

bool control_socket_ask(const char *data, const struct buffer *line, struct buffer *answer) {
    int folder = folder_open(data);
    if (folder < 0) {
        return false;
    }
    struct sockaddr_un address = socket_address(folder);
    struct buffer newline = buffer_make(2);
    buffer_text(&newline, "\n");
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered = connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0 &&
                    line_write(descriptor, clock_monotonic_ms() + DEADLINE_MS, line) &&
                    line_write(descriptor, clock_monotonic_ms() + DEADLINE_MS, &newline) &&
                    line_read(descriptor, -1, clock_monotonic_ms() + ANSWER_WAIT_MS, answer);
    buffer_clear(&newline);
    close(descriptor);
    close(folder);
    return answered;
}
