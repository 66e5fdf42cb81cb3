/* Accounts and what goes out: written, read back, and gone when they are gone. */
#include "disk.h"
#include "event/posts_kit.h"

struct saved {
    struct disk disk;
    struct store *store;
    struct kit kit;
};

static void saved_check(struct saved *saved) {
    assert_int_equal(disk_write(saved->store, &saved->kit), STORE_OK);
    disk_assert_same(saved->store, saved->kit.event);
}

#define SAVED(command)                                                                             \
    do {                                                                                           \
        assert_int_equal(command, REFUSAL_OK);                                                     \
        saved_check(&saved);                                                                       \
    } while (0)

static struct saved saved_new(void) {
    struct saved saved = {.disk = disk_new()};
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.publish = PUBLISH_ALL;
    settings.publish_seconds = 3600;
    settings.offset = -LIMIT_OFFSET_MINUTES;
    saved.kit = kit_new(&settings);
    saved.store = disk_open(&saved.disk, STORE_WRITE);
    saved_check(&saved);
    SAVED(publish(&saved.kit, PUBLISH_APPROVED));
    SAVED(publish_delay(&saved.kit, 0));
    SAVED(account_put(&saved.kit, account_new(1)));
    SAVED(account_put(&saved.kit, account_new(2)));
    SAVED(ask_degree(&saved.kit, 1, 1));
    tick_due(&saved.kit);
    saved_check(&saved);
    return saved;
}

static void saved_free(struct saved *saved) {
    store_close(saved->store);
    kit_free(&saved->kit);
    disk_free(&saved->disk);
}

static void saved_out(struct saved *saved, uint32_t account, enum post_kind kind, const char *far) {
    struct kit *kit = &saved->kit;
    if (event_outgoing(kit->event, 1, account, kind)->state == POST_QUEUED) {
        tick_at(kit, kit->event->post_at, 1);
        saved_check(saved);
    }
    assert_int_equal(sending_at(kit, 1, account, kind), REFUSAL_OK);
    saved_check(saved);
    assert_int_equal(sent_at(kit, 1, account, kind, far), REFUSAL_OK);
    saved_check(saved);
}

static int64_t rows(const struct saved *saved, const char *sql) {
    return disk_number(disk_path(&saved->disk, "data/raute.sqlite"), sql);
}

static void test_way_of_a_post(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(move(kit, 1, STATE_PENDING, STATE_LISTED));
    saved_out(&saved, 1, POST_QUESTION, "far1");
    saved_out(&saved, 2, POST_QUESTION, "far2");
    SAVED(open_on(kit, 1, true));
    saved_out(&saved, 1, POST_OPEN, "far3");
    SAVED(move_with(kit, 1, STATE_LISTED, STATE_ANSWERED, REASON_NONE, "Yes."));
    saved_out(&saved, 1, POST_ANSWER, "far4");
    SAVED(warn(kit, 1, "Krieg"));
    SAVED(drop(kit, 1));
    SAVED(failed(kit, 1, POST_QUESTION, TROUBLE_BUSY, true) == REFUSAL_STALE ? REFUSAL_OK
                                                                             : REFUSAL_STALE);
    SAVED(sending(kit, 1, POST_QUESTION));
    SAVED(emptied(kit, 1, POST_QUESTION));
    SAVED(account_state(kit, 2, ACCOUNT_EXPIRED));
    SAVED(account_leave(kit, 2));
    SAVED(account_state(kit, 2, ACCOUNT_LEFT));
    SAVED(degree(kit, 1, 1, 2));
    SAVED(open_on(kit, 1, false));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM outgoing WHERE emptied = 1"), 1);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM accounts WHERE secret IS NULL"), 1);
    SAVED(plain(kit, COMMAND_WIPE));
    saved_free(&saved);
}

/* After a crash in the middle: all is known that is needed to find out what happened. */
static void test_sending_is_stored(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(move(kit, 1, STATE_PENDING, STATE_LISTED));
    tick_at(kit, kit->event->post_at, 1);
    saved_check(&saved);
    SAVED(sending(kit, 1, POST_QUESTION));
    struct event *event;
    assert_int_equal(store_load(saved.store, EVENT_ID, &event, NULL), STORE_OK);
    const struct outgoing *row = event_outgoing(event, 1, 1, POST_QUESTION);
    assert_int_equal(row->state, POST_SENDING);
    assert_string_equal(row->token, row_of(kit, 1, POST_QUESTION)->token);
    assert_memory_equal(row->sending, row_of(kit, 1, POST_QUESTION)->sending, POST_MARK_BYTES);
    event_free(event);
    saved_free(&saved);
}

/* Rows of a withdrawn question, log-ins that were replaced, and a whole event leave no byte. */
static void test_nothing_remains(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    struct account *account = account_new(1);
    memcpy(account->secret, "Xylophonquarz", 13);
    SAVED(account_put(kit, account));
    SAVED(move(kit, 1, STATE_PENDING, STATE_LISTED));
    saved_out(&saved, 1, POST_QUESTION, "Yachtgezwitscher");
    saved_out(&saved, 2, POST_QUESTION, "far2");
    assert_true(disk_search(&saved.disk, "Yachtgezwitscher", 16) > 0);
    assert_true(disk_search(&saved.disk, "Xylophonquarz", 13) > 0);
    SAVED(withdraw(kit, 1, 1));
    for (uint32_t id = 1; id <= 2; id++) {
        saved_out(&saved, id, POST_QUESTION, "");
    }
    SAVED(account_put(kit, account_new(1))); /* another log-in */
    assert_int_equal(rows(&saved, "SELECT count(*) FROM outgoing"), 0);
    assert_int_equal(store_maintain(saved.store, true), STORE_OK);
    assert_int_equal(disk_search(&saved.disk, "Yachtgezwitscher", 16), 0);
    assert_int_equal(disk_search(&saved.disk, "Xylophonquarz", 13), 0);
    assert_true(disk_search(&saved.disk, "sealed log-in", 13) > 0);
    SAVED(account_leave(kit, 1));
    SAVED(account_state(kit, 1, ACCOUNT_LEFT));
    assert_int_equal(rows(&saved, "SELECT count(*) FROM accounts"), 1);
    assert_int_equal(plain(kit, COMMAND_DELETE), REFUSAL_OK);
    assert_int_equal(disk_write(saved.store, kit), STORE_OK);
    assert_int_equal(store_maintain(saved.store, true), STORE_OK);
    assert_int_equal(rows(&saved, "SELECT count(*) FROM accounts"), 0);
    assert_int_equal(disk_search(&saved.disk, "sealed log-in", 13), 0);
    assert_int_equal(disk_search(&saved.disk, "peer2.example", 13), 0);
    saved_free(&saved);
}

/* A token that is no longer wanted goes, too: it says when something was sent. */
static void test_token_goes(void **state) {
    (void)state;
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(move(kit, 1, STATE_PENDING, STATE_LISTED));
    tick_at(kit, kit->event->post_at, 1);
    saved_check(&saved);
    SAVED(sending(kit, 1, POST_QUESTION));
    char token[LIMIT_POST_TOKEN_BYTES + 1];
    memcpy(token, row_of(kit, 1, POST_QUESTION)->token, sizeof token);
    SAVED(sent(kit, 1, POST_QUESTION, "far1"));
    assert_int_equal(store_maintain(saved.store, true), STORE_OK);
    assert_int_equal(disk_search(&saved.disk, token, strlen(token)), 0);
    saved_free(&saved);
}

/* However the rows came about, a vacuumed copy has the same bytes. */
static void test_order_is_lost(void **state) {
    (void)state;
    uint8_t *bytes[2];
    size_t counts[2];
    for (int turn = 0; turn < 2; turn++) {
        struct saved saved = saved_new();
        struct kit *kit = &saved.kit;
        SAVED(move(kit, 1, STATE_PENDING, STATE_LISTED));
        tick_at(kit, kit->event->post_at, 1);
        saved_check(&saved);
        uint32_t first = turn == 0 ? 1 : 2;
        saved_out(&saved, first, POST_QUESTION, first == 1 ? "far1" : "far2");
        saved_out(&saved, 3 - first, POST_QUESTION, first == 1 ? "far2" : "far1");
        const char *why = "";
        const char *path = disk_path(&saved.disk, "copy");
        assert_int_equal(store_backup(saved.store, path, false, &why), STORE_OK);
        bytes[turn] = disk_read(path, &counts[turn]);
        saved_free(&saved);
    }
    assert_int_equal(counts[0], counts[1]);
    assert_memory_equal(bytes[0] + 100, bytes[1] + 100, counts[0] - 100);
    free(bytes[0]);
    free(bytes[1]);
}

/* Each of these makes the event unreadable, and nothing else happens. */
static void test_broken_rows(void **state) {
    (void)state;
    static const char *const damages[] = {
        "UPDATE events SET publish = 'some'",
        "UPDATE events SET publish_seconds = 3601",
        "UPDATE events SET utc_offset = 841",
        "UPDATE events SET next_account = -1",
        "UPDATE questions SET approved = 2",
        "UPDATE questions SET open = -1",
        "UPDATE questions SET answered = 7",
        "UPDATE questions SET warning = CAST(x'ff' AS TEXT)",
        "UPDATE accounts SET network = 'minitel'",
        "UPDATE accounts SET state = 'gone'",
        "UPDATE accounts SET remote = ''",
        "UPDATE accounts SET url = CAST(zeroblob(900) AS TEXT)",
        "UPDATE accounts SET secret = NULL",
        "UPDATE accounts SET secret = zeroblob(20000)",
        "UPDATE accounts SET avatar = zeroblob(200000)",
        "UPDATE accounts SET keeps = 2",
        "DELETE FROM accounts",
        "UPDATE outgoing SET kind = 'reply' WHERE account = 1",
        "UPDATE outgoing SET state = 'lost'",
        "UPDATE outgoing SET act = ''",
        "UPDATE outgoing SET trouble = 'rain'",
        "UPDATE outgoing SET sent = x'00'",
        "UPDATE outgoing SET sending = zeroblob(9)",
        "UPDATE outgoing SET due = 5",
        "UPDATE outgoing SET token = CAST(zeroblob(65) AS TEXT)",
        "UPDATE outgoing SET number = 99 WHERE account = 1",
    };
    struct saved saved = saved_new();
    struct kit *kit = &saved.kit;
    SAVED(move(kit, 1, STATE_PENDING, STATE_LISTED));
    saved_out(&saved, 1, POST_QUESTION, "far1");
    saved_out(&saved, 2, POST_QUESTION, "far2");
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
        cmocka_unit_test(test_way_of_a_post),   cmocka_unit_test(test_sending_is_stored),
        cmocka_unit_test(test_nothing_remains), cmocka_unit_test(test_token_goes),
        cmocka_unit_test(test_order_is_lost),   cmocka_unit_test(test_broken_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
