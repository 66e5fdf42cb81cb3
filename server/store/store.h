/* Changes ↔ SQLite rows. One write connection, used by the journal thread only (and by offline
 * subcommands); read-only stores for the rest. All SQL of the program stands in this folder.
 *
 * DATA/raute.sqlite      the rows (schema.sql); WAL, synchronous FULL, secure_delete ON
 * DATA/secrets/ID        an event's secret, 64 bytes: live ‖ memory; 0600. The memory half seals
 *                        cards that are not published, and interests
 * DATA/forgotten/ID      sorted 16-byte hashes of what was withdrawn, deleted or taken back (a
 *                        question, a card, a claim); replaced by write, fsync, rename before
 *                        the commit that forgets
 * DATA/bridge-key         seals the accounts' log-ins in the rows; 32 bytes, 0600
 * ID is the event id in base64url. */
#ifndef RAUTE_STORE_STORE_H
#define RAUTE_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

#define BRIDGE_KEY_BYTES 32

struct store;

enum store_status {
    STORE_OK,
    STORE_FULL,   /* disk or quota full */
    STORE_FAILED, /* anything else; the reason was logged without content */
    STORE_NONE,   /* no such event, no such file */
};

enum store_mode { STORE_WRITE, STORE_READ };

/* Opens DATA (made with 0700 in write mode, schema applied). NULL: *why says it in a sentence for
 * the terminal (static text). */
struct store *store_open(const char *data, enum store_mode mode, const char **why);
/* Write mode: maintains first, with VACUUM, so that a file at rest tells no order of arrival;
 * nobody else maintains now. */
void store_close(struct store *store);

/* Ids of all events, in no order that tells anything; *ids is malloc'd. */
enum store_status store_list(struct store *store, uint8_t (**ids)[EVENT_ID_BYTES], size_t *count);
/* Loads one event, forgotten file applied. The caller owns *event. `changes` (may be NULL in read
 * mode) gets what the forgotten file removed, to be written back by the caller. Sealed rows that
 * the event's secret does not open (it was lost, and is another one) are left out, logged, and
 * removed in write mode. */
enum store_status store_load(struct store *store, const uint8_t id[EVENT_ID_BYTES],
                             struct event **event, struct changes *changes);

/* What one event's batch did. */
struct store_item {
    const struct event *event;
    const struct changes *changes;
};
/* Writes the batch in one transaction and makes it durable; without changes that are stored
 * (presence is not) it writes nothing. Anything but STORE_OK: nothing of it is in the database, and
 * the caller reloads the events. (What was to be forgotten may be: then loading drops it, and
 * withdrawing again is fine.) */
enum store_status store_write(struct store *store, const struct store_item *items, size_t count);

/* An event's secret. New: random, written and fsynced, before the event's first store_write.
 * `secret` is the caller's sodium_malloc'd memory. */
enum store_status store_secret_new(struct store *store, const uint8_t id[EVENT_ID_BYTES],
                                   uint8_t secret[SECRET_BYTES]);
/* STORE_NONE: no file (a backup restored without secrets): make a new one, after store_load. */
enum store_status store_secret_load(struct store *store, const uint8_t id[EVENT_ID_BYTES],
                                    uint8_t secret[SECRET_BYTES]);
/* Overwrites the live half: the event is closed. store_write does it by itself, after the commit
 * that destroys the ballots; again at start, in case the process ended in between. */
enum store_status store_secret_close(struct store *store, const uint8_t id[EVENT_ID_BYTES]);
/* The key that seals the accounts' log-ins. Made at the first call in write mode, then always the
 * same. STORE_NONE: read mode, and there is none. `key` is wiped by the caller. */
enum store_status store_bridge_key(struct store *store, uint8_t key[BRIDGE_KEY_BYTES]);
/* Gives an event what its forgotten file says (no file: nothing), before event_restored(): for
 * import; store_load does it by itself. */
enum store_status store_forgotten_load(struct store *store, struct event *event);
/* Removes what lies beside the database of events that are not in it: secrets at once (overwritten
 * first), forgotten hashes when the event's retention is over (the file's time says when), so that
 * an import until then brings nothing back that was withdrawn. After a commit that deletes; also at
 * start, of leftovers. */
void store_files_sweep(struct store *store);

/* Maintenance, from its own thread on its own connection, each minute: truncates the WAL; VACUUMs
 * first when `may_vacuum` and something was removed, or ballots or tickets came, since the last
 * time (or nobody knows: after the start). The writer waits for a VACUUM. */
enum store_status store_maintain(struct store *store, bool may_vacuum);

/* A copy by VACUUM INTO, 0600, refused when FILE exists; with secrets: FILE.secrets/ beside it,
 * with the bridge's key. */
enum store_status store_backup(struct store *store, const char *file, bool with_secrets,
                               const char **why);

#endif
