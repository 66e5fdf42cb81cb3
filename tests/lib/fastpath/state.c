#include "lib/fastpath/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const WHOLE[] = {"event", "talks", "current", "accounts", "left"};

json_t *text_read(const char *text, size_t length, json_error_t *why) {
    return json_loadb(text, length, JSON_REJECT_DUPLICATES, why);
}

void state_clear(struct state *state) {
    json_decref(state->whole);
    json_decref(state->questions);
    json_decref(state->orders);
    *state = (struct state){0};
}

/* Numbers as keys that sort as numbers do. */
static const char *number_key(char key[16], const json_t *number) {
    snprintf(key, 16, "%010lu", (unsigned long)json_integer_value(number));
    return key;
}

const char *state_take(struct state *state, const json_t *snapshot) {
    char key[16];
    size_t i;
    json_t *item;
    const json_t *seq = json_object_get(snapshot, "seq");
    const json_t *questions = json_object_get(snapshot, "questions");
    const json_t *orders = json_object_get(snapshot, "orders");
    if (!json_is_integer(seq) || !json_is_array(questions) || !json_is_array(orders)) {
        return "no seq, questions or orders";
    }
    state_clear(state);
    state->seq = (uint64_t)json_integer_value(seq);
    state->whole = json_object();
    state->questions = json_object();
    state->orders = json_object();
    for (size_t w = 0; w < sizeof WHOLE / sizeof *WHOLE; w++) {
        json_t *part = json_object_get(snapshot, WHOLE[w]);
        if (part != NULL) {
            json_object_set(state->whole, WHOLE[w], part);
        }
    }
    json_array_foreach(questions, i, item) {
        json_object_set(state->questions, number_key(key, json_object_get(item, "n")), item);
    }
    json_array_foreach(orders, i, item) {
        json_object_set(state->orders, number_key(key, json_array_get(item, 0)),
                        json_array_get(item, 1));
    }
    return NULL;
}

static const char *votes_apply(struct state *state, const json_t *totals) {
    char key[16];
    size_t i;
    json_t *total;
    json_array_foreach(totals, i, total) {
        json_t *question =
            json_object_get(state->questions, number_key(key, json_array_get(total, 0)));
        if (question == NULL) {
            return "totals of a question that is not known";
        }
        json_object_set(question, "votes", json_array_get(total, 1));
    }
    return NULL;
}

static void wiped_apply(struct state *state) {
    const char *talk;
    json_t *order;
    json_object_clear(state->questions);
    json_object_foreach(state->orders, talk, order) {
        json_object_set_new(state->orders, talk, json_array());
    }
}

static const char *change_apply(struct state *state, json_t *change) {
    char key[16];
    const char *kind = json_string_value(json_object_get(change, "k"));
    if (kind == NULL) {
        return "a change without a kind";
    }
    if (strcmp(kind, "question") == 0) {
        json_t *question = json_copy(change);
        json_object_del(question, "k");
        json_object_set_new(state->questions, number_key(key, json_object_get(change, "n")),
                            question);
    } else if (strcmp(kind, "votes") == 0) {
        return votes_apply(state, json_object_get(change, "v"));
    } else if (strcmp(kind, "gone") == 0) {
        json_object_del(state->questions, number_key(key, json_object_get(change, "n")));
    } else if (strcmp(kind, "order") == 0) {
        json_object_set(state->orders, number_key(key, json_object_get(change, "talk")),
                        json_object_get(change, "order"));
    } else if (strcmp(kind, "wiped") == 0) {
        wiped_apply(state);
    } else if (strcmp(kind, "talks") == 0) {
        json_object_set(state->whole, "talks", json_object_get(change, "talks"));
        json_object_set(state->whole, "current", json_object_get(change, "current"));
    } else if (json_object_get(change, kind) != NULL) { /* event, accounts, left */
        json_object_set(state->whole, kind, json_object_get(change, kind));
    } else {
        return "a change of an unknown kind";
    }
    return NULL;
}

const char *state_apply(struct state *state, const json_t *frame) {
    size_t i;
    json_t *change;
    json_array_foreach(json_object_get(frame, "changes"), i, change) {
        const char *why = change_apply(state, change);
        if (why != NULL) {
            return why;
        }
    }
    uint64_t seq = (uint64_t)json_integer_value(json_object_get(frame, "seq"));
    if (seq > state->seq) {
        state->seq = seq;
    }
    state->changes++;
    return NULL;
}

/* Without the empty orders: a snapshot has one for every talk. */
char *state_text(const struct state *state) {
    const char *talk;
    json_t *order, *orders = json_object();
    json_object_foreach(state->orders, talk, order) {
        if (json_array_size(order) > 0) {
            json_object_set(orders, talk, order);
        }
    }
    json_t *all = json_pack("{s:I,s:O,s:O,s:o}", "seq", (json_int_t)state->seq, "whole",
                            state->whole, "questions", state->questions, "orders", orders);
    char *text = json_dumps(all, JSON_SORT_KEYS | JSON_COMPACT);
    json_decref(all);
    return text;
}
