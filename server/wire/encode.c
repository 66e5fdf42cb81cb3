#include "wire/encode.h"

#include <inttypes.h>
#include <string.h>

#include "base/encode.h"
#include "base/log.h"
#include "wire/encode_people.h"
#include "wire/words.h"

void encode_text(struct buffer *out, const char *text) {
    buffer_append(out, "\"", 1);
    const char *from = text;
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        buffer_append(out, from, (size_t)(at - from));
        from = at + 1;
        if (c < 0x20) {
            buffer_format(out, "\\u%04x", c);
        } else {
            buffer_format(out, "\\%c", c);
        }
    }
    buffer_text(out, from);
    buffer_append(out, "\"", 1);
}

void encode_bytes(struct buffer *out, const void *bytes, size_t count) {
    char text[BASE64_CHARS(SIGNATURE_BYTES) + 1];
    INVARIANT(count <= SIGNATURE_BYTES);
    base64_encode(text, bytes, count);
    buffer_append(out, "\"", 1);
    buffer_append(out, text, BASE64_CHARS(count));
    buffer_append(out, "\"", 1);
}

void member_text(struct buffer *out, const char *name, const char *text) {
    if (*text != '\0') {
        buffer_format(out, ",\"%s\":", name);
        encode_text(out, text);
    }
}

void member_true(struct buffer *out, const char *name, bool value) {
    if (value) {
        buffer_format(out, ",\"%s\":true", name);
    }
}

/* `name` with all that stands before the number. */
static void encode_number(struct buffer *out, const char *name, uint32_t number) {
    buffer_text(out, name);
    buffer_number(out, number);
}

void encode_question(struct buffer *out, const struct event *event, const struct question *question,
                     enum view view) {
    buffer_text(out, "{");
    encode_question_members(out, event, question, view);
    buffer_text(out, "}");
}

static void encode_shown(struct buffer *out, const struct question *question) {
    encode_number(out, ",\"votes\":", question->votes);
    encode_number(out, ",\"minute\":", question->minute);
    buffer_text(out, ",\"text\":");
    encode_text(out, question->text);
    if (question->pinned) {
        buffer_text(out, ",\"pinned\":true");
    }
    if (question->edited) {
        buffer_text(out, ",\"edited\":true");
    }
    if (question->answer != NULL) {
        buffer_text(out, ",\"answer\":");
        encode_text(out, question->answer);
    }
    if (question->degree > 0) {
        buffer_format(out, ",\"degree\":%u", question->degree);
    }
    if (question->open) {
        buffer_text(out, ",\"open\":true");
    }
}

void encode_question_members(struct buffer *out, const struct event *event,
                             const struct question *question, enum view view) {
    encode_number(out, "\"n\":", question->number);
    encode_number(out, ",\"talk\":", question->talk);
    buffer_text(out, ",\"tag\":");
    encode_bytes(out, question->key, QUESTION_TAG_BYTES);
    buffer_text(out, ",\"state\":\"");
    buffer_text(out, question_state_name(question->state));
    encode_number(out, "\",\"rev\":", question->rev);
    if (question->reason != REASON_NONE) {
        buffer_format(out, ",\"reason\":\"%s\"", decline_reason_name(question->reason));
    }
    if (!question_shown(question, view)) {
        return;
    }
    encode_shown(out, question);
    if (view == VIEW_STAFF && question->approved) {
        buffer_text(out, ",\"approved\":true");
    }
    if (view == VIEW_STAFF && question->warning != NULL) {
        buffer_text(out, ",\"warning\":");
        encode_text(out, question->warning);
    }
    encode_posts(out, event, question->number, view);
    encode_question_people(out, event, question->number);
}

void encode_talks(struct buffer *out, const struct event *event) {
    buffer_text(out, "[");
    for (uint32_t i = 0; i < event->talk_count; i++) {
        const struct talk *talk = &event->talks[i];
        buffer_format(out, "%s{\"id\":%u,\"title\":", i > 0 ? "," : "", talk->id);
        encode_text(out, talk->title);
        buffer_format(out, ",\"open\":%s}", talk->open ? "true" : "false");
    }
    buffer_text(out, "]");
}

void encode_order(struct buffer *out, const struct talk *talk) {
    buffer_text(out, "[");
    for (uint32_t i = 0; i < talk->order_count; i++) {
        encode_number(out, i > 0 ? "," : "", talk->order[i]);
    }
    buffer_text(out, "]");
}

void encode_settings(struct buffer *out, const struct settings *settings) {
    buffer_text(out, "\"title\":");
    encode_text(out, settings->title);
    buffer_text(out, ",\"hashtags\":[");
    for (uint32_t i = 0; i < settings->hashtag_count; i++) {
        buffer_text(out, i > 0 ? "," : "");
        encode_text(out, settings->hashtags[i]);
    }
    buffer_format(out,
                  "],\"language\":\"%s\",\"start\":%u,\"end\":%u,\"moderation\":\"%s\","
                  "\"release\":%u,\"ask_burst\":%u,\"ask_seconds\":%u,\"retention\":%u,"
                  "\"publish\":\"%s\",\"publish_delay\":%u,\"offset\":%d,\"admission\":\"%s\"",
                  language_name(settings->language), settings->start, settings->end,
                  settings->moderation_before ? "before" : "after", settings->release_seconds,
                  settings->ask_burst, settings->ask_seconds, settings->retention_days,
                  settings_publish_name(settings->publish), settings->publish_seconds,
                  settings->offset, settings->tickets ? "tickets" : "open");
}

void encode_event(struct buffer *out, const struct event *event) {
    buffer_text(out, "{\"id\":");
    encode_bytes(out, event->id, EVENT_ID_BYTES);
    buffer_format(out, ",\"slug\":\"%s\",", event->slug);
    encode_settings(out, &event->settings);
    if (event->settings.tickets && !event->closed) {
        encode_number(out, ",\"seats\":", event_seats(event));
    }
    buffer_text(out, "}");
}

void encode_snapshot(struct buffer *out, const struct event *event, enum view view,
                     const char *public_url, unsigned offers) {
    buffer_format(out, "{\"seq\":%" PRIu64 ",\"event\":", event->seq[view]);
    encode_event(out, event);
    buffer_text(out, ",\"talks\":");
    encode_talks(out, event);
    buffer_format(out, ",\"current\":%u,\"accounts\":", event->current_talk);
    encode_accounts(out, event, view);
    buffer_text(out, ",\"questions\":[");
    for (uint32_t i = 0; i < event->question_count; i++) {
        buffer_text(out, i > 0 ? "," : "");
        encode_question(out, event, event->questions[i], view);
    }
    buffer_text(out, "],\"orders\":[");
    for (uint32_t i = 0; i < event->talk_count; i++) {
        buffer_format(out, "%s[%u,", i > 0 ? "," : "", event->talks[i].id);
        encode_order(out, &event->talks[i]);
        buffer_text(out, "]");
    }
    buffer_format(out, "],\"present\":%u,\"url\":", event->present_shown);
    encode_text(out, public_url);
    if (view == VIEW_STAFF) {
        buffer_text(out, ",\"left\":");
        encode_left(out, event);
        buffer_text(out, ",\"offers\":");
        encode_offers(out, offers);
    }
    buffer_text(out, "}");
}

void encode_keys(struct buffer *out, const struct event *event) {
    buffer_text(out, "{\"keys\":[");
    for (uint32_t i = 0; i < event->question_count; i++) {
        const struct question *question = event->questions[i];
        buffer_format(out, "%s[%u,", i > 0 ? "," : "", question->number);
        encode_bytes(out, question->key, QUESTION_KEY_BYTES);
        buffer_text(out, ",");
        encode_bytes(out, question->salt, QUESTION_SALT_BYTES);
        buffer_text(out, "]");
    }
    buffer_text(out, "]}");
}
