/* When the disk is full, the file is not ours, or its rows contradict each other. */
#include "disk.h"

#include <signal.h>
#include <sys/resource.h>

static struct kit kit_quick(void) {
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.moderation_before = false;
    return kit_new(&settings);
}

static void refused(const struct disk *disk, enum store_mode mode, const char *expected) {
    const char *why = NULL;
    assert_null(store_open(disk->data, mode, &why));
    assert_string_equal(why, expected);
}

/* No file of this process may grow beyond so many bytes: the disk is full. */
static void disk_full_at(rlim_t bytes) {
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_full(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    kit.quick = true;
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    ask_released(&kit, 1, 3);
    changes_clear(&kit.changes);
    changes_add(&kit.changes, (struct change){.kind = CHANGE_CREATED});
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    char *before = kit_dump(kit.event, false);

    size_t log;
    free(disk_read(disk_path(&disk, "data/raute.sqlite-wal"), &log));
    disk_full_at(log + 2000); /* half a page: the commit breaks off in the middle */
    uint32_t refusals = 0;
    for (uint32_t n = 10; n < 20; n++) {
        assert_int_equal(ask(&kit, n), REFUSAL_OK);
        refusals += disk_write(store, &kit) == STORE_FULL;
        struct event *event;
        assert_int_equal(store_load(store, EVENT_ID, &event, NULL), STORE_OK);
        kit_assert_same(memory_text(before), kit_dump(event, false));
        event_free(event);
    }
    assert_int_equal(refusals, 10);
    uint8_t secret[SECRET_BYTES];
    disk_full_at(8);
    assert_int_equal(store_secret_new(store, EVENT_ID, secret), STORE_FULL);
    assert_int_equal(store_secret_load(store, EVENT_ID, secret), STORE_NONE);

    disk_full_at(RLIM_INFINITY); /* space returns */
    changes_clear(&kit.changes);
    changes_add(&kit.changes, (struct change){.kind = CHANGE_CREATED});
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    disk_assert_same(store, kit.event);
    assert_int_equal(store_maintain(store, true), STORE_OK);
    free(before);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

/* What cannot be remembered as forgotten is not withdrawn either. */
static void test_full_while_forgetting(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    ask_released(&kit, 1, 1);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    char *before = kit_dump(kit.event, false);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    disk_full_at(8);
    assert_int_equal(disk_write(store, &kit), STORE_FULL);
    disk_full_at(RLIM_INFINITY);
    assert_false(disk_exists(disk_file_of(&disk, "forgotten", EVENT_ID)));
    struct event *event;
    assert_int_equal(store_load(store, EVENT_ID, &event, NULL), STORE_OK);
    kit_assert_same(before, kit_dump(event, false));
    event_free(event);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    disk_assert_same(store, kit.event);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static void test_full_backup(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    const char *why = "";
    disk_full_at(8192);
    assert_int_equal(store_backup(store, disk_path(&disk, "copy"), false, &why), STORE_FULL);
    disk_full_at(RLIM_INFINITY);
    assert_string_equal(why, "the disk is full");
    assert_false(disk_exists(disk_path(&disk, "copy")));
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static void test_versions(void **state) {
    (void)state;
    struct disk disk = disk_new();
    refused(&disk, STORE_READ, "there is no data folder here");
    store_close(disk_open(&disk, STORE_WRITE));
    store_close(disk_open(&disk, STORE_READ));
    disk_sql(&disk, "PRAGMA user_version = 1000");
    refused(&disk, STORE_WRITE,
            "the data folder was written by a newer version of raute: use that one");
    refused(&disk, STORE_READ,
            "the data folder was written by a newer version of raute: use that one");
    disk_sql(&disk, "PRAGMA user_version = 0");
    refused(&disk, STORE_WRITE, "the data folder holds a database that is not raute's");
    disk_free(&disk);
}

static void test_not_ours(void **state) {
    (void)state;
    struct disk disk = disk_new();
    assert_int_equal(mkdir(disk.data, 0700), 0);
    refused(&disk, STORE_READ, "there is no database in the data folder");
    const char *file = disk_path(&disk, "data/raute.sqlite");
    int made = open(file, O_WRONLY | O_CREAT, 0644);
    for (int line = 0; line < 100; line++) {
        assert_int_equal(write(made, "This is a letter, not a database at all.\n", 41), 41);
    }
    close(made);
    refused(&disk, STORE_WRITE,
            "the database cannot be read: damaged, not a database, or no space left");
    assert_int_equal(truncate(file, 0), 0);
    refused(&disk, STORE_READ, "there is no event here yet");
    store_close(disk_open(&disk, STORE_WRITE)); /* an empty one becomes ours */
    disk_free(&disk);
    disk = disk_new();
    int file_in_the_way = open(disk.data, O_WRONLY | O_CREAT, 0600);
    close(file_in_the_way);
    refused(&disk, STORE_WRITE, "the data folder cannot be made or opened");
    disk_free(&disk);
}

/* Each of these makes the event unreadable, and nothing else happens. */
static void test_broken_rows(void **state) {
    (void)state;
    static const char *const damages[] = {
        "UPDATE events SET slug = 'this-slug-is-much-longer-than-forty-characters'",
        "UPDATE events SET title = CAST(x'ff41' AS TEXT)",
        "UPDATE events SET hashtags = ''",
        "UPDATE events SET hashtags = 'a b c d e f'",
        "UPDATE events SET stage_hash = x'00'",
        "UPDATE events SET public_seq = -1",
        "UPDATE events SET closed = 2",
        "UPDATE talks SET fair_order = x'000001'",
        "UPDATE talks SET fair_order = x'00000063'",
        "UPDATE talks SET open = 7",
        "DELETE FROM talks",
        "UPDATE questions SET state = 'lost'",
        "UPDATE questions SET reason = 'because'",
        "UPDATE questions SET degree = 3",
        "UPDATE questions SET key = x'0000'",
        "UPDATE questions SET key = zeroblob(32)",
        "UPDATE questions SET talk = 9",
        "UPDATE questions SET text = CAST(zeroblob(4000) AS TEXT)",
        "UPDATE questions SET answer = CAST(x'c0af' AS TEXT)",
        "UPDATE counts SET votes = 5000000000",
        "UPDATE exposures SET exposure = -1",
        "UPDATE held SET salt = x'00'",
        "UPDATE held SET text = CAST(x'80' AS TEXT)",
        "UPDATE held SET number = 77",
        "UPDATE events SET closed = 1", /* with ballots */
    };
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    ask_released(&kit, 1, 2);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(present(&kit, 50), REFUSAL_OK);
    tick_due(&kit);
    tick_due(&kit);
    assert_int_equal(ask(&kit, 3), REFUSAL_OK);
    for (size_t at = 0; at < sizeof damages / sizeof damages[0]; at++) {
        changes_clear(&kit.changes);
        changes_add(&kit.changes, (struct change){.kind = CHANGE_CREATED});
        assert_int_equal(disk_write(store, &kit), STORE_OK);
        disk_assert_same(store, kit.event);
        disk_sql(&disk, damages[at]);
        struct event *event;
        if (store_load(store, EVENT_ID, &event, NULL) != STORE_FAILED) {
            fail_msg("not noticed: %s", damages[at]);
        }
        assert_null(event);
    }
    /* a write repairs it, the store itself is unharmed */
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    disk_assert_same(store, kit.event);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static void test_broken_forgotten(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    int file = open(disk_file_of(&disk, "forgotten", EVENT_ID), O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(file, "seventeen bytes..", 17), 17);
    close(file);
    struct event *event;
    assert_int_equal(store_load(store, EVENT_ID, &event, NULL), STORE_FAILED);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

int main(void) {
    signal(SIGXFSZ, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_full_while_forgetting),
        cmocka_unit_test(test_full_backup),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_not_ours),
        cmocka_unit_test(test_broken_rows),
        cmocka_unit_test(test_broken_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
