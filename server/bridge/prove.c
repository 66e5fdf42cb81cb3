/* A proof that needs no log-in: a link back, or a post with the question's code. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/errand.h"
#include "bridge/prove.h"

#define MINUTE_MS INT64_C(60000)
#define POST_MS   (INT64_C(24) * 60 * MINUTE_MS) /* a post counts so long */
#define AHEAD_MS  (10 * MINUTE_MS)               /* of clocks that are fast */
#define TAG_CHARS BASE64_CHARS(QUESTION_TAG_BYTES)

char *card_page(const struct bridge *bridge, const char *slug, const uint8_t key[CARD_KEY_BYTES]) {
    char tag[TAG_CHARS + 1];
    struct buffer page = buffer_make(LIMIT_URL_BYTES);
    size_t length;
    base64_encode(tag, key, QUESTION_TAG_BYTES);
    buffer_format(&page, "%s/e/%s/people/%s", bridge->options.public_url, slug, tag);
    INVARIANT(!page.overflow);
    return (char *)buffer_take(&page, &length);
}

char *question_link(const struct bridge *bridge, const char *slug, uint32_t number,
                    const uint8_t *code) {
    char text[BASE64_CHARS(POST_CODE_BYTES) + 1] = "";
    struct buffer link = buffer_make(LIMIT_URL_BYTES);
    size_t length;
    if (code != NULL) {
        base64_encode(text, code, POST_CODE_BYTES);
    }
    buffer_format(&link, "%s/e/%s/q/%u%s%s", bridge->options.public_url, slug, number,
                  code == NULL ? "" : "#", text);
    INVARIANT(!link.overflow);
    return (char *)buffer_take(&link, &length);
}

/* ---- the end */

static void told(void *context, enum refusal refusal, const char *actor, const char *source) {
    struct errand *errand = context;
    struct bridge *bridge = errand->bridge;
    if (refusal != REFUSAL_OK || bridge->ending || strlen(actor) > LIMIT_URL_BYTES ||
        strlen(source) > LIMIT_URL_BYTES) {
        errand_end(errand, refusal == REFUSAL_OK ? REFUSAL_BAD_SERVER : refusal, NULL);
        return;
    }
    const struct command *asked = &errand->request->command;
    struct journal_request *note =
        bridge_request(bridge, COMMAND_PROOF, asked->event, ASKER_ERRAND, errand);
    struct proof proof = {.kind = asked->as.own.kind,
                          .minute = (uint32_t)(clock_unix_ms() / MINUTE_MS),
                          .actor = memory_text(actor),
                          .source = memory_text(source)};
    if (proof.kind == PROOF_POST) {
        proof.number = asked->as.own.number;
        memcpy(proof.salt, asked->as.own.salt, sizeof proof.salt);
    }
    memcpy(note->command.as.proof.card, asked->as.own.card, CARD_KEY_BYTES);
    memcpy(note->command.as.proof.account, asked->as.own.account,
           sizeof note->command.as.proof.account);
    note->command.as.proof.proof = proof;
    journal_submit(bridge->journal, note);
}

void prove_answered(struct errand *errand, struct journal_request *answer) {
    enum refusal refusal = answer->refusal;
    const char *mark = proof_kind_name(answer->command.as.proof.proof.kind);
    journal_request_free(answer);
    errand_end(errand, refusal, refusal == REFUSAL_OK ? json_pack("{s:s}", "mark", mark) : NULL);
}

/* ---- the beginning */

static void link_look(struct errand *errand) {
    const struct command *asked = &errand->request->command;
    char *page = card_page(errand->bridge, errand->peek->slug, asked->as.own.card);
    const struct proof_look look = {.reach = &errand->bridge->reach,
                                    .account = asked->as.own.account,
                                    .page = errand->peek->web,
                                    .wanted = page,
                                    .done = told,
                                    .context = errand};
    relme_look(&look);
    free(page);
}

static void post_look(struct errand *errand) {
    const struct command *asked = &errand->request->command;
    const struct peek *peek = errand->peek;
    int64_t now = clock_unix_ms(), released = (int64_t)peek->minute * MINUTE_MS;
    uint8_t code[POST_CODE_BYTES];
    post_code_make(code, asked->event, peek->key, asked->as.own.card, asked->as.own.salt,
                   asked->as.own.account);
    char *link = question_link(errand->bridge, peek->slug, asked->as.own.number, code);
    const struct proof_look look = {.reach = &errand->bridge->reach,
                                    .account = asked->as.own.account,
                                    .page = asked->as.own.url,
                                    .wanted = link,
                                    .not_before =
                                        released > now - POST_MS ? released : now - POST_MS,
                                    .not_after = now + AHEAD_MS,
                                    .done = told,
                                    .context = errand};
    witness_look(&look);
    free(link);
}

static enum refusal prove_refusal(const struct errand *errand) {
    const struct command *asked = &errand->request->command;
    const struct peek *peek = errand->peek;
    bool link = asked->as.own.kind == PROOF_LINK;
    if (!peek->card_known) {
        return REFUSAL_UNKNOWN;
    }
    if (!peek->listed || (!link && asked->as.own.account[0] == '\0')) {
        return REFUSAL_BAD_ACCOUNT;
    }
    if (!link && !peek->claimed) {
        return REFUSAL_UNKNOWN;
    }
    bool told = link || (asked->as.own.kind == PROOF_POST && asked->as.own.url != NULL);
    return told ? REFUSAL_OK : REFUSAL_BAD_CODE;
}

void prove_begin(struct errand *errand) {
    enum refusal refusal = prove_refusal(errand);
    if (refusal != REFUSAL_OK) {
        errand_end(errand, refusal, NULL);
    } else if (errand->request->command.as.own.kind == PROOF_LINK) {
        link_look(errand);
    } else {
        post_look(errand);
    }
}
