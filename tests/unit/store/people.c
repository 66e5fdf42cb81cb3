/* Cards, claims, interests and tickets: written, read back, refused when damaged. */
#include <sys/stat.h>

#include "people.h"

static void test_cards(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    for (uint32_t n = 1; n <= 12; n++) {
        SAVED(card(kit, n, 1, n % 2 == 0));
    }
    assert_int_equal(rows(&saved, "SELECT count(*) FROM cards"), 6);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM kept_cards"), 6);
    SAVED(card(kit, 1, 2, true));
    SAVED(card(kit, 2, 2, false));
    SAVED(card(kit, 4, 2, true));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM cards"), 6);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM kept_cards"), 6);
    SAVED(card_hide(kit, 4, true));
    SAVED(card_hide(kit, 1, true));
    SAVED(card(kit, 1, 3, false));
    SAVED(card_hide(kit, 4, false));
    SAVED(card_delete(kit, 4, 3));
    SAVED(card_delete(kit, 3, 2));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM cards"), 4);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM kept_cards"), 6);
    saved_restart(&saved);
    disk_assert_same(saved.store, kit->event);
    saved_free(&saved);
}

/* With as much on it as there may be. */
static void test_longest_card(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    for (uint32_t turn = 0; turn < 2; turn++) {
        struct card *long_one = card_worded(40 + turn, 1, turn == 0);
        char text[LIMIT_CARD_LINE_BYTES + 1] = "";
        memset(text, 'a', LIMIT_CARD_ACCOUNT_BYTES);
        for (uint8_t at = 0; at < LIMIT_CARD_ACCOUNTS; at++) {
            text[0] = (char)('a' + at);
            free(long_one->accounts[at].name);
            long_one->accounts[at].name = memory_text(text);
        }
        long_one->account_count = LIMIT_CARD_ACCOUNTS;
        SAVED(card_put(kit, long_one));
    }
    SAVED(proof(kit, 41, 0, PROOF_LOGIN));
    saved_free(&saved);
}

static void test_proofs(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(card(kit, 1, 1, true));
    SAVED(claim(kit, 1, 1));
    SAVED(proof(kit, 1, 0, PROOF_LOGIN));
    SAVED(proof(kit, 1, 1, PROOF_POST));
    SAVED(proof(kit, 1, 2, PROOF_LINK));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM proofs"), 3);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM proofs WHERE salt IS NULL"), 2);
    struct command lost = proof_command(COMMAND_PROOF_LOST, 1, "", PROOF_LINK, SOURCE_OF);
    text_replace(&lost.as.proof.proof.actor, ACTOR_OF);
    SAVED(kit_apply(kit, lost));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM proofs"), 2);
    SAVED(unclaim_next(kit, 1, 1)); /* and with it the proof that names the question */
    assert_int_equal(rows(&saved, "SELECT count(*) FROM proofs WHERE number > 0"), 0);
    SAVED(card(kit, 1, 2, false));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM proofs"), 0);
    SAVED(card(kit, 1, 3, true));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM proofs"), 1);
    SAVED(card_delete(kit, 1, 4));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM proofs"), 0);
    saved_free(&saved);
}

static void test_claims(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(card(kit, 1, 1, true));
    SAVED(card(kit, 2, 1, true));
    SAVED(claim(kit, 1, 1));
    SAVED(claim(kit, 3, 1));
    SAVED(claim(kit, 2, 2));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM claims"), 3);
    SAVED(edit(kit, 1, question_of(kit, 1)->rev + 1, "Ein anderer Wortlaut?"));
    tick_due(kit);
    saved_check(&saved);
    assert_false(event_claim(kit->event, 1)->current);
    SAVED(claim(kit, 1, 1));
    SAVED(unclaim_next(kit, 1, 1));
    SAVED(claim(kit, 1, 2));
    SAVED(withdraw(kit, 2, question_of(kit, 2)->rev + 1));
    SAVED(card_delete(kit, 1, 2));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM claims"), 1);
    assert_int_equal(rows(&saved, "SELECT number FROM claims"), 1);
    saved_free(&saved);
}

static void test_interests(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    for (uint32_t n = 1; n <= 5; n++) {
        SAVED(card(kit, n, 1, n == 1));
        SAVED(interest(kit, 1, n, INTEREST_ALL));
        SAVED(interest(kit, 2, n, INTEREST_PROVED));
    }
    assert_int_equal(rows(&saved, "SELECT count(*) FROM interests"), 10);
    SAVED(interest(kit, 1, 2, INTEREST_OFF));
    SAVED(interest(kit, 1, 3, INTEREST_PROVED));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM interests"), 9);
    SAVED(card_delete(kit, 4, 2));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM interests"), 7);
    SAVED(withdraw(kit, 2, 1));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM interests"), 3);
    saved_free(&saved);
}

static void test_tickets_until_the_close(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(tickets(kit, 1, 200, 2));
    SAVED(tickets(kit, 201, 3, 16));
    SAVED(pass(kit, 7, 200, 2));
    SAVED(pass(kit, 7, 200, 2));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM tickets"), 203);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM tickets WHERE request = zeroblob(16)"),
                     202);
    uint8_t hash[TICKET_HASH_BYTES], request[TICKET_HASH_BYTES];
    ticket_hash_of(hash, 7);
    memset(request, 200, sizeof request);
    assert_true(disk_search(&saved.disk, hash, sizeof hash) > 0);
    assert_true(disk_search(&saved.disk, request, sizeof request) > 0);
    tick_at(kit, NOW + 3 * DAY, 1);
    assert_true(kit->event->closed);
    saved_check(&saved);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM tickets"), 0);
    assert_int_equal(store_maintain(saved.store, true), STORE_OK);
    assert_int_equal(disk_search(&saved.disk, hash, sizeof hash), 0);
    assert_int_equal(disk_search(&saved.disk, request, sizeof request), 0);
    saved_free(&saved);
}

/* Whole, as an import is; wiped; deleted. */
static void test_all_at_once(void **state) {
    (void)state;
    static const char *const tables[] = {"cards",  "proofs",    "kept_cards",
                                         "claims", "interests", "tickets"};
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    saved_people(&saved);
    changes_clear(&kit->changes);
    changes_add(&kit->changes, (struct change){.kind = CHANGE_CREATED});
    saved_check(&saved);
    SAVED(plain(kit, COMMAND_WIPE));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM claims"), 0);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM interests"), 0);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM tickets"), 9);
    assert_int_equal(plain(kit, COMMAND_DELETE), REFUSAL_OK);
    assert_int_equal(disk_write(saved.store, kit), STORE_OK);
    for (size_t at = 0; at < sizeof tables / sizeof tables[0]; at++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[at]);
        assert_int_equal(rows(&saved, sql), 0);
    }
    saved_free(&saved);
}

/* Taken back and made again in one commit: what was taken back is forgotten all the same. */
static void test_again_in_one_commit(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(card(kit, 1, 1, true));
    SAVED(claim(kit, 1, 1));
    struct changes batch = {0};
    for (int step = 0; step < 2; step++) {
        assert_int_equal(step == 0 ? unclaim_next(kit, 1, 1) : claim(kit, 1, 1), REFUSAL_OK);
        for (size_t at = 0; at < kit->changes.count; at++) {
            changes_add(&batch, kit->changes.items[at]);
        }
    }
    const struct store_item item = {kit->event, &batch};
    assert_int_equal(store_write(saved.store, &item, 1), STORE_OK);
    changes_clear(&batch);
    disk_assert_same(saved.store, kit->event); /* with what is forgotten */
    assert_int_equal(kit->event->forgotten.count, 1);
    saved_free(&saved);
}

static ino_t forgotten_file(const struct saved *saved) {
    struct stat stat_of;
    assert_int_equal(stat(disk_file_of(&saved->disk, "forgotten", EVENT_ID), &stat_of), 0);
    return stat_of.st_ino;
}

/* The forgotten are written where they have grown, and not at each claim. */
static void test_forgotten_grow(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(card(kit, 1, 1, true));
    SAVED(claim(kit, 1, 1));
    SAVED(unclaim_next(kit, 1, 1));
    ino_t before = forgotten_file(&saved);
    SAVED(claim(kit, 2, 1));
    assert_int_equal(forgotten_file(&saved), before);
    SAVED(claim(kit, 2, 1)); /* anew: the one before is over */
    assert_int_not_equal(forgotten_file(&saved), before);
    saved_free(&saved);
}

/* Each of these makes the event unreadable, and nothing else happens. */
static void test_broken_rows(void **state) {
    (void)state;
    static const char *const damages[] = {
        "UPDATE events SET tickets = 2",
        "UPDATE cards SET key = x'00' WHERE rev = 1 AND lists = 1",
        "UPDATE cards SET rev = -1",
        "UPDATE cards SET hidden = 2",
        "UPDATE cards SET lists = -1",
        "UPDATE cards SET minute = 5000000000",
        "UPDATE cards SET name = CAST(x'ff' AS TEXT)",
        "UPDATE cards SET name = ''",
        "UPDATE cards SET line = printf('%601d', 1)",
        "UPDATE cards SET web = printf('%301d', 1)",
        "UPDATE cards SET accounts = printf('%201d', 1)",
        "UPDATE cards SET accounts = 'a' || char(10) || 'b' || char(10) || 'c' || char(10) ||"
        " 'd' || char(10) || 'e' || char(10) || 'f'",
        "UPDATE cards SET accounts = ''", /* whose proofs are there */
        "UPDATE cards SET since = zeroblob(4)",
        "UPDATE cards SET since = zeroblob(16)",
        "UPDATE cards SET signature = zeroblob(63)",
        "UPDATE proofs SET card = zeroblob(32) WHERE account = ''",
        "UPDATE proofs SET account = 'nobody' WHERE account = ''",
        "UPDATE proofs SET kind = 'word'",
        "UPDATE proofs SET kind = ''",
        "UPDATE proofs SET minute = -1",
        "UPDATE proofs SET actor = printf('%501d', 1)",
        "UPDATE proofs SET source = printf('%801d', 1)",
        "UPDATE proofs SET salt = NULL",
        "UPDATE kept_cards SET sealed = x'00'",
        "UPDATE kept_cards SET name = zeroblob(16) WHERE name = (SELECT min(name) FROM kept_cards)",
        "UPDATE interests SET name = zeroblob(16) WHERE name = (SELECT min(name) FROM interests)",
        "UPDATE claims SET number = 99",
        "UPDATE claims SET card = zeroblob(32)",
        "UPDATE claims SET hash = zeroblob(31)",
        "UPDATE claims SET by_question = x'00'",
        "UPDATE claims SET by_card = zeroblob(65)",
        "UPDATE tickets SET seats = 17",
        "UPDATE tickets SET seats = 0",
        "UPDATE tickets SET request = x'00'",
        "DELETE FROM kept_cards", /* whose interests are there */
    };
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    saved_people(&saved);
    for (size_t at = 0; at < sizeof damages / sizeof damages[0]; at++) {
        changes_clear(&kit->changes);
        changes_add(&kit->changes, (struct change){.kind = CHANGE_CREATED});
        saved_check(&saved);
        disk_sql(&saved.disk, damages[at]);
        struct event *event;
        if (store_load(saved.store, EVENT_ID, &event, NULL) != STORE_FAILED) {
            fail_msg("not noticed: %s", damages[at]);
        }
        assert_null(event);
    }
    assert_int_equal(disk_write(saved.store, kit), STORE_OK);
    disk_assert_same(saved.store, kit->event);
    saved_free(&saved);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cards),          cmocka_unit_test(test_longest_card),
        cmocka_unit_test(test_proofs),         cmocka_unit_test(test_claims),
        cmocka_unit_test(test_interests),      cmocka_unit_test(test_tickets_until_the_close),
        cmocka_unit_test(test_all_at_once),    cmocka_unit_test(test_again_in_one_commit),
        cmocka_unit_test(test_forgotten_grow), cmocka_unit_test(test_broken_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
