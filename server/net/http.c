/* HTTP: from the callbacks of lws to an exchange. This one only dispatches. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "net/connection.h"
#include "net/exchange.h"
#include "net/headers.h"
#include "net/socket.h"

#define LENGTH_CHARS 20

/* How many bytes of body the headers announce; −1: unreadable, −2: not said. */
static int64_t body_length(struct lws *wsi) {
    char text[LENGTH_CHARS];
    int count = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    if (count == 0) {
        return -2;
    }
    if (count >= (int)sizeof text ||
        lws_hdr_copy(wsi, text, sizeof text, WSI_TOKEN_HTTP_CONTENT_LENGTH) != count) {
        return -1;
    }
    int64_t length = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        length = length * 10 + (text[i] - '0');
        if (length > UINT32_MAX) {
            return UINT32_MAX;
        }
    }
    return length;
}

static void http_refuse(struct exchange *exchange, int status, enum refusal refusal) {
    exchange->refused = true;
    exchange->close = true;
    exchange_status(exchange, status, refusal);
}

/* The body's length is checked before any of it is read. */
static void http_begin(struct exchange *exchange, int method) {
    struct lws *wsi = exchange->wsi;
    bool takes_body = method == LWSHUMETH_POST || method == LWSHUMETH_PUT ||
                      method == LWSHUMETH_PATCH; /* lws waits for one, announced or not */
    bool chunked = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
    bool strange = exchange->method != exchange->route.method; /* dispatching says so */
    int64_t length = body_length(wsi);
    exchange->complete = length == 0 ? method != LWSHUMETH_POST : length < 0 && !takes_body;
    if (chunked || (length == -2 && takes_body)) {
        http_refuse(exchange, 411, REFUSAL_BAD_MESSAGE);
    } else if (length == -1) {
        exchange->complete = true;
        http_refuse(exchange, 400, REFUSAL_BAD_MESSAGE);
    } else if (length > LIMIT_MESSAGE_BYTES) {
        http_refuse(exchange, 413, REFUSAL_TOO_LONG);
    } else if (length > 0 && exchange->method == METHOD_GET && !strange) {
        http_refuse(exchange, 400, REFUSAL_BAD_MESSAGE);
    } else if (exchange->complete || strange) {
        exchange_dispatch(exchange);
    }
}

static int http_request(struct connection *connection, struct lws *wsi, const char *path,
                        size_t length) {
    char *uri = NULL;
    int count = 0;
    if (connection->exchange != NULL) {
        exchange_free(connection->exchange); /* its body was dropped to the end */
    }
    int method = lws_http_get_uri_and_method(wsi, &uri, &count);
    if (method < 0 || strlen(path) != length) {
        path = ""; /* cut by an unescaped '&' or ';': nothing of ours has one */
    }
    struct exchange *exchange = exchange_new(connection, wsi, path, method);
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0); /* ours are absolute */
    exchange->beginning = true;
    http_begin(exchange, method);
    exchange->beginning = false;
    if (exchange->complete) {
        return exchange_write(exchange);
    }
    if (exchange->status != 0) { /* refused: its body is still on its way */
        lws_callback_on_writable(wsi);
    }
    return 0;
}

/* lws calls again as long as a next request waits behind the body. */
static void http_body_complete(struct exchange *exchange) {
    if (!exchange->complete) {
        exchange->complete = true;
        if (!exchange->refused) {
            exchange_dispatch(exchange);
        }
    }
}

/* An upgrade that is not to be: a bare answer, then close. */
static int http_refuse_upgrade(struct lws *wsi, int status) {
    struct buffer text = buffer_make(HEADERS_BYTES);
    uint8_t room[LWS_PRE] = {0};
    buffer_append(&text, room, sizeof room);
    buffer_format(&text,
                  "HTTP/1.1 %d %s\r\ncontent-length: 0\r\ncache-control: no-store\r\n"
                  "connection: close\r\n\r\n",
                  status, status_text(status));
    lws_write(wsi, text.data + LWS_PRE, text.length - LWS_PRE, LWS_WRITE_HTTP_HEADERS);
    buffer_clear(&text);
    return -1;
}

static int http_upgrade(struct connection *connection, struct lws *wsi, const char *upgrade) {
    int status = socket_admit(connection, wsi, upgrade);
    return status == 0 ? 0 : http_refuse_upgrade(wsi, status);
}

static void http_destroy(struct lws *wsi) {
    struct connection *connection = lws_get_opaque_user_data(wsi);
    if (connection != NULL) {
        lws_set_opaque_user_data(wsi, NULL);
        connection_free(connection);
    }
}

static int http_exchange_callback(struct exchange *exchange, enum lws_callback_reasons reason,
                                  const void *in, size_t length) {
    switch (reason) {
    case LWS_CALLBACK_HTTP_BODY:
        if (!exchange->refused && !exchange->complete && length > 0) {
            buffer_append(&exchange->body, in, length);
        }
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        http_body_complete(exchange);
        return 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return exchange_write(exchange);
    default: /* LWS_CALLBACK_CLOSED_HTTP */
        exchange_free(exchange);
        return 0;
    }
}

int http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t length) {
    (void)user;
    struct connection *connection;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        connection = lws_get_opaque_user_data(wsi);
        return connection == NULL ? -1 : http_request(connection, wsi, in, length);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        connection = lws_get_opaque_user_data(wsi);
        return connection == NULL ? -1 : http_upgrade(connection, wsi, in);
    case LWS_CALLBACK_HTTP_BODY:
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    case LWS_CALLBACK_HTTP_WRITEABLE:
    case LWS_CALLBACK_CLOSED_HTTP:
        connection = lws_get_opaque_user_data(wsi);
        if (connection == NULL || connection->exchange == NULL) {
            return 0;
        }
        return http_exchange_callback(connection->exchange, reason, in, length);
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        thread_drain(thread_of(wsi));
        return 0;
    case LWS_CALLBACK_RAW_ADOPT: /* CONNECT ends up here */
    case LWS_CALLBACK_RAW_RX:
        return -1;
    case LWS_CALLBACK_WSI_DESTROY:
        http_destroy(wsi);
        return 0;
    default:
        return 0;
    }
}
