/* Somebody logs in at the own server, once: to show whose an account of the card is, or to post an
 * own question there. The token is ended as soon as that is known, and nothing of it is kept but
 * the proof. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bridge/entry.h"
#include "bridge/errand.h"
#include "bridge/prove.h"
#include "bridge/task.h"
#include "bridge/webfinger.h"

#define MINUTE_MS             INT64_C(60000)
#define DESCRIPTION_GRAPHEMES 200

void own_free(struct own *own) {
    if (own != NULL) {
        peek_free(own->peek);
        free(own->actor);
        free(own->profile);
        free(own->url);
        free(own);
    }
}

/* ---- to the page where the person agrees */

static enum refusal own_refusal(const struct errand *errand) {
    const struct command *asked = &errand->request->command;
    const struct peek *peek = errand->peek;
    if (!peek->card_known) {
        return REFUSAL_UNKNOWN;
    }
    if (!peek->listed || asked->as.own.account[0] == '\0') {
        return REFUSAL_BAD_ACCOUNT;
    }
    return asked->as.own.post && !peek->claimed ? REFUSAL_UNKNOWN : REFUSAL_OK;
}

/* The host of the account says at which server it lives, and who it is there. */
static void finger_known(void *context, enum refusal refusal, const struct finger *finger) {
    struct entry *entry = context;
    struct attempt *attempt = &entry->attempt;
    if (refusal != REFUSAL_OK || finger->actor == NULL) {
        attempt_failed(attempt, refusal == REFUSAL_OK ? REFUSAL_BAD_SERVER : refusal);
        return;
    }
    entry->own->actor = memory_text(finger->actor);
    entry->own->profile = finger->profile == NULL ? NULL : memory_text(finger->profile);
    attempt->server = memory_text(finger->actor);
    network_driver(NETWORK_MASTODON)->begin(attempt);
}

void own_begin(struct errand *errand) {
    struct bridge *bridge = errand->bridge;
    struct journal_request *request = errand->request;
    const struct command *asked = &request->command;
    enum refusal refusal = own_refusal(errand);
    if (refusal != REFUSAL_OK) {
        errand_end(errand, refusal, NULL);
        return;
    }
    errand->request = NULL;
    errand_end(errand, REFUSAL_OK, NULL);
    bool mastodon = strchr(asked->as.own.account, '@') != NULL;
    struct entry *entry = entry_new(bridge, request, mastodon ? NETWORK_MASTODON : NETWORK_BLUESKY,
                                    asked->as.own.post ? LOGIN_POST : LOGIN_PROVE);
    if (entry == NULL) {
        return;
    }
    struct own *own = memory_new(sizeof *own);
    entry->own = own;
    own->number = asked->as.own.number;
    memcpy(own->card, asked->as.own.card, sizeof own->card);
    memcpy(own->account, asked->as.own.account, sizeof own->account);
    memcpy(entry->attempt.challenge, asked->as.own.challenge, sizeof entry->attempt.challenge);
    if (mastodon) {
        finger_ask(&bridge->reach, own->account, finger_known, entry);
    } else {
        entry->attempt.server = memory_text(own->account);
        network_driver(NETWORK_BLUESKY)->begin(&entry->attempt);
    }
}

/* ---- the person is back */

/* On the AT Protocol the token itself says for whom it is, and the log-in compares that. */
static bool is_theirs(const struct entry *entry) {
    const struct own *own = entry->own;
    const struct attempt *attempt = &entry->attempt;
    const char *said[] = {attempt->actor, attempt->account->url};
    if (attempt->login->network != NETWORK_MASTODON) {
        return true;
    }
    for (int at = 0; at < 2; at++) {
        if (said[at] != NULL && (strcmp(said[at], own->actor) == 0 ||
                                 (own->profile != NULL && strcmp(said[at], own->profile) == 0))) {
            return true;
        }
    }
    return false;
}

static void own_post(struct task *task) {
    const struct own *own = task->entry->own;
    const struct peek *peek = own->peek;
    const struct network_driver *driver = network_driver(task->account->network);
    task->link = question_link(task->seat->bridge, peek->slug, own->number, NULL);
    const struct post_source source = {
        .network = task->account->network,
        .limit = task->account->post_limit,
        .link_length = task->account->link_length,
        .kind = POST_QUESTION,
        .text = peek->text,
        .warning = peek->warning,
        .settings = &peek->settings,
        .url = task->link,
    };
    task->text = post_compose(&source);
    task->title = memory_text(peek->settings.title);
    task->description = memory_text_n(peek->text, text_cut(peek->text, DESCRIPTION_GRAPHEMES));
    task->job.kind = POST_QUESTION;
    task->job.act = ACT_POST;
    task->job.text = &task->text;
    task->job.link = task->link;
    task->job.title = task->title;
    task->job.description = task->description;
    driver->token(task->token);
    driver->post(&task->job);
}

static void own_revoke(struct task *task) {
    task->entry->own->revoking = true;
    network_driver(task->account->network)->revoke(&task->job);
}

static void own_work(struct entry *entry) {
    struct own *own = entry->own;
    struct attempt *attempt = &entry->attempt;
    struct seat *seat = orphan_add(entry->bridge, entry->event, attempt->account, attempt->login);
    attempt->account = NULL;
    attempt->login = NULL;
    entry->phase = ENTRY_STORING;
    struct task *task = task_new(seat, TASK_OWN);
    task->entry = entry;
    if (own->refusal == REFUSAL_OK && attempt->purpose == LOGIN_POST) {
        own_post(task);
    } else {
        own_revoke(task);
    }
}

/* A question that is posted may have been changed or withdrawn while its asker was away. */
static void own_ask(struct entry *entry) {
    struct own *own = entry->own;
    struct command command = {.kind = COMMAND_OWN_LOGIN};
    memcpy(command.event, entry->event, sizeof command.event);
    memcpy(command.as.own.card, own->card, sizeof own->card);
    memcpy(command.as.own.account, own->account, sizeof own->account);
    command.as.own.number = own->number;
    own->asked = ++entry->bridge->errand_last;
    entry->phase = ENTRY_STORING;
    peek_ask(entry->bridge, own->asked, &command);
}

void own_finished(struct entry *entry) {
    struct own *own = entry->own;
    const struct attempt *attempt = &entry->attempt;
    own->refusal = is_theirs(entry) ? REFUSAL_OK : REFUSAL_BAD_ACCOUNT;
    if (own->actor == NULL) {
        own->actor = memory_text(attempt->account->remote);
    }
    if (own->refusal == REFUSAL_OK && attempt->purpose == LOGIN_POST) {
        own_ask(entry);
    } else {
        own_work(entry);
    }
}

void own_peeked(struct bridge *bridge, struct peek *peek) {
    struct entry *entry = bridge->entries;
    while (entry != NULL && (entry->own == NULL || entry->own->asked != peek->errand)) {
        entry = entry->next;
    }
    if (entry == NULL) {
        peek_free(peek);
        return;
    }
    bool good = peek->known && peek->listed && peek->claimed;
    entry->own->peek = peek;
    entry->own->refusal = good ? REFUSAL_OK : REFUSAL_UNKNOWN;
    own_work(entry);
}

/* ---- what came of it */

static void own_end(struct entry *entry, enum refusal refusal, json_t *ok) {
    entry_answer(entry, refusal, ok);
    entry_free(entry);
}

static void own_tell(struct entry *entry) {
    const struct own *own = entry->own;
    if (own->refusal != REFUSAL_OK) {
        own_end(entry, own->refusal, NULL);
        return;
    }
    struct journal_request *note =
        bridge_request(entry->bridge, COMMAND_PROOF, entry->event, ASKER_ENTRY, entry);
    memcpy(note->command.as.proof.card, own->card, sizeof own->card);
    memcpy(note->command.as.proof.account, own->account, sizeof own->account);
    note->command.as.proof.proof = (struct proof){.kind = PROOF_LOGIN,
                                                  .minute = (uint32_t)(clock_unix_ms() / MINUTE_MS),
                                                  .actor = memory_text(own->actor)};
    journal_submit(entry->bridge->journal, note);
}

void own_answered(struct entry *entry, enum refusal refusal) {
    const struct own *own = entry->own;
    bool posted = own->url != NULL; /* which cannot be taken back: it is told in any case */
    if (refusal != REFUSAL_OK && !posted) {
        own_end(entry, refusal, NULL);
        return;
    }
    json_t *ok = json_object();
    if (refusal == REFUSAL_OK) {
        (void)json_object_set_new(ok, "account", json_string(own->account));
    }
    if (posted) {
        (void)json_object_set_new(ok, "url", json_string(own->url));
    }
    if (!own->revoked) {
        (void)json_object_set_new(ok, "revoked", json_false());
    }
    own_end(entry, REFUSAL_OK, ok);
}

/* An end that failed is tried again; the person is told that it did. */
static void own_revoked(struct task *task, bool done) {
    struct entry *entry = task->entry;
    struct seat *seat = task->seat;
    entry->own->revoked = done;
    task_end(task);
    seat->gone = done;
    if (!done) {
        log_count("own log-in not ended");
        seat->revoke_tries++;
        seat->not_before = clock_unix_ms() + backoff_ms(seat->revoke_tries);
    }
    own_tell(entry);
}

void own_done(struct task *task, const struct job_result *result) {
    struct entry *entry = task->entry;
    struct own *own = entry->own;
    if (entry->bridge->ending) {
        task_end(task);
        own_end(entry, REFUSAL_BUSY, NULL);
    } else if (own->revoking) {
        own_revoked(task, result->trouble == TROUBLE_NONE);
    } else {
        own->refusal = trouble_refusal(result->trouble);
        if (result->trouble == TROUBLE_NONE) {
            own->url = memory_text(result->url == NULL ? "" : result->url);
        }
        own_revoke(task);
    }
}
