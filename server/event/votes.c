#include <string.h>

#include "event/rules.h"

static void change_ballot(struct changes *changes, enum change_kind kind,
                          const uint8_t ballot[BALLOT_BYTES]) {
    struct change change = {.kind = kind};
    memcpy(change.as.ballot, ballot, BALLOT_BYTES);
    changes_add(changes, change);
}

/* OK when votes on this question may come and go now. */
static enum refusal vote_check(const struct event *event, const struct command *command,
                               const struct question *question) {
    if (question == NULL) {
        return question_missing(event, command->as.vote.number);
    }
    if (!question_shown(question, VIEW_PUBLIC)) {
        return REFUSAL_UNKNOWN;
    }
    if (question->state == STATE_ANSWERED || event->closed || event_over(event, command->now) ||
        !talk_at(event, question->talk)->open) {
        return REFUSAL_CLOSED;
    }
    return REFUSAL_OK;
}

enum refusal rule_vote(struct event *event, struct command *command, struct changes *changes) {
    if (table_get(&event->ballots, command->as.vote.ballot) != NULL) {
        return REFUSAL_OK;
    }
    struct question *question = question_at(event, command->as.vote.number);
    enum refusal refusal = vote_check(event, command, question);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    if (event->ballots.count >= LIMIT_EVENT_BALLOTS) {
        return REFUSAL_FULL;
    }
    set_add(&event->ballots, command->as.vote.ballot);
    question->votes++;
    change_ballot(changes, CHANGE_BALLOT, command->as.vote.ballot);
    change_number(changes, CHANGE_VOTES, question->number);
    return REFUSAL_OK;
}

enum refusal rule_unvote(struct event *event, struct command *command, struct changes *changes) {
    uint32_t number = command->as.vote.number;
    if (number == 0 || number >= event->next_number) {
        return REFUSAL_UNKNOWN;
    }
    if (table_get(&event->ballots, command->as.vote.ballot) == NULL) {
        return REFUSAL_OK;
    }
    struct question *question = question_at(event, number);
    enum refusal refusal = vote_check(event, command, question);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    table_remove(&event->ballots, command->as.vote.ballot);
    change_ballot(changes, CHANGE_BALLOT_GONE, command->as.vote.ballot);
    if (question->votes > 0) { /* ballots name no question: a damaged file must not stop us here */
        question->votes--;
        change_number(changes, CHANGE_VOTES, number);
    }
    return REFUSAL_OK;
}
