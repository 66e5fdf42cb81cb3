/* A canonical text of all that an event holds, and of changes. */
#ifndef RAUTE_TESTS_EVENT_DUMP_H
#define RAUTE_TESTS_EVENT_DUMP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/encode.h"
#include "base/memory.h"
#include "event/event.h"

#define DUMP_BYTES (64 * 1024 * 1024)

/* At most 32 bytes. */
static inline void dump_bytes(struct buffer *out, const uint8_t *bytes, size_t count) {
    char text[BASE64_CHARS(32) + 2];
    base64_encode(text, bytes, count);
    buffer_append(out, text, strlen(text));
    buffer_append(out, " ", 1);
}

static inline int dump_compare(const void *a, const void *b) {
    return memcmp(a, b, 16);
}

static inline void dump_set(struct buffer *out, const char *name, const struct table *set) {
    uint8_t(*keys)[16] = memory_new((set->count + 1) * 16);
    size_t at = 0, count = 0;
    const void *key;
    void *value;
    while (table_next(set, &at, &key, &value)) {
        memcpy(keys[count++], key, 16);
    }
    assert_int_equal(count, set->count);
    qsort(keys, count, 16, dump_compare);
    buffer_format(out, "%s ", name);
    for (size_t i = 0; i < count; i++) {
        dump_bytes(out, keys[i], 16);
    }
    buffer_text(out, "\n");
    free(keys);
}

static inline void dump_settings(struct buffer *out, const struct settings *settings) {
    buffer_format(out, "settings %s|", settings->title);
    for (uint32_t i = 0; i < settings->hashtag_count; i++) {
        buffer_format(out, "#%s", settings->hashtags[i]);
    }
    buffer_format(out, "|%d %u %u %d %u %u %u %u", (int)settings->language, settings->start,
                  settings->end, settings->moderation_before, settings->release_seconds,
                  settings->ask_burst, settings->ask_seconds, settings->retention_days);
    buffer_format(out, " %d %u %d %d\n", (int)settings->publish, settings->publish_seconds,
                  settings->offset, settings->tickets);
}

static inline void dump_question(struct buffer *out, const struct question *question) {
    buffer_format(out, "question %u talk %u ", question->number, question->talk);
    dump_bytes(out, question->key, sizeof question->key);
    dump_bytes(out, question->salt, sizeof question->salt);
    buffer_format(out, "d%u s%d r%d p%d rev%u m%u v%u x%llu %s|%s\n", question->degree,
                  (int)question->state, (int)question->reason, question->pinned, question->rev,
                  question->minute, question->votes, (unsigned long long)question->exposure,
                  question->text, question->answer == NULL ? "-" : question->answer);
    buffer_format(out, "  e%d a%d o%d w%s m%u\n", question->edited, question->approved,
                  question->open, question->warning == NULL ? "-" : question->warning,
                  question->answered);
}

static inline void dump_account(struct buffer *out, const struct account *account) {
    buffer_format(out, "account %u %d %d %s|%s|%s|%s|%u %u k%d ", account->id,
                  (int)account->network, (int)account->state, account->server, account->remote,
                  account->name, account->url, account->post_limit, account->link_length,
                  account->keeps);
    for (uint32_t i = 0; i < account->secret_bytes; i++) {
        buffer_format(out, "%02x", account->secret[i]);
    }
    buffer_text(out, "|");
    for (uint32_t i = 0; i < account->avatar_bytes; i++) {
        buffer_format(out, "%02x", account->avatar[i]);
    }
    buffer_text(out, "\n");
}

static inline void dump_outgoing(struct buffer *out, const struct outgoing *row, bool running) {
    buffer_format(out, "post %u %u %d s%d a%d t%d d%d e%d due%u ", row->number, row->account,
                  (int)row->kind, (int)row->state, (int)row->act, (int)row->trouble, row->dropped,
                  row->emptied, row->due);
    dump_bytes(out, row->sent, sizeof row->sent);
    dump_bytes(out, row->sending, sizeof row->sending);
    buffer_format(out, "%s|%s|%s %lld\n", row->token, row->far, row->url,
                  running ? (long long)row->due_at : 0);
}

static inline void dump_held(struct buffer *out, const struct held *held) {
    buffer_text(out, "held ");
    dump_bytes(out, held->key, sizeof held->key);
    dump_bytes(out, held->salt, sizeof held->salt);
    buffer_format(out, "talk %u n%u rev%u d%u %s\n", held->talk, held->number, held->rev,
                  held->degree, held->text);
}

static inline void dump_signature(struct buffer *out, const uint8_t signature[SIGNATURE_BYTES]) {
    dump_bytes(out, signature, 32);
    dump_bytes(out, signature + 32, 32);
}

static inline void dump_proof(struct buffer *out, const struct proof *proof, bool running) {
    buffer_format(out, "[%s m%u %s|%s n%u ", proof_kind_name(proof->kind), proof->minute,
                  proof->actor == NULL ? "-" : proof->actor,
                  proof->source == NULL ? "-" : proof->source, proof->number);
    dump_bytes(out, proof->salt, sizeof proof->salt);
    buffer_text(out, running && proof->due ? "due]" : "]");
}

static inline void dump_card(struct buffer *out, const struct card *card, bool running) {
    buffer_text(out, "card ");
    dump_bytes(out, card->key, sizeof card->key);
    buffer_format(out, "rev%u s%d h%d l%d a%d m%u %u:%s|%s|%s ", card->rev, card->shown,
                  card->hidden, card->lists, card->alike, card->minute, card->name_since,
                  card->name, card->line, card->web);
    for (uint8_t i = 0; i < card->account_count; i++) {
        buffer_format(out, "%u:%s", card->accounts[i].since, card->accounts[i].name);
        dump_proof(out, &card->accounts[i].proof, running);
    }
    dump_proof(out, &card->web_proof, running);
    dump_signature(out, card->signature);
    buffer_text(out, "\n");
}

static inline void dump_people(struct buffer *out, const struct event *event, bool running) {
    for (uint32_t i = 0; i < event->card_count; i++) {
        dump_card(out, event->cards[i], running);
    }
    for (uint32_t i = 0; i < event->claim_count; i++) {
        const struct claim *claim = &event->claims[i];
        buffer_format(out, "claim %u rev%u m%u c%d ", claim->number, claim->rev, claim->minute,
                      claim->current);
        dump_bytes(out, claim->card, sizeof claim->card);
        dump_bytes(out, claim->hash, sizeof claim->hash);
        dump_signature(out, claim->by_question);
        dump_signature(out, claim->by_card);
        buffer_text(out, "\n");
    }
    for (uint32_t i = 0; i < event->interest_count; i++) {
        const struct interest *interest = &event->interests[i];
        buffer_format(out, "interest %u s%d m%u ", interest->number, (int)interest->scope,
                      interest->minute);
        dump_bytes(out, interest->card, sizeof interest->card);
        dump_signature(out, interest->signature);
        buffer_text(out, "\n");
    }
    for (uint32_t i = 0; i < event->ticket_count; i++) {
        const struct ticket *ticket = &event->tickets[i];
        buffer_format(out, "ticket %d ", ticket->seats);
        dump_bytes(out, ticket->hash, sizeof ticket->hash);
        dump_bytes(out, ticket->request, sizeof ticket->request);
        buffer_text(out, "\n");
    }
}

/* With `running`: also what is not stored. */
static inline char *kit_dump(const struct event *event, bool running) {
    struct buffer out = buffer_make(DUMP_BYTES);
    buffer_format(&out, "slug %s\n", event->slug);
    dump_settings(&out, &event->settings);
    for (int i = 0; i < ROLE_KEYS; i++) {
        dump_bytes(&out, event->role_hash[i], ROLE_HASH_BYTES);
    }
    buffer_format(&out, "\nseq %llu %llu next %u %u current %u closed %d\n",
                  (unsigned long long)event->seq[0], (unsigned long long)event->seq[1],
                  event->next_number, event->next_talk, event->current_talk, event->closed);
    buffer_format(&out, "next account %u\n", event->next_account);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        const struct talk *talk = &event->talks[i];
        buffer_format(&out, "talk %u %s %d", talk->id, talk->title, talk->open);
        for (uint32_t j = 0; j < talk->order_count; j++) {
            buffer_format(&out, " %u", talk->order[j]);
        }
        buffer_text(&out, running && talk->running ? " running\n" : "\n");
    }
    for (uint32_t i = 0; i < event->question_count; i++) {
        dump_question(&out, event->questions[i]);
        if (running) {
            buffer_format(&out, "  %lld\n", (long long)event->questions[i]->counted_at);
        }
    }
    for (uint32_t i = 0; i < event->held_count; i++) {
        dump_held(&out, &event->held[i]);
    }
    for (uint32_t i = 0; i < event->account_count; i++) {
        dump_account(&out, event->accounts[i]);
    }
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        dump_outgoing(&out, &event->outgoing[i], running);
    }
    dump_people(&out, event, running);
    dump_set(&out, "ballots", &event->ballots);
    dump_set(&out, "forgotten", &event->forgotten);
    if (running) {
        buffer_format(&out, "present %u %u at %lld %lld %lld %lld %lld deleted %d\n",
                      event->present, event->present_shown, (long long)event->release_at,
                      (long long)event->present_at, (long long)event->step_at,
                      (long long)event->post_at, (long long)event->recheck_at, event->deleted);
    }
    assert_false(out.overflow);
    size_t length;
    return (char *)buffer_take(&out, &length);
}

static inline char *kit_dump_changes(const struct changes *changes) {
    struct buffer out = buffer_make(DUMP_BYTES);
    buffer_text(&out, "changes");
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->items[i];
        buffer_format(&out, " %d:%u:", (int)change->kind, change->number);
        if (change->kind == CHANGE_GONE || change->kind == CHANGE_HELD ||
            change->kind == CHANGE_HELD_GONE || change->kind == CHANGE_INTEREST ||
            change->kind == CHANGE_CARD || change->kind == CHANGE_CARD_GONE ||
            change->kind == CHANGE_CARD_KEPT || change->kind == CHANGE_CARD_STAFF) {
            dump_bytes(&out, change->as.key, QUESTION_KEY_BYTES);
        } else if (change->kind == CHANGE_BALLOT || change->kind == CHANGE_BALLOT_GONE) {
            dump_bytes(&out, change->as.ballot, BALLOT_BYTES);
        } else if (change->kind == CHANGE_TICKET) {
            dump_bytes(&out, change->as.ticket, TICKET_HASH_BYTES);
        } else if (change->kind == CHANGE_CLAIM) {
            buffer_format(&out, "%d", change->as.claim.ended);
        } else if (change->kind == CHANGE_OUTGOING) {
            buffer_format(&out, "%u:%d:%d", change->as.outgoing.account,
                          (int)change->as.outgoing.kind, change->as.outgoing.seen);
        }
    }
    size_t length;
    return (char *)buffer_take(&out, &length);
}

#endif
