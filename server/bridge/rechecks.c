/* Proofs are looked at again when the event says so. What a page or a post says no longer is lost,
 * and a log-in once the account's name leads to somebody else or to nobody; where nobody answers,
 * the next day tells, and after three days without a sign it is lost too. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/prove.h"

#define MINUTE_MS   INT64_C(60000)
#define DAY_MS      (24 * 60 * MINUTE_MS)
#define SILENT_DAYS 3
#define AT_ONCE     4 /* of one event */

/* One that is due; gone once the agenda has it no more. Another proof is another one. */
struct recheck {
    struct recheck *next;
    struct site *site; /* NULL: nobody wants to know any more */
    uint8_t event[EVENT_ID_BYTES];
    uint8_t card[CARD_KEY_BYTES];
    char account[LIMIT_CARD_ACCOUNT_BYTES + 1];
    struct proof proof; /* owns its texts */
    bool looking;
    bool listed;        /* in the latest agenda */
    int64_t not_before; /* Unix ms */
    struct bridge *bridge;
};

static void recheck_free(struct recheck *recheck) {
    free(recheck->proof.actor);
    free(recheck->proof.source);
    free(recheck);
}

static bool is_whole(const struct agenda_check *check) {
    const struct proof *proof = &check->proof;
    return proof->actor != NULL && (proof->kind == PROOF_LOGIN) == (proof->source == NULL);
}

static bool is_of(const struct recheck *recheck, const struct agenda_check *check) {
    const struct proof *one = &recheck->proof, *other = &check->proof;
    return memcmp(recheck->card, check->card, CARD_KEY_BYTES) == 0 &&
           strcmp(recheck->account, check->account) == 0 && is_whole(check) &&
           one->kind == other->kind && one->minute == other->minute &&
           strcmp(one->actor, other->actor) == 0 &&
           (one->source == NULL || strcmp(one->source, other->source) == 0) &&
           one->number == other->number && memcmp(one->salt, other->salt, sizeof one->salt) == 0;
}

static struct recheck *recheck_of(struct site *site, const struct agenda_check *check) {
    struct recheck *recheck = site->rechecks;
    while (recheck != NULL && !is_of(recheck, check)) {
        recheck = recheck->next;
    }
    if (recheck != NULL) {
        return recheck;
    }
    recheck = memory_new(sizeof *recheck);
    recheck->site = site;
    recheck->bridge = site->bridge;
    memcpy(recheck->event, site->agenda->event, sizeof recheck->event);
    memcpy(recheck->card, check->card, sizeof recheck->card);
    memcpy(recheck->account, check->account, sizeof recheck->account);
    recheck->proof = check->proof;
    recheck->proof.actor = memory_text(check->proof.actor);
    recheck->proof.source = text_copy(check->proof.source);
    recheck->next = site->rechecks;
    site->rechecks = recheck;
    return recheck;
}

/* Takes out those that are not `listed`, or all. One that is being looked at stays by itself. */
static void rechecks_cut(struct site *site, bool all) {
    for (struct recheck **at = &site->rechecks; *at != NULL;) {
        struct recheck *recheck = *at;
        if (!all && recheck->listed) {
            at = &recheck->next;
            continue;
        }
        *at = recheck->next;
        recheck->site = NULL;
        if (!recheck->looking) {
            recheck_free(recheck);
        }
    }
}

void rechecks_keep(struct site *site) {
    for (struct recheck *recheck = site->rechecks; recheck != NULL; recheck = recheck->next) {
        recheck->listed = false;
        for (uint32_t at = 0; at < site->agenda->check_count; at++) {
            recheck->listed = recheck->listed || is_of(recheck, &site->agenda->checks[at]);
        }
    }
    rechecks_cut(site, false);
}

void rechecks_clear(struct site *site) {
    rechecks_cut(site, true);
}

/* ---- the end of a look */

static void tell(const struct recheck *recheck, enum command_kind kind, int64_t now) {
    struct bridge *bridge = recheck->bridge;
    struct journal_request *note = bridge_request(bridge, kind, recheck->event, ASKER_NOBODY, NULL);
    struct proof proof = recheck->proof;
    proof.actor = memory_text(proof.actor);
    proof.source = text_copy(proof.source);
    proof.due = true; /* a look at this proof says nothing of another */
    proof.minute = kind == COMMAND_PROOF ? (uint32_t)(now / MINUTE_MS) : proof.minute;
    memcpy(note->command.as.proof.card, recheck->card, CARD_KEY_BYTES);
    memcpy(note->command.as.proof.account, recheck->account, sizeof recheck->account);
    note->command.as.proof.proof = proof;
    journal_submit(bridge->journal, note);
}

/* An answer that says no, or the only one in days that could have said yes. */
static bool is_lost(const struct recheck *recheck, enum refusal refusal, int64_t now) {
    return refusal == REFUSAL_BAD_CODE || refusal == REFUSAL_BAD_ACCOUNT ||
           now - (int64_t)recheck->proof.minute * MINUTE_MS >= SILENT_DAYS * DAY_MS;
}

static void looked(void *context, enum refusal refusal, const char *actor, const char *source) {
    struct recheck *recheck = context;
    int64_t now = clock_unix_ms();
    (void)actor;
    (void)source;
    recheck->looking = false;
    if (recheck->site == NULL) {
        recheck_free(recheck);
        return;
    }
    if (recheck->bridge->ending) {
        return;
    }
    recheck->not_before = now + DAY_MS; /* whatever the journal says to what it is told */
    if (refusal == REFUSAL_OK) {
        tell(recheck, COMMAND_PROOF, now);
    } else if (is_lost(recheck, refusal, now)) {
        log_count("proof lost");
        tell(recheck, COMMAND_PROOF_LOST, now);
    } else {
        log_count("proof not seen");
    }
}

/* ---- the beginning */

/* What is not claimed any more has no code that a post could carry. */
static void post_look(struct recheck *recheck, const struct agenda_check *check,
                      struct proof_look *look) {
    uint8_t code[POST_CODE_BYTES];
    const struct agenda *agenda = recheck->site->agenda;
    if (!check->claimed) {
        int64_t now = clock_unix_ms();
        tell(recheck, COMMAND_PROOF_LOST, now);
        recheck->not_before = now + DAY_MS;
        return;
    }
    post_code_make(code, agenda->event, check->key, check->card, check->proof.salt, check->account);
    char *link = question_link(recheck->bridge, agenda->slug, check->proof.number, code);
    look->wanted = link;
    recheck->looking = true;
    witness_look(look);
    free(link);
}

static void link_look(struct recheck *recheck, const struct agenda_check *check,
                      struct proof_look *look) {
    char *page = card_page(recheck->bridge, recheck->site->agenda->slug, check->card);
    look->wanted = page;
    recheck->looking = true;
    relme_look(look);
    free(page);
}

static void recheck_begin(struct recheck *recheck, const struct agenda_check *check) {
    struct proof_look look = {.reach = &recheck->bridge->reach,
                              .account = check->account,
                              .page = check->proof.source,
                              .actor = check->proof.actor,
                              .done = looked,
                              .context = recheck};
    if (check->proof.kind == PROOF_POST) {
        post_look(recheck, check, &look);
    } else if (check->proof.kind == PROOF_LINK) {
        link_look(recheck, check, &look);
    } else {
        recheck->looking = true;
        witness_look(&look);
    }
}

int64_t site_recheck(struct site *site, int64_t now) {
    const struct agenda *agenda = site->agenda;
    int64_t wake = INT64_MAX;
    unsigned looking = 0;
    for (const struct recheck *at = site->rechecks; at != NULL; at = at->next) {
        looking += at->looking;
    }
    for (uint32_t at = 0; at < agenda->check_count; at++) {
        const struct agenda_check *check = &agenda->checks[at];
        if (!is_whole(check)) {
            continue;
        }
        struct recheck *recheck = recheck_of(site, check);
        recheck->listed = true;
        if (recheck->looking || looking >= AT_ONCE) {
            continue;
        }
        if (recheck->not_before <= now) {
            recheck_begin(recheck, check);
            looking += recheck->looking;
        }
        if (!recheck->looking && recheck->not_before < wake) {
            wake = recheck->not_before;
        }
    }
    return wake;
}
