/* The ways to answer an exchange. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/exchange.h"
#include "wire/answers.h"

#define JSON_TYPE "application/json"
#define NO_STORE  "no-store"

static void exchange_ready(struct exchange *exchange, int status, const char *type,
                           const char *cache) {
    INVARIANT(exchange->status == 0);
    exchange->status = status;
    exchange->type = type;
    exchange->cache = cache;
    exchange->deadline = clock_monotonic_ms() + LAGGARD_SECONDS * 1000;
    if (!exchange->beginning) {
        lws_callback_on_writable(exchange->wsi);
    }
}

/* True when the client named this tag (or a weak form of it) as known. */
static bool exchange_knows(const struct exchange *exchange, const char *etag) {
    return *exchange->known != '\0' && strstr(exchange->known, etag) != NULL;
}

/* The tag of what is sent: each encoding has its own bytes, hence its own tag. */
static void exchange_tag(struct exchange *exchange, const char *etag) {
    size_t length = strlen(etag);
    INVARIANT(length >= 2 && length + 4 < sizeof exchange->etag);
    memcpy(exchange->etag, etag, length + 1);
    if (exchange->encoding != NULL) {
        const char *mark = exchange->encoding[0] == 'g' ? "-gz\"" : "-br\"";
        memcpy(exchange->etag + length - 1, mark, strlen(mark) + 1);
    }
    if (exchange->status == 200 && exchange_knows(exchange, exchange->etag)) {
        exchange->status = 304;
        exchange->length = 0;
    }
}

void exchange_bytes(struct exchange *exchange, int status, const char *type, const char *cache,
                    const char *text) {
    exchange_ready(exchange, status, type, cache);
    exchange->bytes = (const uint8_t *)text;
    exchange->length = strlen(text);
}

void exchange_text(struct exchange *exchange, int status, const char *type, const char *cache,
                   const struct buffer *text) {
    exchange_ready(exchange, status, type, cache);
    exchange->hold = shared_new(text->data, text->length);
    exchange->bytes = exchange->hold->bytes;
    exchange->length = text->length;
}

void exchange_asset(struct exchange *exchange, const struct asset *asset) {
    bool named = strncmp(asset->path, "/assets/", 8) == 0; /* the name says the content */
    exchange_ready(exchange, 200, asset->type,
                   named ? "public, max-age=31536000, immutable" : "public, max-age=3600");
    exchange->varies = true;
    exchange->bytes = asset->plain;
    exchange->length = asset->plain_length;
    if (exchange->brotli && asset->brotli != NULL) {
        exchange->encoding = "br";
        exchange->bytes = asset->brotli;
        exchange->length = asset->brotli_length;
    } else if (exchange->gzip && asset->gzip != NULL) {
        exchange->encoding = "gzip";
        exchange->bytes = asset->gzip;
        exchange->length = asset->gzip_length;
    }
    exchange_tag(exchange, asset->etag);
}

/* `plain` or, where it is there and welcome, `gzip`; held from now on. */
static void exchange_shared(struct exchange *exchange, struct shared *plain, struct shared *gzip,
                            const char *etag) {
    exchange->varies = true;
    if (exchange->gzip && gzip != NULL) {
        exchange->encoding = "gzip";
        exchange->hold = shared_hold(gzip);
    } else {
        exchange->hold = shared_hold(plain);
    }
    exchange->bytes = exchange->hold->bytes;
    exchange->length = exchange->hold->length;
    exchange_tag(exchange, etag);
}

void exchange_page(struct exchange *exchange, int status, enum html_page name) {
    const struct page *page = html_page(name, exchange->language);
    exchange_ready(exchange, status, HTML_TYPE, status == 200 ? "no-cache" : NO_STORE);
    exchange_shared(exchange, page->plain, page->gzip, page->etag);
}

void exchange_status(struct exchange *exchange, int status, enum refusal refusal) {
    struct buffer text = buffer_make(LIMIT_MESSAGE_BYTES);
    answer_problem(&text, refusal, exchange->language);
    exchange_text(exchange, status, JSON_TYPE, NO_STORE, &text);
    buffer_clear(&text);
    log_count(refusal_code(refusal));
}

void exchange_problem(struct exchange *exchange, enum refusal refusal) {
    exchange_status(exchange, refusal_status(refusal), refusal);
}

void exchange_redirect(struct exchange *exchange, const char *path) {
    exchange_bytes(exchange, 302, NULL, NO_STORE, "");
    int length = snprintf(exchange->extra, sizeof exchange->extra, "location: %s\r\n", path);
    INVARIANT(length > 0 && (size_t)length < sizeof exchange->extra);
}

/* How long others may keep what comes out of an event. */
static const char *resource_cache(enum route_name name, bool personal) {
    if (personal) {
        return "private, no-store";
    }
    if (name == ROUTE_AVATAR) {
        return "public, max-age=300";
    }
    return name == ROUTE_QUESTION || name == ROUTE_KEYS ? "public, max-age=5" : "public, max-age=1";
}

void exchange_resource(struct exchange *exchange, struct resource *resource) {
    struct net *net = exchange->connection->thread->net;
    enum route_name name = exchange->route.name;
    if (resource->status != 200) {
        if (strcmp(resource->type, HTML_TYPE) == 0) {
            exchange_page(exchange, 404, HTML_MISSING);
        } else {
            exchange_problem(exchange, REFUSAL_UNKNOWN);
        }
        resource_free(resource);
        return;
    }
    resource_finish(net->resources, resource);
    exchange_ready(exchange, resource->status, resource->type,
                   resource_cache(name, exchange->has_bearer || name == ROUTE_EXPORT));
    exchange_shared(exchange, resource->plain, resource->gzip, resource->etag);
    resource_free(resource);
}
