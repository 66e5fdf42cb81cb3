/* People who were deleted, edited or taken back: nowhere in the files, and not back from a copy. */
#include "people.h"

/* Everything of the cards 21 to 24 and their claims, wherever it may lie. */
static void assert_gone(const struct saved *saved, uint8_t (*signatures)[SIGNATURE_BYTES],
                        size_t count) {
    static const char *const words[] = {"Yachtgezwitscher 2", LINE_OF, "quittenbrezel",
                                        "xylophonquarz"};
    for (size_t at = 0; at < sizeof words / sizeof words[0]; at++) {
        assert_int_equal(search_text(saved, words[at]), 0);
    }
    for (uint32_t n = 22; n <= 24; n++) { /* 21 was edited, and stays */
        assert_int_equal(search_card(saved, n), 0);
    }
    for (size_t at = 0; at < count; at++) {
        assert_int_equal(disk_search(&saved->disk, signatures[at], SIGNATURE_BYTES), 0);
    }
}

/* With a VACUUM, for which there is a reason. */
static void vacuumed(const struct saved *saved) {
    int64_t before = rows(saved, "PRAGMA schema_version");
    assert_int_equal(store_maintain(saved->store, true), STORE_OK);
    assert_true(rows(saved, "PRAGMA schema_version") > before);
}

static void test_deleted_is_gone(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    uint8_t signatures[4][SIGNATURE_BYTES];
    for (uint32_t n = 21; n <= 24; n++) {
        SAVED(card(kit, n, 1, true));
    }
    for (uint32_t n = 1; n <= 2; n++) {
        SAVED(claim(kit, n, 20 + n));
        const struct claim *made = event_claim(kit->event, n);
        memcpy(signatures[2 * n - 2], made->by_question, SIGNATURE_BYTES);
        memcpy(signatures[2 * n - 1], made->by_card, SIGNATURE_BYTES);
    }
    SAVED(proof(kit, 22, 0, PROOF_LOGIN));
    SAVED(interest(kit, 1, 23, INTEREST_ALL));
    vacuumed(&saved);
    assert_true(search_text(&saved, "Yachtgezwitscher 2") > 0 && search_card(&saved, 24) > 0);
    assert_true(disk_search(&saved.disk, signatures[3], SIGNATURE_BYTES) > 0);
    /* 21: edited and unlinked; 22: deleted with its claim; 23: deleted; 24: published no more */
    SAVED(card_delete(kit, 23, 2));
    vacuumed(&saved);
    struct card *edited = card_worded(21, 2, true);
    free(edited->name);
    free(edited->line);
    free(edited->web);
    edited->name = memory_text("Kurz");
    edited->line = memory_text("");
    edited->web = memory_text("");
    while (edited->account_count > 0) {
        free(edited->accounts[--edited->account_count].name);
        edited->accounts[edited->account_count].name = NULL;
    }
    SAVED(card_put(kit, edited));
    SAVED(unclaim_next(kit, 1, 21));
    SAVED(card_delete(kit, 22, 2));
    SAVED(card(kit, 24, 2, false));
    vacuumed(&saved);
    const char *why = "";
    assert_int_equal(store_backup(saved.store, disk_path(&saved.disk, "copy"), true, &why),
                     STORE_OK);
    assert_gone(&saved, signatures, 4);
    assert_true(search_text(&saved, "Kurz") > 0);
    saved_restart(&saved);
    disk_assert_same(saved.store, kit->event);
    saved_free(&saved);
}

/* The copy becomes the database again; the forgotten file is the newer one. */
static void restored(struct saved *saved, const char *copy) {
    store_close(saved->store);
    assert_int_equal(rename(copy, disk_path(&saved->disk, "data/raute.sqlite")), 0);
    saved->store = disk_open(&saved->disk, STORE_WRITE);
}

static void test_restored_backup_revives_nobody(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    for (uint32_t n = 1; n <= 4; n++) {
        SAVED(card(kit, n, 1, n <= 2));
        SAVED(interest(kit, 3, n, INTEREST_ALL));
    }
    SAVED(claim(kit, 1, 1));
    SAVED(claim(kit, 2, 2));
    SAVED(claim(kit, 3, 2));
    const char *why = "", *copy = disk_path(&saved.disk, "copy");
    assert_int_equal(store_backup(saved.store, copy, false, &why), STORE_OK);
    SAVED(card_delete(kit, 1, 2)); /* and its claim */
    SAVED(unclaim_next(kit, 2, 2));
    SAVED(edit(kit, 3, question_of(kit, 3)->rev + 1, "Ein anderer Wortlaut?"));
    tick_due(kit);
    saved_check(&saved);
    SAVED(claim(kit, 3, 2)); /* signed anew, and then taken back: not the old one either */
    SAVED(unclaim_next(kit, 3, 2));
    SAVED(card_delete(kit, 3, 2));
    restored(&saved, copy);

    struct event *event;
    struct changes changes = {0};
    assert_int_equal(store_load(saved.store, EVENT_ID, &event, &changes), STORE_OK);
    assert_int_equal(event->card_count, 2);
    assert_int_equal(event->claim_count, 0);
    assert_int_equal(event->interest_count, 2);
    const struct store_item item = {event, &changes};
    assert_int_equal(store_write(saved.store, &item, 1), STORE_OK);
    changes_clear(&changes);
    disk_assert_same(saved.store, event);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM cards"), 1);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM kept_cards"), 1);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM claims"), 0);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM interests"), 2);
    event_free(event);
    saved_free(&saved);
}

/* Retention is over: no byte of anybody, and no key that opens a copy. */
static void test_nothing_remains_of_an_event(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    saved_people(&saved);
    size_t count;
    uint8_t *secret = disk_read(disk_file_of(&saved.disk, "secrets", EVENT_ID), &count);
    uint8_t hash[TICKET_HASH_BYTES];
    ticket_hash_of(hash, 3);
    assert_int_equal(plain(kit, COMMAND_DELETE), REFUSAL_OK);
    assert_int_equal(disk_write(saved.store, kit), STORE_OK);
    store_files_sweep(saved.store);
    assert_int_equal(store_maintain(saved.store, true), STORE_OK);
    assert_int_equal(disk_search(&saved.disk, secret + SECRET_BYTES / 2, SECRET_BYTES / 2), 0);
    assert_int_equal(search_text(&saved, NAME_OF), 0);
    assert_int_equal(search_text(&saved, ACTOR_OF), 0);
    assert_int_equal(search_card(&saved, 1), 0);
    assert_int_equal(disk_search(&saved.disk, hash, sizeof hash), 0);
    /* founded again (an import): sealed with its new secret, not with the old one */
    struct kit again = gated_kit();
    uint8_t fresh[SECRET_BYTES];
    assert_int_equal(store_secret_new(saved.store, EVENT_ID, fresh), STORE_OK);
    assert_int_equal(disk_write(saved.store, &again), STORE_OK);
    assert_int_equal(card(&again, 5, 1, false), REFUSAL_OK);
    assert_int_equal(disk_write(saved.store, &again), STORE_OK);
    saved_restart(&saved);
    disk_assert_same(saved.store, again.event);
    /* and another secret counts at once */
    assert_int_equal(store_secret_new(saved.store, EVENT_ID, fresh), STORE_OK);
    assert_int_equal(card(&again, 6, 1, false), REFUSAL_OK);
    assert_int_equal(disk_write(saved.store, &again), STORE_OK);
    saved_restart(&saved);
    struct event *event = saved_load(&saved);
    assert_int_equal(event->card_count, 1);
    assert_int_equal(event->cards[0]->key[3], 6);
    event_free(event);
    kit_free(&again);
    free(secret);
    saved_free(&saved);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deleted_is_gone),
        cmocka_unit_test(test_restored_backup_revives_nobody),
        cmocka_unit_test(test_nothing_remains_of_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
