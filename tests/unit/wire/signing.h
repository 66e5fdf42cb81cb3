/* The signed messages as server/wire/README.md has them, written down here once more and
 * independently of identity/: a label, the event, and fields, each one letter of `layout`. */
#ifndef RAUTE_TESTS_WIRE_SIGNING_H
#define RAUTE_TESTS_WIRE_SIGNING_H

#include "wire/world.h"

struct signing {
    const char *command, *by; /* `by` of the message; NULL: any */
    const char *member;       /* where the signature stands */
    bool card;                /* by the card's key, not by the question's */
    const char *label, *other_label;
    const char *layout;
};

static const struct signing SIGNINGS[] = {
    {"ask", NULL, "sig", false, "ask", "edit", "kstdx"},
    {"edit", NULL, "sig", false, "edit", "withdraw", "krx"},
    {"withdraw", NULL, "sig", false, "withdraw", "edit", "kr"},
    {"degree", NULL, "sig", false, "degree", "edit", "krd"},
    {"card", NULL, "sig", true, "card", "card-delete", "crNLWAl"},
    {"card_delete", NULL, "sig", true, "card-delete", "withdraw", "cr"},
    {"claim", NULL, "sig", false, "claim-question", "claim-card", "kcrmh"},
    {"claim", NULL, "card_sig", true, "claim-card", "claim-question", "kcrmh"},
    {"unclaim", "question", "sig", false, "unclaim-question", "unclaim-card", "kcr"},
    {"unclaim", "card", "sig", true, "unclaim-card", "unclaim-question", "kcr"},
    {"interest", NULL, "sig", true, "interest", "card", "cnmo"},
};

/* NULL: there is no such signature. */
static inline const struct signing *signing_find(const json_t *message, const char *member) {
    const char *command = json_string_value(json_object_get(message, "cmd"));
    const char *by = json_string_value(json_object_get(message, "by"));
    for (size_t i = 0; command != NULL && i < sizeof SIGNINGS / sizeof SIGNINGS[0]; i++) {
        const struct signing *each = &SIGNINGS[i];
        if (strcmp(each->command, command) == 0 && strcmp(each->member, member) == 0 &&
            (each->by == NULL || (by != NULL && strcmp(each->by, by) == 0))) {
            return each;
        }
    }
    return NULL;
}

static inline void sign_text(struct buffer *out, const json_t *value) {
    const char *text = json_string_value(value);
    bytes_integer(out, (uint32_t)(text != NULL ? strlen(text) : 0), 2);
    buffer_text(out, text != NULL ? text : "");
}

static inline void sign_bytes(struct buffer *out, const json_t *value, size_t count) {
    uint8_t bytes[64] = {0};
    const char *text = json_string_value(value);
    (void)base64_decode(bytes, count, text != NULL ? text : "");
    buffer_append(out, bytes, count);
}

static inline void sign_number(struct buffer *out, const json_t *value, size_t bytes) {
    bytes_integer(out, (uint32_t)json_integer_value(value), bytes);
}

static inline void sign_field(struct buffer *out, char letter, const json_t *message) {
    static const struct {
        char letter;
        const char *member;
        char type; /* bytes 16 or 32, u32, u8, text */
    } FIELDS[] = {
        {'k', "key", 'B'},   {'c', "card", 'B'},   {'h', "hash", 'B'}, {'s', "salt", 'b'},
        {'r', "rev", 'N'},   {'m', "minute", 'N'}, {'n', "n", 'N'},    {'t', "talk", 'N'},
        {'o', "scope", 'n'}, {'d', "degree", 'n'}, {'x', "text", 'T'}, {'N', "name", 'T'},
        {'L', "line", 'T'},  {'W', "web", 'T'},
    };
    if (letter == 'l') {
        bytes_integer(out, json_is_true(json_object_get(message, "lists")) ? 1 : 0, 1);
        return;
    }
    if (letter == 'A') {
        const json_t *accounts = json_object_get(message, "accounts");
        bytes_integer(out, (uint32_t)json_array_size(accounts), 1);
        for (size_t i = 0; i < json_array_size(accounts); i++) {
            sign_text(out, json_array_get(accounts, i));
        }
        return;
    }
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        const json_t *value = json_object_get(message, FIELDS[i].member);
        if (FIELDS[i].letter != letter) {
            continue;
        }
        if (FIELDS[i].type == 'T') {
            sign_text(out, value);
        } else if (FIELDS[i].type == 'B' || FIELDS[i].type == 'b') {
            sign_bytes(out, value, FIELDS[i].type == 'B' ? 32 : 16);
        } else {
            sign_number(out, value, FIELDS[i].type == 'N' ? 4 : 1);
        }
    }
}

/* The member of the message says something else than was signed. */
static inline void message_alter(json_t *message, const char *member) {
    struct asker other = asker_named("another");
    json_t *value = json_object_get(message, member), *altered;
    if (json_is_integer(value)) {
        altered = json_integer(json_integer_value(value) ^ 1);
    } else if (json_is_boolean(value)) {
        altered = json_boolean(!json_is_true(value));
    } else if (json_is_array(value)) {
        altered = json_pack("[s]", "another@example.org");
    } else if (strcmp(member, "card") == 0 || strcmp(member, "hash") == 0) {
        altered = text_encoded(other.public, sizeof other.public);
    } else {
        altered = json_string("something else");
    }
    json_object_set_new(message, member, altered);
}

/* `wrong`: what is wrong with the signature ("key", "event", "label", or a member of the message);
 * NULL: nothing. */
static inline json_t *message_signature(const struct signing *signing, const struct asker *signer,
                                        const uint8_t event[EVENT_ID_BYTES], const json_t *message,
                                        const char *wrong) {
    struct buffer bytes = buffer_make(65536);
    struct asker key = *signer;
    uint8_t signature[SIGNATURE_BYTES], id[EVENT_ID_BYTES];
    const char *label = signing->label;
    json_t *meant = json_copy((json_t *)message);
    memcpy(id, event, sizeof id);
    if (wrong == NULL) {
    } else if (strcmp(wrong, "key") == 0) {
        key = asker_named("another");
    } else if (strcmp(wrong, "event") == 0) {
        id[0] ^= 1;
    } else if (strcmp(wrong, "label") == 0) {
        label = signing->other_label;
    } else {
        message_alter(meant, wrong);
    }
    bytes_integer(&bytes, (uint32_t)(strlen(label) + 8), 1);
    buffer_format(&bytes, "raute.1/%s", label);
    buffer_append(&bytes, id, sizeof id);
    for (const char *field = signing->layout; *field != '\0'; field++) {
        sign_field(&bytes, *field, meant);
    }
    crypto_sign_detached(signature, NULL, bytes.data, bytes.length, key.secret);
    buffer_clear(&bytes);
    json_decref(meant);
    return text_encoded(signature, sizeof signature);
}

/* A card's keys, always the same for a name, and not those of a question of this name. */
static inline struct asker card_named(const char *name) {
    char whole[64];
    (void)snprintf(whole, sizeof whole, "card %s", name);
    return asker_named(whole);
}

/* The command that publishes a first card with nothing but this name. */
static inline json_t *message_card(const struct place *place, const char *name) {
    struct asker keys = card_named(name);
    json_t *card = json_pack("{s:s,s:i,s:o,s:i,s:s,s:[],s:b,s:b}", "cmd", "card", "id", 1, "card",
                             text_encoded(keys.public, sizeof keys.public), "rev", 1, "name", name,
                             "accounts", "lists", 0, "shown", 1);
    json_object_set_new(card, "sig",
                        message_signature(signing_find(card, "sig"), &keys, place->id, card, NULL));
    return card;
}

/* The hash of a question's text that a claim signs. */
static inline json_t *text_hashed(const uint8_t event[EVENT_ID_BYTES], const char *text) {
    struct buffer bytes = buffer_make(65536);
    uint8_t hash[crypto_hash_sha512_BYTES];
    bytes_integer(&bytes, (uint32_t)strlen("raute.1/text"), 1);
    buffer_text(&bytes, "raute.1/text");
    buffer_append(&bytes, event, EVENT_ID_BYTES);
    bytes_integer(&bytes, (uint32_t)strlen(text), 2);
    buffer_text(&bytes, text);
    crypto_hash_sha512(hash, bytes.data, bytes.length);
    buffer_clear(&bytes);
    return text_encoded(hash, TEXT_HASH_BYTES);
}

#endif
