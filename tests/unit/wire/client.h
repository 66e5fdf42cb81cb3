/* A toy client: a snapshot and the people as JSON, and frames laid over them as README.md says. It
 * stays byte-equal to the server's, or something is wrong with the frames. */
#ifndef RAUTE_TESTS_WIRE_CLIENT_H
#define RAUTE_TESTS_WIRE_CLIENT_H

#include <stdbool.h>
#include <string.h>

#include <jansson.h>

#include "base/buffer.h"
#include "base/shared.h"

struct client {
    json_t *snapshot;
    json_t *people; /* tag → card object */
    uint64_t seq;
    bool gap; /* a frame was missed */
};

static inline struct client client_make(const struct buffer *snapshot) {
    struct client client = {0};
    client.snapshot = json_loadb((const char *)snapshot->data, snapshot->length, 0, NULL);
    assert_non_null(client.snapshot);
    client.seq = (uint64_t)json_integer_value(json_object_get(client.snapshot, "seq"));
    client.people = json_object();
    return client;
}

static inline void client_free(struct client *client) {
    json_decref(client->snapshot);
    json_decref(client->people);
}

/* The body of people.json: tag → card object. */
static inline json_t *people_read(const struct buffer *body) {
    json_t *read = json_loadb((const char *)body->data, body->length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(read);
    json_t *people = json_object(), *card;
    size_t index;
    json_array_foreach(json_object_get(read, "cards"), index, card) {
        json_object_set(people, json_string_value(json_object_get(card, "tag")), card);
    }
    assert_int_equal(json_object_size(people), index);
    json_decref(read);
    return people;
}

/* The payload of a whole unmasked text frame; checks its header. */
static inline json_t *frame_read(const struct shared *text) {
    const uint8_t *bytes = text->bytes;
    assert_int_equal(bytes[0], 0x81);
    size_t header = 2, length = bytes[1];
    if (length == 126) {
        header = 4;
        length = (size_t)bytes[2] << 8 | bytes[3];
        assert_true(length >= 126);
    } else if (length == 127) {
        header = 10;
        length = 0;
        for (size_t i = 2; i < 10; i++) {
            length = length << 8 | bytes[i];
        }
        assert_true(length > 65535);
    }
    assert_int_equal(text->length, header + length);
    json_t *frame = json_loadb((const char *)bytes + header, length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(frame);
    return frame;
}

/* Where a question stands, or would stand, in the list by number. */
static inline size_t client_place(const json_t *questions, json_int_t number) {
    size_t place = 0;
    while (place < json_array_size(questions) &&
           json_integer_value(json_object_get(json_array_get(questions, place), "n")) < number) {
        place++;
    }
    return place;
}

static inline json_t *client_question(const json_t *questions, json_int_t number) {
    json_t *question = json_array_get(questions, client_place(questions, number));
    bool found = json_integer_value(json_object_get(question, "n")) == number;
    return question != NULL && found ? question : NULL;
}

static inline void client_forget(json_t *questions, json_int_t number) {
    if (client_question(questions, number) != NULL) {
        json_array_remove(questions, client_place(questions, number));
    }
}

static inline void client_order(json_t *orders, const json_t *talk, const json_t *order) {
    size_t index;
    json_t *pair;
    json_array_foreach(orders, index, pair) {
        if (json_equal(json_array_get(pair, 0), talk)) {
            json_array_set(pair, 1, (json_t *)order);
            return;
        }
    }
    json_array_append_new(orders, json_pack("[O,O]", talk, order));
}

/* The orders stand in the order of the talks, those without an order get an empty one. */
static inline void client_talks(json_t *snapshot) {
    json_t *orders = json_object_get(snapshot, "orders"), *sorted = json_array();
    size_t index, at;
    json_t *talk, *pair;
    json_array_foreach(json_object_get(snapshot, "talks"), index, talk) {
        json_t *id = json_object_get(talk, "id"), *order = json_array();
        json_array_foreach(orders, at, pair) {
            if (json_equal(json_array_get(pair, 0), id)) {
                json_decref(order);
                order = json_incref(json_array_get(pair, 1));
            }
        }
        json_array_append_new(sorted, json_pack("[O,o]", id, order));
    }
    json_object_set_new(snapshot, "orders", sorted);
}

static inline void client_change(json_t *snapshot, const json_t *change) {
    const char *kind = json_string_value(json_object_get(change, "k"));
    json_t *questions = json_object_get(snapshot, "questions");
    json_t *orders = json_object_get(snapshot, "orders");
    json_int_t number = json_integer_value(json_object_get(change, "n"));
    size_t index;
    json_t *pair;
    if (strcmp(kind, "question") == 0) {
        json_t *question = json_copy((json_t *)change);
        json_object_del(question, "k");
        client_forget(questions, number);
        json_array_insert_new(questions, client_place(questions, number), question);
    } else if (strcmp(kind, "votes") == 0) {
        json_array_foreach(json_object_get(change, "v"), index, pair) {
            json_t *question =
                client_question(questions, json_integer_value(json_array_get(pair, 0)));
            assert_non_null(question);
            json_object_set(question, "votes", json_array_get(pair, 1));
        }
    } else if (strcmp(kind, "gone") == 0) {
        client_forget(questions, number);
    } else if (strcmp(kind, "order") == 0) {
        client_order(orders, json_object_get(change, "talk"), json_object_get(change, "order"));
    } else if (strcmp(kind, "talks") == 0) {
        json_object_set(snapshot, "talks", json_object_get(change, "talks"));
        json_object_set(snapshot, "current", json_object_get(change, "current"));
    } else if (strcmp(kind, "event") == 0 || strcmp(kind, "accounts") == 0 ||
               strcmp(kind, "left") == 0) {
        json_object_set(snapshot, kind, json_object_get(change, kind));
    } else if (strncmp(kind, "card", 4) != 0) {
        assert_string_equal(kind, "wiped");
        json_array_clear(questions);
        json_array_clear(orders);
    }
    client_talks(snapshot);
}

/* Cards, and what of them goes with questions. */
static inline void client_card(json_t *people, const json_t *change) {
    const char *kind = json_string_value(json_object_get(change, "k"));
    const char *tag = json_string_value(json_object_get(change, "tag"));
    const json_t *gone = json_object_get(change, "n");
    const char *key;
    json_t *card, *number;
    size_t index;
    if (strcmp(kind, "card") == 0) {
        card = json_copy((json_t *)change);
        json_object_del(card, "k");
        json_object_set_new(people, tag, card);
    } else if (strcmp(kind, "card_gone") == 0) {
        (void)json_object_del(people, tag);
    } else if (strcmp(kind, "wiped") == 0 || strcmp(kind, "gone") == 0) {
        json_object_foreach(people, key, card) {
            json_t *kept = json_array();
            json_array_foreach(json_object_get(card, "questions"), index, number) {
                if (gone != NULL && !json_equal(number, gone)) {
                    json_array_append(kept, number);
                }
            }
            json_object_set_new(card, "questions", kept);
        }
    }
}

static inline void client_take(struct client *client, const struct shared *text) {
    json_t *frame = frame_read(text);
    uint64_t from = (uint64_t)json_integer_value(json_object_get(frame, "from"));
    uint64_t seq = (uint64_t)json_integer_value(json_object_get(frame, "seq"));
    size_t index;
    json_t *change;
    client->gap = client->gap || from > client->seq;
    json_array_foreach(json_object_get(frame, "changes"), index, change) {
        client_card(client->people, change);
        client_change(client->snapshot, change);
    }
    if (json_object_get(frame, "present") != NULL) {
        json_object_set(client->snapshot, "present", json_object_get(frame, "present"));
    }
    client->seq = seq > client->seq ? seq : client->seq;
    json_object_set_new(client->snapshot, "seq", json_integer((json_int_t)client->seq));
    json_decref(frame);
}

/* The same bytes as the server's snapshot, members sorted. */
static inline void client_check(const struct client *client, const struct buffer *snapshot) {
    json_t *server = json_loadb((const char *)snapshot->data, snapshot->length, 0, NULL);
    char *is = json_dumps(client->snapshot, JSON_SORT_KEYS | JSON_COMPACT);
    char *should = json_dumps(server, JSON_SORT_KEYS | JSON_COMPACT);
    assert_false(client->gap);
    assert_string_equal(is, should);
    free(is);
    free(should);
    json_decref(server);
}

#endif
