#include "event/event.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

struct event *event_new(const uint8_t id[EVENT_ID_BYTES]) {
    struct event *event = memory_new(sizeof *event);
    memcpy(event->id, id, EVENT_ID_BYTES);
    event->next_number = 1;
    event->next_talk = 1;
    event->next_account = 1;
    event->by_key = table_make(QUESTION_KEY_BYTES);
    event->ballots = table_make(BALLOT_BYTES);
    event->forgotten = table_make(FORGOTTEN_BYTES);
    return event;
}

void question_free(struct question *question) {
    free(question->text);
    free(question->answer);
    free(question->warning);
    free(question);
}

void event_free(struct event *event) {
    if (event == NULL) {
        return;
    }
    for (uint32_t i = 0; i < event->question_count; i++) {
        question_free(event->questions[i]);
    }
    for (uint32_t i = 0; i < event->held_count; i++) {
        free(event->held[i].text);
    }
    for (uint32_t i = 0; i < event->talk_count; i++) {
        free(event->talks[i].order);
    }
    for (uint32_t i = 0; i < event->account_count; i++) {
        account_free(event->accounts[i]);
    }
    for (uint32_t i = 0; i < event->card_count; i++) {
        card_free(event->cards[i]);
    }
    free(event->cards);
    free(event->claims);
    free(event->interests);
    free(event->tickets);
    free(event->looks);
    free(event->accounts);
    free(event->outgoing);
    free(event->questions);
    free(event->held);
    free(event->talks);
    table_clear(&event->by_key);
    table_clear(&event->ballots);
    table_clear(&event->forgotten);
    free(event);
}

/* Numbers ascend and few are missing: the first and the last one say where a number must be, but
 * for the gaps. */
struct question *question_at(const struct event *event, uint32_t number) {
    uint32_t count = event->question_count;
    if (count == 0 || number < event->questions[0]->number ||
        number > event->questions[count - 1]->number) {
        return NULL;
    }
    uint32_t behind = event->questions[count - 1]->number - number;
    uint32_t before = number - event->questions[0]->number;
    uint32_t low = behind < count ? count - 1 - behind : 0;
    uint32_t high = before < count ? before : count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (event->questions[middle]->number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return event->questions[low]->number == number ? event->questions[low] : NULL;
}

enum refusal question_missing(const struct event *event, uint32_t number) {
    return number >= 1 && number < event->next_number ? REFUSAL_GONE : REFUSAL_UNKNOWN;
}

struct talk *talk_at(const struct event *event, uint32_t id) {
    for (uint32_t i = 0; i < event->talk_count; i++) {
        if (event->talks[i].id == id) {
            return &event->talks[i];
        }
    }
    return NULL;
}

const struct question *event_question(const struct event *event, uint32_t number) {
    return question_at(event, number);
}

const struct question *event_question_by_key(const struct event *event,
                                             const uint8_t key[QUESTION_KEY_BYTES]) {
    return table_get(&event->by_key, key);
}

const struct held *event_held(const struct event *event, const uint8_t key[QUESTION_KEY_BYTES]) {
    return held_at(event, key);
}

const struct talk *event_talk(const struct event *event, uint32_t id) {
    return talk_at(event, id);
}

bool event_over(const struct event *event, int64_t now) {
    return now >= (int64_t)event->settings.end * MINUTE_MS;
}

bool event_is_empty(const struct event *event) {
    return event->talk_count == 0;
}

void set_add(struct table *set, const void *key) {
    static char member; /* a table used as a set wants any value but NULL */
    table_set(set, key, &member);
}

void event_count(struct event *event, const struct changes *changes, size_t from) {
    for (size_t i = from; i < changes->count; i++) {
        for (int view = 0; view < VIEW_COUNT; view++) {
            if (change_visible(event, &changes->items[i], (enum view)view)) {
                event->seq[view]++;
            }
        }
    }
}

void event_tell_orders(struct event *event, struct changes *changes) {
    for (uint32_t i = 0; i < event->talk_count; i++) {
        if (event->talks[i].reordered) {
            event->talks[i].reordered = false;
            change_number(changes, CHANGE_ORDER, event->talks[i].id);
        }
    }
}

static enum refusal (*const RULES[])(struct event *, struct command *, struct changes *) = {
    [COMMAND_CREATE] = rule_create,
    [COMMAND_IMPORT] = rule_import,
    [COMMAND_SETTINGS] = rule_settings,
    [COMMAND_TALK_ADD] = rule_talk_add,
    [COMMAND_TALK_RENAME] = rule_talk_rename,
    [COMMAND_TALK_ORDER] = rule_talk_order,
    [COMMAND_TALK_OPEN] = rule_talk_open,
    [COMMAND_TALK_SELECT] = rule_talk_select,
    [COMMAND_ASK] = rule_ask,
    [COMMAND_EDIT] = rule_edit,
    [COMMAND_WITHDRAW] = rule_withdraw,
    [COMMAND_VOTE] = rule_vote,
    [COMMAND_UNVOTE] = rule_unvote,
    [COMMAND_MOVE] = rule_move,
    [COMMAND_PIN] = rule_pin,
    [COMMAND_DEGREE] = rule_degree,
    [COMMAND_APPROVE] = rule_approve,
    [COMMAND_OPEN] = rule_open,
    [COMMAND_WARN] = rule_warn,
    [COMMAND_POST_RETRY] = rule_post_retry,
    [COMMAND_POST_DROP] = rule_post_drop,
    [COMMAND_ACCOUNT_LEAVE] = rule_account_leave,
    [COMMAND_CARD] = rule_card,
    [COMMAND_CARD_DELETE] = rule_card_delete,
    [COMMAND_CARD_HIDE] = rule_card_hide,
    [COMMAND_CLAIM] = rule_claim,
    [COMMAND_UNCLAIM] = rule_unclaim,
    [COMMAND_INTEREST] = rule_interest,
    [COMMAND_TICKETS] = rule_tickets,
    [COMMAND_PASS] = rule_pass,
    [COMMAND_LINK] = rule_link,
    [COMMAND_WIPE] = rule_wipe,
    [COMMAND_DELETE] = rule_delete,
    [COMMAND_PRESENCE] = rule_presence,
    [COMMAND_TICK] = rule_tick,
    [COMMAND_ACCOUNT_PUT] = rule_account_put,
    [COMMAND_ACCOUNT_STATE] = rule_account_state,
    [COMMAND_POST_SENDING] = rule_post_sending,
    [COMMAND_POST_SENT] = rule_post_sent,
    [COMMAND_POST_FAILED] = rule_post_failed,
    [COMMAND_PROOF] = rule_proof,
    [COMMAND_PROOF_LOST] = rule_proof_lost,
};

/* True when the command did what posts' times hang on: votes need not look through them. */
static bool posts_moved(const struct changes *changes, size_t from) {
    for (size_t i = from; i < changes->count; i++) {
        enum change_kind kind = changes->items[i].kind;
        if (kind == CHANGE_OUTGOING || kind == CHANGE_ACCOUNT || kind == CHANGE_SETTINGS) {
            return true;
        }
    }
    return false;
}

enum refusal event_apply(struct event *event, struct command *command, struct changes *changes,
                         uint32_t *result) {
    INVARIANT((size_t)command->kind < sizeof RULES / sizeof RULES[0]);
    INVARIANT(memcmp(event->id, command->event, EVENT_ID_BYTES) == 0);
    INVARIANT(command->now >= 0);

    *result = 0;
    if (event->deleted && command->kind != COMMAND_DELETE) {
        return REFUSAL_GONE;
    }
    bool founding = command->kind == COMMAND_CREATE || command->kind == COMMAND_IMPORT;
    if (founding != event_is_empty(event)) {
        return founding ? REFUSAL_PRESENT : REFUSAL_UNKNOWN;
    }
    size_t before = changes->count;
    enum refusal refusal = RULES[command->kind](event, command, changes);
    if (refusal != REFUSAL_OK) {
        INVARIANT(changes->count == before);
        return refusal;
    }
    if (command->kind == COMMAND_TALK_ADD) {
        *result = command->as.talk.talk;
    } else if (command->kind == COMMAND_ACCOUNT_PUT) {
        *result = command->as.account.id;
    }
    event_tell_orders(event, changes);
    event_count(event, changes, before);
    event_plan(event, command->now);
    if (posts_moved(changes, before)) {
        posts_plan(event);
    }
    return REFUSAL_OK;
}
