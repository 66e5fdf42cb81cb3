#include "bench/load/line.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "bench/load/common.h"

#define SEND_TIMEOUT_MS 10000

static SSL_CTX *tls_context(void) {
    static SSL_CTX *context;
    if (context == NULL) {
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    }
    return context;
}

bool line_open(struct line *line, unsigned source) {
    *line = (struct line){.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (line->fd < 0) {
        return false;
    }
    const int on = 1;
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + source)};
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(line->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(line->fd, (struct sockaddr *)&from, sizeof from) < 0 ||
        (connect(line->fd, (struct sockaddr *)&options.server, sizeof options.server) < 0 &&
         errno != EINPROGRESS)) {
        line_close(line);
        return false;
    }
    if (options.tls) {
        line->tls = SSL_new(tls_context());
        SSL_set_fd(line->tls, line->fd);
        SSL_set_connect_state(line->tls);
    }
    return true;
}

void line_close(struct line *line) {
    int error = errno;
    SSL_free(line->tls);
    if (line->fd >= 0) {
        close(line->fd);
    }
    *line = (struct line){.fd = -1};
    errno = error;
}

/* What a refusal of the TLS library means. */
static int tls_outcome(const struct line *line, int result) {
    int error = SSL_get_error(line->tls, result);
    ERR_clear_error();
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? LINE_NOTHING
                                                                         : LINE_ENDED;
}

int line_ready(struct line *line) {
    if (line->tls == NULL || SSL_is_init_finished(line->tls)) {
        return 1;
    }
    int result = SSL_do_handshake(line->tls);
    return result == 1 ? 1 : tls_outcome(line, result);
}

static ssize_t send_some(struct line *line, const uint8_t *bytes, size_t length) {
    if (line->tls != NULL) {
        int sent = SSL_write(line->tls, bytes, (int)length);
        return sent > 0 ? sent : tls_outcome(line, sent);
    }
    ssize_t sent = send(line->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent >= 0 ? sent : errno == EAGAIN ? LINE_NOTHING : LINE_ENDED;
}

bool line_send(struct line *line, const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    while (length > 0) {
        ssize_t sent = send_some(line, at, length);
        struct pollfd writable = {.fd = line->fd, .events = POLLOUT};
        if (sent == LINE_ENDED ||
            (sent == LINE_NOTHING && poll(&writable, 1, SEND_TIMEOUT_MS) <= 0)) {
            trouble("a message could not be sent: %s", strerror(errno));
            return false;
        }
        if (sent > 0) {
            at += sent;
            length -= (size_t)sent;
        }
    }
    return true;
}

ssize_t line_receive(struct line *line, uint8_t *bytes, size_t most) {
    if (line->tls != NULL) {
        int got = SSL_read(line->tls, bytes, (int)most);
        return got > 0 ? got : tls_outcome(line, got);
    }
    ssize_t got = recv(line->fd, bytes, most, 0);
    if (got == 0) {
        errno = 0;
    }
    return got > 0 ? got : got < 0 && errno == EAGAIN ? LINE_NOTHING : LINE_ENDED;
}
