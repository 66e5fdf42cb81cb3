/* Scanning what Raute says. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bench/load/raute.h"

/* The digits at the front; the text goes on behind them. */
static bool digits_read(struct text *text, uint64_t *value) {
    size_t length = 0;
    *value = 0;
    while (length < text->length && isdigit((unsigned char)text->bytes[length])) {
        *value = *value * 10 + (uint64_t)(text->bytes[length++] - '0');
    }
    text->bytes += length;
    text->length -= length;
    return length > 0 && length < 20;
}

/* Goes on behind the next `word`. */
static bool text_pass(struct text *text, const char *word) {
    const char *at = memmem(text->bytes, text->length, word, strlen(word));
    if (at == NULL) {
        return false;
    }
    at += strlen(word);
    text->length -= (size_t)(at - text->bytes);
    text->bytes = at;
    return true;
}

static bool text_begins(struct text *text, const char *word) {
    size_t length = strlen(word);
    if (text->length < length || memcmp(text->bytes, word, length) != 0) {
        return false;
    }
    text->bytes += length;
    text->length -= length;
    return true;
}

bool member_read(struct text text, const char *name, uint64_t *value) {
    return text_pass(&text, name) && digits_read(&text, value);
}

bool reply_read(const struct message *message, struct reply *reply) {
    struct text text = {(const char *)message->payload, message->length};
    uint64_t id;
    if (message->opcode != WEBSOCKET_TEXT || text.length == 0 ||
        text.bytes[text.length - 1] != '}' || !text_begins(&text, "{\"id\":") ||
        !digits_read(&text, &id) || id > UINT32_MAX) {
        return false;
    }
    *reply = (struct reply){.id = (uint32_t)id, .ok = text_begins(&text, ",\"ok\":{")};
    if (!reply->ok) {
        if (!text_begins(&text, ",\"error\":{\"code\":\"")) {
            return false;
        }
        const char *end = memchr(text.bytes, '"', text.length);
        reply->code = (struct text){text.bytes, end == NULL ? 0 : (size_t)(end - text.bytes)};
    }
    return true;
}

static void list_read(struct text text, void (*note)(uint32_t number, uint32_t total)) {
    uint64_t number, total;
    while (text_begins(&text, "[") && digits_read(&text, &number) && text_begins(&text, ",") &&
           digits_read(&text, &total) && text_begins(&text, "]")) {
        note((uint32_t)number, (uint32_t)total);
        (void)text_begins(&text, ",");
    }
}

/* Quotes inside texts are escaped, so no text looks like a member. */
void totals_read(struct text text, void (*note)(uint32_t number, uint32_t total)) {
    struct text votes = text;
    if (text_pass(&votes, "{\"k\":\"votes\",\"v\":[")) {
        list_read(votes, note);
    }
    uint64_t number, total;
    while (text_pass(&text, "\"n\":") && digits_read(&text, &number)) {
        struct text rest = text, next = text;
        size_t until = text_pass(&next, "\"n\":") ? text.length - next.length : text.length;
        rest.length = until;
        if (member_read(rest, "\"votes\":", &total)) {
            note((uint32_t)number, (uint32_t)total);
        }
    }
}

void text_fill(char *out, size_t bytes, size_t characters) {
    bytes = bytes < 4 * characters ? bytes : 4 * characters;
    size_t wide = bytes > characters ? (bytes - characters + 2) / 3 : 0; /* of 4 bytes each */
    for (size_t i = 0; i < wide; i++) {
        memcpy(out + 4 * i, "\xf0\xa0\x80\x80", 4);
    }
    size_t narrow = bytes > 4 * wide ? bytes - 4 * wide : 0;
    memset(out + 4 * wide, 'x', narrow);
    out[4 * wide + narrow] = '\0';
}
