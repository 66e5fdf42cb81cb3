/* Changes tell all: a second copy of the event, kept up to date by nothing but the changes, as the
 * store keeps its rows, always equals the event; it can be restored at any time; seq rises exactly
 * when a view shows something else. */
#include "mirror_people.h"

struct mirror {
    struct settings settings;
    uint8_t role_hash[ROLE_KEYS][ROLE_HASH_BYTES];
    bool closed;
    uint32_t current_talk;
    struct talk talks[8]; /* in their order */
    uint32_t talk_count;
    struct question questions[2048];           /* by number; number 0: none */
    struct held held[CHANCE_KEYS];             /* text NULL: none */
    struct account *accounts[CHANCE_ACCOUNTS]; /* in no order */
    uint32_t account_count;
    struct outgoing posts[4096]; /* in no order */
    uint32_t post_count;
    struct table ballots, forgotten;
    struct mirror_people *people;
};

static void question_clear(struct question *question) {
    free(question->text);
    free(question->answer);
    free(question->warning);
    *question = (struct question){0};
}

static void mirror_question(struct mirror *mirror, const struct event *event, uint32_t number) {
    const struct question *from = event_question(event, number);
    struct question *to = &mirror->questions[number];
    assert_non_null(from);
    assert_true(number < 2048);
    uint32_t votes = to->votes;
    uint64_t exposure = to->exposure;
    question_clear(to);
    *to = *from;
    to->votes = votes;
    to->exposure = exposure;
    to->counted_at = 0;
    to->text = memory_text(from->text);
    to->answer = from->answer == NULL ? NULL : memory_text(from->answer);
    to->warning = from->warning == NULL ? NULL : memory_text(from->warning);
}

static void mirror_gone(struct mirror *mirror, const struct change *change) {
    uint8_t hash[FORGOTTEN_BYTES];
    forgotten_hash(hash, EVENT_ID, change->as.key);
    table_set(&mirror->forgotten, hash, mirror);
    if (change->number != 0) {
        assert_memory_equal(mirror->questions[change->number].key, change->as.key,
                            QUESTION_KEY_BYTES);
        question_clear(&mirror->questions[change->number]);
    }
}

static void mirror_held(struct mirror *mirror, const struct event *event,
                        const struct change *change) {
    struct held *row = &mirror->held[change->as.key[3]];
    free(row->text);
    *row = (struct held){0};
    if (change->kind == CHANGE_HELD) {
        *row = *event_held(event, change->as.key);
        row->text = memory_text(row->text);
    }
}

static void talk_copy(struct talk *to, const struct talk *from, bool order, bool row) {
    if (row) {
        to->id = from->id;
        to->open = from->open;
        memcpy(to->title, from->title, sizeof to->title);
    }
    if (order) {
        free(to->order);
        to->order = memory_new((from->order_count + 1) * sizeof *to->order);
        to->order_count = from->order_count;
        if (from->order_count > 0) {
            memcpy(to->order, from->order, from->order_count * sizeof *to->order);
        }
    }
}

static void mirror_talk(struct mirror *mirror, const struct event *event,
                        const struct change *change) {
    uint32_t i = 0;
    while (i < mirror->talk_count && mirror->talks[i].id != change->number) {
        i++;
    }
    assert_true(i < 8);
    mirror->talk_count += i == mirror->talk_count;
    talk_copy(&mirror->talks[i], event_talk(event, change->number), change->kind == CHANGE_ORDER,
              change->kind == CHANGE_TALK);
}

static void mirror_talks(struct mirror *mirror, const struct event *event) {
    struct talk talks[8] = {0};
    assert_int_equal(mirror->talk_count, event->talk_count);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        for (uint32_t j = 0; j < mirror->talk_count; j++) {
            if (mirror->talks[j].id == event->talks[i].id) {
                talks[i] = mirror->talks[j];
            }
        }
    }
    memcpy(mirror->talks, talks, sizeof talks);
    mirror->current_talk = event->current_talk;
}

static void mirror_account(struct mirror *mirror, const struct event *event, uint32_t id) {
    uint32_t i = 0;
    while (i < mirror->account_count && mirror->accounts[i]->id != id) {
        i++;
    }
    if (i < mirror->account_count) {
        account_free(mirror->accounts[i]);
        mirror->accounts[i] = mirror->accounts[--mirror->account_count];
    }
    const struct account *account = event_account(event, id);
    if (account != NULL) {
        assert_true(mirror->account_count < CHANCE_ACCOUNTS);
        mirror->accounts[mirror->account_count++] = kit_account_copy(account);
    }
}

static void mirror_post(struct mirror *mirror, const struct event *event,
                        const struct change *change) {
    uint32_t account = change->as.outgoing.account, i = 0;
    enum post_kind kind = change->as.outgoing.kind;
    while (i < mirror->post_count &&
           (mirror->posts[i].number != change->number || mirror->posts[i].account != account ||
            mirror->posts[i].kind != kind)) {
        i++;
    }
    if (i < mirror->post_count) {
        mirror->posts[i] = mirror->posts[--mirror->post_count];
    }
    const struct outgoing *row = event_outgoing(event, change->number, account, kind);
    if (row != NULL) {
        assert_true(mirror->post_count < 4096);
        mirror->posts[mirror->post_count] = *row;
        mirror->posts[mirror->post_count++].due_at = 0; /* not stored */
    }
}

static void mirror_wipe(struct mirror *mirror) {
    for (uint32_t i = 0; i < 2048; i++) {
        question_clear(&mirror->questions[i]);
    }
    for (uint32_t i = 0; i < CHANCE_KEYS; i++) {
        free(mirror->held[i].text);
        mirror->held[i] = (struct held){0};
    }
    for (uint32_t i = 0; i < mirror->talk_count; i++) {
        mirror->talks[i].order_count = 0;
    }
    table_clear(&mirror->ballots);
}

static void mirror_created(struct mirror *mirror, const struct event *event) {
    mirror->settings = event->settings;
    memcpy(mirror->role_hash, event->role_hash, sizeof mirror->role_hash);
    mirror->talk_count = 1;
    mirror->current_talk = event->current_talk;
    talk_copy(&mirror->talks[0], &event->talks[0], true, true);
    mirror->ballots = table_make(BALLOT_BYTES);
    mirror->forgotten = table_make(FORGOTTEN_BYTES);
    mirror->people = memory_new(sizeof *mirror->people);
}

static void mirror_change(struct mirror *mirror, const struct event *event,
                          const struct change *change) {
    switch (change->kind) {
    case CHANGE_CREATED:
        mirror_created(mirror, event);
        break;
    case CHANGE_SETTINGS:
        mirror->settings = event->settings;
        break;
    case CHANGE_TALK:
    case CHANGE_ORDER:
        mirror_talk(mirror, event, change);
        break;
    case CHANGE_TALKS:
        mirror_talks(mirror, event);
        break;
    case CHANGE_QUESTION:
        mirror_question(mirror, event, change->number);
        break;
    case CHANGE_VOTES:
        mirror->questions[change->number].votes = event_question(event, change->number)->votes;
        break;
    case CHANGE_EXPOSURE:
        mirror->questions[change->number].exposure =
            event_question(event, change->number)->exposure;
        break;
    case CHANGE_GONE:
        mirror_gone(mirror, change);
        break;
    case CHANGE_HELD:
    case CHANGE_HELD_GONE:
        mirror_held(mirror, event, change);
        break;
    case CHANGE_BALLOT:
        table_set(&mirror->ballots, change->as.ballot, mirror);
        break;
    case CHANGE_BALLOT_GONE:
        assert_non_null(table_remove(&mirror->ballots, change->as.ballot));
        break;
    case CHANGE_BALLOTS_DESTROYED:
        table_clear(&mirror->ballots);
        memset(mirror->people->tickets, 0, sizeof mirror->people->tickets);
        mirror->closed = true;
        break;
    case CHANGE_ROLE:
        memcpy(mirror->role_hash[change->number - 1], event->role_hash[change->number - 1],
               ROLE_HASH_BYTES);
        break;
    case CHANGE_ACCOUNT:
        mirror_account(mirror, event, change->number);
        break;
    case CHANGE_OUTGOING:
        mirror_post(mirror, event, change);
        break;
    case CHANGE_CARD:
    case CHANGE_CARD_GONE:
    case CHANGE_CARD_KEPT:
        mirror_card(mirror->people, &mirror->forgotten, event, change);
        break;
    case CHANGE_CLAIM:
        mirror_claim(mirror->people, &mirror->forgotten, event, change->number);
        break;
    case CHANGE_INTEREST:
        mirror_interest(mirror->people, event, change);
        break;
    case CHANGE_TICKET:
        mirror_ticket(mirror->people, event, change->as.ticket);
        break;
    case CHANGE_WIPED:
        mirror_wipe(mirror);
        break;
    case CHANGE_CARD_STAFF:
    case CHANGE_BY_LINE:
    case CHANGE_PRESENCE:
    case CHANGE_DELETED:
        break;
    }
}

static void set_restore(const struct table *set, struct event *event,
                        void (*restore)(struct event *, const uint8_t *)) {
    size_t at = 0;
    const void *key;
    void *value;
    while (table_next(set, &at, &key, &value)) {
        restore(event, key);
    }
}

/* What the store would load. Counters and seq stand in the event's row, written with every batch.
 */
static struct event *mirror_load(const struct mirror *mirror, const struct event *event) {
    struct event *copy = event_new(EVENT_ID);
    memcpy(copy->slug, event->slug, sizeof copy->slug);
    memcpy(copy->seq, event->seq, sizeof copy->seq);
    copy->next_number = event->next_number;
    copy->next_talk = event->next_talk;
    copy->next_account = event->next_account;
    copy->settings = mirror->settings;
    memcpy(copy->role_hash, mirror->role_hash, sizeof copy->role_hash);
    copy->closed = mirror->closed;
    copy->current_talk = mirror->current_talk;
    for (uint32_t i = 0; i < mirror->talk_count; i++) {
        struct talk talk = {0};
        talk_copy(&talk, &mirror->talks[i], true, true);
        event_restore_talk(copy, &talk);
    }
    for (uint32_t i = 0; i < 2048; i++) {
        struct question question = mirror->questions[i];
        if (question.number != 0) {
            question.text = memory_text(question.text);
            question.answer = question.answer == NULL ? NULL : memory_text(question.answer);
            question.warning = question.warning == NULL ? NULL : memory_text(question.warning);
            event_restore_question(copy, &question);
        }
    }
    for (uint32_t i = CHANCE_KEYS; i > 0; i--) {
        struct held held = mirror->held[i - 1];
        if (held.text != NULL) {
            held.text = memory_text(held.text);
            event_restore_held(copy, &held);
        }
    }
    for (uint32_t i = 0; i < mirror->account_count; i++) {
        event_restore_account(copy, kit_account_copy(mirror->accounts[i]));
    }
    for (uint32_t i = 0; i < mirror->post_count; i++) {
        event_restore_outgoing(copy, &mirror->posts[i]);
    }
    mirror_people_load(mirror->people, copy);
    set_restore(&mirror->ballots, copy, event_restore_ballot);
    set_restore(&mirror->forgotten, copy, event_restore_forgotten);
    return copy;
}

static void mirror_compare(const struct mirror *mirror, const struct event *event) {
    struct event *copy = mirror_load(mirror, event);
    struct changes changes = {0};
    assert_true(event_restored(copy, &changes));
    assert_int_equal(changes.count, 0);
    kit_assert_same(kit_dump(event, false), kit_dump(copy, false));
    event_free(copy);
}

static void mirror_free(struct mirror *mirror) {
    mirror_wipe(mirror);
    for (uint32_t i = 0; i < mirror->talk_count; i++) {
        free(mirror->talks[i].order);
    }
    for (uint32_t i = 0; i < mirror->account_count; i++) {
        account_free(mirror->accounts[i]);
    }
    table_clear(&mirror->forgotten);
    mirror_people_free(mirror->people);
    free(mirror);
}

static void posts_dump(struct buffer *out, const struct event *event, enum view view) {
    for (uint32_t i = 0; i < event->account_count; i++) {
        if (view == VIEW_STAFF || event->accounts[i]->state != ACCOUNT_LEFT) {
            buffer_format(out, "account %s %d\n", event->accounts[i]->name,
                          view == VIEW_STAFF ? (int)event->accounts[i]->state : 0);
        }
    }
    static const uint8_t nothing[POST_MARK_BYTES];
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        const struct outgoing *row = &event->outgoing[i];
        const struct question *question = event_question(event, row->number);
        if (view == VIEW_STAFF) {
            dump_outgoing(out, row, false);
        } else if (question != NULL && question_shown(question, view) &&
                   row->kind == POST_QUESTION && row->url[0] != '\0' &&
                   memcmp(row->sent, nothing, sizeof nothing) != 0) {
            buffer_format(out, "out %u %u %s\n", row->number, row->account, row->url);
        }
    }
}

/* All that a view shows, as text. */
static char *view_dump(const struct event *event, enum view view) {
    struct buffer out = buffer_make(DUMP_BYTES);
    dump_settings(&out, &event->settings);
    buffer_format(&out, "current %u\n", event->current_talk);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        const struct talk *talk = &event->talks[i];
        buffer_format(&out, "%u %s %d:", talk->id, talk->title, talk->open);
        for (uint32_t j = 0; j < talk->order_count; j++) {
            buffer_format(&out, " %u", talk->order[j]);
        }
        buffer_text(&out, "\n");
    }
    for (uint32_t i = 0; i < event->question_count; i++) {
        struct question shown = *event->questions[i];
        shown.exposure = 0;
        if (view == VIEW_PUBLIC) {
            shown.approved = false;
            shown.warning = NULL;
            shown.answered = 0;
        }
        if (question_shown(&shown, view)) {
            dump_question(&out, &shown);
            view_by_line(&out, event, shown.number);
        } else {
            buffer_format(&out, "%u %d %d %u\n", shown.number, (int)shown.state, (int)shown.reason,
                          shown.rev);
        }
    }
    posts_dump(&out, event, view);
    view_people(&out, event, view);
    size_t length;
    return (char *)buffer_take(&out, &length);
}

/* What only staff see of a question, or of one that is not shown, is told to everybody, too;
 * likewise a log-in, and what of a proof or of a claim that is hidden nobody sees. */
static bool told_at_most(const struct kit *kit) {
    static const enum command_kind kinds[] = {
        COMMAND_APPROVE, COMMAND_OPEN,     COMMAND_WARN,  COMMAND_DEGREE,    COMMAND_CARD_DELETE,
        COMMAND_CLAIM,   COMMAND_INTEREST, COMMAND_PROOF, COMMAND_PROOF_LOST};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kit->kind == kinds[i]) {
            return true;
        }
    }
    bool taken = kit->kind == COMMAND_CARD && kit_count(kit, CHANGE_CARD_GONE) > 0;
    bool due = kit->kind == COMMAND_TICK && kit_count(kit, CHANGE_CARD) > 0;
    return taken || due || kit->kind == COMMAND_UNCLAIM || kit_count(kit, CHANGE_ACCOUNT) > 0;
}

static void compare_view(const struct kit *kit, char *before, enum view view, uint64_t seq) {
    char *after = view_dump(kit->event, view);
    size_t visible = 0;
    for (size_t i = 0; i < kit->changes.count; i++) {
        visible += change_visible(kit->event, &kit->changes.items[i], view);
    }
    assert_int_equal(kit->event->seq[view], seq + visible);
    /* a close and a wipe of what only waited are told although no view looks different */
    bool told = kit_count(kit, CHANGE_BALLOTS_DESTROYED) + kit_count(kit, CHANGE_WIPED) > 0;
    if (visible == 0 || !(told || told_at_most(kit))) {
        if ((visible > 0) != (strcmp(before, after) != 0)) {
            fail_msg("view %d, command of kind %d: %zu changes are visible", (int)view,
                     (int)kit->kind, visible);
        }
    }
    free(before);
    free(after);
}

static void mirror_run(uint64_t seed, int commands) {
    struct chance chance = {.seed = seed, .state = seed};
    struct settings settings = kit_settings();
    settings.moderation_before = chance_percent(&chance, 50);
    struct kit kit = kit_new(&settings);
    struct mirror *mirror = memory_new(sizeof *mirror);
    mirror_change(mirror, kit.event, &kit.changes.items[0]);
    for (int i = 0; i < commands && !kit.event->deleted; i++) {
        kit.now += chance_pause(&chance);
        char *views[VIEW_COUNT];
        uint64_t seq[VIEW_COUNT];
        for (int view = 0; view < VIEW_COUNT; view++) {
            views[view] = view_dump(kit.event, (enum view)view);
            seq[view] = kit.event->seq[view];
        }
        kit_apply(&kit, chance_any(&chance, kit.event, kit.now));
        for (int view = 0; view < VIEW_COUNT; view++) {
            compare_view(&kit, views[view], (enum view)view, seq[view]);
        }
        for (size_t j = 0; j < kit.changes.count; j++) {
            mirror_change(mirror, kit.event, &kit.changes.items[j]);
        }
        if (i % 5 == 0) {
            mirror_compare(mirror, kit.event);
        }
    }
    mirror_compare(mirror, kit.event);
    mirror_free(mirror);
    kit_free(&kit);
}

static void test_mirror(void **state) {
    (void)state;
    uint64_t seed = chance_seed();
    print_message("# RAUTE_SEED=%llu\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < 15; i++) {
        mirror_run(seed + i, 50 + 50 * (int)(i % 10));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mirror)};
    random_start();
    return cmocka_run_group_tests_name("mirror", tests, NULL, NULL);
}
