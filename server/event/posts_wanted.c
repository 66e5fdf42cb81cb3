/* What of a question should be out there. */
#include "event/rules.h"

/* True when the row says that this very text is out there, or may be. */
static bool row_says(const struct outgoing *row, const uint8_t mark[POST_MARK_BYTES]) {
    bool doubtful = row->token[0] != '\0' && row->act != ACT_DELETE;
    return mark_same(row->sent, mark) || (doubtful && mark_same(row->sending, mark));
}

static enum want question_wanted(const struct event *event, const struct question *question,
                                 const struct outgoing *row) {
    if (event->settings.publish == PUBLISH_OFF) {
        return WANT_KEEP;
    }
    bool unseen = event->settings.moderation_before && question->state == STATE_PENDING;
    if (question->approved || (event->settings.publish == PUBLISH_ALL && !unseen)) {
        return WANT_YES;
    }
    uint8_t mark[POST_MARK_BYTES];
    post_mark(mark, question, POST_QUESTION);
    /* An approval that is undone takes its text back; an edit that waits for one leaves the text
     * before it where it is. */
    bool undone = question->state == STATE_PENDING && row_says(row, mark);
    return undone ? WANT_NO : WANT_KEEP;
}

/* True when there is a thread to answer in, that stays. */
static bool thread_stays(const struct event *event, const struct question *question,
                         const struct outgoing *row) {
    const struct outgoing *parent = event_outgoing(event, row->number, row->account, POST_QUESTION);
    return parent != NULL && parent->far[0] != '\0' && !parent->dropped &&
           parent->act != ACT_DELETE && !mark_empty(parent->sent) &&
           question_wanted(event, question, parent) != WANT_NO;
}

static enum want answer_wanted(const struct event *event, const struct question *question) {
    /* Of an old question it may not be known when it was answered: then nothing is claimed. */
    if (question->state != STATE_ANSWERED ||
        (question->answer == NULL && question->answered == 0)) {
        return WANT_NO;
    }
    return event->settings.publish == PUBLISH_OFF ? WANT_KEEP : WANT_YES;
}

static enum want open_wanted(const struct event *event, const struct question *question) {
    if (!question->open) {
        return WANT_NO;
    }
    bool waits = question->state == STATE_PENDING || event->settings.publish == PUBLISH_OFF;
    return waits ? WANT_KEEP : WANT_YES;
}

enum want post_wanted(const struct event *event, const struct question *question,
                      const struct outgoing *row) {
    if (question == NULL || row->dropped || question->degree == 0 ||
        (question->degree == 2 && !question->open) || question->state == STATE_HIDDEN ||
        question->state == STATE_DECLINED) {
        return WANT_NO;
    }
    if (row->kind == POST_QUESTION) {
        return question_wanted(event, question, row);
    }
    if (!thread_stays(event, question, row)) {
        return WANT_NO;
    }
    return row->kind == POST_ANSWER ? answer_wanted(event, question) : open_wanted(event, question);
}
