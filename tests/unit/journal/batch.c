/* One batch after the other, without a thread: what a commit does, and what a failed one undoes. */
#include "house.h"

static struct house house_with_question(struct listener *listener) {
    struct house house = house_new();
    if (listener != NULL) {
        listen(&house, listener);
    }
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    assert_int_equal(house_run(&house, ask_request(1, 1)), REFUSAL_OK);
    return house;
}

/* With an interval of 0 the release is in the very batch of the asking. */
static void test_release_within_the_batch(void **state) {
    (void)state;
    struct listener listener = {0};
    struct house house = house_with_question(&listener);
    assert_int_equal(listener.committed, 2);
    assert_int_equal(listener.changes[CHANGE_HELD], 1);
    assert_int_equal(listener.changes[CHANGE_HELD_GONE], 1);
    assert_int_equal(listener.changes[CHANGE_QUESTION], 1);
    char *dump = house_dump(&house, 1);
    assert_non_null(strstr(dump, "question 1 talk 1"));
    house_restart(&house);
    kit_assert_same(dump, house_dump(&house, 1));
    house_free(&house);
}

/* Again, after a restart as before: nothing is stored that would tell commands apart. */
static void test_idempotent(void **state) {
    (void)state;
    struct house house = house_with_question(NULL);
    assert_int_equal(house_run(&house, vote_request(1, 5, 1)), REFUSAL_OK);
    char *once = house_dump(&house, 1);
    for (int turn = 0; turn < 2; turn++) {
        assert_int_equal(house_run(&house, ask_request(1, 1)), REFUSAL_OK);
        assert_int_equal(house_run(&house, vote_request(1, 5, 1)), REFUSAL_OK);
        kit_assert_same(memory_text(once), house_dump(&house, 1));
        house_restart(&house);
    }
    assert_int_equal(house_run(&house, withdraw_request(1, 1)), REFUSAL_OK);
    house_restart(&house);
    assert_int_equal(house_run(&house, withdraw_request(1, 1)), REFUSAL_OK);
    assert_int_equal(house_run(&house, ask_request(1, 1)), REFUSAL_GONE);
    free(once);
    house_free(&house);
}

static void test_unknown(void **state) {
    (void)state;
    struct house house = house_with_question(NULL);
    assert_int_equal(house_run(&house, vote_request(9, 1, 1)), REFUSAL_UNKNOWN);
    assert_int_equal(house_run(&house, vote_request(1, 1, 99)), REFUSAL_UNKNOWN);
    assert_null(house_dump(&house, 9));
    house_free(&house);
}

static void test_talk_id(void **state) {
    (void)state;
    struct house house = house_with_question(NULL);
    struct journal_request *request = journal_request_new(COMMAND_TALK_ADD, house_id(1));
    request->command.text = memory_text("Zweiter");
    assert_int_equal(house_run(&house, request), REFUSAL_OK);
    assert_int_equal(house.last->result, 2);
    house_free(&house);
}

struct presence {
    uint32_t present;
};

static void presence_reader(const struct event *event, bool known, void *context) {
    (void)known;
    ((struct presence *)context)->present = event->present;
}

static uint32_t present_now(struct house *house) {
    struct presence presence;
    journal_read(house->journal, house_id(1), presence_reader, &presence);
    return presence.present;
}

static void test_presence_is_summed(void **state) {
    (void)state;
    struct house house = house_with_question(NULL);
    assert_int_equal(house_run(&house, presence_request(1, 0, 40)), REFUSAL_OK);
    assert_int_equal(house_run(&house, presence_request(1, 1, 2)), REFUSAL_OK);
    assert_int_equal(house_run(&house, presence_request(1, LIMIT_THREADS - 1, 100)), REFUSAL_OK);
    assert_int_equal(present_now(&house), 142);
    assert_int_equal(house_run(&house, presence_request(1, 0, 7)), REFUSAL_OK);
    assert_int_equal(present_now(&house), 109);
    assert_int_equal(house_run(&house, presence_request(1, LIMIT_THREADS, 5)), REFUSAL_BAD_VALUE);
    assert_int_equal(present_now(&house), 109);
    house_free(&house);
}

static void test_delete(void **state) {
    (void)state;
    struct listener listener = {0};
    struct house house = house_with_question(&listener);
    assert_int_equal(house_run(&house, journal_request_new(COMMAND_DELETE, house_id(1))),
                     REFUSAL_OK);
    assert_int_equal(listener.gone, 1);
    assert_int_equal(listener.reloaded, 0);
    assert_null(journal_door(house.journal, "hro"));
    assert_null(house_dump(&house, 1));
    assert_false(disk_exists(disk_file_of(&house.disk, "secrets", house_id(1))));
    assert_int_equal(house_run(&house, vote_request(1, 1, 1)), REFUSAL_UNKNOWN);
    assert_int_equal(create(&house, 2, "hro"), REFUSAL_OK); /* the slug is free again */
    house_restart(&house);
    assert_null(house_dump(&house, 1));
    house_free(&house);
}

/* The disk is full: refused, memory goes back to the disk's state, and everything works again when
 * there is space. */
static void test_full_disk(void **state) {
    (void)state;
    struct listener listener = {0};
    struct house house = house_with_question(&listener);
    assert_int_equal(house_run(&house, presence_request(1, 3, 50)), REFUSAL_OK);
    char *before = house_dump(&house, 1);
    struct door *door = journal_door(house.journal, "hro");
    size_t committed = listener.committed;
    house_space_ends(&house);
    for (int turn = 0; turn < 3; turn++) {
        assert_int_equal(house_run(&house, vote_request(1, 5, 1)), REFUSAL_STORAGE);
        assert_int_equal(house_run(&house, ask_request(1, 2)), REFUSAL_STORAGE);
        assert_int_equal(create(&house, 2, "zwei"), REFUSAL_STORAGE);
        assert_string_equal(house.last->slug, "");
        /* refused by the rules, with the reason */
        assert_int_equal(house_run(&house, vote_request(1, 5, 44)), REFUSAL_UNKNOWN);
        assert_int_equal(house_run(&house, journal_request_new(COMMAND_DELETE, house_id(1))),
                         REFUSAL_STORAGE);
        kit_assert_same(memory_text(before), house_dump(&house, 1));
        assert_null(house_dump(&house, 2));
    }
    assert_int_equal(listener.committed, committed);
    assert_int_equal(listener.gone, 0);
    assert_int_equal(listener.reloaded, 9); /* of an event that was never there nobody is told */
    assert_int_equal(present_now(&house), 50);
    struct door *same = journal_door(house.journal, "hro");
    assert_ptr_equal(door, same);
    assert_null(journal_door(house.journal, "zwei"));
    assert_false(disk_exists(disk_file_of(&house.disk, "secrets", house_id(2))));
    house_space_returns();
    assert_int_equal(house_run(&house, vote_request(1, 5, 1)), REFUSAL_OK);
    assert_int_equal(create(&house, 2, "zwei"), REFUSAL_OK);
    assert_int_equal(listener.committed, committed + 2);
    char *after = house_dump(&house, 1);
    house_restart(&house);
    kit_assert_same(after, house_dump(&house, 1));
    door_release(door);
    door_release(same);
    free(before);
    house_free(&house);
}

static uint32_t composed;

/* Says how many votes the question has at this moment. */
static void votes_compose(const struct event *event, struct journal_request *request) {
    char text[16];
    snprintf(text, sizeof text, "{\"votes\":%u}", event_question(event, 1)->votes);
    free(request->answer);
    request->answer = memory_text(text);
    composed++;
}

static struct journal_request *composing(struct journal_request *request) {
    request->compose = votes_compose;
    return request;
}

/* An answer is composed of the event as the command has left it, and dropped where it is not so. */
static void test_compose(void **state) {
    (void)state;
    struct house house = house_with_question(NULL);
    composed = 0;
    assert_int_equal(house_run(&house, composing(vote_request(1, 5, 1))), REFUSAL_OK);
    assert_string_equal(house.last->answer, "{\"votes\":1}");
    assert_int_equal(house_run(&house, composing(vote_request(1, 5, 1))), REFUSAL_OK);
    assert_string_equal(house.last->answer, "{\"votes\":1}"); /* in force already */
    assert_int_equal(composed, 2);
    assert_int_equal(house_run(&house, composing(vote_request(1, 5, 44))), REFUSAL_UNKNOWN);
    assert_int_equal(house_run(&house, composing(vote_request(9, 5, 1))), REFUSAL_UNKNOWN);
    assert_null(house.last->answer);
    assert_int_equal(composed, 2);
    house_space_ends(&house);
    struct journal_request *own = vote_request(1, 6, 1);
    own->answer = memory_text("{}");
    assert_int_equal(house_run(&house, own), REFUSAL_STORAGE);
    assert_null(house.last->answer); /* the sender's, too */
    assert_int_equal(house_run(&house, composing(vote_request(1, 6, 1))), REFUSAL_STORAGE);
    assert_null(house.last->answer);
    /* what changes nothing needs no disk */
    assert_int_equal(house_run(&house, composing(vote_request(1, 5, 1))), REFUSAL_OK);
    assert_string_equal(house.last->answer, "{\"votes\":1}");
    house_space_returns();
    assert_int_equal(house_run(&house, composing(vote_request(1, 6, 1))), REFUSAL_OK);
    assert_string_equal(house.last->answer, "{\"votes\":2}");
    house_free(&house);
}

/* The forgotten file is written before the commit. If that fails, the withdrawal is refused and yet
 * in force: saying it again is fine, and no reload brings the question back. */
static void test_full_disk_while_withdrawing(void **state) {
    (void)state;
    struct house house = house_with_question(NULL);
    house_space_ends(&house);
    assert_int_equal(house_run(&house, withdraw_request(1, 1)), REFUSAL_STORAGE);
    assert_true(disk_exists(disk_file_of(&house.disk, "forgotten", house_id(1))));
    char *dump = house_dump(&house, 1);
    assert_null(strstr(dump, "question 1 "));
    free(dump);
    assert_int_equal(house_run(&house, withdraw_request(1, 1)), REFUSAL_STORAGE);
    house_space_returns();
    assert_int_equal(house_run(&house, withdraw_request(1, 1)), REFUSAL_OK);
    assert_int_equal(
        disk_number(disk_path(&house.disk, "data/raute.sqlite"), "SELECT count(*) FROM questions"),
        0);
    dump = house_dump(&house, 1);
    house_restart(&house);
    kit_assert_same(dump, house_dump(&house, 1));
    house_free(&house);
}

/* A database from before the withdrawal: dropped at the start, on disk too. */
static void test_restored_backup_forgets(void **state) {
    (void)state;
    struct house house = house_with_question(NULL);
    const char *why = "", *copy = disk_path(&house.disk, "copy");
    assert_int_equal(store_backup(house.store, copy, false, &why), STORE_OK);
    assert_int_equal(house_run(&house, withdraw_request(1, 1)), REFUSAL_OK);
    house_shut(&house);
    assert_int_equal(rename(copy, disk_path(&house.disk, "data/raute.sqlite")), 0);
    house_open(&house);
    char *dump = house_dump(&house, 1);
    assert_null(strstr(dump, "question 1 "));
    assert_int_equal(
        disk_number(disk_path(&house.disk, "data/raute.sqlite"), "SELECT count(*) FROM questions"),
        0);
    house_restart(&house);
    kit_assert_same(dump, house_dump(&house, 1));
    house_free(&house);
}

/* Puts an event that began `minutes` ago and took an hour straight into the store. */
static void house_old_event(struct house *house, uint32_t minutes, uint8_t secret[SECRET_BYTES]) {
    struct kit kit = kit_empty();
    struct settings settings = house_settings();
    settings.start -= minutes;
    settings.end = settings.start + 60;
    kit.now = settings.start * MINUTE;
    assert_int_equal(kit_apply(&kit, kit_create(&settings, "alt")), REFUSAL_OK);
    ask_released(&kit, 1, 1);
    assert_int_equal(vote(&kit, 3, 1), REFUSAL_OK);
    changes_clear(&kit.changes);
    changes_add(&kit.changes, (struct change){.kind = CHANGE_CREATED});
    journal_free(house->journal);
    assert_int_equal(store_secret_new(house->store, EVENT_ID, secret), STORE_OK);
    assert_int_equal(disk_write(house->store, &kit), STORE_OK);
    const char *why = "";
    house->journal = journal_new(house->store, &why);
    assert_non_null(house->journal);
    kit_free(&kit);
}

static void live_half_is_zero(const struct house *house) {
    uint8_t secret[SECRET_BYTES];
    assert_int_equal(store_secret_load(house->store, EVENT_ID, secret), STORE_OK);
    assert_true(sodium_is_zero(secret, SECRET_BYTES / 2));
}

/* A day after the end the next batch, whatever it is for, closes it. */
static void test_close(void **state) {
    (void)state;
    struct house house = house_new();
    struct listener listener = {0};
    uint8_t secret[SECRET_BYTES];
    house_old_event(&house, 60 + 1440 + 2, secret);
    listen(&house, &listener);
    struct door *before = journal_door(house.journal, "alt");
    assert_false(before->closed);
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    assert_int_equal(listener.changes[CHANGE_BALLOTS_DESTROYED], 1);
    struct door *after = journal_door(house.journal, "alt");
    assert_true(after->closed);
    assert_null(after->keys);
    live_half_is_zero(&house);
    assert_int_equal(
        disk_number(disk_path(&house.disk, "data/raute.sqlite"), "SELECT count(*) FROM ballots"),
        0);
    door_release(before);
    door_release(after);

    /* The process ended between the commit and the zeroing: made up for at the start. */
    const char *file = disk_file_of(&house.disk, "secrets", EVENT_ID);
    house_shut(&house);
    int restored = open(file, O_WRONLY);
    assert_int_equal(write(restored, secret, SECRET_BYTES), SECRET_BYTES);
    close(restored);
    house_open(&house);
    live_half_is_zero(&house);
    after = journal_door(house.journal, "alt");
    assert_true(after->closed && after->keys == NULL);
    door_release(after);

    /* Restored without secrets: one for what is sealed from now on, and no live half. */
    house_shut(&house);
    assert_int_equal(remove(file), 0);
    house_open(&house);
    live_half_is_zero(&house);
    uint8_t fresh[SECRET_BYTES];
    assert_int_equal(store_secret_load(house.store, EVENT_ID, fresh), STORE_OK);
    assert_false(sodium_is_zero(fresh + SECRET_BYTES / 2, SECRET_BYTES / 2));
    house_free(&house);
}

static void test_retention(void **state) {
    (void)state;
    struct house house = house_new();
    struct listener listener = {0};
    uint8_t secret[SECRET_BYTES];
    house_old_event(&house, 60 + 31 * 1440, secret);
    listen(&house, &listener);
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    assert_int_equal(listener.gone, 1);
    assert_null(journal_door(house.journal, "alt"));
    assert_false(disk_exists(disk_file_of(&house.disk, "secrets", EVENT_ID)));
    assert_int_equal(store_maintain(house.store, true), STORE_OK);
    uint8_t key[QUESTION_KEY_BYTES], id[EVENT_ID_BYTES];
    kit_key(key, 1);
    memcpy(id, EVENT_ID, sizeof id);
    assert_int_equal(disk_search(&house.disk, key, sizeof key), 0);
    assert_int_equal(disk_search(&house.disk, id, sizeof id), 0);
    assert_int_equal(disk_search(&house.disk, secret, SECRET_BYTES / 2), 0);
    house_free(&house);
}

static void test_damaged(void **state) {
    (void)state;
    struct house house = house_with_question(NULL);
    house_shut(&house);
    disk_sql(&house.disk, "UPDATE questions SET talk = 9");
    house.store = disk_open(&house.disk, STORE_WRITE);
    const char *why = "";
    assert_null(journal_new(house.store, &why));
    assert_string_equal(why, "an event in the database is damaged");
    disk_sql(&house.disk, "UPDATE questions SET talk = 1");
    store_close(house.store);
    house_open(&house);
    house_free(&house);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_release_within_the_batch),
        cmocka_unit_test(test_idempotent),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_talk_id),
        cmocka_unit_test(test_presence_is_summed),
        cmocka_unit_test(test_delete),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_compose),
        cmocka_unit_test(test_full_disk_while_withdrawing),
        cmocka_unit_test(test_restored_backup_forgets),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_retention),
        cmocka_unit_test(test_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
