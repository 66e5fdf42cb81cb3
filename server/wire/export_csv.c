#include <string.h>
#include <time.h>

#include "wire/export.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static void cell_text(struct buffer *out, const char *text) {
    buffer_text(out, "\"");
    /* A spreadsheet would run what begins like this. */
    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL) {
        buffer_text(out, "'");
    }
    for (const char *at = text; *at != '\0'; at++) {
        buffer_text(out, *at == '"' ? "\"" : "");
        buffer_append(out, at, 1);
    }
    buffer_text(out, "\"");
}

static void cell_minute(struct buffer *out, uint32_t minute) {
    time_t seconds = (time_t)minute * 60;
    struct tm parts;
    char text[32] = "";
    if (gmtime_r(&seconds, &parts) != NULL) {
        (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%MZ", &parts);
    }
    buffer_text(out, text);
}

void export_csv(struct buffer *out, const struct event *event) {
    buffer_text(out, BYTE_ORDER_MARK "number,talk,state,reason,votes,minute,pinned,edited,degree,"
                                     "text,answer,by\r\n");
    for (uint32_t i = 0; i < event->question_count; i++) {
        const struct question *question = event->questions[i];
        const struct talk *talk = event_talk(event, question->talk);
        buffer_format(out, "%u,", question->number);
        cell_text(out, talk != NULL ? talk->title : "");
        buffer_format(out, ",%s,%s,%u,", question_state_name(question->state),
                      decline_reason_name(question->reason), question->votes);
        cell_minute(out, question->minute);
        buffer_format(out, ",%s,%s,%u,", question->pinned ? "yes" : "no",
                      question->edited ? "yes" : "no", question->degree);
        cell_text(out, question->state == STATE_DECLINED ? "" : question->text);
        buffer_text(out, ",");
        cell_text(out, question->answer != NULL ? question->answer : "");
        buffer_text(out, ",");
        cell_text(out, question_by(event, question));
        buffer_text(out, "\r\n");
    }
}
