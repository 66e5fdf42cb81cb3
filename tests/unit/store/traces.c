/* What the files may not tell: how their content came about, and what is no longer in it. */
#include "disk.h"

#define HEADER_BYTES 100

static struct kit kit_quick(void) {
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.moderation_before = false;
    return kit_new(&settings);
}

static void write_ok(struct store *store, const struct kit *kit) {
    assert_int_equal(disk_write(store, kit), STORE_OK);
}

/* A copy without what SQLite counts in its header: changes, the schema's cookie, and again changes.
 */
static uint8_t *copy_bytes(const struct disk *disk, struct store *store, size_t *count) {
    const char *why = "", *path = disk_path(disk, "copy");
    assert_int_equal(store_backup(store, path, false, &why), STORE_OK);
    uint8_t *bytes = disk_read(path, count);
    assert_true(*count > HEADER_BYTES);
    memset(bytes + 24, 0, 4);
    memset(bytes + 40, 0, 4);
    memset(bytes + 92, 0, 4);
    assert_int_equal(remove(path), 0);
    return bytes;
}

/* Lives through a lot, one commit per command. */
static void history_write(struct store *store, struct kit *kit) {
    kit->quick = true;
    write_ok(store, kit);
    for (uint32_t n = 60; n > 0; n--) {
        assert_int_equal(ask(kit, n * 7 % 61), REFUSAL_OK);
        write_ok(store, kit);
        tick_due(kit);
        write_ok(store, kit);
    }
    for (uint32_t member = 0; member < 300; member++) {
        assert_int_equal(vote(kit, member * 7919, 1 + member % 60), REFUSAL_OK);
        write_ok(store, kit);
    }
    for (uint32_t member = 0; member < 300; member += 3) {
        assert_int_equal(unvote(kit, member * 7919, 1 + member % 60), REFUSAL_OK);
        write_ok(store, kit);
    }
    assert_int_equal(edit(kit, 5, 1, "Ein anderer, längerer Wortlaut als zuvor?"), REFUSAL_OK);
    write_ok(store, kit);
    tick_due(kit);
    write_ok(store, kit);
    assert_int_equal(withdraw(kit, 9, 1), REFUSAL_OK);
    write_ok(store, kit);
    assert_int_equal(ask(kit, 100), REFUSAL_OK); /* stays held */
    write_ok(store, kit);
}

static void test_two_histories_one_file(void **state) {
    (void)state;
    struct disk lived = disk_new(), written = disk_new();
    struct store *store = disk_open(&lived, STORE_WRITE);
    struct kit kit = kit_quick();
    history_write(store, &kit);

    struct store *other = disk_open(&written, STORE_WRITE);
    changes_clear(&kit.changes);
    changes_add(&kit.changes, (struct change){.kind = CHANGE_CREATED});
    write_ok(other, &kit);

    size_t a_count, b_count;
    uint8_t *a = copy_bytes(&lived, store, &a_count), *b = copy_bytes(&written, other, &b_count);
    assert_int_equal(a_count, b_count);
    assert_memory_equal(a, b, a_count);
    free(a);
    free(b);

    /* Not so before a VACUUM, or this test shows nothing. */
    assert_int_equal(store_maintain(store, false), STORE_OK);
    assert_int_equal(store_maintain(other, false), STORE_OK);
    a = disk_read(disk_path(&lived, "data/raute.sqlite"), &a_count);
    b = disk_read(disk_path(&written, "data/raute.sqlite"), &b_count);
    assert_true(a_count != b_count || memcmp(a, b, a_count) != 0);
    free(a);
    free(b);
    store_close(store);
    store_close(other);
    kit_free(&kit);
    disk_free(&lived);
    disk_free(&written);
}

/* Within a commit, too, the order of arrival is lost: the same batch in another order is the same
 * database, without any VACUUM. */
static void test_order_within_a_commit(void **state) {
    (void)state;
    struct disk disks[2] = {disk_new(), disk_new()};
    uint8_t *bytes[2];
    size_t counts[2];
    for (int turn = 0; turn < 2; turn++) {
        struct store *store = disk_open(&disks[turn], STORE_WRITE);
        struct kit kit = kit_quick();
        kit.quick = true;
        write_ok(store, &kit);
        ask_released(&kit, 1, 1);
        write_ok(store, &kit);
        struct changes batch = {0};
        for (uint32_t step = 0; step < 200; step++) {
            uint32_t member = turn == 0 ? step : 199 - step;
            assert_int_equal(vote(&kit, member * 7919, 1), REFUSAL_OK);
            for (size_t at = 0; at < kit.changes.count; at++) {
                changes_add(&batch, kit.changes.items[at]);
            }
        }
        const struct store_item item = {kit.event, &batch};
        assert_int_equal(store_write(store, &item, 1), STORE_OK);
        assert_int_equal(store_maintain(store, false), STORE_OK);
        bytes[turn] = disk_read(disk_path(&disks[turn], "data/raute.sqlite"), &counts[turn]);
        changes_clear(&batch);
        kit_free(&kit);
        store_close(store);
        disk_free(&disks[turn]);
    }
    assert_int_equal(counts[0], counts[1]);
    assert_memory_equal(bytes[0] + HEADER_BYTES, bytes[1] + HEADER_BYTES, counts[0] - HEADER_BYTES);
    free(bytes[0]);
    free(bytes[1]);
}

/* A file at rest does not tell in which order its ballots came. */
static void test_order_is_lost_on_closing(void **state) {
    (void)state;
    struct disk disks[2] = {disk_new(), disk_new()};
    uint8_t *bytes[2];
    size_t counts[2];
    for (int turn = 0; turn < 2; turn++) {
        struct store *store = disk_open(&disks[turn], STORE_WRITE);
        struct kit kit = kit_quick();
        kit.quick = true;
        write_ok(store, &kit);
        ask_released(&kit, 1, 1);
        write_ok(store, &kit);
        assert_int_equal(store_maintain(store, true), STORE_OK);
        for (uint32_t step = 0; step < 200; step++) {
            uint32_t member = turn == 0 ? step : 199 - step;
            assert_int_equal(vote(&kit, member * 7919, 1), REFUSAL_OK);
            write_ok(store, &kit);
        }
        store_close(store);
        bytes[turn] = disk_read(disk_path(&disks[turn], "data/raute.sqlite"), &counts[turn]);
        kit_free(&kit);
        disk_free(&disks[turn]);
    }
    assert_int_equal(counts[0], counts[1]);
    assert_memory_equal(bytes[0] + HEADER_BYTES, bytes[1] + HEADER_BYTES, counts[0] - HEADER_BYTES);
    free(bytes[0]);
    free(bytes[1]);
}

static void test_log_is_emptied(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    history_write(store, &kit);
    struct stat about;
    const char *log = disk_path(&disk, "data/raute.sqlite-wal");
    assert_int_equal(stat(log, &about), 0);
    assert_true(about.st_size > 0);
    assert_int_equal(store_maintain(store, false), STORE_OK);
    assert_int_equal(stat(log, &about), 0);
    assert_int_equal(about.st_size, 0);
    /* a reader at work is no failure */
    disk_assert_same(store, kit.event);
    sqlite3 *reader;
    assert_int_equal(sqlite3_open(disk_path(&disk, "data/raute.sqlite"), &reader), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM events", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(vote(&kit, 12345, 1), REFUSAL_OK);
    write_ok(store, &kit);
    assert_int_equal(store_maintain(store, false), STORE_OK);
    sqlite3_close(reader);
    store_close(store);
    assert_false(disk_exists(log));
    kit_free(&kit);
    disk_free(&disk);
}

/* So many votes in one commit; `next` is the first member. */
static void votes_write(struct store *store, struct kit *kit, uint32_t *next, uint32_t count) {
    struct changes batch = {0};
    for (uint32_t end = *next + count; *next < end; ++*next) {
        assert_int_equal(vote(kit, *next * UINT32_C(2654435761), 1), REFUSAL_OK);
        for (size_t at = 0; at < kit->changes.count; at++) {
            changes_add(&batch, kit->changes.items[at]);
        }
    }
    const struct store_item item = {kit->event, &batch};
    assert_int_equal(store_write(store, &item, 1), STORE_OK);
    changes_clear(&batch);
}

/* A storm does not wait for the minute: what it has written is reused before it is much. */
static void test_log_stays_short(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    struct stat about;
    uint32_t next = 1;
    kit.quick = true;
    write_ok(store, &kit);
    ask_released(&kit, 1, 1);
    write_ok(store, &kit);
    votes_write(store, &kit, &next, 20000);
    for (int commit = 0; commit < 60; commit++) {
        votes_write(store, &kit, &next, 300);
        assert_int_equal(stat(disk_path(&disk, "data/raute.sqlite-wal"), &about), 0);
        assert_in_range(about.st_size, 1, 20 << 20);
    }
    assert_true(about.st_size > 15 << 20); /* it was full, and is kept for what comes */
    disk_assert_same(store, kit.event);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static size_t search_text(const struct disk *disk, const char *text) {
    return disk_search(disk, text, strlen(text));
}

static size_t search_key(const struct disk *disk, uint32_t n) {
    uint8_t key[QUESTION_KEY_BYTES];
    kit_key(key, n);
    return disk_search(disk, key, sizeof key);
}

/* Four questions: edited, withdrawn, withdrawn while held, declined and then withdrawn. */
static void test_deleted_is_gone(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    history_write(store, &kit);
    static const char *const words[] = {"Xylophonquarz", "Yachtgezwitscher", "Zebrafinkenjagd",
                                        "Quittenbrezel"};
    for (uint32_t at = 0; at < 4; at++) {
        assert_int_equal(ask_in(&kit, 1, 200 + at, words[at]), REFUSAL_OK);
        write_ok(store, &kit);
        if (at != 2) {
            tick_due(&kit);
            write_ok(store, &kit);
        }
    }
    assert_true(search_text(&disk, words[0]) > 0 && search_key(&disk, 202) > 0);
    assert_int_equal(edit(&kit, 200, 1, "Kurz?"), REFUSAL_OK);
    write_ok(store, &kit);
    tick_due(&kit); /* releases 202, too */
    write_ok(store, &kit);
    uint8_t key[QUESTION_KEY_BYTES];
    kit_key(key, 203);
    uint32_t number = event_question_by_key(kit.event, key)->number;
    assert_int_equal(move(&kit, number, STATE_LISTED, STATE_DECLINED), REFUSAL_OK);
    write_ok(store, &kit);
    for (uint32_t n = 201; n <= 203; n++) {
        assert_int_equal(withdraw(&kit, n, 1), REFUSAL_OK);
        write_ok(store, &kit);
    }
    assert_int_equal(store_maintain(store, true), STORE_OK);
    const char *why = "";
    assert_int_equal(store_backup(store, disk_path(&disk, "copy"), true, &why), STORE_OK);
    for (uint32_t at = 0; at < 4; at++) {
        assert_int_equal(search_text(&disk, words[at]), 0);
    }
    for (uint32_t n = 201; n <= 203; n++) {
        assert_int_equal(search_key(&disk, n), 0);
    }
    assert_int_equal(search_text(&disk, "Kurz?"), 2); /* the search does find what is there */
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static void test_ballots_destroyed(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    history_write(store, &kit);
    uint8_t ballot[BALLOT_BYTES];
    kit_ballot(ballot, 7919, 2);
    assert_true(disk_search(&disk, ballot, sizeof ballot) > 0);
    tick_at(&kit, NOW + 3 * DAY, 1);
    assert_true(kit.event->closed);
    write_ok(store, &kit);
    assert_int_equal(store_maintain(store, true), STORE_OK);
    for (uint32_t member = 0; member < 300; member++) {
        kit_ballot(ballot, member * 7919, 1 + member % 60);
        if (member != 0) { /* all zeroes but one byte: found anywhere */
            assert_int_equal(disk_search(&disk, ballot, sizeof ballot), 0);
        }
    }
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static void test_nothing_remains_of_an_event(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    uint8_t secret[SECRET_BYTES], id[EVENT_ID_BYTES];
    memcpy(id, EVENT_ID, sizeof id);
    assert_int_equal(store_secret_new(store, EVENT_ID, secret), STORE_OK);
    history_write(store, &kit);
    int64_t retention = (int64_t)kit.event->settings.retention_days * DAY;
    tick_at(&kit, kit.event->settings.end * MINUTE + retention, 1);
    assert_true(kit.event->deleted);
    write_ok(store, &kit);
    store_files_sweep(store);
    assert_int_equal(store_maintain(store, true), STORE_OK);
    assert_int_equal(disk_search(&disk, id, sizeof id), 0);
    assert_int_equal(disk_search(&disk, secret, SECRET_BYTES / 2), 0);
    assert_int_equal(disk_search(&disk, secret + SECRET_BYTES / 2, SECRET_BYTES / 2), 0);
    assert_int_equal(search_text(&disk, "NetzwerkenHRO"), 0);
    assert_int_equal(search_text(&disk, "Question"), 0);
    assert_int_equal(search_key(&disk, 5), 0);
    assert_false(disk_exists(disk_file_of(&disk, "secrets", EVENT_ID)));
    assert_false(disk_exists(disk_file_of(&disk, "forgotten", EVENT_ID)));
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

/* VACUUM only when something was removed or somebody voted, and only when it may. */
static void test_vacuum_when_wanted(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    history_write(store, &kit);
    assert_int_equal(store_maintain(store, true), STORE_OK);
    int64_t rows = disk_number(disk_path(&disk, "data/raute.sqlite"), "PRAGMA schema_version");
    assert_int_equal(store_maintain(store, true), STORE_OK); /* nothing to vacuum */
    assert_int_equal(disk_number(disk_path(&disk, "data/raute.sqlite"), "PRAGMA schema_version"),
                     rows);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK); /* its place tells when it came */
    write_ok(store, &kit);
    assert_int_equal(store_maintain(store, false), STORE_OK); /* may not */
    assert_int_equal(disk_number(disk_path(&disk, "data/raute.sqlite"), "PRAGMA schema_version"),
                     rows);
    assert_int_equal(store_maintain(store, true), STORE_OK);
    assert_int_not_equal(
        disk_number(disk_path(&disk, "data/raute.sqlite"), "PRAGMA schema_version"), rows);
    disk_assert_same(store, kit.event);
    assert_int_equal(vote(&kit, 2, 1), REFUSAL_OK);
    write_ok(store, &kit); /* the writer goes on after it */
    disk_assert_same(store, kit.event);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_histories_one_file),
        cmocka_unit_test(test_order_within_a_commit),
        cmocka_unit_test(test_order_is_lost_on_closing),
        cmocka_unit_test(test_log_is_emptied),
        cmocka_unit_test(test_log_stays_short),
        cmocka_unit_test(test_deleted_is_gone),
        cmocka_unit_test(test_ballots_destroyed),
        cmocka_unit_test(test_nothing_remains_of_an_event),
        cmocka_unit_test(test_vacuum_when_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
