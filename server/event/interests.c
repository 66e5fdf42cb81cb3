/* "This interests me, too": who may see each other because of one question. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

/* Where the interest stands, or would stand. */
static uint32_t interest_place(const struct event *event, uint32_t number,
                               const uint8_t card[CARD_KEY_BYTES]) {
    uint32_t low = 0, high = event->interest_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct interest *row = &event->interests[middle];
        bool before = row->number != number ? row->number < number
                                            : memcmp(row->card, card, CARD_KEY_BYTES) < 0;
        if (before) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct interest *interest_at(const struct event *event, uint32_t number,
                                    const uint8_t card[CARD_KEY_BYTES]) {
    uint32_t place = interest_place(event, number, card);
    if (place == event->interest_count) {
        return NULL;
    }
    struct interest *row = &event->interests[place];
    return row->number == number && card_same_key(row->card, card) ? row : NULL;
}

const struct interest *event_interest(const struct event *event, uint32_t number,
                                      const uint8_t card[CARD_KEY_BYTES]) {
    return interest_at(event, number, card);
}

uint32_t event_interests(const struct event *event, uint32_t number, uint32_t *first) {
    static const uint8_t lowest[CARD_KEY_BYTES];
    *first = interest_place(event, number, lowest);
    uint32_t past = *first;
    while (past < event->interest_count && event->interests[past].number == number) {
        past++;
    }
    return past - *first;
}

void event_restore_interest(struct event *event, const struct interest *interest) {
    if (event->interest_count == event->interest_room) {
        event->interest_room = event->interest_room == 0 ? 8 : event->interest_room * 2;
        event->interests =
            memory_resize(event->interests, event->interest_room, sizeof *event->interests);
    }
    event->interests[event->interest_count++] = *interest;
}

static void interest_insert(struct event *event, const struct interest *interest) {
    uint32_t place = interest_place(event, interest->number, interest->card);
    event_restore_interest(event, interest);
    memmove(&event->interests[place + 1], &event->interests[place],
            (event->interest_count - 1 - place) * sizeof *event->interests);
    event->interests[place] = *interest;
}

static void interest_remove(struct event *event, struct interest *interest) {
    uint32_t place = (uint32_t)(interest - event->interests);
    INVARIANT(place < event->interest_count);
    event->interest_count--;
    memmove(interest, interest + 1, (event->interest_count - place) * sizeof *interest);
}

/* One interest came or went: people are told when it is counted now, or was before. */
static void count_tell(const struct event *event, uint32_t number, bool went,
                       struct changes *changes) {
    uint32_t first, count = event_interests(event, number, &first);
    if (count + went >= INTEREST_CROWD) {
        change_number(changes, CHANGE_BY_LINE, number);
    }
}

void interests_leave(struct event *event, uint32_t number, struct changes *changes) {
    uint32_t first, count = event_interests(event, number, &first), past = first + count;
    for (uint32_t i = first; i < past; i++) {
        change_key(changes, CHANGE_INTEREST, number, event->interests[i].card);
    }
    if (count > 0) {
        memmove(&event->interests[first], &event->interests[past],
                (event->interest_count - past) * sizeof *event->interests);
        event->interest_count -= count;
    }
}

void interests_end(struct event *event, const uint8_t card[CARD_KEY_BYTES],
                   struct changes *changes) {
    size_t from = changes->count;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < event->interest_count; i++) {
        if (card_same_key(event->interests[i].card, card)) {
            change_key(changes, CHANGE_INTEREST, event->interests[i].number, card);
        } else {
            event->interests[kept++] = event->interests[i];
        }
    }
    event->interest_count = kept;
    for (size_t i = from, past = changes->count; i < past; i++) {
        count_tell(event, changes->items[i].number, true, changes);
    }
}

static bool interests_room(const struct event *event, const uint8_t card[CARD_KEY_BYTES]) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < event->interest_count; i++) {
        count += card_same_key(event->interests[i].card, card);
    }
    return event->interest_count < LIMIT_EVENT_INTERESTS && count < LIMIT_CARD_INTERESTS;
}

/* Whether a new interest, or another scope, may be. */
static enum refusal interest_check(const struct event *event, const struct interest *wish,
                                   bool there) {
    if (key_forgotten(event, wish->card)) {
        return REFUSAL_GONE;
    }
    const struct question *question = event_question(event, wish->number);
    if (question == NULL) {
        return question_missing(event, wish->number);
    }
    if (!question_shown(question, VIEW_PUBLIC) || card_at(event, wish->card) == NULL) {
        return REFUSAL_UNKNOWN;
    }
    return there || interests_room(event, wish->card) ? REFUSAL_OK : REFUSAL_FULL;
}

enum refusal rule_interest(struct event *event, struct command *command, struct changes *changes) {
    const struct interest *wish = &command->as.interest;
    if ((unsigned)wish->scope >= INTEREST_COUNT) {
        return REFUSAL_BAD_VALUE;
    }
    struct interest *there = interest_at(event, wish->number, wish->card);
    if ((there != NULL ? there->scope : INTEREST_OFF) == wish->scope) {
        return REFUSAL_OK;
    }
    bool off = wish->scope == INTEREST_OFF;
    enum refusal refusal = off ? REFUSAL_OK : interest_check(event, wish, there != NULL);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    change_key(changes, CHANGE_INTEREST, wish->number, wish->card);
    if (there != NULL && !off) {
        *there = *wish; /* nobody is counted anew */
        return REFUSAL_OK;
    }
    if (off) {
        interest_remove(event, there);
    } else {
        interest_insert(event, wish);
    }
    count_tell(event, wish->number, off, changes);
    return REFUSAL_OK;
}
