#include "lib/fastpath/link.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_SECONDS 20
#define HEADERS_BYTES    8192
#define WIDE_BYTES       (1 << 20)
#define GUID             "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static bool tls_open(struct link *link, SSL_CTX *context) {
    link->ssl = SSL_new(context);
    return SSL_set_fd(link->ssl, link->fd) == 1 && SSL_connect(link->ssl) == 1;
}

bool link_open(struct link *link, const struct run *run, int receive_bytes) {
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    *link = (struct link){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (link->fd < 0) {
        return false;
    }
    setsockopt(link->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(link->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_bytes > 0) {
        setsockopt(link->fd, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    if (connect(link->fd, (const struct sockaddr *)&run->address, sizeof run->address) != 0 ||
        (run->tls != NULL && !tls_open(link, run->tls))) {
        link_close(link, false);
        return false;
    }
    return true;
}

static ssize_t tls_read(struct link *link, void *bytes, size_t room) {
    ERR_clear_error();
    int got = SSL_read(link->ssl, bytes, (int)room);
    if (got > 0) {
        return got;
    }
    switch (SSL_get_error(link->ssl, got)) {
    case SSL_ERROR_WANT_READ: /* something of TLS itself */
        return LINK_NOTHING;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    default:
        return SSL_get_shutdown(link->ssl) == 0 && ERR_peek_error() == 0 ? 0 : LINK_LOST;
    }
}

ssize_t link_read(struct link *link, void *bytes, size_t room, int wait_ms) {
    struct pollfd wanted = {.fd = link->fd, .events = POLLIN};
    if (link->ssl == NULL || SSL_pending(link->ssl) == 0) {
        if (poll(&wanted, 1, wait_ms) <= 0) {
            return LINK_NOTHING;
        }
    }
    if (link->ssl != NULL) {
        return tls_read(link, bytes, room);
    }
    ssize_t got = read(link->fd, bytes, room);
    return got < 0 ? LINK_LOST : got;
}

bool link_write(struct link *link, const void *bytes, size_t length) {
    if (link->ssl != NULL) {
        ERR_clear_error();
        return SSL_write(link->ssl, bytes, (int)length) == (int)length;
    }
    return send(link->fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

void link_widen(struct link *link) {
    int bytes = WIDE_BYTES;
    setsockopt(link->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void link_close(struct link *link, bool torn) {
    const struct linger reset = {.l_onoff = 1};
    if (link->fd >= 0) {
        if (torn) {
            setsockopt(link->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        }
        SSL_free(link->ssl);
        close(link->fd);
    }
    *link = (struct link){.fd = -1};
}

/* Waits until there is something. */
static bool link_some(struct link *link, void *bytes, size_t room, size_t *at) {
    int64_t end = run_now() + PATIENCE_SECONDS * 1000;
    ssize_t got;
    do {
        got = link_read(link, bytes, room, PATIENCE_SECONDS * 1000);
    } while (got == LINK_NOTHING && run_now() < end); /* TLS has something of its own to say */
    *at += got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* Up to the empty line, byte by byte: what follows belongs to somebody else. */
static bool headers_read(struct link *link, char headers[HEADERS_BYTES]) {
    size_t length = 0;
    while (length + 1 < HEADERS_BYTES) {
        if (!link_some(link, headers + length, 1, &length)) {
            return false;
        }
        headers[length] = '\0';
        if (length >= 4 && memcmp(headers + length - 4, "\r\n\r\n", 4) == 0) {
            return true;
        }
    }
    return false;
}

static char *body_read(struct link *link, size_t length) {
    char *body = malloc(length + 1);
    size_t at = 0;
    while (at < length) {
        if (!link_some(link, body + at, length - at, &at)) {
            free(body);
            return NULL;
        }
    }
    body[length] = '\0';
    return body;
}

char *link_snapshot(const struct run *run, enum view view, size_t *length) {
    struct link link;
    char text[HEADERS_BYTES], *body = NULL;
    if (!link_open(&link, run, 0)) {
        return NULL;
    }
    int bytes =
        snprintf(text, sizeof text, "GET /e/%s/snapshot HTTP/1.1\r\nHost: fastpath\r\n%s%s%s\r\n",
                 run->slug, view == VIEW_STAFF ? "Authorization: Bearer " : "",
                 view == VIEW_STAFF ? run->key : "", view == VIEW_STAFF ? "\r\n" : "");
    if (link_write(&link, text, (size_t)bytes) && headers_read(&link, text) &&
        strncmp(text, "HTTP/1.1 200 ", 13) == 0) {
        const char *found = strstr(text, "content-length: ");
        if (found != NULL) {
            *length = strtoul(found + sizeof "content-length: " - 1, NULL, 10);
            body = body_read(&link, *length);
        }
    }
    link_close(&link, false);
    return body;
}

static void accept_make(char accept[64], const char *key) {
    char both[128];
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    int bytes = snprintf(both, sizeof both, "%s%s", key, GUID);
    EVP_Digest(both, (size_t)bytes, hash, &length, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)accept, hash, (int)length);
}

bool link_upgrade(struct link *link, const struct run *run, int receive_bytes) {
    uint8_t noise[16];
    char key[32], accept[64], text[HEADERS_BYTES];
    RAND_bytes(noise, sizeof noise);
    EVP_EncodeBlock((unsigned char *)key, noise, sizeof noise);
    accept_make(accept, key);
    if (!link_open(link, run, receive_bytes)) {
        return false;
    }
    int bytes = snprintf(text, sizeof text,
                         "GET /e/%s/live HTTP/1.1\r\nHost: fastpath\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Protocol: raute.1\r\nSec-WebSocket-Key: %s\r\n\r\n",
                         run->slug, key);
    bool good = link_write(link, text, (size_t)bytes) && headers_read(link, text) &&
                strncmp(text, "HTTP/1.1 101 ", 13) == 0 && strstr(text, accept) != NULL;
    if (!good) {
        link_close(link, false);
    }
    return good;
}
