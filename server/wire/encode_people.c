#include "wire/encode_people.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "wire/encode.h"

bool card_seen(const struct card *card, enum view view) {
    return view == VIEW_STAFF ? card->shown : card_public(card);
}

bool claim_seen(const struct event *event, const struct claim *claim, const struct card *card,
                enum view view) {
    const struct question *question = event_question(event, claim->number);
    return question != NULL && question_shown(question, view) &&
           question_card(event, claim->number) == card;
}

void card_tag_text(char text[CARD_TAG_CHARS + 1], const struct card *card) {
    base64_encode(text, card->key, CARD_TAG_BYTES);
}

uint64_t card_tag(const uint8_t bytes[CARD_TAG_BYTES]) {
    uint64_t tag = 0;
    for (size_t i = 0; i < CARD_TAG_BYTES; i++) {
        tag = tag << 8 | bytes[i];
    }
    return tag;
}

const struct card *card_tagged(const struct event *event, uint64_t tag) {
    for (uint32_t i = 0; i < event->card_count; i++) {
        const struct card *card = event->cards[i];
        if (card_tag(card->key) == tag && card_public(card)) {
            return card;
        }
    }
    return NULL;
}

/* A handle alone is one of the AT Protocol, whose people are found where most of them are. */
void account_url(struct buffer *out, const char *name) {
    const char *host = strrchr(name, '@');
    if (host == NULL) {
        buffer_format(out, "https://bsky.app/profile/%s", name);
    } else {
        buffer_format(out, "https://%s/@%.*s", host + 1, (int)(host - name), name);
    }
}

static void encode_account(struct buffer *out, const struct card_account *account) {
    struct buffer url = buffer_make(LIMIT_URL_BYTES);
    account_url(&url, account->name);
    buffer_text(out, "{\"name\":");
    encode_text(out, account->name);
    buffer_text(out, ",\"url\":");
    encode_text(out, (const char *)url.data);
    buffer_clear(&url);
    if (account->proof.kind != PROOF_NONE) {
        member_text(out, "mark", proof_kind_name(account->proof.kind));
        buffer_format(out, ",\"minute\":%u", account->proof.minute);
    }
    buffer_text(out, "}");
}

/* All but the questions. */
static void encode_says(struct buffer *out, const struct event *event, const struct card *card,
                        enum view view) {
    buffer_text(out, "\"tag\":");
    encode_bytes(out, card->key, CARD_TAG_BYTES);
    buffer_text(out, ",\"key\":");
    encode_bytes(out, card->key, CARD_KEY_BYTES);
    buffer_format(out, ",\"rev\":%u,\"name\":", card->rev);
    encode_text(out, card->name);
    member_text(out, "line", card->line);
    member_text(out, "web", card->web);
    buffer_text(out, ",\"accounts\":[");
    for (uint8_t i = 0; i < card->account_count; i++) {
        buffer_text(out, i > 0 ? "," : "");
        encode_account(out, &card->accounts[i]);
    }
    buffer_text(out, "]");
    member_text(out, "mark", proof_kind_name(card->web_proof.kind));
    member_true(out, "lists", card->lists);
    member_true(out, "alike", card->shown ? card->alike : card_alike(event, card));
    member_true(out, "hidden", view == VIEW_STAFF && card->hidden);
    buffer_format(out, ",\"minute\":%u", card->minute);
}

static void encode_number(struct buffer *out, uint32_t number) {
    bool first = out->data[out->length - 1] == '[';
    buffer_text(out, first ? "" : ",");
    buffer_number(out, number);
}

void encode_card_members(struct buffer *out, const struct event *event, const struct card *card,
                         enum view view) {
    encode_says(out, event, card, view);
    buffer_text(out, ",\"questions\":[");
    for (uint32_t i = 0; i < event->claim_count; i++) {
        const struct claim *claim = &event->claims[i];
        if (memcmp(claim->card, card->key, CARD_KEY_BYTES) == 0 &&
            claim_seen(event, claim, card, view)) {
            encode_number(out, claim->number);
        }
    }
    buffer_text(out, "]");
}

void encode_card(struct buffer *out, const struct event *event, const struct card *card,
                 enum view view) {
    buffer_text(out, "{");
    encode_card_members(out, event, card, view);
    buffer_text(out, "}");
}

static int claim_compare(const void *a, const void *b) {
    const struct claim *x = *(const struct claim *const *)a, *y = *(const struct claim *const *)b;
    int by_card = memcmp(x->card, y->card, CARD_KEY_BYTES);
    return by_card != 0 ? by_card : (x->number > y->number) - (x->number < y->number);
}

/* By card, then number; free() it. */
static const struct claim **claims_sorted(const struct event *event) {
    const struct claim **claims =
        memory_resize(NULL, event->claim_count + 1u, sizeof(struct claim *));
    for (uint32_t i = 0; i < event->claim_count; i++) {
        claims[i] = &event->claims[i];
    }
    qsort(claims, event->claim_count, sizeof(struct claim *), claim_compare);
    return claims;
}

/* Cards and sorted claims are walked along together. */
void encode_people(struct buffer *out, const struct event *event, enum view view) {
    const struct claim **claims = claims_sorted(event);
    uint32_t at = 0;
    bool first = true;
    buffer_format(out, "{\"seq\":%" PRIu64 ",\"cards\":[", event->seq[view]);
    for (uint32_t i = 0; i < event->card_count; i++) {
        const struct card *card = event->cards[i];
        if (!card_seen(card, view)) {
            continue;
        }
        buffer_text(out, first ? "{" : ",{");
        first = false;
        encode_says(out, event, card, view);
        buffer_text(out, ",\"questions\":[");
        while (at < event->claim_count && memcmp(claims[at]->card, card->key, CARD_KEY_BYTES) < 0) {
            at++;
        }
        for (; at < event->claim_count && memcmp(claims[at]->card, card->key, CARD_KEY_BYTES) == 0;
             at++) {
            if (claim_seen(event, claims[at], card, view)) {
                encode_number(out, claims[at]->number);
            }
        }
        buffer_text(out, "]}");
    }
    buffer_text(out, "]}");
    free(claims);
}

void encode_question_people(struct buffer *out, const struct event *event, uint32_t number) {
    const struct card *card = question_card(event, number);
    if (card != NULL) {
        buffer_text(out, ",\"card\":{\"tag\":");
        encode_bytes(out, card->key, CARD_TAG_BYTES);
        member_text(out, "name", card->name);
        member_text(out, "mark", proof_kind_name(card_proof(card)));
        buffer_text(out, "}");
    }
    uint32_t first, count = event_interests(event, number, &first);
    if (count >= INTEREST_CROWD) {
        buffer_format(out, ",\"interest\":%u", count);
    }
}
