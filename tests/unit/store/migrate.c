/* Databases of earlier versions, with rows in them (schema_N.sql is that version's schema.sql). */
#include "disk.h"
#include "event/posts_kit.h"
#include "store/schema.h"

/* EVENT_ID */
#define ID "x'616e206576656e742c20313620627900'"

static const char ROWS_1[] =
    "INSERT INTO events VALUES (" ID ", 'hro', 'Netzwerken',"
    " 'NetzwerkenHRO', 'de', 29000000, 29001440, 1, 5, 3, 20, 30, zeroblob(32), zeroblob(32),"
    " zeroblob(32), 4, 7, 3, 2, 1, 0);"
    "INSERT INTO talks VALUES (" ID ", 1, 0, 'Netzwerken', 1,"
    " x'00000001');"
    "INSERT INTO questions VALUES (" ID ", 1, 1, zeroblob(32),"
    " zeroblob(16), 1, 'listed', '', 0, 0, 29000001, 'Warum?', NULL);"
    "INSERT INTO questions VALUES (" ID ", 2, 1,"
    " x'0000000000000000000000000000000000000000000000000000000000000001', zeroblob(16), 1, "
    "'answered', '', 0, 1, 29000002,"
    " 'Wann?', 'Jetzt.');"
    "INSERT INTO counts VALUES (" ID ", 1, 1);"
    "INSERT INTO ballots VALUES (" ID ", zeroblob(16));";

static const char ROWS_2[] =
    "INSERT INTO events VALUES (" ID ", 'hro', 'Netzwerken',"
    " 'NetzwerkenHRO', 'de', 29000000, 29001440, 1, 5, 3, 20, 30, zeroblob(32), zeroblob(32),"
    " zeroblob(32), 4, 7, 2, 2, 1, 0, 'all', 5, 120, 2);"
    "INSERT INTO talks VALUES (" ID ", 1, 0, 'Netzwerken', 1, x'00000001');"
    "INSERT INTO questions VALUES (" ID ", 1, 1, zeroblob(32), zeroblob(16), 1, 'listed', '', 0, 0,"
    " 29000001, 'Warum?', NULL, 1, 1, 'Krieg', 0, 0);"
    "INSERT INTO accounts VALUES (" ID ", 1, 'mastodon', 'connected', 'https://peer.example',"
    " '1', '@hro@peer.example', 'https://peer.example/@hro', 500, 23, 0, x'00', NULL);";

static int64_t version_now(const struct disk *disk) {
    return disk_number(disk_path(disk, "data/raute.sqlite"), "PRAGMA user_version");
}

static void version_make(const struct disk *disk, int version) {
    assert_int_equal(mkdir(disk->data, 0700), 0);
    size_t count;
    uint8_t *schema = disk_read(
        version == 1 ? "tests/unit/store/schema_1.sql" : "tests/unit/store/schema_2.sql", &count);
    schema[count] = '\0';
    disk_sql(disk, (const char *)schema);
    disk_sql(disk, version == 1 ? ROWS_1 : ROWS_2);
    free(schema);
    assert_int_equal(version_now(disk), version);
}

static void test_rows_of_1_stay(void **state) {
    (void)state;
    struct disk disk = disk_new();
    version_make(&disk, 1);
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct event *event;
    struct changes changes = {0};
    assert_int_equal(store_load(store, EVENT_ID, &event, &changes), STORE_OK);
    assert_int_equal(changes.count, 0);
    assert_int_equal(event->settings.publish, PUBLISH_APPROVED);
    assert_int_equal(event->settings.publish_seconds, 60);
    assert_int_equal(event->settings.offset, 0);
    assert_int_equal(event->next_account, 1);
    assert_int_equal(event->question_count, 2);
    const struct question *question = event_question(event, 1);
    assert_string_equal(question->text, "Warum?");
    assert_int_equal(question->votes, 1);
    assert_false(question->approved);
    assert_false(question->open);
    assert_false(question->edited);
    assert_true(event_question(event, 2)->edited);
    assert_null(question->warning);
    assert_string_equal(event_question(event, 2)->answer, "Jetzt.");
    assert_int_equal(event->seq[VIEW_STAFF], 7);
    /* nothing that was asked before goes out by an upgrade */
    struct kit kit = {.event = event, .quick = true, .now = NOW};
    connected(&kit, 1);
    assert_int_equal(event->outgoing_count, 0);
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    disk_assert_same(store, event);
    /* until a moderator says so; when it was answered is not known, so nothing is claimed */
    assert_int_equal(approve(&kit, 2, 1), REFUSAL_OK);
    assert_row(&kit, 2, POST_QUESTION, POST_QUEUED, ACT_POST);
    kit_free(&kit);
    store_close(store);
    store_close(disk_open(&disk, STORE_WRITE)); /* once is enough */
    store_close(disk_open(&disk, STORE_READ));
    disk_free(&disk);
}

static void test_rows_of_2_stay(void **state) {
    (void)state;
    struct disk disk = disk_new();
    version_make(&disk, 2);
    struct store *store = disk_open(&disk, STORE_WRITE);
    struct event *event;
    struct changes changes = {0};
    assert_int_equal(store_load(store, EVENT_ID, &event, &changes), STORE_OK);
    changes_clear(&changes);
    assert_int_equal(event->settings.publish, PUBLISH_ALL);
    assert_int_equal(event->settings.offset, 120);
    assert_false(event->settings.tickets);
    assert_string_equal(event_question(event, 1)->warning, "Krieg");
    assert_string_equal(event_account(event, 1)->name, "@hro@peer.example");
    assert_int_equal(event->card_count + event->claim_count + event->ticket_count, 0);
    struct kit kit = {.event = event};
    changes_add(&kit.changes, (struct change){.kind = CHANGE_CREATED});
    assert_int_equal(disk_write(store, &kit), STORE_OK);
    disk_assert_same(store, event);
    kit_free(&kit);
    store_close(store);
    disk_free(&disk);
}

/* Columns of all tables: names, types, defaults, keys. */
static char *schema_of(const struct disk *disk) {
    sqlite3 *database;
    sqlite3_stmt *row;
    struct buffer out = buffer_make(65536);
    assert_int_equal(sqlite3_open(disk_path(disk, "data/raute.sqlite"), &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(database,
                           "SELECT t.name, t.strict, t.wr, c.cid, c.name, c.type, c.\"notnull\","
                           " c.dflt_value, c.pk FROM pragma_table_list t"
                           " JOIN pragma_table_xinfo(t.name) c WHERE t.name NOT LIKE 'sqlite_%'"
                           " ORDER BY 1, 4",
                           -1, &row, NULL),
        SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW) {
        for (int at = 0; at < 9; at++) {
            const unsigned char *value = sqlite3_column_text(row, at);
            buffer_format(&out, "%s ", value == NULL ? "-" : (const char *)value);
        }
        buffer_text(&out, "\n");
    }
    sqlite3_finalize(row);
    sqlite3_close(database);
    assert_false(out.overflow);
    size_t length;
    return (char *)buffer_take(&out, &length);
}

static void test_same_as_new(void **state) {
    (void)state;
    for (int version = 1; version < SCHEMA_VERSION; version++) {
        struct disk old = disk_new(), fresh = disk_new();
        version_make(&old, version);
        store_close(disk_open(&old, STORE_WRITE));
        store_close(disk_open(&fresh, STORE_WRITE));
        char *schema = schema_of(&fresh);
        assert_non_null(strstr(schema, "outgoing 1 1 "));
        assert_non_null(strstr(schema, "kept_cards 1 1 "));
        kit_assert_same(schema, schema_of(&old));
        assert_int_equal(version_now(&old), SCHEMA_VERSION);
        disk_free(&old);
        disk_free(&fresh);
    }
}

/* Who only reads changes nothing. */
static void test_not_by_readers(void **state) {
    (void)state;
    struct disk disk = disk_new();
    version_make(&disk, 2);
    const char *why = NULL;
    assert_null(store_open(disk.data, STORE_READ, &why));
    assert_string_equal(
        why, "the data folder was written by an older version of raute: start the server once");
    assert_int_equal(version_now(&disk), 2);
    disk_free(&disk);
}

/* All of it or nothing. */
static void test_stopped_halfway(void **state) {
    (void)state;
    struct disk disk = disk_new();
    version_make(&disk, 1);
    disk_sql(&disk, "CREATE TABLE tickets (number INTEGER)"); /* in the way, after the rest */
    const char *why = NULL;
    assert_null(store_open(disk.data, STORE_WRITE, &why));
    assert_string_equal(why, "the database cannot be brought to this version: no space left?");
    assert_int_equal(version_now(&disk), 1);
    assert_int_equal(
        disk_number(disk_path(&disk, "data/raute.sqlite"),
                    "SELECT count(*) FROM pragma_table_info('events') WHERE name = 'publish'"),
        0);
    disk_sql(&disk, "DROP TABLE tickets");
    store_close(disk_open(&disk, STORE_WRITE));
    assert_int_equal(version_now(&disk), SCHEMA_VERSION);
    disk_free(&disk);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_of_1_stay),  cmocka_unit_test(test_rows_of_2_stay),
        cmocka_unit_test(test_same_as_new),     cmocka_unit_test(test_not_by_readers),
        cmocka_unit_test(test_stopped_halfway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
