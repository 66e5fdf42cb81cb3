/* The files beside the database: secrets, forgotten hashes, what is swept, what a backup holds. */
#include "disk.h"

#include <sodium.h>
#include <time.h>

#include "base/clock.h"

static const uint8_t OTHER_ID[EVENT_ID_BYTES] = "another event!!";

static mode_t mode_of(const char *path) {
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 07777;
}

static struct kit kit_quick(void) {
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.moderation_before = false;
    return kit_new(&settings);
}

static void test_only_for_the_owner(void **state) {
    (void)state;
    struct disk disk = disk_new();
    mode_t before = umask(0); /* even then */
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    uint8_t secret[SECRET_BYTES];
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    ask_released(&kit, 1, 1);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    assert_int_equal(store_secret_new(store, EVENT_ID, secret), STORE_OK);
    const char *why = "";
    assert_int_equal(store_backup(store, disk_path(&disk, "copy"), true, &why), STORE_OK);
    umask(before);
    assert_int_equal(mode_of(disk.data), 0700);
    assert_int_equal(mode_of(disk_path(&disk, "data/secrets")), 0700);
    assert_int_equal(mode_of(disk_path(&disk, "data/forgotten")), 0700);
    assert_int_equal(mode_of(disk_path(&disk, "data/raute.sqlite")), 0600);
    assert_int_equal(mode_of(disk_path(&disk, "data/raute.sqlite-wal")), 0600);
    assert_int_equal(mode_of(disk_path(&disk, "data/raute.sqlite-shm")), 0600);
    assert_int_equal(mode_of(disk_file_of(&disk, "secrets", EVENT_ID)), 0600);
    assert_int_equal(mode_of(disk_file_of(&disk, "forgotten", EVENT_ID)), 0600);
    assert_int_equal(mode_of(disk_path(&disk, "copy")), 0600);
    assert_int_equal(mode_of(disk_path(&disk, "copy.secrets")), 0700);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static void test_secret(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    uint8_t *made = sodium_malloc(SECRET_BYTES), *read_back = sodium_malloc(SECRET_BYTES);
    assert_int_equal(store_secret_load(store, EVENT_ID, read_back), STORE_NONE);
    assert_int_equal(store_secret_new(store, EVENT_ID, made), STORE_OK);
    assert_int_equal(store_secret_load(store, EVENT_ID, read_back), STORE_OK);
    assert_memory_equal(made, read_back, SECRET_BYTES);
    assert_false(sodium_is_zero(made, SECRET_BYTES));
    assert_false(disk_exists(disk_path(&disk, "data/secrets/.new")));
    assert_int_equal(store_secret_new(store, EVENT_ID, read_back), STORE_OK);
    assert_memory_not_equal(made, read_back, SECRET_BYTES);
    /* cut short: not taken for a secret */
    assert_int_equal(truncate(disk_file_of(&disk, "secrets", EVENT_ID), 63), 0);
    assert_int_equal(store_secret_load(store, EVENT_ID, read_back), STORE_FAILED);
    sodium_free(made);
    sodium_free(read_back);
    store_close(store);
    disk_free(&disk);
}

/* The commit that destroys the ballots is followed by the end of the live half. */
static void test_close_zeroes_the_live_half(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    uint8_t made[SECRET_BYTES], closed[SECRET_BYTES];
    assert_int_equal(store_secret_new(store, EVENT_ID, made), STORE_OK);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    ask_released(&kit, 1, 1);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    tick_at(&kit, NOW + 3 * DAY, 1);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    assert_int_equal(store_secret_load(store, EVENT_ID, closed), STORE_OK);
    assert_true(sodium_is_zero(closed, SECRET_BYTES / 2));
    assert_memory_equal(made + SECRET_BYTES / 2, closed + SECRET_BYTES / 2, SECRET_BYTES / 2);
    assert_int_equal(disk_search(&disk, made, SECRET_BYTES / 2), 0);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static void test_forgotten_file(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    ask_released(&kit, 1, 3);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    const char *file = disk_file_of(&disk, "forgotten", EVENT_ID);
    assert_false(disk_exists(file));
    for (uint32_t n = 1; n <= 3; n++) {
        assert_int_equal(withdraw(&kit, n, 1), REFUSAL_OK);
        assert_int_equal(disk_write(store, &kit), STORE_OK);
    }
    size_t count;
    uint8_t *hashes = disk_read(file, &count);
    assert_int_equal(count, 3 * FORGOTTEN_BYTES);
    for (uint32_t n = 1; n <= 3; n++) {
        uint8_t key[QUESTION_KEY_BYTES], hash[FORGOTTEN_BYTES];
        kit_key(key, n);
        forgotten_hash(hash, EVENT_ID, key);
        assert_non_null(memmem(hashes, count, hash, sizeof hash));
    }
    assert_true(memcmp(hashes, hashes + 16, 16) < 0 && memcmp(hashes + 16, hashes + 32, 16) < 0);
    free(hashes);
    /* its time is the end of retention, not the moment of the withdrawal */
    struct stat about;
    assert_int_equal(stat(file, &about), 0);
    const struct settings *settings = &kit.event->settings;
    assert_int_equal(about.st_mtime,
                     60 * ((time_t)settings->end + settings->retention_days * 1440));
    disk_assert_same(store, kit.event);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

/* A database older than the withdrawal does not bring the question back. */
static void test_forgotten_on_restore(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    ask_released(&kit, 1, 3);
    assert_int_equal(ask(&kit, 4), REFUSAL_OK); /* still held */
    struct command create = kit_create(&kit.event->settings, "hro");
    command_clear(&create);
    changes_clear(&kit.changes);
    changes_add(&kit.changes, (struct change){.kind = CHANGE_CREATED});
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    const char *why = "";
    const char *copy = disk_path(&disk, "copy");
    assert_int_equal(store_backup(store, copy, false, &why), STORE_OK);
    assert_false(disk_exists(disk_path(&disk, "copy.secrets")));
    assert_int_equal(withdraw(&kit, 2, 1), REFUSAL_OK);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    assert_int_equal(withdraw(&kit, 4, 1), REFUSAL_OK);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    store_close(store);

    assert_int_equal(rename(copy, disk_path(&disk, "data/raute.sqlite")), 0);
    struct store *reader = disk_open(&disk, STORE_READ);
    struct event *event;
    assert_int_equal(store_load(reader, EVENT_ID, &event, NULL), STORE_OK);
    assert_int_equal(event->question_count, 2); /* also for those who only read */
    event_free(event);
    store_close(reader);

    store = disk_open(&disk, STORE_WRITE);
    struct changes changes = {0};
    assert_int_equal(store_load(store, EVENT_ID, &event, &changes), STORE_OK);
    assert_int_equal(event->question_count, 2);
    assert_int_equal(event->held_count, 0);
    assert_null(event_question(event, 2));
    assert_true(changes.count > 0);
    const struct store_item item = {event, &changes};
    assert_int_equal(store_write(store, &item, 1), STORE_OK);
    disk_assert_same(store, event);
    assert_int_equal(
        disk_number(disk_path(&disk, "data/raute.sqlite"), "SELECT count(*) FROM questions"), 2);
    changes_clear(&changes);
    event_free(event);
    store_close(store);
    kit_free(&kit);
    disk_free(&disk);
}

static void file_put(const char *path, const void *bytes, size_t count, time_t when) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_int_equal(write(file, bytes, count), count);
    const struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};
    assert_int_equal(futimens(file, times), 0);
    close(file);
}

static void test_sweep(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    uint8_t secret[SECRET_BYTES];
    time_t now = (time_t)(clock_unix_ms() / 1000);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    assert_int_equal(store_secret_new(store, EVENT_ID, secret), STORE_OK);
    assert_int_equal(store_secret_new(store, OTHER_ID, secret), STORE_OK);
    file_put(disk_file_of(&disk, "forgotten", EVENT_ID), secret, 16, now - 60);
    file_put(disk_file_of(&disk, "forgotten", OTHER_ID), secret, 16, now + 3600);
    file_put(disk_path(&disk, "data/secrets/AAAAAAAAAAAAAAAAAAAAAA.new"), secret, 9, now);
    file_put(disk_path(&disk, "data/secrets/of-somebody-else-entirely"), secret, 9, now);
    file_put(disk_path(&disk, "data/secrets/README"), secret, 9, now);
    store_files_sweep(store);
    assert_true(disk_exists(disk_file_of(&disk, "secrets", EVENT_ID)));
    assert_false(disk_exists(disk_file_of(&disk, "secrets", OTHER_ID)));
    assert_false(disk_exists(disk_path(&disk, "data/secrets/AAAAAAAAAAAAAAAAAAAAAA.new")));
    assert_true(disk_exists(disk_path(&disk, "data/secrets/of-somebody-else-entirely")));
    assert_true(disk_exists(disk_path(&disk, "data/secrets/README")));
    /* of a deleted event: remembered until its retention is over */
    assert_true(disk_exists(disk_file_of(&disk, "forgotten", EVENT_ID)));
    assert_true(disk_exists(disk_file_of(&disk, "forgotten", OTHER_ID)));
    file_put(disk_file_of(&disk, "forgotten", OTHER_ID), secret, 16, now);
    store_files_sweep(store);
    assert_true(disk_exists(disk_file_of(&disk, "forgotten", EVENT_ID)));
    assert_false(disk_exists(disk_file_of(&disk, "forgotten", OTHER_ID)));
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

static void test_bridge_key(void **state) {
    (void)state;
    struct disk disk = disk_new();
    mode_t before = umask(0);
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct store *reader = disk_open(&disk, STORE_READ);
    uint8_t key[BRIDGE_KEY_BYTES], again[BRIDGE_KEY_BYTES];
    const char *why = "", *path = disk_path(&disk, "data/bridge-key");
    assert_int_equal(store_bridge_key(reader, key), STORE_NONE);
    assert_false(disk_exists(path));
    assert_int_equal(store_backup(store, disk_path(&disk, "early"), true, &why), STORE_OK);
    assert_int_equal(store_bridge_key(store, key), STORE_OK);
    assert_false(sodium_is_zero(key, sizeof key));
    assert_int_equal(mode_of(path), 0600);
    assert_false(disk_exists(disk_path(&disk, "data/bridge-key.new")));
    assert_int_equal(store_bridge_key(store, again), STORE_OK);
    assert_memory_equal(key, again, sizeof key);
    assert_int_equal(store_bridge_key(reader, again), STORE_OK);
    assert_memory_equal(key, again, sizeof key);
    /* in a backup only with secrets */
    assert_int_equal(store_backup(store, disk_path(&disk, "plain"), false, &why), STORE_OK);
    assert_int_equal(disk_search(&disk, key, sizeof key), 1);
    assert_int_equal(store_backup(store, disk_path(&disk, "full"), true, &why), STORE_OK);
    assert_int_equal(disk_search(&disk, key, sizeof key), 2);
    assert_int_equal(mode_of(disk_path(&disk, "full.secrets/bridge-key")), 0600);
    umask(before);
    store_close(reader);
    store_close(store);
    store = disk_open(&disk, STORE_WRITE);
    store_files_sweep(store);
    assert_int_equal(store_bridge_key(store, again), STORE_OK);
    assert_memory_equal(key, again, sizeof key);
    assert_int_equal(truncate(disk_path(&disk, "data/bridge-key"), 31),
                     0); /* not taken for a key, and not replaced */
    assert_int_equal(store_bridge_key(store, again), STORE_FAILED);
    store_close(store);
    disk_free(&disk);
}

static void test_backup(void **state) {
    (void)state;
    struct disk disk = disk_new();
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct kit kit = kit_quick();
    uint8_t secret[SECRET_BYTES];
    const char *why = "";
    assert_int_equal(store_secret_new(store, EVENT_ID, secret), STORE_OK);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    struct store *reader = disk_open(&disk, STORE_READ); /* as the subcommand does */
    assert_int_equal(store_backup(reader, disk_path(&disk, "plain"), false, &why), STORE_OK);
    assert_int_equal(store_backup(reader, disk_path(&disk, "plain"), false, &why), STORE_FAILED);
    assert_string_equal(why, "the file exists already");
    assert_int_equal(store_backup(reader, disk_path(&disk, "no/where"), false, &why), STORE_FAILED);
    assert_int_equal(disk_search(&disk, secret, SECRET_BYTES), 1); /* in DATA/secrets alone */
    assert_int_equal(store_backup(reader, disk_path(&disk, "full"), true, &why), STORE_OK);
    assert_int_equal(disk_search(&disk, secret, SECRET_BYTES), 2);
    /* the copies are databases that a store can open */
    assert_int_equal(disk_number(disk_path(&disk, "plain"), "SELECT count(*) FROM events"), 1);
    store_close(reader);
    store_close(store);
    kit_free(&kit);
    disk_free(&disk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_for_the_owner),
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_close_zeroes_the_live_half),
        cmocka_unit_test(test_forgotten_file),
        cmocka_unit_test(test_forgotten_on_restore),
        cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_bridge_key),
        cmocka_unit_test(test_backup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
