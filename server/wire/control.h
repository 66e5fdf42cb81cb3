/* The control socket DATA/control: one JSON object per line, one line back, then it is closed.
 * Used by the subcommands beside a running server; without one they take the same way inside their
 * own process (journal_run_one), so there is one code for both:
 *
 *   {"cmd":"event_create","title":…,"hashtags":[…],"slug"?:…,"language"?:…}
 *   {"cmd":"event_delete","slug":…}
 *   {"cmd":"event_links","slug":…}
 *   {"cmd":"import","export":{… the JSON export …}}
 *
 * → {"ok":{"slug":…,"audience":URL,"moderator":URL,"stage":URL,"organiser":URL}} ({"slug":…} alone
 * after event_delete), or {"error":{"code":…,"message":…}}. A line has at most LIMIT_CONTROL_BYTES.
 */
#ifndef RAUTE_WIRE_CONTROL_H
#define RAUTE_WIRE_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "event/refusal.h"
#include "event/settings.h"
#include "journal/journal.h"

/* One piece of work that takes one or more requests to the journal, one after the other:
 *
 *   control_start(&control, journal, url, language, line, length);
 *   while ((request = control_next(&control)) != NULL) {
 *       journal_run_one(journal, request);       (or: submit it and wait for it on request->reply)
 *       control_answered(&control, request);
 *   }
 *   control_finish(&control, &answer);           (one JSON object, without a newline)
 */
struct control {
    struct journal *journal;
    const char *public_url;
    enum language language; /* of the messages */
    enum refusal refusal;   /* the first that came; OK so far */
    bool links;             /* the answer shows the links */
    char slug[LIMIT_SLUG_CHARS + 1];
    struct link_keys *keys;
    struct journal_request *requests[ROLE_KEYS]; /* not yet handed out */
    size_t next, count;
};

/* Decodes one line; trouble is kept for control_finish. */
void control_start(struct control *control, struct journal *journal, const char *public_url,
                   enum language language, const uint8_t *line, size_t length);
/* The next request, the caller's until control_answered takes it back; NULL: nothing is left, or an
 * earlier one was refused. */
struct journal_request *control_next(struct control *control);
/* Takes an answered request and frees it. */
void control_answered(struct control *control, struct journal_request *request);
/* Appends the answer and frees what control holds; to be called once, also to give up early. */
void control_finish(struct control *control, struct buffer *answer);

/* The subcommands' side: appends a line, without the newline. `slug` may be NULL for create. */
void control_ask_create(struct buffer *line, const char *title, const char *const *hashtags,
                        size_t hashtag_count, const char *slug, enum language language);
void control_ask_delete(struct buffer *line, const char *slug);
void control_ask_links(struct buffer *line, const char *slug);
/* `bytes` is the content of the file; false when it is not one JSON object. */
bool control_ask_import(struct buffer *line, const uint8_t *bytes, size_t length);

/* What an answer says. Strings are owned, NULL where the answer has none. */
struct control_result {
    bool ok;
    char *code, *message; /* of an error */
    char *slug;
    char *link[ROLE_KEYS + 1]; /* by enum role: audience, organiser, moderator, stage */
};

/* False: it is not an answer (nothing to free then). */
bool control_result_read(struct control_result *result, const uint8_t *bytes, size_t length);
void control_result_clear(struct control_result *result);

#endif
