/* Raute's own protocol (server/wire/README.md): joining, snapshots, resync, renaming a talk as the
 * broadcast. Answers are scanned for what is needed, which their fixed form permits. */
#ifndef RAUTE_BENCH_RAUTE_H
#define RAUTE_BENCH_RAUTE_H

#include "bench/load/phone.h"

#define LIMIT_NUMBERS 20001 /* of questions, and the unused 0 */
#define EVENT_BYTES   16

struct raute {
    uint64_t seq;                  /* of the last snapshot */
    uint8_t event[EVENT_BYTES];    /* its id */
    uint32_t votes[LIMIT_NUMBERS]; /* totals by number, as far as they have been told */
};
extern struct raute raute;

/* Addresses from the path of the socket: /e/SLUG/live. */
void raute_start(void);
/* Fetches the snapshot; false: trouble. */
bool raute_fetch(void);
/* Fetches page and snapshot; from then on phones ask for the page as a browser that kept it. */
bool raute_visit(void);
/* Fetches the snapshot once more when phones wait for one, as often as may be. */
void raute_resync(void);
void raute_resync_wanted(void); /* by one phone more */
void raute_total_note(uint32_t number, uint32_t total);

/* Steps: STEP_PAGE, STEP_SNAPSHOT, STEP_FETCH, STEP_JOIN. */
bool raute_page_enter(struct phone *phone);
bool raute_snapshot_enter(struct phone *phone);
bool raute_fetch_enter(struct phone *phone);
bool raute_join(struct phone *phone);
step_receive raute_page_receive, raute_snapshot_receive, raute_fetch_receive, raute_join_receive;
extern const uint8_t raute_storm[];

/* An answer {"id":N,"ok"… or {"id":N,"error":{"code":"…": true if it is ok. `code` is what the
 * error says, up to the quote. */
struct reply {
    uint32_t id;
    bool ok;
    struct text code;
};
bool reply_read(const struct message *message, struct reply *reply);
/* A number behind `name` in the text, which is a member with its colon: "\"seq\":". */
bool member_read(struct text text, const char *name, uint64_t *value);
/* Goes through [n,total] of `votes` and n, votes of questions; tells each to `note`. */
void totals_read(struct text text, void (*note)(uint32_t number, uint32_t total));
/* Text of so many bytes, in at most so many characters, of which none has more than four bytes. */
void text_fill(char *out, size_t bytes, size_t characters);

#endif
