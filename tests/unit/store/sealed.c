/* What the files may not tell of people: who is behind a sealed row, and what two of them share. */
#include "people.h"

#define ROWS_MOST 64
#define SHARED    8 /* so many equal bytes in two sealed rows would tell something */
#define HEADER    100

struct blob {
    uint8_t name[SEALED_KEY_BYTES];
    uint8_t *sealed;
    size_t count;
};

struct blobs {
    struct blob items[ROWS_MOST];
    size_t count;
};

/* The sealed rows of a table, by name. */
static struct blobs blobs_read(const struct saved *saved, const char *sql) {
    struct blobs blobs = {0};
    sqlite3 *database;
    sqlite3_stmt *row;
    const char *path = disk_path(&saved->disk, "data/raute.sqlite");
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &row, NULL), SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW) {
        struct blob *blob = &blobs.items[blobs.count++];
        assert_int_equal(sqlite3_column_bytes(row, 0), sizeof blob->name);
        memcpy(blob->name, sqlite3_column_blob(row, 0), sizeof blob->name);
        blob->count = (size_t)sqlite3_column_bytes(row, 1);
        blob->sealed = kit_copy(sqlite3_column_blob(row, 1), blob->count);
    }
    sqlite3_finalize(row);
    sqlite3_close(database);
    return blobs;
}

#define KEPT_CARDS "SELECT name, sealed FROM kept_cards ORDER BY name"
#define INTERESTS  "SELECT name, sealed FROM interests ORDER BY name"

static void blobs_free(struct blobs *blobs) {
    for (size_t at = 0; at < blobs->count; at++) {
        free(blobs->items[at].sealed);
    }
}

static bool share(const uint8_t *a, size_t a_count, const uint8_t *b, size_t b_count) {
    for (size_t at = 0; at + SHARED <= a_count; at++) {
        if (memmem(b, b_count, a + at, SHARED) != NULL) {
            return true;
        }
    }
    return false;
}

static void assert_nothing_shared(const struct blobs *a, const struct blobs *b) {
    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            const struct blob *x = &a->items[i], *y = &b->items[j];
            if (a == b && i == j) {
                continue;
            }
            assert_memory_not_equal(x->name, y->name, sizeof x->name);
            assert_false(share(x->sealed, x->count, y->sealed, y->count));
            assert_false(share(x->name, sizeof x->name, y->sealed, y->count));
        }
    }
}

/* Cards with the same words, interests of one card and in one question. */
static void test_rows_tell_nothing(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    for (uint32_t n = 10; n < 16; n++) {
        SAVED(card(kit, n, 1, false));
        SAVED(proof(kit, n, 0, PROOF_LOGIN));
        SAVED(interest(kit, 1, n, INTEREST_ALL));
        SAVED(interest(kit, 2, n, INTEREST_ALL));
    }
    assert_int_equal(search_text(&saved, NAME_OF), 0);
    assert_int_equal(search_text(&saved, LINE_OF), 0);
    assert_int_equal(search_text(&saved, "quittenbrezel"), 0);
    assert_int_equal(search_text(&saved, "xylophonquarz"), 0);
    assert_int_equal(search_text(&saved, ACTOR_OF), 0);
    for (uint32_t n = 10; n < 16; n++) {
        assert_int_equal(search_card(&saved, n), 0);
    }
    struct blobs cards = blobs_read(&saved, KEPT_CARDS), interests = blobs_read(&saved, INTERESTS);
    assert_int_equal(cards.count, 6);
    assert_int_equal(interests.count, 12);
    for (size_t at = 0; at < cards.count; at++) {
        assert_int_equal(cards.items[at].count, 1024 + SEAL_BYTES);
    }
    for (size_t at = 0; at < interests.count; at++) {
        assert_int_equal(interests.items[at].count, interests.items[0].count);
    }
    assert_nothing_shared(&cards, &cards);
    assert_nothing_shared(&interests, &interests);
    assert_nothing_shared(&cards, &interests);
    blobs_free(&cards);
    blobs_free(&interests);
    /* The same words are found where they are not sealed, or this test shows nothing. */
    SAVED(card(kit, 10, 2, true));
    assert_true(search_text(&saved, NAME_OF) > 0 && search_text(&saved, ACTOR_OF) > 0);
    assert_true(search_card(&saved, 10) > 0);
    saved_free(&saved);
}

/* A row is sealed anew only when it changed: else each commit would say which rows are alive. */
static void test_unchanged_stays(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    saved_people(&saved);
    struct blobs cards = blobs_read(&saved, KEPT_CARDS), interests = blobs_read(&saved, INTERESTS);
    SAVED(vote(kit, 7, 1));
    SAVED(card(kit, 7, 1, false));
    SAVED(interest(kit, 1, 7, INTEREST_ALL));
    SAVED(card(kit, 2, 2, true));
    saved_restart(&saved);
    SAVED(vote(kit, 8, 1));
    struct blobs cards_now = blobs_read(&saved, KEPT_CARDS);
    struct blobs interests_now = blobs_read(&saved, INTERESTS);
    assert_int_equal(cards_now.count, cards.count + 1);
    assert_int_equal(interests_now.count, interests.count + 1);
    size_t same = 0;
    for (size_t i = 0; i < cards.count + interests.count; i++) {
        bool of_card = i < cards.count;
        const struct blob *old = of_card ? &cards.items[i] : &interests.items[i - cards.count];
        const struct blobs *now = of_card ? &cards_now : &interests_now;
        for (size_t j = 0; j < now->count; j++) {
            same += now->items[j].count == old->count &&
                    memcmp(now->items[j].sealed, old->sealed, old->count) == 0;
        }
    }
    assert_int_equal(same, cards.count + interests.count);
    blobs_free(&cards);
    blobs_free(&cards_now);
    blobs_free(&interests);
    blobs_free(&interests_now);
    saved_free(&saved);
}

/* SQLite fills a page from its end, in the order of writing: in one commit that is the names'. */
static void test_place_in_the_page(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    for (uint32_t n = 1; n <= 6; n++) {
        SAVED(card(kit, n, 1, true));
    }
    struct changes batch = {0};
    for (uint32_t n = 0; n < 12; n++) {
        assert_int_equal(interest(kit, 1 + n % 2, 1 + n / 2, INTEREST_ALL), REFUSAL_OK);
        for (size_t at = 0; at < kit->changes.count; at++) {
            changes_add(&batch, kit->changes.items[at]);
        }
    }
    const struct store_item item = {kit->event, &batch};
    assert_int_equal(store_write(saved.store, &item, 1), STORE_OK);
    changes_clear(&batch);
    assert_int_equal(store_maintain(saved.store, false), STORE_OK);
    struct blobs interests = blobs_read(&saved, INTERESTS);
    assert_int_equal(interests.count, 12);
    size_t count, before = SIZE_MAX;
    uint8_t *bytes = disk_read(disk_path(&saved.disk, "data/raute.sqlite"), &count);
    for (size_t at = 0; at < interests.count; at++) {
        const uint8_t *found = memmem(bytes, count, interests.items[at].name, SEALED_KEY_BYTES);
        assert_non_null(found);
        assert_true((size_t)(found - bytes) < before);
        before = (size_t)(found - bytes);
    }
    free(bytes);
    blobs_free(&interests);
    saved_free(&saved);
}

/* A vacuumed copy with zeroes for what is sealed. */
static uint8_t *bare_copy(struct saved *saved, size_t *count) {
    const char *why = "", *path = disk_path(&saved->disk, "copy");
    assert_int_equal(store_backup(saved->store, path, false, &why), STORE_OK);
    sqlite3 *copy;
    assert_int_equal(sqlite3_open(path, &copy), SQLITE_OK);
    assert_int_equal(sqlite3_exec(copy,
                                  "UPDATE kept_cards SET sealed = zeroblob(length(sealed));"
                                  "UPDATE interests SET sealed = zeroblob(length(sealed)); VACUUM",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(copy);
    uint8_t *bytes = disk_read(path, count);
    assert_int_equal(remove(path), 0);
    return bytes;
}

static void test_two_histories_one_file(void **state) {
    (void)state;
    struct saved lived = saved_new(), written = {.disk = disk_new()};
    struct kit *kit = &lived.kit;
    {
        struct saved saved = lived;
        kit = &saved.kit;
        saved_people(&saved);
        SAVED(card(kit, 6, 2, true));
        SAVED(card(kit, 6, 3, false));
        SAVED(card(kit, 2, 2, true));
        SAVED(unclaim_next(kit, 1, 1));
        SAVED(claim(kit, 1, 2));
        SAVED(interest(kit, 3, 2, INTEREST_OFF));
        SAVED(card(kit, 8, 1, false));
        SAVED(card_delete(kit, 8, 2));
        lived = saved;
        kit = &lived.kit;
    }
    written.store = disk_open(&written.disk, STORE_WRITE);
    size_t a_count, b_count;
    uint8_t *secret = disk_read(disk_file_of(&lived.disk, "secrets", EVENT_ID), &a_count);
    int file = open(disk_file_of(&written.disk, "secrets", EVENT_ID), O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(file, secret, a_count), a_count);
    close(file);
    free(secret);
    changes_clear(&kit->changes);
    changes_add(&kit->changes, (struct change){.kind = CHANGE_CREATED});
    assert_int_equal(disk_write(written.store, kit), STORE_OK);

    uint8_t *a = bare_copy(&lived, &a_count), *b = bare_copy(&written, &b_count);
    assert_int_equal(a_count, b_count);
    assert_memory_equal(a + HEADER, b + HEADER, a_count - HEADER);
    free(a);
    free(b);
    store_close(written.store);
    disk_free(&written.disk);
    saved_free(&lived);
}

static void assert_nothing_opened(struct store *store, uint32_t claims) {
    struct event *event;
    struct changes changes = {0};
    assert_int_equal(store_load(store, EVENT_ID, &event, &changes), STORE_OK);
    assert_int_equal(event->card_count, 2); /* the published ones */
    assert_int_equal(event->claim_count, claims);
    assert_int_equal(event->interest_count, 0);
    assert_int_equal(changes.count, 0);
    event_free(event);
}

/* A backup restored without secrets: what is sealed is lost, the event goes on. */
static void test_without_the_secret(void **state) {
    (void)state;
    uint8_t secret[SECRET_BYTES];
    for (int another = 0; another < 2; another++) {
        struct saved saved = saved_new();
        saved_people(&saved);
        store_close(saved.store);
        assert_int_equal(remove(disk_file_of(&saved.disk, "secrets", EVENT_ID)), 0);
        struct store *reader = disk_open(&saved.disk, STORE_READ);
        assert_nothing_opened(reader, 1);
        store_close(reader);
        assert_int_equal(rows(&saved, "SELECT count(*) FROM kept_cards"), 2);
        saved.store = disk_open(&saved.disk, STORE_WRITE);
        if (another == 1) {
            assert_int_equal(store_secret_new(saved.store, EVENT_ID, secret), STORE_OK);
        }
        assert_nothing_opened(saved.store, 1);
        assert_int_equal(rows(&saved, "SELECT count(*) FROM kept_cards"), 0);
        assert_int_equal(rows(&saved, "SELECT count(*) FROM interests"), 0);
        assert_int_equal(store_secret_new(saved.store, EVENT_ID, secret), STORE_OK);
        kit_free(&saved.kit);
        saved.kit = (struct kit){.event = saved_load(&saved), .quick = true, .now = NOW};
        struct kit *kit = &saved.kit;
        SAVED(card(kit, 5, 1, false));
        SAVED(interest(kit, 1, 5, INTEREST_ALL));
        SAVED(interest(kit, 2, 2, INTEREST_ALL));
        saved_free(&saved);
    }
}

/* One damaged row is one lost row. */
static void test_damaged_row(void **state) {
    (void)state;
    struct saved saved = saved_new();
    saved_people(&saved);
    disk_sql(&saved.disk, "UPDATE interests SET sealed = zeroblob(145)"
                          " WHERE name = (SELECT min(name) FROM interests)");
    struct event *event = saved_load(&saved);
    assert_int_equal(event->interest_count, 5);
    assert_int_equal(event->card_count, 4);
    event_free(event);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM interests"), 5);
    saved_free(&saved);
}

/* Nothing is kept that could not be sealed. */
static void test_no_secret_no_row(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    saved_restart(&saved);
    assert_int_equal(truncate(disk_file_of(&saved.disk, "secrets", EVENT_ID), 63), 0);
    assert_int_equal(card(kit, 1, 1, false), REFUSAL_OK);
    assert_int_equal(disk_write(saved.store, kit), STORE_FAILED);
    assert_int_equal(remove(disk_file_of(&saved.disk, "secrets", EVENT_ID)), 0);
    assert_int_equal(disk_write(saved.store, kit), STORE_FAILED);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM kept_cards"), 0);
    uint8_t secret[SECRET_BYTES];
    assert_int_equal(store_secret_new(saved.store, EVENT_ID, secret), STORE_OK);
    saved_check(&saved);
    saved_free(&saved);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_tell_nothing),  cmocka_unit_test(test_unchanged_stays),
        cmocka_unit_test(test_place_in_the_page),  cmocka_unit_test(test_two_histories_one_file),
        cmocka_unit_test(test_without_the_secret), cmocka_unit_test(test_damaged_row),
        cmocka_unit_test(test_no_secret_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
