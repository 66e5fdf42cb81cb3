/* Cards and claims in a hall, signed as people do. */
#ifndef RAUTE_TESTS_WIRE_CARDED_H
#define RAUTE_TESTS_WIRE_CARDED_H

#include "wire/signing.h"

#include "wire/hall.h"

/* Who asked the question: hall_hold() makes keys by counting, the release numbers at random. */
static inline struct asker hall_asker(const struct hall *hall, const struct question *question) {
    struct asker asker = {0};
    for (uint32_t nth = 1; nth <= hall->asked; nth++) {
        uint8_t seed[crypto_sign_SEEDBYTES] = {0};
        memcpy(seed, &nth, sizeof nth);
        crypto_sign_seed_keypair(asker.public, asker.secret, seed);
        if (memcmp(asker.public, question->key, QUESTION_KEY_BYTES) == 0) {
            break;
        }
    }
    return asker;
}

/* A card of this name, signed; the accounts end with NULL. */
static inline struct card *card_signed(const struct hall *hall, const char *name, uint32_t rev,
                                       const char *line, const char *const *accounts) {
    struct asker keys = card_named(name);
    struct card *card = memory_new(sizeof *card);
    json_t *message = json_pack("{s:s,s:o,s:i,s:s,s:s,s:[]}", "cmd", "card", "card",
                                text_encoded(keys.public, sizeof keys.public), "rev", (int)rev,
                                "name", name, "line", line, "accounts");
    for (; *accounts != NULL; accounts++) {
        card->accounts[card->account_count++].name = memory_text(*accounts);
        json_array_append_new(json_object_get(message, "accounts"), json_string(*accounts));
    }
    json_t *signature =
        message_signature(signing_find(message, "sig"), &keys, hall->event->id, message, NULL);
    assert_true(base64_decode(card->signature, SIGNATURE_BYTES, json_string_value(signature)));
    memcpy(card->key, keys.public, sizeof card->key);
    card->rev = rev;
    card->shown = true;
    card->name = memory_text(name);
    card->line = memory_text(line);
    card->web = memory_text("");
    json_decref(signature);
    json_decref(message);
    return card;
}

static inline enum refusal hall_card(struct hall *hall, struct card *card) {
    return hall_do(hall, (struct command){.kind = COMMAND_CARD, .as.card = {.card = card}});
}

/* The question is claimed for the card of this name. */
static inline enum refusal hall_claim(struct hall *hall, uint32_t number, const char *name) {
    const struct question *question = event_question(hall->event, number);
    assert_non_null(question);
    struct asker asker = hall_asker(hall, question), keys = card_named(name);
    struct command command = {.kind = COMMAND_CLAIM};
    struct claim *claim = &command.as.claim.claim;
    memcpy(command.as.claim.key, asker.public, QUESTION_KEY_BYTES);
    memcpy(claim->card, keys.public, CARD_KEY_BYTES);
    claim->rev = question->rev + 1;
    claim->minute = (uint32_t)(hall->now / 60000);
    text_hash(claim->hash, hall->event->id, question->text);
    json_t *message = json_pack("{s:s,s:o,s:o,s:I,s:I,s:o}", "cmd", "claim", "key",
                                text_encoded(asker.public, sizeof asker.public), "card",
                                text_encoded(keys.public, sizeof keys.public), "rev",
                                (json_int_t)claim->rev, "minute", (json_int_t)claim->minute, "hash",
                                text_encoded(claim->hash, sizeof claim->hash));
    json_t *first =
        message_signature(signing_find(message, "sig"), &asker, hall->event->id, message, NULL);
    json_t *second =
        message_signature(signing_find(message, "card_sig"), &keys, hall->event->id, message, NULL);
    assert_true(base64_decode(claim->by_question, SIGNATURE_BYTES, json_string_value(first)));
    assert_true(base64_decode(claim->by_card, SIGNATURE_BYTES, json_string_value(second)));
    json_decref(first);
    json_decref(second);
    json_decref(message);
    return hall_do(hall, command);
}

#endif
