/* A far server on loopback: a thread per connection, answers made by the test. */
#ifndef RAUTE_TESTS_BRIDGE_FAR_H
#define RAUTE_TESTS_BRIDGE_FAR_H

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define FAR_CONNECTIONS   64
#define FAR_REQUEST_BYTES 65536

struct far;

struct far_line {
    struct far *far;
    pthread_t thread;
    int socket;
    unsigned requests;
};

struct far {
    int listener;
    char peer[32];   /* "127.0.0.1:PORT" */
    char origin[40]; /* "http://127.0.0.1:PORT" */
    pthread_t thread;
    /* Answers one whole request (head and body); false ends the connection. */
    bool (*answer)(struct far_line *line, const char *request);
    atomic_uint connections, requests;
    atomic_bool stopping;
    pthread_mutex_t mutex; /* for the test's own notes and `last` */
    char last[FAR_REQUEST_BYTES];
    struct far_line lines[FAR_CONNECTIONS];
};

static inline bool far_write(struct far_line *line, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(line->socket, bytes, count, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        count -= (size_t)sent;
    }
    return true;
}

static inline bool far_text(struct far_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline bool far_text(struct far_line *line, const char *format, ...) {
    char text[8192];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert_in_range(length, 0, sizeof text - 1);
    return far_write(line, text, (size_t)length);
}

/* A whole answer; `headers` end with CRLF each. */
static inline bool far_answer(struct far_line *line, const char *status, const char *headers,
                              const char *body) {
    return far_text(line, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s", status, headers,
                    strlen(body), body);
}

static inline size_t far_body_bytes(const char *head) {
    const char *length = strcasestr(head, "\r\nContent-Length:");
    return length == NULL ? 0 : strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
}

static inline bool far_read(struct far_line *line, char *request) {
    size_t length = 0;
    for (;;) {
        request[length] = '\0';
        const char *end = strstr(request, "\r\n\r\n");
        if (end != NULL && length >= (size_t)(end + 4 - request) + far_body_bytes(request)) {
            return true;
        }
        ssize_t count = recv(line->socket, request + length, FAR_REQUEST_BYTES - 1 - length, 0);
        if (count <= 0) {
            return false;
        }
        length += (size_t)count;
    }
}

static inline void *far_line_run(void *context) {
    struct far_line *line = context;
    struct far *far = line->far;
    char *request = malloc(FAR_REQUEST_BYTES);
    while (far_read(line, request)) {
        line->requests++;
        atomic_fetch_add(&far->requests, 1);
        pthread_mutex_lock(&far->mutex);
        snprintf(far->last, sizeof far->last, "%s", request);
        pthread_mutex_unlock(&far->mutex);
        if (!far->answer(line, request)) {
            break;
        }
    }
    free(request);
    shutdown(line->socket, SHUT_RDWR);
    return NULL;
}

static inline void *far_run(void *context) {
    struct far *far = context;
    for (;;) {
        int socket = accept(far->listener, NULL, NULL);
        if (socket < 0 || atomic_load(&far->stopping)) {
            if (socket >= 0) {
                close(socket);
            }
            return NULL;
        }
        unsigned at = atomic_load(&far->connections);
        assert_true(at < FAR_CONNECTIONS);
        far->lines[at] = (struct far_line){.far = far, .socket = socket};
        atomic_fetch_add(&far->connections, 1);
        assert_int_equal(
            pthread_create(&far->lines[at].thread, NULL, far_line_run, &far->lines[at]), 0);
    }
}

static inline struct far *far_start(bool (*answer)(struct far_line *line, const char *request)) {
    struct far *far = calloc(1, sizeof *far);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    far->answer = answer;
    pthread_mutex_init(&far->mutex, NULL);
    far->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(far->listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(far->listener, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(listen(far->listener, 64), 0);
    snprintf(far->peer, sizeof far->peer, "127.0.0.1:%u", ntohs(address.sin_port));
    snprintf(far->origin, sizeof far->origin, "http://%s", far->peer);
    assert_int_equal(pthread_create(&far->thread, NULL, far_run, far), 0);
    return far;
}

static inline void far_stop(struct far *far) {
    atomic_store(&far->stopping, true);
    shutdown(far->listener, SHUT_RDWR);
    pthread_join(far->thread, NULL);
    close(far->listener);
    for (unsigned at = 0; at < atomic_load(&far->connections); at++) {
        shutdown(far->lines[at].socket, SHUT_RDWR);
        pthread_join(far->lines[at].thread, NULL);
        close(far->lines[at].socket);
    }
    pthread_mutex_destroy(&far->mutex);
    free(far);
}

/* True when the last request has this text. */
static inline bool far_saw(struct far *far, const char *text) {
    pthread_mutex_lock(&far->mutex);
    bool found = strstr(far->last, text) != NULL;
    pthread_mutex_unlock(&far->mutex);
    return found;
}

#endif
