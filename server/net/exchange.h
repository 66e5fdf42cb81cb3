/* One HTTP request and its answer. Handlers, one per route, all of one shape, fill in the answer at
 * once (exchange_…), or ask somebody and let `exchange_resource` or `answered` fill it in later. */
#ifndef RAUTE_NET_EXCHANGE_H
#define RAUTE_NET_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/shared.h"
#include "net/route.h"
#include "net/thread.h"
#include "wire/asset.h"
#include "wire/html.h"

#define BEARER_CHARS 63 /* longer ones are nobody's */
#define ETAG_CHARS   63
#define HOST_CHARS   255

struct exchange {
    struct exchange *next, **link; /* among the thread's */
    struct lws *wsi;
    struct connection *connection;
    uint64_t handle;
    int64_t deadline; /* monotonic ms: of the body, then of the reader's progress */

    /* the request */
    struct buffer body;
    struct route route;
    enum method method;
    enum language language;
    bool head;         /* wants no body */
    bool gzip, brotli; /* takes these */
    bool has_bearer;
    bool refused;   /* whatever body comes is dropped */
    bool complete;  /* all of the body is here */
    bool beginning; /* an answer that is known now needs no turn of the loop */
    char bearer[BEARER_CHARS + 1];
    char known[ETAG_CHARS + 1]; /* If-None-Match */
    char host[HOST_CHARS + 1];  /* "" when absent or unclean */

    /* while it waits */
    struct door *door;       /* held */
    struct session *session; /* owned: POST of a command */
    void (*answered)(struct exchange *exchange, const struct journal_request *request);

    /* the answer */
    const char *type;     /* static text */
    const char *cache;    /* Cache-Control; static text */
    const char *encoding; /* static text; NULL: as it is */
    const uint8_t *bytes; /* in `hold`, in an asset, or static */
    size_t length, sent;
    struct shared *hold; /* held; may be NULL */
    size_t sent_then; /* how far it had come when something was seen to wait behind the request */
    int status;       /* 0: not yet */
    bool varies;      /* by encoding and language */
    bool headers_sent;
    bool close;        /* this connection, afterwards */
    bool waits_behind; /* something did, a second ago */
    char etag[ETAG_CHARS + 1];
    char extra[128]; /* one more header line with CRLF, or "" */
};

/* Reads the request's headers. Linked into connection and thread. */
struct exchange *exchange_new(struct connection *connection, struct lws *wsi, const char *path,
                              int method);
void exchange_free(struct exchange *exchange);

/* Ways to answer. Each may be called once. */
void exchange_bytes(struct exchange *exchange, int status, const char *type, const char *cache,
                    const char *text); /* static text */
void exchange_text(struct exchange *exchange, int status, const char *type, const char *cache,
                   const struct buffer *text);
void exchange_asset(struct exchange *exchange, const struct asset *asset);
void exchange_page(struct exchange *exchange, int status, enum html_page page);
void exchange_problem(struct exchange *exchange, enum refusal refusal); /* JSON */
void exchange_status(struct exchange *exchange, int status, enum refusal refusal);
void exchange_redirect(struct exchange *exchange, const char *path);
void exchange_resource(struct exchange *exchange, struct resource *resource); /* takes it */

/* The event of the route, held; NULL: there is none. */
struct door *exchange_door(struct exchange *exchange);
/* A handle for those who answer later. */
uint64_t exchange_wait(struct exchange *exchange);

/* Sends what can be sent now; called when the socket is writable. −1: close. */
int exchange_write(struct exchange *exchange);

/* Once a second: true when the connection must end, because its time is over, or because it sends
 * although it does not read: then libwebsockets is called for ever by what it cannot take yet. */
bool exchange_overdue(struct exchange *exchange, int64_t now);

/* Handlers. */
void exchange_dispatch(struct exchange *exchange); /* when headers and body are here */
void handle_command(struct exchange *exchange);
void handle_create(struct exchange *exchange);
void handle_snapshot(struct exchange *exchange);
void handle_keys(struct exchange *exchange);
void handle_people(struct exchange *exchange);
void handle_people_json(struct exchange *exchange);
void handle_card(struct exchange *exchange);
void handle_follow(struct exchange *exchange);
void handle_export(struct exchange *exchange);
void handle_list(struct exchange *exchange);
void handle_avatar(struct exchange *exchange);
void handle_question(struct exchange *exchange);

#endif
