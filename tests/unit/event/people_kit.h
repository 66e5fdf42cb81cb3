/* Commands about cards, claims, interests, proofs and tickets in a line each. */
#ifndef RAUTE_TESTS_EVENT_PEOPLE_KIT_H
#define RAUTE_TESTS_EVENT_PEOPLE_KIT_H

#include "kit.h"

static inline void card_key(uint8_t key[CARD_KEY_BYTES], uint32_t n) {
    memset(key, 0xc4, CARD_KEY_BYTES);
    for (int i = 0; i < 4; i++) {
        key[i] = (uint8_t)(n >> (24 - 8 * i));
    }
}

static inline void account_add(struct card *card, const char *name) {
    card->accounts[card->account_count++].name = memory_text(name);
}

/* Named "Person n", with an account "pn@peer.example" and a web page, published, rev 1. */
static inline struct card *card_new(uint32_t n) {
    struct card *card = memory_new(sizeof *card);
    char text[64];
    card_key(card->key, n);
    card->rev = 1;
    card->shown = true;
    snprintf(text, sizeof text, "Person %u", n);
    card->name = memory_text(text);
    card->line = memory_text("I am here for a reason");
    snprintf(text, sizeof text, "https://p%u.example/", n);
    card->web = memory_text(text);
    snprintf(text, sizeof text, "p%u@peer.example", n);
    account_add(card, text);
    memset(card->signature, (int)(n & 0xff), SIGNATURE_BYTES);
    return card;
}

static inline void text_replace(char **text, const char *by) {
    free(*text);
    *text = memory_text(by);
}

static inline enum refusal card_put(struct kit *kit, struct card *card) {
    struct command command = {.kind = COMMAND_CARD};
    command.as.card.card = card;
    return kit_apply(kit, command);
}

/* Card n as it is new, with this revision. */
static inline enum refusal card_as(struct kit *kit, uint32_t n, uint32_t rev, bool shown) {
    struct card *card = card_new(n);
    card->rev = rev;
    card->shown = shown;
    return card_put(kit, card);
}

static inline enum refusal card_publish(struct kit *kit, uint32_t n) {
    return card_as(kit, n, 1, true);
}

static inline enum refusal card_rename(struct kit *kit, uint32_t n, uint32_t rev,
                                       const char *name) {
    struct card *card = card_new(n);
    card->rev = rev;
    text_replace(&card->name, name);
    return card_put(kit, card);
}

static inline enum refusal card_delete(struct kit *kit, uint32_t n, uint32_t rev) {
    struct command command = {.kind = COMMAND_CARD_DELETE};
    card_key(command.as.card_key.key, n);
    command.as.card_key.rev = rev;
    return kit_apply(kit, command);
}

static inline enum refusal card_hide(struct kit *kit, uint32_t n, bool on) {
    struct command command = {.kind = COMMAND_CARD_HIDE};
    card_key(command.as.card_key.key, n);
    command.as.card_key.on = on;
    return kit_apply(kit, command);
}

static inline const struct card *card_of(const struct kit *kit, uint32_t n) {
    uint8_t key[CARD_KEY_BYTES];
    card_key(key, n);
    return event_card(kit->event, key);
}

/* As if the question's key had signed it: another one for each claim. */
static inline void claim_signature(uint8_t signature[SIGNATURE_BYTES], uint32_t q, uint32_t n,
                                   uint32_t rev) {
    memset(signature, (int)(q & 0xff), SIGNATURE_BYTES);
    signature[0] = (uint8_t)n;
    signature[1] = (uint8_t)rev;
}

/* Question q's claim by card n, for this text. */
static inline struct command claim_command(enum command_kind kind, uint32_t q, uint32_t n,
                                           uint32_t rev, const char *text) {
    struct command command = {.kind = kind};
    struct claim *wish = &command.as.claim.claim;
    kit_key(command.as.claim.key, q);
    card_key(wish->card, n);
    wish->rev = rev;
    wish->minute = NOW_MINUTE;
    text_hash(wish->hash, EVENT_ID, text);
    claim_signature(wish->by_question, q, n, rev);
    memset(wish->by_card, (int)(n & 0xff), SIGNATURE_BYTES);
    return command;
}

static inline enum refusal claim_text(struct kit *kit, uint32_t q, uint32_t n, uint32_t rev,
                                      const char *text) {
    return kit_apply(kit, claim_command(COMMAND_CLAIM, q, n, rev, text));
}

/* For the text that everybody sees; "" where nobody does. */
static inline enum refusal claim_as(struct kit *kit, uint32_t q, uint32_t n, uint32_t rev) {
    uint8_t key[QUESTION_KEY_BYTES];
    kit_key(key, q);
    const struct question *question = event_question_by_key(kit->event, key);
    return claim_text(kit, q, n, rev, question == NULL ? "" : question->text);
}

static inline enum refusal unclaim(struct kit *kit, uint32_t q, uint32_t n, uint32_t rev) {
    return kit_apply(kit, claim_command(COMMAND_UNCLAIM, q, n, rev, ""));
}

static inline enum refusal interest(struct kit *kit, uint32_t number, uint32_t n,
                                    enum interest_scope scope) {
    struct command command = {.kind = COMMAND_INTEREST};
    command.as.interest.number = number;
    card_key(command.as.interest.card, n);
    command.as.interest.minute = NOW_MINUTE;
    command.as.interest.scope = scope;
    memset(command.as.interest.signature, (int)(n & 0xff), SIGNATURE_BYTES);
    return kit_apply(kit, command);
}

/* Texts are copied; source and actor may be NULL. */
static inline struct command proof_command(enum command_kind kind, uint32_t n, const char *account,
                                           enum proof_kind proof, const char *source) {
    struct command command = {.kind = kind};
    card_key(command.as.proof.card, n);
    snprintf(command.as.proof.account, sizeof command.as.proof.account, "%s", account);
    command.as.proof.proof.kind = proof;
    command.as.proof.proof.minute = NOW_MINUTE;
    command.as.proof.proof.actor = memory_text("https://peer.example/actor");
    command.as.proof.proof.source = source == NULL ? NULL : memory_text(source);
    return command;
}

static inline enum refusal proof_lost(struct kit *kit, uint32_t n, const char *account,
                                      enum proof_kind kind, const char *source) {
    return kit_apply(kit, proof_command(COMMAND_PROOF_LOST, n, account, kind, source));
}

static inline enum refusal proof_login(struct kit *kit, uint32_t n, const char *account) {
    return kit_apply(kit, proof_command(COMMAND_PROOF, n, account, PROOF_LOGIN, NULL));
}

static inline enum refusal proof_link(struct kit *kit, uint32_t n, const char *account,
                                      uint32_t minute) {
    struct command command =
        proof_command(COMMAND_PROOF, n, account, PROOF_LINK, "https://p.example/me");
    command.as.proof.proof.minute = minute;
    return kit_apply(kit, command);
}

static inline enum refusal proof_post(struct kit *kit, uint32_t n, const char *account,
                                      uint32_t number) {
    struct command command =
        proof_command(COMMAND_PROOF, n, account, PROOF_POST, "https://peer.example/post");
    command.as.proof.proof.number = number;
    memset(command.as.proof.proof.salt, 5, QUESTION_SALT_BYTES);
    return kit_apply(kit, command);
}

/* How many changes of this kind the last command made about card n. */
static inline size_t card_changes(const struct kit *kit, enum change_kind kind, uint32_t n) {
    uint8_t key[CARD_KEY_BYTES];
    size_t count = 0;
    card_key(key, n);
    for (size_t i = 0; i < kit->changes.count; i++) {
        const struct change *change = &kit->changes.items[i];
        count += change->kind == kind && memcmp(change->as.key, key, sizeof key) == 0;
    }
    return count;
}

static inline void ticket_hash_of(uint8_t hash[TICKET_HASH_BYTES], uint32_t n) {
    memset(hash, 0x71, TICKET_HASH_BYTES);
    memcpy(hash, &n, sizeof n);
}

/* Tickets first, first + 1, … */
static inline enum refusal tickets(struct kit *kit, uint32_t first, uint32_t count, uint8_t seats) {
    struct command command = {.kind = COMMAND_TICKETS};
    command.as.tickets.hashes = memory_new((count + 1) * sizeof *command.as.tickets.hashes);
    command.as.tickets.count = count;
    command.as.tickets.seats = seats;
    for (uint32_t i = 0; i < count; i++) {
        ticket_hash_of(command.as.tickets.hashes[i], first + i);
    }
    return kit_apply(kit, command);
}

static inline enum refusal pass(struct kit *kit, uint32_t n, uint8_t request, uint8_t count) {
    struct command command = {.kind = COMMAND_PASS};
    ticket_hash_of(command.as.pass.hash, n);
    memset(command.as.pass.request, request, TICKET_HASH_BYTES);
    command.as.pass.count = count;
    return kit_apply(kit, command);
}

/* An event with questions 1 … count, listed, number = key. */
static inline struct kit kit_listed(uint32_t count) {
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    struct kit kit = kit_new(&settings);
    ask_released(&kit, 1, count);
    return kit;
}

#endif
