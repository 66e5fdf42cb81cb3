/* The three exports of an event, the way back in, and what an export proves. By number; no ballots,
 * no salts, no held and no declined texts; of people what everybody sees. Times are minutes of
 * release. */
#ifndef RAUTE_WIRE_EXPORT_H
#define RAUTE_WIRE_EXPORT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "event/event.h"
#include "event/settings.h"
#include "journal/journal.h"

/* Everything that an import can use; its form is described in README.md, "Export". */
void export_json(struct buffer *out, const struct event *event);
/* One line per question, RFC 4180, with a byte order mark; cells that a spreadsheet would take for
 * a formula are defused with an apostrophe. */
void export_csv(struct buffer *out, const struct event *event);
/* For people: what the audience sees, talk by talk, most votes first. */
void export_markdown(struct buffer *out, const struct event *event, const char *public_url);
/* Who asked, where everybody sees that: the card's name, else "". Borrowed. */
const char *question_by(const struct event *event, const struct question *question);

/* A COMMAND_IMPORT from a JSON export, with fresh role keys on its context (wire/links.h). The
 * caller sets reply and handle, submits it, and frees it with request_free. Strict: BAD_MESSAGE for
 * unknown members and contradictions, else as for commands. */
enum refusal import_decode(const json_t *object, struct journal_request **request);

/* Checks every card and every claim of a JSON export by itself, as anybody can: signatures, keys,
 * texts. Appends one sentence and a line feed for each, and the sum at the end. */
enum export_proof {
    EXPORT_GOOD,
    EXPORT_WRONG,    /* at least one is */
    EXPORT_NOT_READ, /* this is no export; nothing was appended */
};
enum export_proof export_verify(struct buffer *out, const json_t *object, enum language language);

#endif
