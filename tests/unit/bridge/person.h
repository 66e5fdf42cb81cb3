/* Somebody with a card and a question of theirs, on a stage; a far server with pages. */
#ifndef RAUTE_TESTS_BRIDGE_PERSON_H
#define RAUTE_TESTS_BRIDGE_PERSON_H

#include "far.h"

#define listen house_listen /* which is the name of a call, too */
#include "stage.h"
#undef listen

#include "base/encode.h"
#include "bridge/prove.h"

#define CARD     900 /* number of a key */
#define QUESTION 1
#define TEXT     "Warum ist der Himmel blau?"
#define VERIFIER "abcdefghijklmnopqrstuvwxyz0123456789-._~ABCDEFG"
#define HANDLE   "anna.test"

static const uint8_t person_salt[QUESTION_SALT_BYTES] = {3};

/* With two accounts: HANDLE, and `account` unless it is NULL. */
static inline void person_card(struct stage *stage, const char *account, const char *web) {
    struct journal_request *request = journal_request_new(COMMAND_CARD, house_id(1));
    struct card *card = memory_new(sizeof *card);
    kit_key(card->key, CARD);
    card->rev = 1;
    card->shown = card->lists = true;
    card->name = memory_text("Anna");
    card->line = memory_text("");
    card->web = memory_text(web);
    card->accounts[card->account_count++].name = memory_text(HANDLE);
    if (account != NULL) {
        card->accounts[card->account_count++].name = memory_text(account);
    }
    request->command.as.card.card = card;
    assert_int_equal(stage_run(stage, request, NULL), REFUSAL_OK);
}

static inline bool question_is_there(const struct event *event, const void *context) {
    (void)context;
    return event->question_count == 1;
}

static inline void person_ask(struct stage *stage) {
    struct journal_request *request = ask_request(1, QUESTION);
    free(request->command.text);
    request->command.text = memory_text(TEXT);
    assert_int_equal(stage_run(stage, request, NULL), REFUSAL_OK);
    stage_until(stage, question_is_there, NULL);
}

static inline void person_claim(struct stage *stage) {
    struct journal_request *request = journal_request_new(COMMAND_CLAIM, house_id(1));
    kit_key(request->command.as.claim.key, QUESTION);
    kit_key(request->command.as.claim.claim.card, CARD);
    request->command.as.claim.claim.rev = 1;
    text_hash(request->command.as.claim.claim.hash, house_id(1), TEXT);
    assert_int_equal(stage_run(stage, request, NULL), REFUSAL_OK);
}

static inline struct journal_request *own_request(enum command_kind kind, const char *account) {
    struct journal_request *request = journal_request_new(kind, house_id(1));
    kit_key(request->command.as.own.card, CARD);
    snprintf(request->command.as.own.account, sizeof request->command.as.own.account, "%s",
             account);
    return request;
}

static inline const struct proof *person_proof(const struct event *event, const char *account) {
    uint8_t key[CARD_KEY_BYTES];
    kit_key(key, CARD);
    const struct card *card = event_card(event, key);
    if (*account == '\0') {
        return &card->web_proof;
    }
    for (uint8_t at = 0; at < card->account_count; at++) {
        if (strcmp(card->accounts[at].name, account) == 0) {
            return &card->accounts[at].proof;
        }
    }
    return NULL;
}

/* Pages of the far server, until one without a path; %s in the body is its origin. */
struct page {
    const char *path, *status, *body;
};

static const struct page *pages;
static struct far *far_server;

static inline bool pages_answer(struct far_line *line, const char *request) {
    char body[4096];
    for (const struct page *page = pages; page->path != NULL; page++) {
        if (strncmp(request + 4, page->path, strlen(page->path)) == 0) {
            const char *origin = far_server->origin;
            snprintf(body, sizeof body, page->body, origin, origin, origin);
            return far_answer(line, page->status, "", body);
        }
    }
    return far_answer(line, "404 Not Found", "", "{}");
}

static inline void pages_open(struct stage *stage, const struct page *shown) {
    pages = shown;
    far_server = far_start(pages_answer);
    stage_peer = far_server->peer;
    stage_open(stage);
}

static inline void pages_close(struct stage *stage) {
    stage_close(stage);
    far_stop(far_server);
    stage_peer = NULL;
}

#endif
