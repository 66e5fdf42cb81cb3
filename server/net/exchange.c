#include "net/exchange.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "net/connection.h"
#include "net/headers.h"
#include "net/origin.h"
#include "wire/answers.h"
#include "wire/words.h"

/* One lws_write takes so much; the rest waits for the next time the socket is writable. */
#define PIECE_BYTES 65536

/* Copies a header, "" when it is absent or does not fit. */
static void header_copy(struct lws *wsi, enum lws_token_indexes token, char *value, int room) {
    if (lws_hdr_copy(wsi, value, room, token) < 0) {
        value[0] = '\0';
    }
}

/* True when a comma-separated list names `word` without q=0. */
static bool header_names(const char *list, const char *word) {
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length) {
        bool starts = at == list || at[-1] == ' ' || at[-1] == ',';
        const char *end = at + length;
        if (starts && (*end == '\0' || *end == ',' || *end == ' ' || *end == ';')) {
            return strncmp(end, ";q=0", 4) != 0 || end[4] == '.';
        }
    }
    return false;
}

static void exchange_read_headers(struct exchange *exchange) {
    char text[256];
    struct lws *wsi = exchange->wsi;
    header_copy(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, text, sizeof text);
    exchange->gzip = header_names(text, "gzip");
    exchange->brotli = header_names(text, "br");
    header_copy(wsi, WSI_TOKEN_HTTP_ACCEPT_LANGUAGE, text, sizeof text);
    exchange->language = language_accepted(text, LANGUAGE_EN);
    header_copy(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, exchange->known, sizeof exchange->known);
    header_copy(wsi, WSI_TOKEN_HOST, exchange->host, sizeof exchange->host);
    if (!host_clean(exchange->host)) {
        exchange->host[0] = '\0';
    }
    exchange->has_bearer = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_AUTHORIZATION) > 0;
    header_copy(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, text, sizeof text);
    if (strncasecmp(text, "Bearer ", 7) == 0 && strlen(text + 7) <= BEARER_CHARS) {
        memcpy(exchange->bearer, text + 7, strlen(text + 7) + 1);
    }
    sodium_memzero(text, sizeof text);
}

struct exchange *exchange_new(struct connection *connection, struct lws *wsi, const char *path,
                              int method) {
    struct net_thread *thread = connection->thread;
    struct exchange *exchange = memory_new(sizeof *exchange);
    exchange->wsi = wsi;
    exchange->connection = connection;
    wheel_remove(&connection->due);
    exchange->route = route_find(path);
    exchange->head = method == LWSHUMETH_HEAD;
    exchange->method = method == LWSHUMETH_GET || exchange->head ? METHOD_GET
                       : method == LWSHUMETH_POST                ? METHOD_POST
                                                                 : METHOD_OTHER;
    exchange->body = buffer_make(LIMIT_MESSAGE_BYTES);
    exchange->deadline = clock_monotonic_ms() + LIMIT_BODY_SECONDS * 1000;
    exchange_read_headers(exchange);
    exchange->next = thread->exchanges;
    exchange->link = &thread->exchanges;
    if (exchange->next != NULL) {
        exchange->next->link = &exchange->next;
    }
    thread->exchanges = exchange;
    connection->exchange = exchange;
    connection_identify(connection, wsi);
    return exchange;
}

void exchange_free(struct exchange *exchange) {
    *exchange->link = exchange->next;
    if (exchange->next != NULL) {
        exchange->next->link = exchange->link;
    }
    exchange->connection->exchange = NULL;
    if (exchange->handle != 0) {
        handles_remove(&exchange->connection->thread->handles, exchange->handle);
    }
    if (exchange->session != NULL) {
        session_end(exchange->session);
        free(exchange->session);
    }
    door_release(exchange->door);
    buffer_clear(&exchange->body);
    shared_release(exchange->hold);
    sodium_memzero(exchange, sizeof *exchange);
    free(exchange);
}

struct door *exchange_door(struct exchange *exchange) {
    if (exchange->door == NULL) {
        struct wire *wire = exchange->connection->thread->net->wire;
        exchange->door = journal_door(wire->journal, exchange->route.slug);
    }
    return exchange->door;
}

uint64_t exchange_wait(struct exchange *exchange) {
    if (exchange->handle == 0) {
        exchange->handle =
            handles_add(&exchange->connection->thread->handles, HANDLE_EXCHANGE, exchange);
        exchange->deadline = clock_monotonic_ms() + LAGGARD_SECONDS * 1000;
    }
    return exchange->handle;
}

/* True when nothing follows the headers. */
static bool exchange_bodiless(const struct exchange *exchange) {
    return exchange->head || exchange->status == 304;
}

/* The headers, and a body that fits behind them: most answers leave in one piece. */
static int exchange_begin(struct exchange *exchange) {
    struct buffer *text = &exchange->connection->thread->answer;
    buffer_reset(text);
    headers_append(text, exchange, exchange->connection->thread->net->secure);
    if (!exchange_bodiless(exchange) && exchange->length <= text->maximum - text->length) {
        buffer_append(text, exchange->bytes, exchange->length);
        exchange->sent = exchange->length;
    }
    INVARIANT(!text->overflow);
    /* lws_write writes before the buffer for framed protocols only. */
    int written = lws_write(exchange->wsi, text->data, text->length, LWS_WRITE_HTTP_HEADERS);
    exchange->headers_sent = true;
    return written == (int)text->length ? 0 : -1;
}

/* The end of an answer. −1: close. */
static int exchange_end(struct exchange *exchange) {
    struct lws *wsi = exchange->wsi;
    struct connection *connection = exchange->connection;
    /* A body still on its way is read and dropped, so that the client gets to read why; the time
     * for that stays limited. */
    bool drain = exchange->refused && !exchange->complete;
    bool close = exchange->close && !drain;
    if (drain) {
        exchange->deadline = clock_monotonic_ms() + LIMIT_BODY_SECONDS * 1000;
    } else {
        exchange_free(exchange);
    }
    if (close) {
        return -1;
    }
    if (lws_partial_buffered(wsi)) { /* then lws sets its own when the next request may come */
        lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, LAGGARD_SECONDS);
        return lws_http_transaction_completed(wsi) == 0 ? 0 : -1;
    }
    if (lws_http_transaction_completed(wsi) != 0) {
        return -1;
    }
    if (!drain) {
        connection_idle(connection);
    }
    return 0;
}

int exchange_write(struct exchange *exchange) {
    if (exchange->status == 0) {
        return 0;
    }
    bool bodiless = exchange_bodiless(exchange);
    if (!exchange->headers_sent) {
        if (exchange_begin(exchange) != 0) {
            return -1;
        }
        if (bodiless || exchange->sent == exchange->length) {
            return exchange_end(exchange);
        }
        lws_callback_on_writable(exchange->wsi);
        return 0;
    }
    if (bodiless || exchange->sent == exchange->length) {
        return 0; /* only a refused body is still being dropped */
    }
    size_t rest = exchange->length - exchange->sent;
    size_t piece = rest < PIECE_BYTES ? rest : PIECE_BYTES;
    enum lws_write_protocol kind = piece == rest ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP;
    uint8_t *bytes = (uint8_t *)(uintptr_t)(exchange->bytes + exchange->sent);
    if (lws_write(exchange->wsi, bytes, piece, kind) < 0) {
        return -1;
    }
    exchange->sent += piece;
    exchange->deadline = clock_monotonic_ms() + LAGGARD_SECONDS * 1000;
    if (exchange->sent == exchange->length) {
        return exchange_end(exchange);
    }
    lws_callback_on_writable(exchange->wsi);
    return 0;
}

/* Bytes of a next request, or the end of the stream. */
static bool something_behind(const struct exchange *exchange) {
    char byte;
    return recv(lws_get_socket_fd(exchange->wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

bool exchange_overdue(struct exchange *exchange, int64_t now) {
    bool behind = exchange->complete && something_behind(exchange);
    bool stuck = behind && exchange->waits_behind && exchange->sent_then == exchange->sent;
    exchange->waits_behind = behind;
    exchange->sent_then = exchange->sent;
    return stuck || now >= exchange->deadline;
}
