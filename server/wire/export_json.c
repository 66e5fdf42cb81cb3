#include <inttypes.h>

#include "wire/encode.h"
#include "wire/export.h"

static void encode_export_question(struct buffer *out, const struct question *question) {
    buffer_format(out, "{\"n\":%u,\"talk\":%u,\"key\":", question->number, question->talk);
    encode_bytes(out, question->key, QUESTION_KEY_BYTES);
    buffer_format(out,
                  ",\"state\":\"%s\",\"rev\":%u,\"votes\":%u,\"minute\":%u,"
                  "\"exposure\":%" PRIu64 ",\"degree\":%u,\"pinned\":%s",
                  question_state_name(question->state), question->rev, question->votes,
                  question->minute, question->exposure, question->degree,
                  question->pinned ? "true" : "false");
    if (question->state == STATE_DECLINED) {
        buffer_format(out, ",\"reason\":\"%s\"", decline_reason_name(question->reason));
    } else {
        buffer_text(out, ",\"text\":");
        encode_text(out, question->text);
    }
    if (question->answer != NULL) {
        buffer_text(out, ",\"answer\":");
        encode_text(out, question->answer);
    }
    if (question->edited) {
        buffer_text(out, ",\"edited\":true");
    }
    if (question->approved) {
        buffer_text(out, ",\"approved\":true");
    }
    if (question->open) {
        buffer_text(out, ",\"open\":true");
    }
    if (question->warning != NULL) {
        buffer_text(out, ",\"warning\":");
        encode_text(out, question->warning);
    }
    if (question->answered > 0) {
        buffer_format(out, ",\"answered\":%u", question->answered);
    }
    buffer_text(out, "}");
}

void export_json(struct buffer *out, const struct event *event) {
    buffer_text(out, "{\"format\":\"raute.1/export\",\"event\":");
    encode_event(out, event);
    buffer_format(out,
                  ",\"seq\":[%" PRIu64 ",%" PRIu64
                  "],\"next_number\":%u,\"next_talk\":%u,\"current\":%u,\"talks\":[",
                  event->seq[VIEW_PUBLIC], event->seq[VIEW_STAFF], event->next_number,
                  event->next_talk, event->current_talk);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        const struct talk *talk = &event->talks[i];
        buffer_format(out, "%s{\"id\":%u,\"title\":", i > 0 ? "," : "", talk->id);
        encode_text(out, talk->title);
        buffer_format(out, ",\"open\":%s,\"order\":", talk->open ? "true" : "false");
        encode_order(out, talk);
        buffer_text(out, "}");
    }
    buffer_text(out, "],\"questions\":[");
    for (uint32_t i = 0; i < event->question_count; i++) {
        buffer_text(out, i > 0 ? "," : "");
        encode_export_question(out, event->questions[i]);
    }
    buffer_text(out, "]}\n");
}
