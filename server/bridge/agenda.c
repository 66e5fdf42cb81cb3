#include "bridge/agenda.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

/* Places in event->outgoing, drawn by lot from all that came by. */
struct sample {
    uint32_t places[AGENDA_SAMPLE];
    uint32_t seen;
};

static void sample_add(struct sample *sample, uint32_t place) {
    uint32_t at = sample->seen < AGENDA_SAMPLE ? sample->seen : random_below(sample->seen + 1);
    sample->seen++;
    if (at < AGENDA_SAMPLE) {
        sample->places[at] = place;
    }
}

static uint32_t sample_count(const struct sample *sample) {
    return sample->seen < AGENDA_SAMPLE ? sample->seen : AGENDA_SAMPLE;
}

static enum agenda_kind row_kind(const struct outgoing *row) {
    if (row->state == POST_SENDING) {
        return AGENDA_SENDING;
    }
    if (row->act == ACT_DELETE) {
        return AGENDA_DELETIONS;
    }
    return row->kind == POST_QUESTION ? AGENDA_QUESTIONS : AGENDA_REPLIES;
}

void *bytes_copy(const void *bytes, size_t count) {
    if (bytes == NULL) {
        return NULL;
    }
    void *copy = memory_new(count);
    memcpy(copy, bytes, count);
    return copy;
}

struct account *account_copy(const struct account *account) {
    struct account *copy = bytes_copy(account, sizeof *account);
    copy->secret = bytes_copy(account->secret, account->secret_bytes);
    copy->avatar = bytes_copy(account->avatar, account->avatar_bytes);
    return copy;
}

char *text_copy(const char *text) {
    return text == NULL ? NULL : memory_text(text);
}

static void row_copy(struct agenda_row *copy, const struct event *event,
                     const struct outgoing *row) {
    const struct question *question = event_question(event, row->number);
    copy->row = *row;
    if (question != NULL) {
        post_mark(copy->mark, question, row->kind);
        copy->wanted = post_wanted(event, question, row) == WANT_YES;
        copy->text = text_copy(question->text);
        copy->answer = text_copy(question->answer);
        copy->warning = text_copy(question->warning);
        copy->answered = question->answered;
    }
    if (row->kind != POST_QUESTION) {
        const struct outgoing *parent =
            event_outgoing(event, row->number, row->account, POST_QUESTION);
        copy->parent = parent == NULL || parent->far[0] == '\0' ? NULL : memory_text(parent->far);
    }
}

/* Which of the event's accounts it is; account_count: none that is left. */
static uint32_t account_place(const struct event *event, uint32_t id) {
    uint32_t place = 0;
    while (place < event->account_count && event->accounts[place]->id != id) {
        place++;
    }
    return place;
}

static void rows_copy(struct agenda *agenda, const struct event *event) {
    struct sample samples[LIMIT_EVENT_ACCOUNTS][AGENDA_KINDS] = {0};
    uint32_t count = 0;
    for (uint32_t at = 0; at < event->outgoing_count; at++) {
        const struct outgoing *row = &event->outgoing[at];
        if (row->state == POST_READY || row->state == POST_SENDING) {
            uint32_t place = account_place(event, row->account);
            if (place < event->account_count) {
                sample_add(&samples[place][row_kind(row)], at);
            }
        }
    }
    for (uint32_t place = 0; place < event->account_count; place++) {
        for (int kind = 0; kind < AGENDA_KINDS; kind++) {
            count += sample_count(&samples[place][kind]);
        }
    }
    if (count == 0) {
        return;
    }
    agenda->rows = memory_new(count * sizeof *agenda->rows);
    for (uint32_t place = 0; place < event->account_count; place++) {
        for (int kind = 0; kind < AGENDA_KINDS; kind++) {
            const struct sample *sample = &samples[place][kind];
            for (uint32_t at = 0; at < sample_count(sample); at++) {
                row_copy(&agenda->rows[agenda->row_count++], event,
                         &event->outgoing[sample->places[at]]);
            }
        }
    }
}

/* ---- proofs */

static void check_add(struct agenda *agenda, const struct event *event, const struct card *card,
                      const char *account, const struct proof *proof) {
    if (!proof->due || agenda->check_count == AGENDA_CHECKS) {
        return;
    }
    uint32_t count = agenda->check_count++;
    if ((count & (count - 1)) == 0) { /* 0 or a power of two: it is full */
        size_t room = count == 0 ? 1 : (size_t)count * 2;
        agenda->checks = memory_resize(agenda->checks, room, sizeof *agenda->checks);
    }
    struct agenda_check *check = &agenda->checks[count];
    const struct question *question = event_question(event, proof->number);
    const struct claim *claim = event_claim(event, proof->number);
    memset(check, 0, sizeof *check);
    memcpy(check->card, card->key, sizeof check->card);
    memcpy(check->account, account, strlen(account) + 1);
    check->proof = *proof;
    check->proof.actor = text_copy(proof->actor);
    check->proof.source = text_copy(proof->source);
    check->claimed = proof->kind == PROOF_POST && question != NULL && claim != NULL &&
                     memcmp(claim->card, card->key, CARD_KEY_BYTES) == 0;
    if (check->claimed) {
        memcpy(check->key, question->key, sizeof check->key);
    }
}

static void checks_copy(struct agenda *agenda, const struct event *event) {
    for (uint32_t at = 0; at < event->card_count; at++) {
        const struct card *card = event->cards[at];
        check_add(agenda, event, card, "", &card->web_proof);
        for (uint8_t i = 0; i < card->account_count; i++) {
            check_add(agenda, event, card, card->accounts[i].name, &card->accounts[i].proof);
        }
    }
}

static bool card_due(const struct event *event, const uint8_t key[CARD_KEY_BYTES]) {
    const struct card *card = event_card(event, key);
    bool due = card != NULL && card->web_proof.due;
    for (uint8_t at = 0; card != NULL && at < card->account_count; at++) {
        due = due || card->accounts[at].proof.due;
    }
    return due;
}

struct agenda *agenda_make(const struct event *event, bool accounts_told) {
    struct agenda *agenda = memory_new(sizeof *agenda);
    memcpy(agenda->event, event->id, sizeof agenda->event);
    memcpy(agenda->slug, event->slug, sizeof agenda->slug);
    agenda->settings = event->settings;
    agenda->accounts_told = accounts_told;
    for (uint32_t at = 0; accounts_told && at < event->account_count; at++) {
        if (event->accounts[at]->state != ACCOUNT_LEFT) {
            agenda->accounts[agenda->account_count++] = account_copy(event->accounts[at]);
        }
    }
    rows_copy(agenda, event);
    checks_copy(agenda, event);
    return agenda;
}

struct agenda *agenda_deleted(const uint8_t event[EVENT_ID_BYTES]) {
    struct agenda *agenda = memory_new(sizeof *agenda);
    memcpy(agenda->event, event, sizeof agenda->event);
    agenda->deleted = true;
    return agenda;
}

void agenda_free(struct agenda *agenda) {
    if (agenda == NULL) {
        return;
    }
    for (uint32_t at = 0; at < agenda->account_count; at++) {
        account_free(agenda->accounts[at]);
    }
    for (uint32_t at = 0; at < agenda->row_count; at++) {
        struct agenda_row *row = &agenda->rows[at];
        free(row->text);
        free(row->answer);
        free(row->warning);
        free(row->parent);
    }
    for (uint32_t at = 0; at < agenda->check_count; at++) {
        free(agenda->checks[at].proof.actor);
        free(agenda->checks[at].proof.source);
    }
    free(agenda->rows);
    free(agenda->checks);
    free(agenda);
}

bool agenda_wanted(const struct event *event, const struct changes *changes, bool checked,
                   bool *accounts_told) {
    bool wanted = false;
    *accounts_told = false;
    for (size_t at = 0; at < changes->count; at++) {
        uint32_t first;
        switch (changes->items[at].kind) {
        case CHANGE_CREATED:
        case CHANGE_ACCOUNT:
            *accounts_told = true;
            wanted = true;
            break;
        case CHANGE_SETTINGS:
        case CHANGE_OUTGOING:
        case CHANGE_WIPED:
            wanted = true;
            break;
        case CHANGE_QUESTION:
        case CHANGE_GONE: /* what its posts should say is different */
            wanted = wanted || event_posts(event, changes->items[at].number, &first) > 0;
            break;
        case CHANGE_CARD:
        case CHANGE_CARD_KEPT:
        case CHANGE_CARD_GONE:
            wanted = wanted || checked || card_due(event, changes->items[at].as.key);
            break;
        default:
            break;
        }
    }
    return wanted;
}
