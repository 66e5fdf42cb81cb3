/* People in a hall: cards and claims as they come through the door; the event looks at no
 * signature. */
#ifndef RAUTE_TESTS_WIRE_PEOPLE_H
#define RAUTE_TESTS_WIRE_PEOPLE_H

#include "wire/encode_people.h"
#include "wire/hall.h"

static inline const struct card *hall_card(const struct hall *hall, uint8_t who) {
    uint8_t key[CARD_KEY_BYTES];
    memset(key, who, sizeof key);
    return event_card(hall->event, key);
}

/* A card whose key is `who` all over: new, or in its next revision. `account` NULL: none. */
static inline enum refusal hall_publish(struct hall *hall, uint8_t who, const char *name,
                                        const char *account, bool shown) {
    const struct card *before = hall_card(hall, who);
    struct card *card = memory_new(sizeof *card);
    memset(card->key, who, sizeof card->key);
    card->rev = before == NULL ? 1 : before->rev + 1;
    card->shown = shown;
    card->name = memory_text(name);
    card->line = memory_text("");
    card->web = memory_text("");
    if (account != NULL) {
        card->accounts[card->account_count++].name = memory_text(account);
    }
    return hall_do(hall, (struct command){.kind = COMMAND_CARD, .as.card = {.card = card}});
}

static inline enum refusal hall_card_key(struct hall *hall, enum command_kind kind, uint8_t who,
                                         bool on) {
    struct command command = {.kind = kind};
    memset(command.as.card_key.key, who, CARD_KEY_BYTES);
    command.as.card_key.rev = hall_card(hall, who)->rev + 1;
    command.as.card_key.on = on;
    return hall_do(hall, command);
}

/* CLAIM or UNCLAIM of a question as it is now. */
static inline enum refusal hall_claim(struct hall *hall, enum command_kind kind, uint8_t who,
                                      uint32_t number) {
    const struct question *question = event_question(hall->event, number);
    struct command command = {.kind = kind};
    struct claim *claim = &command.as.claim.claim;
    memcpy(command.as.claim.key, question->key, QUESTION_KEY_BYTES);
    memset(claim->card, who, CARD_KEY_BYTES);
    claim->rev = question->rev + 1;
    claim->minute = (uint32_t)(hall->now / 60000);
    text_hash(claim->hash, hall->event->id, question->text);
    claim->by_question[0] = (uint8_t)number; /* as if signed: another one for each claim */
    claim->by_question[1] = (uint8_t)claim->rev;
    claim->by_question[2] = who;
    return hall_do(hall, command);
}

static inline enum refusal hall_interest(struct hall *hall, uint8_t who, uint32_t number,
                                         enum interest_scope scope) {
    struct command command = {.kind = COMMAND_INTEREST};
    command.as.interest.number = number;
    command.as.interest.scope = scope;
    command.as.interest.minute = (uint32_t)(hall->now / 60000);
    memset(command.as.interest.card, who, CARD_KEY_BYTES);
    return hall_do(hall, command);
}

static inline enum refusal hall_prove(struct hall *hall, uint8_t who, const char *account,
                                      enum proof_kind kind) {
    struct command command = {.kind = COMMAND_PROOF};
    memset(command.as.proof.card, who, CARD_KEY_BYTES);
    (void)snprintf(command.as.proof.account, sizeof command.as.proof.account, "%s", account);
    command.as.proof.proof.kind = kind;
    command.as.proof.proof.minute = (uint32_t)(hall->now / 60000);
    command.as.proof.proof.actor = memory_text("https://example.social/users/anna");
    return hall_do(hall, command);
}

static inline json_t *hall_people(const struct hall *hall, enum view view) {
    struct buffer body = buffer_make(LIMIT_SNAPSHOT_BYTES);
    encode_people(&body, hall->event, view);
    json_t *people = people_read(&body);
    buffer_clear(&body);
    return people;
}

static inline json_t *hall_question(const struct hall *hall, uint32_t number, enum view view) {
    struct buffer out = buffer_make(LIMIT_MESSAGE_BYTES);
    encode_question(&out, hall->event, event_question(hall->event, number), view);
    json_t *question = json_loadb((const char *)out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(question);
    buffer_clear(&out);
    return question;
}

#endif
