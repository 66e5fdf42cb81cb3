#include "event/change.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

void changes_add(struct changes *changes, struct change change) {
    if (changes->count == changes->room) {
        changes->room = changes->room == 0 ? 8 : changes->room * 2;
        changes->items = memory_resize(changes->items, changes->room, sizeof *changes->items);
    }
    changes->items[changes->count++] = change;
}

void changes_clear(struct changes *changes) {
    free(changes->items);
    *changes = (struct changes){0};
}

void change_number(struct changes *changes, enum change_kind kind, uint32_t number) {
    changes_add(changes, (struct change){.kind = kind, .number = number});
}

void change_key(struct changes *changes, enum change_kind kind, uint32_t number,
                const uint8_t key[QUESTION_KEY_BYTES]) {
    struct change change = {.kind = kind, .number = number};
    memcpy(change.as.key, key, QUESTION_KEY_BYTES);
    changes_add(changes, change);
}

bool question_shown(const struct question *question, enum view view) {
    return view == VIEW_STAFF || question->state == STATE_LISTED ||
           question->state == STATE_ANSWERING || question->state == STATE_ANSWERED;
}

bool change_visible(const struct event *event, const struct change *change, enum view view) {
    const struct question *question;
    const struct card *card;

    switch (change->kind) {
    case CHANGE_CREATED:
    case CHANGE_SETTINGS:
    case CHANGE_TALK:
    case CHANGE_TALKS:
    case CHANGE_ORDER:
    case CHANGE_ACCOUNT:
    case CHANGE_CARD_GONE:
    case CHANGE_WIPED:
        return true;
    case CHANGE_QUESTION: /* who may not read it sees a stub */
        return event_question(event, change->number) != NULL;
    case CHANGE_VOTES:
    case CHANGE_BY_LINE:
        question = event_question(event, change->number);
        return question != NULL && question_shown(question, view);
    case CHANGE_GONE:
        return change->number != 0;
    case CHANGE_CARD:
        card = event_card(event, change->as.key);
        return card != NULL && (view == VIEW_STAFF || card_public(card));
    case CHANGE_CARD_STAFF:
        return view == VIEW_STAFF && event_card(event, change->as.key) != NULL;
    case CHANGE_OUTGOING:
        question = event_question(event, change->number);
        return view == VIEW_STAFF ||
               (change->as.outgoing.seen && question != NULL && question_shown(question, view));
    case CHANGE_EXPOSURE:
    case CHANGE_HELD:
    case CHANGE_HELD_GONE:
    case CHANGE_BALLOT:
    case CHANGE_BALLOT_GONE:
    case CHANGE_BALLOTS_DESTROYED:
    case CHANGE_ROLE:
    case CHANGE_PRESENCE:
    case CHANGE_CARD_KEPT:
    case CHANGE_CLAIM:
    case CHANGE_INTEREST:
    case CHANGE_TICKET:
    case CHANGE_DELETED:
        return false;
    }
    INVARIANT(false);
}
