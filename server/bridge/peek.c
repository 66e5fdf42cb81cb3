#include "bridge/peek.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "bridge/core.h"

static void card_copy(struct peek *peek, const struct event *event) {
    const struct card *card = event_card(event, peek->card);
    if (card == NULL || card->hidden) {
        return;
    }
    peek->card_known = true;
    peek->web = memory_text(card->web == NULL ? "" : card->web);
    peek->listed = peek->account[0] == '\0' && peek->web[0] != '\0';
    for (uint8_t at = 0; at < card->account_count; at++) {
        peek->listed = peek->listed || strcmp(card->accounts[at].name, peek->account) == 0;
    }
}

static void question_copy(struct peek *peek, const struct event *event) {
    const struct question *question = event_question(event, peek->number);
    const struct claim *claim = event_claim(event, peek->number);
    if (question == NULL || claim == NULL || !question_shown(question, VIEW_PUBLIC) ||
        memcmp(claim->card, peek->card, CARD_KEY_BYTES) != 0) {
        return;
    }
    peek->claimed = true;
    memcpy(peek->key, question->key, sizeof peek->key);
    peek->minute = question->minute;
    peek->text = memory_text(question->text);
    peek->warning = question->warning == NULL ? NULL : memory_text(question->warning);
}

/* ---- who may stand on lists */

/* Who the card is on the AT Protocol, proved; NULL: nobody. */
static const char *card_did(const struct card *card) {
    for (uint8_t at = 0; at < card->account_count; at++) {
        const struct proof *proof = &card->accounts[at].proof;
        if (proof->kind != PROOF_NONE && proof->actor != NULL &&
            strncmp(proof->actor, "did:", 4) == 0) {
            return proof->actor;
        }
    }
    return NULL;
}

static void people_copy(struct peek *peek, const struct event *event) {
    uint32_t *talks = memory_new((event->card_count + 1) * sizeof *talks);
    for (uint32_t at = event->claim_count; at-- > 0;) { /* the first one is written last */
        const struct claim *claim = &event->claims[at];
        uint32_t place = event_card_place(event, claim->card);
        const struct question *question = event_question(event, claim->number);
        if (question != NULL && question_card(event, claim->number) != NULL) {
            talks[place] = question->talk;
        }
    }
    peek->people = memory_new((event->card_count + 1) * sizeof *peek->people);
    for (uint32_t at = 0; at < event->card_count; at++) {
        const struct card *card = event->cards[at];
        const char *did = card_public(card) && card->lists ? card_did(card) : NULL;
        if (did != NULL) {
            peek->people[peek->person_count++] =
                (struct peek_person){.did = memory_text(did), .talk = talks[at]};
        }
    }
    free(talks);
    peek->talks = memory_new((event->talk_count + 1) * sizeof *peek->talks);
    for (uint32_t at = 0; at < event->talk_count; at++) {
        peek->talks[peek->talk_count++] = (struct peek_talk){
            .id = event->talks[at].id, .title = memory_text(event->talks[at].title)};
    }
}

/* ---- on the journal's thread */

static void peek_read(const struct event *event, bool known, void *context) {
    struct peek *peek = context;
    (void)known;
    peek->known = event != NULL;
    if (event != NULL) {
        memcpy(peek->slug, event->slug, sizeof peek->slug);
        peek->settings = event->settings;
        if (peek->kind == COMMAND_TAKE_HOME) {
            people_copy(peek, event);
        } else {
            card_copy(peek, event);
            question_copy(peek, event);
        }
    }
    INVARIANT(queue_push(&peek->bridge->peeks, &peek->node));
}

void peek_ask(struct bridge *bridge, uint64_t errand, const struct command *command) {
    struct peek *peek = memory_new(sizeof *peek);
    peek->bridge = bridge;
    peek->errand = errand;
    peek->kind = command->kind;
    memcpy(peek->event, command->event, sizeof peek->event);
    if (command->kind != COMMAND_TAKE_HOME) {
        memcpy(peek->card, command->as.own.card, sizeof peek->card);
        memcpy(peek->account, command->as.own.account, sizeof peek->account);
        peek->number = command->as.own.number;
    }
    journal_read(bridge->journal, peek->event, peek_read, peek);
}

void peek_free(struct peek *peek) {
    if (peek == NULL) {
        return;
    }
    for (uint32_t at = 0; at < peek->person_count; at++) {
        free(peek->people[at].did);
    }
    for (uint32_t at = 0; at < peek->talk_count; at++) {
        free(peek->talks[at].title);
    }
    free(peek->people);
    free(peek->talks);
    free(peek->web);
    free(peek->text);
    free(peek->warning);
    free(peek);
}
