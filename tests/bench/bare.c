/* bare: the least that a server can do for phones. One thread, epoll, WebSocket upgrades, and one
 * ready frame sent to each socket; what a socket does not take at once is lost. Texts of the
 * sockets that came to /driver are broadcast to all others. bare PORT [io_uring]: the latter sends
 * in batches through io_uring. */
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIMIT_DESCRIPTORS 65536
#define LIMIT_INPUT       32768 /* a request, or a message of the driver's */
#define TURN_EVENTS       512
#define BATCH_SENDS       512
#define KEY_HEADER        "Sec-WebSocket-Key: "
#define KEY_BYTES         24
#define GUID              "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" /* RFC 6455, 1.3 */

static int poller;
static struct io_uring ring; /* not open: sends are system calls */
static bool ring_open;
static int phones[LIMIT_DESCRIPTORS]; /* descriptors of those that are upgraded */
static int count;
static int place[LIMIT_DESCRIPTORS]; /* of a descriptor among them; -1: none */
static struct driver {
    uint8_t *input;
    size_t length;
} drivers[LIMIT_DESCRIPTORS]; /* by descriptor; no input: none */

static void socket_end(int fd) {
    if (place[fd] >= 0) {
        int last = phones[--count];
        phones[place[fd]] = last;
        place[last] = place[fd];
        place[fd] = -1;
    }
    free(drivers[fd].input);
    drivers[fd] = (struct driver){0};
    close(fd);
}

static void sockets_accept(int listener) {
    const int on = 1;
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        place[fd] = -1;
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    }
}

/* ---- upgrade */

static bool upgrade_answer(int fd, const char *request) {
    const char *key = strcasestr(request, KEY_HEADER);
    char text[KEY_BYTES + sizeof GUID], accept[32], answer[192];
    uint8_t hash[SHA_DIGEST_LENGTH];
    if (key == NULL || strlen(key) < sizeof KEY_HEADER - 1 + KEY_BYTES) {
        return false;
    }
    snprintf(text, sizeof text, "%.*s" GUID, KEY_BYTES, key + sizeof KEY_HEADER - 1);
    SHA1((const uint8_t *)text, strlen(text), hash);
    EVP_EncodeBlock((uint8_t *)accept, hash, sizeof hash);
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                          accept);
    return send(fd, answer, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT) == length;
}

/* The whole request is expected in one piece. */
static void request_read(int fd) {
    char request[4096];
    ssize_t got = recv(fd, request, sizeof request - 1, 0);
    if (got <= 0) {
        socket_end(fd);
        return;
    }
    request[got] = '\0';
    if (strstr(request, "\r\n\r\n") == NULL || !upgrade_answer(fd, request)) {
        socket_end(fd);
        return;
    }
    if (strncmp(request, "GET /driver ", 12) == 0) {
        drivers[fd].input = malloc(LIMIT_INPUT);
    } else {
        place[fd] = count;
        phones[count++] = fd;
    }
}

/* ---- broadcast */

/* Sends to all of a batch and waits until the kernel has tried each. */
static void batch_send(const int *fds, unsigned batch, const uint8_t *frame, size_t length) {
    for (unsigned i = 0; i < batch; i++) {
        io_uring_prep_send(io_uring_get_sqe(&ring), fds[i], frame, length,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    for (unsigned done = 0; done < batch;) {
        int submitted = io_uring_submit_and_wait(&ring, batch - done);
        if (submitted < 0 && submitted != -EINTR) {
            errno = -submitted;
            perror("bare: io_uring");
            exit(1);
        }
        unsigned ready = io_uring_cq_ready(&ring);
        io_uring_cq_advance(&ring, ready);
        done += ready;
    }
}

static void broadcast(const uint8_t *payload, size_t length) {
    static uint8_t frame[LIMIT_INPUT + 4];
    size_t header = length < 126 ? 2 : 4;
    frame[0] = 0x81;
    frame[1] = (uint8_t)(length < 126 ? length : 126);
    if (header == 4) {
        frame[2] = (uint8_t)(length >> 8);
        frame[3] = (uint8_t)length;
    }
    memcpy(frame + header, payload, length);
    for (int i = 0; ring_open && i < count; i += BATCH_SENDS) {
        int batch = count - i < BATCH_SENDS ? count - i : BATCH_SENDS;
        batch_send(phones + i, (unsigned)batch, frame, header + length);
    }
    for (int i = 0; !ring_open && i < count; i++) {
        (void)send(phones[i], frame, header + length, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
}

/* One whole masked text at the front of the input; returns its length, 0: not there yet. */
static size_t message_take(uint8_t *input, size_t length) {
    size_t header = 2, payload = length < 2 ? 0 : input[1] & 127;
    if (length >= 4 && payload == 126) {
        payload = (size_t)input[2] << 8 | input[3];
        header = 4;
    }
    if (length < header + 4 + payload || length < 2 || (header == 2 && payload == 126)) {
        return 0;
    }
    const uint8_t *mask = input + header;
    uint8_t *text = input + header + 4;
    for (size_t i = 0; i < payload; i++) {
        text[i] ^= mask[i % 4];
    }
    if (input[0] == 0x81) {
        broadcast(text, payload);
    }
    return header + 4 + payload;
}

static void driver_read(int fd) {
    struct driver *driver = &drivers[fd];
    ssize_t got = recv(fd, driver->input + driver->length, LIMIT_INPUT - driver->length, 0);
    if (got <= 0) {
        socket_end(fd);
        return;
    }
    driver->length += (size_t)got;
    for (size_t used; (used = message_take(driver->input, driver->length)) > 0;) {
        driver->length -= used;
        memmove(driver->input, driver->input + used, driver->length);
    }
}

/* Phones say nothing that matters. */
static void phone_read(int fd) {
    char input[512];
    if (recv(fd, input, sizeof input, 0) <= 0) {
        socket_end(fd);
    }
}

static void socket_read(int fd) {
    if (drivers[fd].input != NULL) {
        driver_read(fd);
    } else if (place[fd] >= 0) {
        phone_read(fd);
    } else {
        request_read(fd);
    }
}

static int listener_open(const char *port) {
    const int on = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 ||
        listen(fd, SOMAXCONN) < 0) {
        perror("bare");
        exit(1);
    }
    return fd;
}

int main(int argc, char **argv) {
    ring_open = argc == 3 && strcmp(argv[2], "io_uring") == 0;
    if (argc != 2 && !ring_open) {
        fputs("usage: bare PORT [io_uring]\n", stderr);
        return 2;
    }
    if (ring_open && (errno = -io_uring_queue_init(BATCH_SENDS, &ring, 0)) != 0) {
        perror("bare: io_uring");
        return 1;
    }
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < LIMIT_DESCRIPTORS ? limit.rlim_max : LIMIT_DESCRIPTORS;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    int listener = listener_open(argv[1]);
    struct epoll_event events[TURN_EVENTS], event = {.events = EPOLLIN, .data.fd = listener};
    poller = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    puts("ready");
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(poller, events, TURN_EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) {
                sockets_accept(listener);
            } else {
                socket_read(events[i].data.fd);
            }
        }
    }
}
