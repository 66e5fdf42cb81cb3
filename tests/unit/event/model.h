/* A second, naive statement of the rules of one event: arrays that are searched from the start, no
 * indexes, everything counted anew whenever it is needed. Written from the description of the
 * rules, not from server/event; kept simple rather than fast. */
#ifndef RAUTE_TESTS_EVENT_MODEL_H
#define RAUTE_TESTS_EVENT_MODEL_H

#include "chance_people.h"

#define MODEL_QUESTIONS 600
#define MODEL_CLAIMS    2400 /* that ended */
#define MODEL_TALKS     8

struct model_question {
    bool here;
    uint32_t key, number, talk, rev, minute, degree;
    enum question_state state;
    enum decline_reason reason;
    bool pinned, edited, approved, open;
    uint32_t answered;     /* minute */
    uint32_t votes_frozen; /* once the ballots are gone */
    uint64_t exposure;
    int64_t since; /* listed or last counted */
    char text[16], answer[16], warning[16];
    bool claimed;
    uint32_t claim_card, claim_rev;
    char claim_text[16];
    enum interest_scope interest[CHANCE_CARDS];
};

struct model_card {
    bool here, forgotten, shown, hidden, lists;
    bool accounts[CHANCE_ACCOUNT];
    uint32_t rev, name, minute;
};

/* A claim that was taken back. */
struct model_past {
    uint32_t key, card, rev;
};

struct model_held {
    bool here, is_edit;
    uint32_t talk, rev, degree;
    char text[16];
};

struct model_talk {
    uint32_t id;
    char title[16];
    bool open, live;
    uint32_t order[MODEL_QUESTIONS], count;
};

struct model {
    struct settings settings;
    struct model_question questions[MODEL_QUESTIONS]; /* by number */
    struct model_held held[CHANCE_KEYS];
    bool forgotten[CHANCE_KEYS];
    bool ballots[MODEL_QUESTIONS + 2][CHANCE_MEMBERS];
    struct model_talk talks[MODEL_TALKS];
    uint32_t talk_count, current, next_number, present, present_shown;
    struct model_card cards[CHANCE_CARDS];
    struct model_past past[MODEL_CLAIMS];
    uint32_t past_count;
    uint8_t roles[ROLE_KEYS];
    bool closed, deleted;
    int64_t now, release_at, present_at, step_at;
};

static inline struct model_question *model_by_key(struct model *model, uint32_t key) {
    for (uint32_t n = 1; n < model->next_number; n++) {
        if (model->questions[n].here && model->questions[n].key == key) {
            return &model->questions[n];
        }
    }
    return NULL;
}

static inline struct model_talk *model_talk(struct model *model, uint32_t id) {
    for (uint32_t i = 0; i < model->talk_count; i++) {
        if (model->talks[i].id == id) {
            return &model->talks[i];
        }
    }
    return NULL;
}

static inline struct model_question *model_number(struct model *model, uint32_t number,
                                                  enum refusal *why) {
    *why = number == 0 || number >= model->next_number ? REFUSAL_UNKNOWN : REFUSAL_GONE;
    return *why == REFUSAL_GONE && model->questions[number].here ? &model->questions[number] : NULL;
}

static inline bool model_over(const struct model *model) {
    return model->now / 60000 >= model->settings.end;
}

static inline uint32_t model_votes(const struct model *model, uint32_t number) {
    uint32_t votes = model->questions[number].votes_frozen;
    for (uint32_t i = 0; i < CHANCE_MEMBERS; i++) {
        votes += model->ballots[number][i];
    }
    return votes;
}

static inline bool model_ordered(const struct model_question *question) {
    return question->state == STATE_LISTED || question->state == STATE_ANSWERING;
}

/* ---- the fair order, by its definition */

__extension__ typedef unsigned __int128 model_wide;

/* Numerator times the other's denominator. */
static inline model_wide model_score(const struct model *model, uint32_t talk, uint32_t number,
                                     uint32_t against) {
    model_wide votes = 0, exposure = 0;
    for (uint32_t n = 1; n < model->next_number; n++) {
        const struct model_question *question = &model->questions[n];
        if (question->here && question->talk == talk &&
            (model_ordered(question) || question->state == STATE_ANSWERED)) {
            votes += model_votes(model, n);
            exposure += question->exposure;
        }
    }
    return ((model_wide)model_votes(model, number) + 6) *
           (model->questions[against].exposure * (votes + 1) + 2 * (exposure + 19200));
}

static inline void model_rise(struct model *model, struct model_talk *talk, uint32_t place,
                              uint32_t by, uint32_t per) {
    while (place > 0) {
        uint32_t mine = talk->order[place], above = talk->order[place - 1];
        if (per * model_score(model, talk->id, mine, above) <
            by * model_score(model, talk->id, above, mine)) {
            return;
        }
        talk->order[place] = above;
        talk->order[place - 1] = mine;
        place--;
    }
}

static inline void model_list(struct model *model, struct model_question *question) {
    struct model_talk *talk = model_talk(model, question->talk);
    question->since = model->now;
    talk->order[talk->count++] = question->number;
    model_rise(model, talk, talk->count - 1, 1, 1);
}

static inline void model_unlist(struct model *model, struct model_question *question) {
    struct model_talk *talk = model_talk(model, question->talk);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < talk->count; i++) {
        if (talk->order[i] != question->number) {
            talk->order[kept++] = talk->order[i];
        }
    }
    talk->count = kept;
    question->pinned = false;
}

static inline void model_set_state(struct model *model, struct model_question *question,
                                   enum question_state state) {
    bool was = model_ordered(question);
    if (state != STATE_ANSWERED) {
        question->answered = 0;
    } else if (question->state != STATE_ANSWERED) {
        question->answered = (uint32_t)(model->now / 60000);
    }
    question->state = state;
    question->approved = question->approved && (model_ordered(question) || state == STATE_ANSWERED);
    question->reason = REASON_NONE;
    question->answer[0] = '\0';
    if (was && !model_ordered(question)) {
        model_unlist(model, question);
    } else if (!was && model_ordered(question)) {
        model_list(model, question);
    }
}

static inline void model_expose(struct model *model, struct model_talk *talk) {
    static const uint32_t weights[] = {16, 14, 12, 10, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2};
    uint32_t shown[MODEL_QUESTIONS], count = 0;
    for (int part = 0; part < 3; part++) {
        for (uint32_t i = 0; i < talk->count; i++) {
            struct model_question *question = &model->questions[talk->order[i]];
            bool answering = question->state == STATE_ANSWERING;
            if (part == 0   ? answering
                : part == 1 ? !answering && question->pinned
                            : !answering && !question->pinned) {
                shown[count++] = talk->order[i];
            }
        }
    }
    for (uint32_t place = 0; place < count; place++) {
        struct model_question *question = &model->questions[shown[place]];
        int64_t seconds = (model->now - question->since) / 1000;
        seconds = seconds > 60 ? 60 : seconds < 0 ? 0 : seconds;
        question->exposure +=
            (uint64_t)seconds * model->present * (place < 15 ? weights[place] : 1);
        question->since = model->now;
    }
}

static inline void model_step(struct model *model) {
    for (uint32_t i = 0; i < model->talk_count; i++) {
        struct model_talk *talk = &model->talks[i];
        if (talk->open && model->present > 0 && !model_over(model)) {
            model_expose(model, talk);
            for (uint32_t place = 1; place < talk->count; place++) {
                model_rise(model, talk, place, 9, 8);
            }
        }
    }
}

/* ---- what is due when */

static inline int64_t model_multiple(const struct model *model, int64_t interval) {
    return interval == 0 ? model->now : model->now - model->now % interval + interval;
}

static inline void model_plan(struct model *model) {
    int64_t interval = (int64_t)model->settings.release_seconds * 1000;
    bool waits = false, any = false;
    for (uint32_t key = 0; key < CHANCE_KEYS; key++) {
        waits = waits || model->held[key].here;
    }
    int64_t next = model_multiple(model, interval);
    if (!waits) {
        model->release_at = 0;
    } else if (model->release_at == 0 || next < model->release_at) {
        model->release_at = next;
    }
    next = model_multiple(model, interval == 0 ? 1000 : interval);
    if (model->present_shown == (model->present < 10 ? 0 : model->present)) {
        model->present_at = 0;
    } else if (model->present_at == 0 || next < model->present_at) {
        model->present_at = next;
    }
    for (uint32_t i = 0; i < model->talk_count; i++) {
        struct model_talk *talk = &model->talks[i];
        bool live = talk->open && talk->count > 0 && model->present > 0 && !model_over(model);
        for (uint32_t j = 0; live && !talk->live && j < talk->count; j++) {
            model->questions[talk->order[j]].since = model->now;
        }
        talk->live = live;
        any = any || live;
    }
    model->step_at = !any ? 0 : model->step_at == 0 ? model->now + 30000 : model->step_at;
}

/* Which rows there are the model does not foretell; when they may leave it does. */
static inline int64_t model_post_at(const struct model *model, const struct event *event) {
    int64_t at = INT64_MAX, waits = INT64_MAX;
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        const struct outgoing *row = &event->outgoing[i];
        if (row->state != POST_QUEUED ||
            event_account(event, row->account)->state != ACCOUNT_CONNECTED) {
            continue;
        }
        if (row->kind != POST_QUESTION || model->settings.publish_seconds == 0) {
            at = row->due_at < at ? row->due_at : at;
            continue;
        }
        waits = row->due_at < waits ? row->due_at : waits;
        /* with it, how many questions are due? */
        bool due[MODEL_QUESTIONS] = {false};
        uint32_t count = 0;
        for (uint32_t j = 0; j < event->outgoing_count; j++) {
            const struct outgoing *other = &event->outgoing[j];
            if (other->state == POST_QUEUED && other->kind == POST_QUESTION &&
                event_account(event, other->account)->state == ACCOUNT_CONNECTED &&
                other->due_at <= row->due_at && !due[other->number]) {
                due[other->number] = true;
                count++;
            }
        }
        at = count >= 3 && row->due_at < at ? row->due_at : at;
    }
    return waits != INT64_MAX && waits + 600000 < at ? waits + 600000 : at;
}

static inline int64_t model_due(const struct model *model, const struct event *event) {
    int64_t end = (int64_t)model->settings.end * 60000;
    int64_t due = end + (int64_t)model->settings.retention_days * DAY;
    due = !model->closed && end + DAY < due ? end + DAY : due;
    due = model->release_at != 0 && model->release_at < due ? model->release_at : due;
    due = model->present_at != 0 && model->present_at < due ? model->present_at : due;
    due = model->step_at != 0 && model->step_at < due ? model->step_at : due;
    int64_t post_at = model_post_at(model, event);
    due = post_at < due ? post_at : due;
    /* proofs the model does not follow: see proofs.c */
    due = event->recheck_at != 0 && event->recheck_at < due ? event->recheck_at : due;
    return model->deleted ? INT64_MAX : due;
}

#endif
