#include "wire/stream.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "wire/encode.h"
#include "wire/encode_people.h"
#include "wire/websocket.h"

#define VOTES_FRAME_BYTES 70                         /* a frame of totals, without them */
#define VOTES_EACH_BYTES  (sizeof "[100,1000]," - 1) /* about */
#define ALLOWANCE_MOST    (INT64_C(1000) * STREAM_BYTES_SAVED)

static void number_add(struct table *set, uint32_t number) {
    table_set(set, &number, set);
}

static void sets_make(struct stream *stream) {
    stream->questions = table_make(sizeof(uint32_t));
    stream->votes = table_make(sizeof(uint32_t));
    stream->gone = table_make(sizeof(uint32_t));
    stream->orders = table_make(sizeof(uint32_t));
    stream->accounts = table_make(sizeof(uint32_t));
    stream->cards = table_make(CARD_KEY_BYTES);
}

static void questions_clear(struct stream *stream) {
    table_clear(&stream->questions);
    table_clear(&stream->gone);
    table_clear(&stream->orders);
}

/* All but the totals. */
static void sets_clear(struct stream *stream) {
    questions_clear(stream);
    table_clear(&stream->accounts);
    table_clear(&stream->cards);
}

void stream_start(struct stream *stream, enum view view, uint64_t seq) {
    *stream = (struct stream){.view = view, .seq = seq, .sent = seq, .allowance = ALLOWANCE_MOST};
    sets_make(stream);
    ring_start(&stream->ring, seq);
}

void stream_clear(struct stream *stream) {
    sets_clear(stream);
    table_clear(&stream->votes);
    ring_clear(&stream->ring);
}

static void note_left(struct stream *stream, bool left) {
    stream->left = stream->left || (left && stream->view == VIEW_STAFF);
}

static void note_wiped(struct stream *stream, const struct event *event) {
    questions_clear(stream);
    table_clear(&stream->votes);
    stream->wiped = true;
    note_left(stream, event->outgoing_count > 0);
}

static void note_gone(struct stream *stream, const struct event *event, uint32_t number) {
    uint32_t first;
    (void)table_remove(&stream->questions, &number);
    (void)table_remove(&stream->votes, &number);
    number_add(&stream->gone, number);
    note_left(stream, event_posts(event, number, &first) > 0);
}

/* A row stands in its question, or among those that are left. */
static void note_outgoing(struct stream *stream, const struct event *event, uint32_t number) {
    if (event_question(event, number) != NULL) {
        number_add(&stream->questions, number);
    } else {
        note_left(stream, true);
    }
}

void stream_note(struct stream *stream, const struct event *event, const struct change *change) {
    switch (change->kind) {
    case CHANGE_CREATED:
    case CHANGE_SETTINGS:
        stream->settings = true;
        break;
    case CHANGE_TALK:
    case CHANGE_TALKS:
        stream->talks = true;
        break;
    case CHANGE_QUESTION:
    case CHANGE_BY_LINE:
        number_add(&stream->questions, change->number);
        break;
    case CHANGE_VOTES:
        number_add(&stream->votes, change->number);
        break;
    case CHANGE_ORDER:
        number_add(&stream->orders, change->number);
        break;
    case CHANGE_GONE:
        note_gone(stream, event, change->number);
        break;
    case CHANGE_ACCOUNT:
        number_add(&stream->accounts, change->number);
        break;
    case CHANGE_OUTGOING:
        note_outgoing(stream, event, change->number);
        break;
    case CHANGE_CARD:
    case CHANGE_CARD_GONE:
    case CHANGE_CARD_STAFF:
        table_set(&stream->cards, change->as.key, stream);
        break;
    case CHANGE_WIPED:
        note_wiped(stream, event);
        break;
    case CHANGE_PRESENCE:
        stream->present = true;
        break;
    case CHANGE_EXPOSURE:
    case CHANGE_HELD:
    case CHANGE_HELD_GONE:
    case CHANGE_BALLOT:
    case CHANGE_BALLOT_GONE:
    case CHANGE_BALLOTS_DESTROYED:
    case CHANGE_ROLE:
    case CHANGE_CARD_KEPT:
    case CHANGE_CLAIM:
    case CHANGE_INTEREST:
    case CHANGE_TICKET:
    case CHANGE_DELETED:
        break;
    }
}

static bool stream_urgent(const struct stream *stream) {
    return stream->questions.count > 0 || stream->gone.count > 0 || stream->orders.count > 0 ||
           stream->accounts.count > 0 || stream->cards.count > 0 || stream->talks ||
           stream->settings || stream->wiped || stream->present || stream->left;
}

bool stream_waits(const struct stream *stream) {
    return stream_urgent(stream) || stream->votes.count > 0;
}

static int number_compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The set's numbers, ascending; free() them. */
static uint32_t *numbers_sorted(const struct table *set) {
    uint32_t *numbers = memory_resize(NULL, set->count + 1, sizeof *numbers);
    size_t at = 0, count = 0;
    const void *key;
    void *value;
    while (table_next(set, &at, &key, &value)) {
        memcpy(&numbers[count++], key, sizeof *numbers);
    }
    qsort(numbers, count, sizeof *numbers, number_compare);
    return numbers;
}

/* Starts one change in the list. */
static void change_begin(struct buffer *out, const char *kind) {
    bool first = out->length > 0 && out->data[out->length - 1] == '[';
    buffer_format(out, "%s{\"k\":\"%s\"", first ? "" : ",", kind);
}

static void encode_whole(struct stream *stream, const struct event *event, struct buffer *out) {
    if (stream->wiped) {
        change_begin(out, "wiped");
        buffer_text(out, "}");
    }
    if (stream->settings) {
        change_begin(out, "event");
        buffer_text(out, ",\"event\":");
        encode_event(out, event);
        buffer_text(out, "}");
    }
    if (stream->talks) {
        change_begin(out, "talks");
        buffer_text(out, ",\"talks\":");
        encode_talks(out, event);
        buffer_format(out, ",\"current\":%u}", event->current_talk);
    }
    if (stream->accounts.count > 0) {
        change_begin(out, "accounts");
        buffer_text(out, ",\"accounts\":");
        encode_accounts(out, event, stream->view);
        buffer_text(out, "}");
    }
}

/* Everybody sees an account's posts until it has left: with its state the questions change. */
static void questions_of_accounts(struct stream *stream, const struct event *event) {
    if (stream->view != VIEW_PUBLIC || stream->accounts.count == 0) {
        return;
    }
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        const struct outgoing *row = &event->outgoing[i];
        const struct question *question = event_question(event, row->number);
        if (question != NULL && question_shown(question, VIEW_PUBLIC) && row->url[0] != '\0' &&
            table_get(&stream->accounts, &row->account) != NULL) {
            number_add(&stream->questions, row->number);
        }
    }
}

static void encode_gone(struct stream *stream, struct buffer *out) {
    uint32_t *numbers = numbers_sorted(&stream->gone);
    for (size_t i = 0; i < stream->gone.count; i++) {
        change_begin(out, "gone");
        buffer_format(out, ",\"n\":%u}", numbers[i]);
    }
    free(numbers);
}

static int key_compare(const void *a, const void *b) {
    return memcmp(a, b, CARD_KEY_BYTES);
}

/* By key, which says nothing of who came first. */
static void encode_cards(struct stream *stream, const struct event *event, struct buffer *out) {
    uint8_t(*keys)[CARD_KEY_BYTES] = memory_resize(NULL, stream->cards.count + 1, sizeof *keys);
    size_t at = 0, count = 0;
    const void *key;
    void *value;
    while (table_next(&stream->cards, &at, &key, &value)) {
        memcpy(keys[count++], key, sizeof *keys);
    }
    qsort(keys, count, sizeof *keys, key_compare);
    for (size_t i = 0; i < count; i++) {
        const struct card *card = event_card(event, keys[i]);
        bool seen = card != NULL && card_seen(card, stream->view);
        change_begin(out, seen ? "card" : "card_gone");
        buffer_text(out, ",");
        if (seen) {
            encode_card_members(out, event, card, stream->view);
        } else {
            buffer_text(out, "\"tag\":");
            encode_bytes(out, keys[i], CARD_TAG_BYTES);
        }
        buffer_text(out, "}");
    }
    free(keys);
}

static void encode_questions(struct stream *stream, const struct event *event, struct buffer *out) {
    uint32_t *numbers = numbers_sorted(&stream->questions);
    for (size_t i = 0; i < stream->questions.count; i++) {
        const struct question *question = event_question(event, numbers[i]);
        (void)table_remove(&stream->votes, &numbers[i]);
        if (question != NULL) {
            change_begin(out, "question");
            buffer_text(out, ",");
            encode_question_members(out, event, question, stream->view);
            buffer_text(out, "}");
        }
    }
    free(numbers);
    if (stream->left) {
        change_begin(out, "left");
        buffer_text(out, ",\"left\":");
        encode_left(out, event);
        buffer_text(out, "}");
    }
}

static void encode_orders(struct stream *stream, const struct event *event, struct buffer *out) {
    uint32_t *talks = numbers_sorted(&stream->orders);
    for (size_t i = 0; i < stream->orders.count; i++) {
        const struct talk *talk = event_talk(event, talks[i]);
        if (talk != NULL) {
            change_begin(out, "order");
            buffer_format(out, ",\"talk\":%u,\"order\":", talk->id);
            encode_order(out, talk);
            buffer_text(out, "}");
        }
    }
    free(talks);
}

static void allowance_grow(struct stream *stream, int64_t now) {
    if (stream->allowed_at != 0 && now > stream->allowed_at) {
        stream->allowance += (now - stream->allowed_at) * STREAM_BYTES_PER_SECOND;
    }
    if (stream->allowance > ALLOWANCE_MOST) {
        stream->allowance = ALLOWANCE_MOST;
    }
    stream->allowed_at = now;
}

/* A large frame does not keep the totals back for long. */
static void allowance_take(struct stream *stream, size_t bytes) {
    stream->allowance -= (int64_t)bytes * 1000;
    if (stream->allowance < -ALLOWANCE_MOST) {
        stream->allowance = -ALLOWANCE_MOST;
    }
}

/* Whether totals leave now: the allowance has enough for all of them, or has grown as far as it
 * can, or they are few. */
static bool votes_due(const struct stream *stream, int64_t now) {
    size_t count = stream->votes.count;
    int64_t needed = (int64_t)(count * VOTES_EACH_BYTES + VOTES_FRAME_BYTES) * 1000;
    bool few = count <= VOTES_FEW &&
               (stream_urgent(stream) || now - stream->votes_at >= 2 * FRAME_TICK_MS);
    return count > 0 && (few || needed <= stream->allowance || stream->allowance == ALLOWANCE_MOST);
}

/* The waiting totals in the order in which they leave: ascending, but first those behind the number
 * where the last part ended. Encoded, but for the question that went meanwhile. */
static size_t encode_totals(struct stream *stream, const struct event *event, struct buffer *list,
                            size_t most_bytes) {
    uint32_t *numbers = numbers_sorted(&stream->votes);
    size_t count = stream->votes.count, first = 0, taken = 0;
    while (first < count && numbers[first] <= stream->votes_after) {
        first++;
    }
    while (taken < count && list->length < most_bytes) {
        uint32_t number = numbers[(first + taken) % count];
        const struct question *question = event_question(event, number);
        if (question != NULL && question_shown(question, stream->view)) {
            buffer_format(list, "%s[%u,%u]", list->length > 0 ? "," : "", number, question->votes);
        }
        taken++;
    }
    for (size_t i = 0; i < taken; i++) {
        (void)table_remove(&stream->votes, &numbers[(first + i) % count]);
    }
    stream->votes_after = stream->votes.count > 0 ? numbers[(first + taken - 1) % count] : 0;
    free(numbers);
    return list->length;
}

static void encode_votes(struct stream *stream, const struct event *event, int64_t now,
                         struct buffer *out) {
    struct buffer list = buffer_make(2 * STREAM_BYTES_SAVED);
    if (encode_totals(stream, event, &list, STREAM_BYTES_SAVED - VOTES_FRAME_BYTES) > 0) {
        change_begin(out, "votes");
        buffer_format(out, ",\"v\":[%s]}", (const char *)list.data);
    }
    stream->votes_at = now;
    buffer_clear(&list);
}

/* Forgets what was noted, but for the totals that wait. */
static void stream_told(struct stream *stream, int64_t now) {
    sets_clear(stream);
    stream->talks = stream->settings = stream->wiped = stream->present = stream->left = false;
    stream->sent = stream->seq;
    stream->sent_at = now;
}

bool stream_frame(struct stream *stream, const struct event *event, int64_t now,
                  struct ring_frame *frame) {
    bool set_back = now < stream->sent_at; /* the clock was */
    if (!stream_waits(stream) ||
        (stream->sent_at != 0 && !set_back && now - stream->sent_at < FRAME_TICK_MS)) {
        return false;
    }
    allowance_grow(stream, now);
    bool urgent = stream_urgent(stream), votes = votes_due(stream, now);
    if (!urgent && !votes) {
        return false;
    }
    struct buffer out = websocket_begin(LIMIT_FRAME_BYTES);
    buffer_format(&out, "{\"from\":%" PRIu64 ",\"seq\":%" PRIu64 ",\"changes\":[", stream->sent,
                  stream->seq);
    size_t empty = out.length;
    encode_whole(stream, event, &out);
    questions_of_accounts(stream, event);
    encode_gone(stream, &out);
    encode_cards(stream, event, &out);
    encode_questions(stream, event, &out);
    if (votes) {
        encode_votes(stream, event, now, &out);
    }
    encode_orders(stream, event, &out);
    bool changes = out.length > empty;
    if (!changes && !urgent) {
        buffer_clear(&out); /* only totals, of questions that are no longer shown */
        return false;
    }
    buffer_text(&out, "]");
    if (stream->present) {
        buffer_format(&out, ",\"present\":%u", event->present_shown);
    }
    buffer_text(&out, "}");
    *frame = (struct ring_frame){
        .from = stream->sent,
        .seq = stream->seq,
        .present_only = !changes && stream->sent == stream->seq,
        .text = websocket_end(&out),
    };
    allowance_take(stream, frame->text != NULL ? frame->text->length : 0);
    stream_told(stream, now);
    return true;
}
