/* What the tests of the event's rules share: commands in a line each, and an event that is applied
 * twice and looked through after each of them. */
#ifndef RAUTE_TESTS_EVENT_KIT_H
#define RAUTE_TESTS_EVENT_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/encode.h"
#include "base/memory.h"
#include "base/random.h"
#include "dump.h"
#include "event/event.h"

#define NOW_MINUTE UINT32_C(29000000)
#define NOW        (INT64_C(60000) * NOW_MINUTE)
#define SECOND     INT64_C(1000)
#define MINUTE     INT64_C(60000)
#define DAY        (INT64_C(1440) * MINUTE)

static const uint8_t EVENT_ID[EVENT_ID_BYTES] = "an event, 16 by";

/* The event under test, and a twin that gets the same commands. */
struct kit {
    struct event *event, *twin;
    struct changes changes; /* of the last command */
    uint32_t result;
    enum command_kind kind; /* of the last command */
    int64_t now;
    bool quick; /* no twin, no dumps: for tests of large numbers */
};

static inline struct settings kit_settings(void) {
    struct settings settings = settings_default(NOW_MINUTE);
    strncpy(settings.title, "Netzwerken", sizeof settings.title - 1);
    strncpy(settings.hashtags[0], "NetzwerkenHRO", sizeof settings.hashtags[0] - 1);
    settings.hashtag_count = 1;
    return settings;
}

static inline void *kit_copy(const void *bytes, size_t count) {
    void *copy = memory_new(count);
    memcpy(copy, bytes, count);
    return copy;
}

/* ---- applying */

static inline struct account *kit_account_copy(const struct account *account) {
    struct account *copy = kit_copy(account, sizeof *account);
    copy->secret =
        account->secret == NULL ? NULL : kit_copy(account->secret, account->secret_bytes);
    copy->avatar =
        account->avatar == NULL ? NULL : kit_copy(account->avatar, account->avatar_bytes);
    return copy;
}

static inline struct proof kit_proof_copy(const struct proof *proof) {
    struct proof copy = *proof;
    copy.actor = proof->actor == NULL ? NULL : memory_text(proof->actor);
    copy.source = proof->source == NULL ? NULL : memory_text(proof->source);
    return copy;
}

static inline struct card *kit_card_copy(const struct card *card) {
    struct card *copy = kit_copy(card, sizeof *card);
    copy->name = memory_text(card->name);
    copy->line = memory_text(card->line);
    copy->web = memory_text(card->web);
    for (uint8_t i = 0; i < card->account_count; i++) {
        copy->accounts[i].name = memory_text(card->accounts[i].name);
        copy->accounts[i].proof = kit_proof_copy(&card->accounts[i].proof);
    }
    copy->web_proof = kit_proof_copy(&card->web_proof);
    return copy;
}

/* Imports cannot be copied: they are tried on quick kits. */
static inline struct command kit_command_copy(const struct command *command) {
    struct command copy = *command;
    if (command->text != NULL) {
        copy.text = memory_text(command->text);
    }
    if (command->kind == COMMAND_CREATE) {
        copy.as.create.settings =
            kit_copy(command->as.create.settings, sizeof *command->as.create.settings);
    } else if (command->kind == COMMAND_SETTINGS) {
        copy.as.settings.settings =
            kit_copy(command->as.settings.settings, sizeof *command->as.settings.settings);
    } else if (command->kind == COMMAND_TALK_ORDER) {
        copy.as.talk.order =
            kit_copy(command->as.talk.order, (command->as.talk.order_count + 1) * sizeof(uint32_t));
    } else if (command->kind == COMMAND_ACCOUNT_PUT) {
        copy.as.account.account = kit_account_copy(command->as.account.account);
    } else if (command->kind == COMMAND_CARD) {
        copy.as.card.card = kit_card_copy(command->as.card.card);
    } else if (command->kind == COMMAND_TICKETS) {
        copy.as.tickets.hashes =
            kit_copy(command->as.tickets.hashes,
                     (command->as.tickets.count + 1) * sizeof *command->as.tickets.hashes);
    } else if (command->kind == COMMAND_PROOF || command->kind == COMMAND_PROOF_LOST) {
        copy.as.proof.proof = kit_proof_copy(&command->as.proof.proof);
    }
    return copy;
}

static inline void kit_assert_same(char *a, char *b) {
    assert_string_equal(a, b);
    free(a);
    free(b);
}

static inline void kit_apply_twin(struct kit *kit, struct command *command, enum refusal expected) {
    struct changes changes = {0};
    uint32_t result;
    assert_int_equal(event_apply(kit->twin, command, &changes, &result), expected);
    assert_int_equal(result, kit->result);
    kit_assert_same(kit_dump_changes(&kit->changes), kit_dump_changes(&changes));
    kit_assert_same(kit_dump(kit->event, true), kit_dump(kit->twin, true));
    changes_clear(&changes);
    command_clear(command);
}

/* Takes the command. Refused commands must change nothing, accepted ones leave a sound event. */
static inline enum refusal kit_apply(struct kit *kit, struct command command) {
    memcpy(command.event, EVENT_ID, EVENT_ID_BYTES);
    command.now = kit->now;
    kit->kind = command.kind;
    changes_clear(&kit->changes);
    if (kit->quick) {
        enum refusal quick = event_apply(kit->event, &command, &kit->changes, &kit->result);
        command_clear(&command);
        return quick;
    }
    struct command copy = kit_command_copy(&command);
    char *before = kit_dump(kit->event, true);
    enum refusal refusal = event_apply(kit->event, &command, &kit->changes, &kit->result);
    command_clear(&command);
    assert_null(command.text);
    if (refusal == REFUSAL_OK) {
        assert_true(event_check(kit->event));
    } else {
        kit_assert_same(memory_text(before), kit_dump(kit->event, true));
        assert_int_equal(kit->changes.count, 0);
    }
    free(before);
    kit_apply_twin(kit, &copy, refusal);
    return refusal;
}

static inline struct command kit_create(const struct settings *settings, const char *slug) {
    struct command command = {.kind = COMMAND_CREATE};
    command.as.create.settings = kit_copy(settings, sizeof *settings);
    strncpy(command.as.create.slug, slug, sizeof command.as.create.slug - 1);
    memset(command.as.create.role_hash, 7, sizeof command.as.create.role_hash);
    return command;
}

static inline struct kit kit_empty(void) {
    random_start();
    return (struct kit){.event = event_new(EVENT_ID), .twin = event_new(EVENT_ID), .now = NOW};
}

static inline struct kit kit_new(const struct settings *settings) {
    struct kit kit = kit_empty();
    assert_int_equal(kit_apply(&kit, kit_create(settings, "hro")), REFUSAL_OK);
    return kit;
}

static inline void kit_free(struct kit *kit) {
    event_free(kit->event);
    event_free(kit->twin);
    changes_clear(&kit->changes);
}

/* How many changes of this kind the last command made. */
static inline size_t kit_count(const struct kit *kit, enum change_kind kind) {
    size_t count = 0;
    for (size_t i = 0; i < kit->changes.count; i++) {
        count += kit->changes.items[i].kind == kind;
    }
    return count;
}

static inline bool kit_changed(const struct kit *kit, enum change_kind kind, uint32_t number) {
    for (size_t i = 0; i < kit->changes.count; i++) {
        if (kit->changes.items[i].kind == kind && kit->changes.items[i].number == number) {
            return true;
        }
    }
    return false;
}

/* ---- commands */

static inline void kit_key(uint8_t key[QUESTION_KEY_BYTES], uint32_t n) {
    memset(key, 0xa5, QUESTION_KEY_BYTES);
    for (int i = 0; i < 4; i++) {
        key[i] = (uint8_t)(n >> (24 - 8 * i));
    }
}

static inline void kit_ballot(uint8_t ballot[BALLOT_BYTES], uint32_t member, uint32_t number) {
    memset(ballot, 0, BALLOT_BYTES);
    memcpy(ballot, &member, sizeof member);
    memcpy(ballot + 8, &number, sizeof number);
}

static inline struct command kit_text(enum command_kind kind, const char *text) {
    return (struct command){.kind = kind, .text = text == NULL ? NULL : memory_text(text)};
}

static inline enum refusal ask_in(struct kit *kit, uint32_t talk, uint32_t n, const char *text) {
    struct command command = kit_text(COMMAND_ASK, text);
    command.as.question.talk = talk;
    kit_key(command.as.question.key, n);
    memset(command.as.question.salt, (int)(n & 0xff), QUESTION_SALT_BYTES);
    return kit_apply(kit, command);
}

static inline enum refusal ask(struct kit *kit, uint32_t n) {
    char text[32];
    snprintf(text, sizeof text, "Question %u?", n);
    return ask_in(kit, 1, n, text);
}

static inline enum refusal edit(struct kit *kit, uint32_t n, uint32_t rev, const char *text) {
    struct command command = kit_text(COMMAND_EDIT, text);
    command.as.question.rev = rev;
    kit_key(command.as.question.key, n);
    return kit_apply(kit, command);
}

static inline enum refusal withdraw(struct kit *kit, uint32_t n, uint32_t rev) {
    struct command command = {.kind = COMMAND_WITHDRAW};
    command.as.question.rev = rev;
    kit_key(command.as.question.key, n);
    return kit_apply(kit, command);
}

static inline enum refusal vote_as(struct kit *kit, enum command_kind kind, uint32_t member,
                                   uint32_t number) {
    struct command command = {.kind = kind};
    command.as.vote.number = number;
    kit_ballot(command.as.vote.ballot, member, number);
    return kit_apply(kit, command);
}

static inline enum refusal vote(struct kit *kit, uint32_t member, uint32_t number) {
    return vote_as(kit, COMMAND_VOTE, member, number);
}

static inline enum refusal unvote(struct kit *kit, uint32_t member, uint32_t number) {
    return vote_as(kit, COMMAND_UNVOTE, member, number);
}

static inline enum refusal move_with(struct kit *kit, uint32_t number, enum question_state from,
                                     enum question_state to, enum decline_reason reason,
                                     const char *answer) {
    struct command command = kit_text(COMMAND_MOVE, answer);
    command.as.move.number = number;
    command.as.move.from = from;
    command.as.move.to = to;
    command.as.move.reason = reason;
    return kit_apply(kit, command);
}

static inline enum refusal move(struct kit *kit, uint32_t number, enum question_state from,
                                enum question_state to) {
    return move_with(kit, number, from, to, to == STATE_DECLINED ? REASON_OTHER : REASON_NONE,
                     NULL);
}

static inline enum refusal pin(struct kit *kit, uint32_t number, bool on) {
    struct command command = {.kind = COMMAND_PIN};
    command.as.pin.number = number;
    command.as.pin.on = on;
    return kit_apply(kit, command);
}

static inline enum refusal talk_add(struct kit *kit, const char *title) {
    return kit_apply(kit, kit_text(COMMAND_TALK_ADD, title));
}

static inline enum refusal talk_open(struct kit *kit, uint32_t talk, bool open) {
    struct command command = {.kind = COMMAND_TALK_OPEN};
    command.as.talk.talk = talk;
    command.as.talk.open = open;
    return kit_apply(kit, command);
}

static inline enum refusal change_settings(struct kit *kit, uint32_t mask,
                                           const struct settings *settings) {
    struct command command = {.kind = COMMAND_SETTINGS};
    command.as.settings.mask = mask;
    command.as.settings.settings = kit_copy(settings, sizeof *settings);
    return kit_apply(kit, command);
}

static inline enum refusal present(struct kit *kit, uint32_t members) {
    struct command command = {.kind = COMMAND_PRESENCE};
    command.as.presence.members = members;
    return kit_apply(kit, command);
}

static inline enum refusal plain(struct kit *kit, enum command_kind kind) {
    return kit_apply(kit, (struct command){.kind = kind});
}

/* A tick at `now`, whose random bytes are all `seed`. */
static inline void tick_at(struct kit *kit, int64_t now, uint8_t seed) {
    struct command command = {.kind = COMMAND_TICK};
    memset(command.as.tick.random, seed, sizeof command.as.tick.random);
    kit->now = now;
    assert_int_equal(kit_apply(kit, command), REFUSAL_OK);
}

/* The tick that the event waits for. */
static inline void tick_due(struct kit *kit) {
    int64_t due = event_due(kit->event);
    assert_true(due != INT64_MAX);
    tick_at(kit, due > kit->now ? due : kit->now, 1);
}

/* Asks `count` questions, keys first, first + 1 …, one release each, so that numbers are known. */
static inline void ask_released(struct kit *kit, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(ask(kit, first + i), REFUSAL_OK);
        tick_due(kit);
        assert_int_equal(kit->event->held_count, 0);
    }
}

/* Compares a talk's order with numbers in a text: "3 1 2". */
static inline void assert_order(const struct kit *kit, uint32_t talk, const char *expected) {
    const struct talk *found = event_talk(kit->event, talk);
    struct buffer out = buffer_make(65536);
    buffer_text(&out, "");
    for (uint32_t i = 0; i < found->order_count; i++) {
        buffer_format(&out, i == 0 ? "%u" : " %u", found->order[i]);
    }
    assert_string_equal(out.data == NULL ? "" : (const char *)out.data, expected);
    buffer_clear(&out);
}

#endif
