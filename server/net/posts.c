/* What HTTP takes: a command for an event, a new event. */
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "net/exchange.h"
#include "wire/answers.h"
#include "wire/create.h"

#define ANSWER_BYTES   65536
#define ANSWER_SECONDS 120 /* other servers may be asked on the way */

/* An empty body has no memory behind it. */
static const uint8_t *body_bytes(const struct exchange *exchange) {
    return exchange->body.length > 0 ? exchange->body.data : (const uint8_t *)"";
}

static void command_answered(struct exchange *exchange, const struct journal_request *request) {
    struct buffer text = buffer_make(ANSWER_BYTES);
    session_answer(exchange->session, request, &text);
    exchange_text(exchange, refusal_status(request->refusal), "application/json", "no-store",
                  &text);
    buffer_clear(&text);
}

void handle_command(struct exchange *exchange) {
    struct net_thread *thread = exchange->connection->thread;
    if (exchange_door(exchange) == NULL) {
        exchange_problem(exchange, REFUSAL_UNKNOWN);
        return;
    }
    struct session *session = memory_new(sizeof *session);
    exchange->session = session;
    session_start(session, thread->net->wire, door_hold(exchange->door));
    session->replies = &thread->replies;
    session->handle = exchange_wait(exchange);
    session->language = exchange->language;
    memcpy(session->address, exchange->connection->address, sizeof session->address);
    bool admitted = session_bearer(session, exchange->has_bearer ? exchange->bearer : NULL);
    if (exchange->has_bearer && !admitted) {
        exchange_problem(exchange, REFUSAL_FORBIDDEN);
        return;
    }
    struct buffer text = buffer_make(ANSWER_BYTES);
    enum refusal refusal =
        session_message(session, body_bytes(exchange), exchange->body.length, &text);
    if (text.length > 0) {
        exchange_text(exchange, refusal_status(refusal), "application/json", "no-store", &text);
    } else {
        exchange->answered = command_answered;
        exchange->deadline = clock_monotonic_ms() + ANSWER_SECONDS * 1000;
    }
    buffer_clear(&text);
}

static void create_answered(struct exchange *exchange, const struct journal_request *request) {
    struct buffer text = buffer_make(ANSWER_BYTES);
    const char *url = exchange->connection->thread->net->wire->public_url;
    int status = create_answer(request, url, exchange->language, &text);
    exchange_text(exchange, status, "application/json", "no-store", &text);
    buffer_clear(&text);
}

static bool create_allowed(const struct exchange *exchange) {
    const char *key = exchange->connection->thread->net->options->create_key;
    size_t length = strlen(key);
    return strlen(exchange->bearer) == length && sodium_memcmp(exchange->bearer, key, length) == 0;
}

void handle_create(struct exchange *exchange) {
    struct net_thread *thread = exchange->connection->thread;
    struct journal_request *request;
    if (!create_allowed(exchange)) {
        exchange_problem(exchange, REFUSAL_FORBIDDEN);
        return;
    }
    enum refusal refusal =
        create_decode(body_bytes(exchange), exchange->body.length, exchange->language, &request);
    if (refusal != REFUSAL_OK) {
        exchange_problem(exchange, refusal);
        return;
    }
    exchange->answered = create_answered;
    request->reply = &thread->replies;
    request->handle = exchange_wait(exchange);
    journal_submit(thread->net->wire->journal, request);
}
