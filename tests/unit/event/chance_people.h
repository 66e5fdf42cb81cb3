/* Random commands about cards, claims, interests, proofs and tickets. */
#ifndef RAUTE_TESTS_EVENT_CHANCE_PEOPLE_H
#define RAUTE_TESTS_EVENT_CHANCE_PEOPLE_H

#include "chance_posts.h"
#include "people_kit.h"

#define CHANCE_CARDS   6
#define CHANCE_ACCOUNT 3
#define CHANCE_TICKETS 12

static const char *const CHANCE_NAMES[] = {"Anna", "\xd0\x90nna", "Bill", "a@x.example"};
static const char *const CHANCE_CARD_ACCOUNTS[CHANCE_ACCOUNT] = {"a@x.example", "b@x.example",
                                                                 "c.example"};

/* A revision, mostly the one that follows. */
static inline uint32_t chance_rev(struct chance *chance, uint32_t stored) {
    return chance_percent(chance, 85) ? stored + 1 : chance_below(chance, stored + 3);
}

static inline struct command chance_card(struct chance *chance, const struct event *event) {
    struct command command = {.kind = COMMAND_CARD};
    struct card *card = card_new(chance_below(chance, CHANCE_CARDS));
    const struct card *there = event_card(event, card->key);
    free(card->accounts[0].name);
    card->account_count = 0;
    for (uint32_t i = 0; i < CHANCE_ACCOUNT; i++) {
        if (chance_percent(chance, 50)) {
            account_add(card, CHANCE_CARD_ACCOUNTS[i]);
        }
    }
    card->rev = chance_rev(chance, there == NULL ? 0 : there->rev);
    card->shown = chance_percent(chance, 80);
    card->lists = chance_percent(chance, 50);
    text_replace(&card->name, CHANCE_NAMES[chance_below(chance, 4)]);
    command.as.card.card = card;
    return command;
}

static inline struct command chance_card_key(struct chance *chance, const struct event *event) {
    struct command command = {.kind = COMMAND_CARD_HIDE};
    card_key(command.as.card_key.key, chance_below(chance, CHANCE_CARDS));
    command.as.card_key.on = chance_percent(chance, 40);
    if (chance_percent(chance, 20)) {
        const struct card *there = event_card(event, command.as.card_key.key);
        command.kind = COMMAND_CARD_DELETE;
        command.as.card_key.rev = chance_rev(chance, there == NULL ? 0 : there->rev);
    }
    return command;
}

/* Mostly of a question that is there, by the card that has it. */
static inline struct command chance_claim(struct chance *chance, const struct event *event,
                                          enum command_kind kind) {
    uint32_t q = chance_below(chance, CHANCE_KEYS), n = chance_below(chance, CHANCE_CARDS);
    const struct question *question = event_question(event, chance_number(chance, event));
    if (question != NULL) {
        q = question->key[3];
    }
    uint32_t stored = question != NULL ? question->rev : 0;
    const struct held *held = question == NULL ? NULL : event_held(event, question->key);
    const struct claim *claim = question == NULL ? NULL : event_claim(event, question->number);
    if (claim != NULL && chance_percent(chance, 70)) {
        n = claim->card[3];
    }
    const char *text = question == NULL || chance_percent(chance, 5) ? "?" : question->text;
    struct command command =
        claim_command(kind, q, n, chance_rev(chance, held != NULL ? held->rev : stored), text);
    if (claim != NULL && chance_percent(chance, 10)) { /* sent again */
        command.as.claim.claim = *claim;
    }
    return command;
}

static inline struct command chance_interest(struct chance *chance, const struct event *event) {
    struct command command = {.kind = COMMAND_INTEREST};
    command.as.interest.number = chance_number(chance, event);
    if (event->question_count > 0 && chance_percent(chance, 60)) { /* a crowd */
        command.as.interest.number = event->questions[0]->number;
    }
    card_key(command.as.interest.card, chance_below(chance, CHANCE_CARDS));
    command.as.interest.scope = (enum interest_scope)chance_below(chance, INTEREST_COUNT);
    command.as.interest.minute = chance_below(chance, 9);
    return command;
}

static inline struct command chance_proof(struct chance *chance, const struct event *event,
                                          int64_t now) {
    enum proof_kind kind = (enum proof_kind)(1 + chance_below(chance, PROOF_KIND_COUNT - 1));
    const char *account = CHANCE_CARD_ACCOUNTS[chance_below(chance, CHANCE_ACCOUNT)];
    bool page = kind == PROOF_LINK && chance_percent(chance, 30);
    bool lost = chance_percent(chance, 30);
    struct command command =
        proof_command(lost ? COMMAND_PROOF_LOST : COMMAND_PROOF, chance_below(chance, CHANCE_CARDS),
                      page ? "" : account, kind, kind == PROOF_LOGIN ? NULL : "https://x.example/");
    /* at times hours ago, so that it is due soon */
    uint32_t ago = chance_percent(chance, 50) ? 0 : 1430 + chance_below(chance, 20);
    command.as.proof.proof.minute = (uint32_t)(now / MINUTE) - ago;
    if (kind == PROOF_POST && event->claim_count > 0) {
        const struct claim *claim = &event->claims[chance_below(chance, event->claim_count)];
        command.as.proof.proof.number = claim->number;
        memcpy(command.as.proof.card, claim->card, CARD_KEY_BYTES);
    }
    return command;
}

static inline struct command chance_ticket(struct chance *chance) {
    struct command command = {.kind = COMMAND_PASS};
    uint32_t first = chance_below(chance, CHANCE_TICKETS);
    if (chance_percent(chance, 50)) {
        ticket_hash_of(command.as.pass.hash, first);
        memset(command.as.pass.request, (int)(1 + chance_below(chance, 2)), TICKET_HASH_BYTES);
        command.as.pass.count = 2;
        return command;
    }
    command.kind = COMMAND_TICKETS;
    command.as.tickets.hashes = memory_new(3 * sizeof *command.as.tickets.hashes);
    command.as.tickets.count = first + 1 < CHANCE_TICKETS ? 2 : 1;
    command.as.tickets.seats = 2;
    for (uint32_t i = 0; i < command.as.tickets.count; i++) {
        ticket_hash_of(command.as.tickets.hashes[i], first + i);
    }
    return command;
}

static inline struct command chance_people(struct chance *chance, const struct event *event,
                                           int64_t now) {
    uint32_t draw = chance_below(chance, 100);
    if (draw < 28) {
        return chance_card(chance, event);
    }
    if (draw < 38) {
        return chance_card_key(chance, event);
    }
    if (draw < 58) {
        return chance_claim(chance, event, COMMAND_CLAIM);
    }
    if (draw < 65) {
        return chance_claim(chance, event, COMMAND_UNCLAIM);
    }
    if (draw < 85) {
        return chance_interest(chance, event);
    }
    if (draw < 95) {
        return chance_proof(chance, event, now);
    }
    return chance_ticket(chance);
}

/* Any command. */
static inline struct command chance_any(struct chance *chance, const struct event *event,
                                        int64_t now) {
    uint32_t draw = chance_below(chance, 100);
    return draw < 25   ? chance_people(chance, event, now)
           : draw < 50 ? chance_posts(chance, event, now)
                       : chance_command(chance, event, now);
}

#endif
