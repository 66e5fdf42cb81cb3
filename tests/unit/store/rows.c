/* Round trips: whatever an event did, what is loaded is what was in memory. */
#include "disk.h"
#include "event/chance_people.h"

/* An event whose every command is written and compared. */
struct saved {
    struct disk disk;
    struct store *store, *reader;
    struct kit kit;
};

static void saved_check(struct saved *saved) {
    assert_int_equal(disk_write(saved->store, &saved->kit), STORE_OK);
    disk_assert_same(saved->store, saved->kit.event);
    disk_assert_same(saved->reader, saved->kit.event);
}

static struct saved saved_new(bool moderation_before) {
    struct saved saved = {.disk = disk_new()};
    struct settings settings = kit_settings();
    settings.moderation_before = moderation_before;
    settings.release_seconds = 0;
    settings.tickets = true;
    settings.hashtag_count = 3;
    strncpy(settings.hashtags[1], "Zweites_Wort", LIMIT_HASHTAG_BYTES);
    strncpy(settings.hashtags[2], "Straße", LIMIT_HASHTAG_BYTES);
    saved.kit = kit_new(&settings);
    saved.store = disk_open(&saved.disk, STORE_WRITE);
    uint8_t secret[SECRET_BYTES];
    assert_int_equal(store_secret_new(saved.store, EVENT_ID, secret), STORE_OK);
    saved.reader = disk_open(&saved.disk, STORE_READ);
    saved_check(&saved);
    return saved;
}

static void saved_free(struct saved *saved) {
    store_close(saved->reader);
    store_close(saved->store);
    /* and once more from a fresh start */
    saved->store = disk_open(&saved->disk, STORE_WRITE);
    disk_assert_same(saved->store, saved->kit.event);
    store_close(saved->store);
    kit_free(&saved->kit);
    disk_free(&saved->disk);
}

#define SAVED(command)                                                                             \
    do {                                                                                           \
        assert_int_equal(command, REFUSAL_OK);                                                     \
        saved_check(&saved);                                                                       \
    } while (0)

static void saved_tick(struct saved *saved) {
    tick_due(&saved->kit);
    saved_check(saved);
}

static void test_settings(void **state) {
    (void)state;
    struct saved saved = saved_new(true);
    struct settings settings = saved.kit.event->settings;
    strncpy(settings.title, "Ein anderer Titel – mit Ümläuten", LIMIT_TITLE_BYTES);
    settings.hashtag_count = 1;
    settings.language = LANGUAGE_EN;
    settings.end += 1440;
    settings.moderation_before = false;
    settings.release_seconds = 60;
    settings.ask_burst = 20;
    settings.ask_seconds = 3600;
    settings.retention_days = 365;
    SAVED(change_settings(&saved.kit, UINT32_MAX, &settings));
    struct command link = {.kind = COMMAND_LINK};
    link.as.link.role = ROLE_STAGE;
    memset(link.as.link.hash, 200, ROLE_HASH_BYTES);
    SAVED(kit_apply(&saved.kit, link));
    saved_free(&saved);
}

static void test_talks(void **state) {
    (void)state;
    struct saved saved = saved_new(false);
    SAVED(talk_add(&saved.kit, "Zweiter Vortrag"));
    SAVED(talk_add(&saved.kit, "Dritter Vortrag"));
    struct command order = {.kind = COMMAND_TALK_ORDER};
    order.as.talk.order = kit_copy((uint32_t[]){3, 1, 2, 0}, 4 * sizeof(uint32_t));
    order.as.talk.order_count = 3;
    SAVED(kit_apply(&saved.kit, order));
    struct command rename = kit_text(COMMAND_TALK_RENAME, "Der zweite");
    rename.as.talk.talk = 2;
    SAVED(kit_apply(&saved.kit, rename));
    SAVED(talk_open(&saved.kit, 1, false));
    struct command select = {.kind = COMMAND_TALK_SELECT};
    select.as.talk.from = saved.kit.event->current_talk;
    select.as.talk.to = 3;
    SAVED(kit_apply(&saved.kit, select));
    SAVED(ask_in(&saved.kit, 3, 1, "An den dritten?"));
    saved_tick(&saved);
    saved_free(&saved);
}

static void test_questions(void **state) {
    (void)state;
    struct saved saved = saved_new(true);
    struct kit *kit = &saved.kit;
    for (uint32_t n = 1; n <= 5; n++) {
        SAVED(ask(kit, n));
    }
    SAVED(edit(kit, 5, 1, "Vor der Freigabe geändert?"));
    SAVED(withdraw(kit, 4, 1));
    saved_tick(&saved);
    assert_int_equal(kit->event->question_count, 4);
    for (uint32_t n = 1; n <= 3; n++) {
        SAVED(move(kit, n, STATE_PENDING, STATE_LISTED));
    }
    SAVED(move(kit, 4, STATE_PENDING, STATE_DECLINED));
    SAVED(move(kit, 4, STATE_DECLINED, STATE_PENDING));
    SAVED(vote(kit, 1, 1));
    SAVED(vote(kit, 2, 1));
    SAVED(vote(kit, 1, 2));
    SAVED(unvote(kit, 2, 1));
    SAVED(unvote(kit, 1, 2));
    SAVED(pin(kit, 3, true));
    SAVED(move(kit, 1, STATE_LISTED, STATE_ANSWERING));
    SAVED(move_with(kit, 1, STATE_ANSWERING, STATE_ANSWERED, REASON_NONE, "So ist es."));
    SAVED(move(kit, 2, STATE_LISTED, STATE_HIDDEN));
    SAVED(pin(kit, 3, false));
    uint32_t listed = kit->event->questions[2]->key[3]; /* see kit_key */
    uint32_t rev = kit->event->questions[2]->rev;
    SAVED(edit(kit, listed, rev + 1, "Der neue Wortlaut?"));
    assert_int_equal(kit->event->held_count, 1);
    saved_tick(&saved);
    SAVED(withdraw(kit, listed, kit->event->questions[2]->rev + 1));
    saved_free(&saved);
}

static void test_exposure(void **state) {
    (void)state;
    struct saved saved = saved_new(false);
    struct kit *kit = &saved.kit;
    SAVED(ask(kit, 1));
    saved_tick(&saved);
    SAVED(ask(kit, 2));
    saved_tick(&saved);
    SAVED(present(kit, 500));
    for (int step = 0; step < 4; step++) {
        saved_tick(&saved);
    }
    assert_true(kit->event->questions[0]->exposure > 0);
    saved_free(&saved);
}

static void test_wipe_and_close(void **state) {
    (void)state;
    struct saved saved = saved_new(false);
    struct kit *kit = &saved.kit;
    for (uint32_t n = 1; n <= 3; n++) {
        SAVED(ask(kit, n));
        saved_tick(&saved);
        SAVED(vote(kit, 9, n));
    }
    SAVED(ask(kit, 4));
    SAVED(plain(kit, COMMAND_WIPE));
    assert_int_equal(kit->event->question_count, 0);
    SAVED(ask(kit, 5));
    saved_tick(&saved);
    assert_int_equal(kit->event->questions[0]->number, 4);
    SAVED(vote(kit, 9, 4));
    tick_at(kit, NOW + 3 * DAY, 1);
    assert_true(kit->event->closed);
    saved_check(&saved);
    const char *rows = disk_path(&saved.disk, "data/raute.sqlite");
    assert_int_equal(disk_number(rows, "SELECT count(*) FROM ballots"), 0);
    assert_int_equal(disk_number(rows, "SELECT votes FROM counts"), 1);
    saved_free(&saved);
}

static void test_delete(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    struct kit kit = kit_new(&settings);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    ask_released(&kit, 1, 1);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    assert_int_equal(plain(&kit, COMMAND_DELETE), REFUSAL_OK);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    struct event *event;
    assert_int_equal(store_load(store, EVENT_ID, &event, NULL), STORE_NONE);
    uint8_t(*ids)[EVENT_ID_BYTES];
    size_t count;
    assert_int_equal(store_list(store, &ids, &count), STORE_OK);
    assert_int_equal(count, 0);
    free(ids);
    static const char *const tables[] = {"events",    "talks", "questions", "counts",
                                         "exposures", "held",  "ballots"};
    for (size_t at = 0; at < sizeof tables / sizeof tables[0]; at++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[at]);
        assert_int_equal(disk_number(disk_path(&disk, "data/raute.sqlite"), sql), 0);
    }
    store_close(store);
    kit_free(&kit);
    disk_free(&disk);
}

/* Appends what the last command did to a batch. */
static void batch_add(struct changes *batch, const struct kit *kit) {
    for (size_t at = 0; at < kit->changes.count; at++) {
        changes_add(batch, kit->changes.items[at]);
    }
}

/* Anything goes; refusals too. */
static void command_random(struct kit *kit) {
    uint32_t n = 1 + random_below(30), number = 1 + random_below(kit->event->next_number);
    enum question_state from = (enum question_state)random_below(STATE_COUNT);
    const struct question *question = event_question(kit->event, number);
    if (question != NULL && random_below(4) > 0) {
        from = question->state;
    }
    switch (random_below(12)) {
    case 0:
        (void)ask(kit, n);
        break;
    case 1:
        (void)edit(kit, n, 1 + random_below(2), "Geändert?");
        break;
    case 2:
        (void)withdraw(kit, n, 1 + random_below(2));
        break;
    case 3:
        (void)unvote(kit, random_below(4), number);
        break;
    case 4:
        (void)pin(kit, number, random_below(2) == 0);
        break;
    case 5:
    case 6:
        (void)move(kit, number, from, (enum question_state)random_below(STATE_COUNT));
        break;
    case 7:
        if (random_below(20) == 0) {
            (void)plain(kit, COMMAND_WIPE);
        }
        break;
    case 8:
        (void)present(kit, random_below(100));
        break;
    case 9:
        tick_at(kit, kit->now + random_below(40000), (uint8_t)random_below(256));
        break;
    default:
        (void)vote(kit, random_below(4), number);
        break;
    }
}

static void test_random_batches(void **state) {
    (void)state;
    struct saved saved = saved_new(false);
    struct kit *kit = &saved.kit;
    kit->quick = true;
    struct chance chance = {.state = random_below(UINT32_MAX)};
    for (int batch = 0; batch < 250; batch++) {
        struct changes changes = {0};
        for (uint32_t left = 1 + random_below(12); left > 0; left--) {
            changes_clear(&kit->changes);
            uint32_t draw = random_below(6);
            if (draw < 2) {
                (void)kit_apply(kit, chance_posts(&chance, kit->event, kit->now));
            } else if (draw < 4) {
                (void)kit_apply(kit, chance_people(&chance, kit->event, kit->now));
            } else {
                command_random(kit);
            }
            batch_add(&changes, kit);
        }
        struct store_item item = {.event = kit->event, .changes = &changes};
        assert_int_equal(store_write(saved.store, &item, 1), STORE_OK);
        disk_assert_same(saved.reader, kit->event);
        changes_clear(&changes);
    }
    saved_free(&saved);
}

/* Several events in one commit; a slug goes on in the commit that frees it. */
static void test_events_apart(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.moderation_before = false;
    struct kit first = kit_new(&settings);
    struct event *second = event_new((const uint8_t *)"another event!!!");
    struct command create = kit_create(&settings, "zwei");
    memcpy(create.event, second->id, EVENT_ID_BYTES);
    create.now = NOW;
    struct changes changes = {0};
    uint32_t result;
    assert_int_equal(event_apply(second, &create, &changes, &result), REFUSAL_OK);
    command_clear(&create);
    const struct store_item both[] = {{first.event, &first.changes}, {second, &changes}};
    assert_int_equal(store_write(store, both, 2), STORE_OK);
    disk_assert_same(store, first.event);
    disk_assert_same(store, second);

    ask_released(&first, 1, 2);
    assert_int_equal(vote(&first, 1, 1), REFUSAL_OK);
    changes_clear(&first.changes);
    changes_add(&first.changes, (struct change){.kind = CHANGE_DELETED});
    strncpy(second->slug, first.event->slug, LIMIT_SLUG_CHARS);
    changes_clear(&changes);
    changes_add(&changes, (struct change){.kind = CHANGE_SETTINGS});
    const struct store_item again[] = {{second, &changes}, {first.event, &first.changes}};
    assert_int_equal(store_write(store, again, 2), STORE_OK);
    disk_assert_same(store, second);
    struct event *event;
    assert_int_equal(store_load(store, first.event->id, &event, NULL), STORE_NONE);
    changes_clear(&changes);
    event_free(second);
    kit_free(&first);
    store_close(store);
    disk_free(&disk);
}

/* Presence is nobody's business on disk: nothing is written. */
static void test_presence_unwritten(void **state) {
    (void)state;
    struct saved saved = saved_new(false);
    size_t before, after;
    free(disk_read(disk_path(&saved.disk, "data/raute.sqlite-wal"), &before));
    changes_clear(&saved.kit.changes);
    changes_add(&saved.kit.changes, (struct change){.kind = CHANGE_PRESENCE});
    assert_int_equal(disk_write(saved.store, &saved.kit), STORE_OK);
    free(disk_read(disk_path(&saved.disk, "data/raute.sqlite-wal"), &after));
    assert_int_equal(before, after);
    saved_free(&saved);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings),           cmocka_unit_test(test_talks),
        cmocka_unit_test(test_questions),          cmocka_unit_test(test_exposure),
        cmocka_unit_test(test_wipe_and_close),     cmocka_unit_test(test_delete),
        cmocka_unit_test(test_random_batches),     cmocka_unit_test(test_events_apart),
        cmocka_unit_test(test_presence_unwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
