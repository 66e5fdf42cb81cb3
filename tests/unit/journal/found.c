/* Founding events: created, imported, found again after a restart. */
#include "house.h"

static void assert_slug(const struct house *house, const char *slug) {
    assert_string_equal(house->last->slug, slug);
}

static void test_create(void **state) {
    (void)state;
    struct house house = house_new();
    assert_null(journal_door(house.journal, "hro"));
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    assert_slug(&house, "hro");
    assert_true(disk_exists(disk_file_of(&house.disk, "secrets", house_id(1))));
    assert_int_equal(create(&house, 1, "other"), REFUSAL_PRESENT);
    assert_int_equal(create(&house, 2, "hro"), REFUSAL_SLUG_TAKEN);
    assert_int_equal(create(&house, 2, "raute"), REFUSAL_SLUG_TAKEN);
    assert_int_equal(create(&house, 2, "No Slug"), REFUSAL_BAD_SLUG);
    assert_slug(&house, "");
    assert_int_equal(house_run(&house, create_request(2, "", false)), REFUSAL_OK);
    assert_slug(&house, "hro2");
    assert_int_equal(house_run(&house, create_request(3, "", false)), REFUSAL_OK);
    assert_slug(&house, "hro3");
    char *one = house_dump(&house, 1), *three = house_dump(&house, 3);
    house_restart(&house);
    kit_assert_same(one, house_dump(&house, 1));
    kit_assert_same(three, house_dump(&house, 3));
    assert_int_equal(house_run(&house, create_request(4, "", false)), REFUSAL_OK);
    assert_slug(&house, "hro4");
    house_free(&house);
}

static void test_refused_leaves_nothing(void **state) {
    (void)state;
    struct house house = house_new();
    struct journal_request *request = create_request(1, "hro", true);
    request->command.as.create.settings->title[0] = '\0';
    assert_int_not_equal(house_run(&house, request), REFUSAL_OK);
    assert_null(journal_door(house.journal, "hro"));
    assert_null(house_dump(&house, 1));
    assert_false(disk_exists(disk_file_of(&house.disk, "secrets", house_id(1))));
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK); /* id and slug are free */
    house_free(&house);
}

static void test_door(void **state) {
    (void)state;
    struct house house = house_new();
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    struct door *door = journal_door(house.journal, "hro");
    assert_non_null(door);
    assert_string_equal(door->slug, "hro");
    assert_memory_equal(door->event, house_id(1), EVENT_ID_BYTES);
    assert_false(door->closed);
    assert_int_equal(door->language, house_settings().language);
    assert_int_equal(door->ask_burst, house_settings().ask_burst);
    assert_int_equal(door->ask_seconds, house_settings().ask_seconds);
    uint8_t secret[SECRET_BYTES];
    struct member_keys keys;
    assert_int_equal(store_secret_load(house.store, house_id(1), secret), STORE_OK);
    member_keys_derive(&keys, secret);
    assert_memory_equal(&keys, door->keys, sizeof keys);
    for (int role = ROLE_ORGANISER; role <= ROLE_STAGE; role++) {
        uint8_t key[ROLE_KEY_BYTES];
        memset(key, role, sizeof key);
        for (int asked = ROLE_AUDIENCE; asked <= ROLE_STAGE; asked++) {
            assert_int_equal(door_admits(door, (enum role)asked, key), asked == role);
        }
    }
    assert_null(journal_door(house.journal, "nosuchevent"));
    assert_null(journal_door(house.journal, ""));
    assert_null(journal_door(house.journal, "01234567890123456789012345678901234567890123456789"));

    /* An old door stays what it was, for as long as somebody holds it. */
    struct journal_request *link = journal_request_new(COMMAND_LINK, house_id(1));
    link->command.as.link.role = ROLE_STAGE;
    uint8_t fresh[ROLE_KEY_BYTES] = {99}, old[ROLE_KEY_BYTES];
    memset(old, ROLE_STAGE, sizeof old);
    role_hash(link->command.as.link.hash, house_id(1), ROLE_STAGE, fresh);
    assert_int_equal(house_run(&house, link), REFUSAL_OK);
    struct door *replaced = journal_door(house.journal, "hro");
    assert_ptr_not_equal(door, replaced);
    assert_ptr_equal(door->keys, replaced->keys);
    assert_true(door_admits(door, ROLE_STAGE, old));
    assert_false(door_admits(replaced, ROLE_STAGE, old));
    assert_true(door_admits(replaced, ROLE_STAGE, fresh));
    door_release(replaced);

    /* What a door does not show does not replace it. */
    replaced = journal_door(house.journal, "hro");
    assert_int_equal(house_run(&house, ask_request(1, 1)), REFUSAL_OK);
    struct door *same = journal_door(house.journal, "hro");
    assert_ptr_equal(replaced, same);
    door_release(same);
    door_release(replaced);
    house_free(&house);
    assert_memory_equal(&keys, door->keys, sizeof keys); /* outlives even the journal */
    door_release(door);
    door_release(NULL);
}

static struct door *door_gated(struct house *house, bool gated) {
    struct journal_request *request = journal_request_new(COMMAND_SETTINGS, house_id(1));
    struct settings settings = house_settings();
    settings.tickets = gated;
    request->command.as.settings.settings = kit_copy(&settings, sizeof settings);
    request->command.as.settings.mask = SETTING_TICKETS;
    assert_int_equal(house_run(house, request), REFUSAL_OK);
    return journal_door(house->journal, "hro");
}

/* The setting is the door's; the keys come along with it, and are the same after a restart. */
static void test_gated_door(void **state) {
    (void)state;
    struct house house = house_new();
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    struct door *open_door = journal_door(house.journal, "hro");
    assert_false(open_door->gated);
    assert_null(open_door->pass);
    struct door *gated = door_gated(&house, true);
    assert_true(gated->gated);
    assert_non_null(gated->pass);
    assert_ptr_equal(gated->keys, open_door->keys);
    uint8_t secret[SECRET_BYTES];
    struct pass_keys keys;
    assert_int_equal(store_secret_load(house.store, house_id(1), secret), STORE_OK);
    pass_keys_derive(&keys, secret, house_id(1));
    assert_memory_equal(&keys, gated->pass, sizeof keys);
    house_restart(&house);
    struct door *again = journal_door(house.journal, "hro");
    assert_true(again->gated);
    assert_memory_equal(&keys, again->pass, sizeof keys);
    struct door *shut = door_gated(&house, false);
    assert_false(shut->gated);
    assert_null(shut->pass);
    assert_memory_equal(&keys, gated->pass, sizeof keys); /* for as long as somebody holds it */
    door_release(open_door);
    door_release(gated);
    door_release(again);
    door_release(shut);
    house_free(&house);
}

/* As wire would build one from an export, checked or not. */
static struct journal_request *import_request(uint8_t n, const char *slug, uint32_t questions,
                                              bool checked) {
    struct journal_request *request = journal_request_new(COMMAND_IMPORT, house_id(n));
    struct event *event = event_new(house_id(n));
    event->settings = house_settings();
    strncpy(event->slug, slug, LIMIT_SLUG_CHARS);
    event->seq[VIEW_PUBLIC] = 77;
    event->current_talk = 1;
    struct talk talk = {.id = 1, .title = "Vortrag", .open = true};
    event_restore_talk(event, &talk);
    for (uint32_t number = 1; number <= questions; number++) {
        struct question question = {.number = number,
                                    .talk = 1,
                                    .state = STATE_ANSWERED,
                                    .votes = number,
                                    .text = memory_text("Exportiert?")};
        kit_key(question.key, number);
        event_restore_question(event, &question);
    }
    if (checked) {
        assert_true(event_restored(event, NULL));
    }
    request->command.as.import.event = event;
    return request;
}

static void test_import(void **state) {
    (void)state;
    struct house house = house_new();
    assert_int_equal(house_run(&house, import_request(1, "alt", 3, false)), REFUSAL_OK);
    assert_slug(&house, "alt");
    assert_int_equal(house_run(&house, import_request(2, "alt", 3, true)), REFUSAL_OK);
    assert_slug(&house, "alt2");
    assert_int_equal(house_run(&house, import_request(1, "alt", 3, true)), REFUSAL_PRESENT);
    /* it is over: no keys, no votes, and no live secret on disk */
    struct door *door = journal_door(house.journal, "alt");
    assert_true(door->closed);
    assert_null(door->keys);
    door_release(door);
    uint8_t secret[SECRET_BYTES];
    assert_int_equal(store_secret_load(house.store, house_id(1), secret), STORE_OK);
    assert_true(sodium_is_zero(secret, SECRET_BYTES / 2));
    assert_false(sodium_is_zero(secret + SECRET_BYTES / 2, SECRET_BYTES / 2));
    assert_int_not_equal(house_run(&house, vote_request(1, 1, 1)), REFUSAL_OK);
    char *before = house_dump(&house, 2);
    house_restart(&house);
    kit_assert_same(before, house_dump(&house, 2));
    house_free(&house);
}

/* What was withdrawn after the export stays withdrawn, also when the event was deleted meanwhile.
 */
static void test_import_forgets(void **state) {
    (void)state;
    struct house house = house_new();
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    for (uint32_t n = 1; n <= 3; n++) {
        assert_int_equal(house_run(&house, ask_request(1, n)), REFUSAL_OK);
    }
    assert_int_equal(house_run(&house, withdraw_request(1, 2)), REFUSAL_OK);
    assert_int_equal(house_run(&house, journal_request_new(COMMAND_DELETE, house_id(1))),
                     REFUSAL_OK);
    assert_null(house_dump(&house, 1));
    assert_false(disk_exists(disk_file_of(&house.disk, "secrets", house_id(1))));
    for (int checked = 0; checked < 2; checked++) {
        assert_int_equal(house_run(&house, import_request(1, "hro", 3, checked == 1)), REFUSAL_OK);
        char *dump = house_dump(&house, 1);
        assert_non_null(strstr(dump, "question 1 "));
        assert_null(strstr(dump, "question 2 "));
        assert_non_null(strstr(dump, "question 3 "));
        house_restart(&house);
        kit_assert_same(dump, house_dump(&house, 1));
        assert_int_equal(house_run(&house, journal_request_new(COMMAND_DELETE, house_id(1))),
                         REFUSAL_OK);
    }
    house_free(&house);
}

static void test_import_broken(void **state) {
    (void)state;
    struct house house = house_new();
    struct journal_request *request = import_request(1, "alt", 2, false);
    request->command.as.import.event->questions[1]->number = 1; /* twice */
    assert_int_equal(house_run(&house, request), REFUSAL_BAD_MESSAGE);
    request = import_request(1, "no slug", 2, false);
    assert_int_equal(house_run(&house, request), REFUSAL_BAD_SLUG);
    assert_null(house_dump(&house, 1));
    assert_int_equal(house_run(&house, import_request(1, "alt", 2, false)), REFUSAL_OK);
    house_free(&house);
}

/* A backup restored without secrets: voting starts afresh, with another key. */
static void test_secret_lost(void **state) {
    (void)state;
    struct house house = house_new();
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    struct door *before = journal_door(house.journal, "hro");
    house_shut(&house);
    assert_int_equal(remove(disk_file_of(&house.disk, "secrets", house_id(1))), 0);
    house_open(&house);
    struct door *after = journal_door(house.journal, "hro");
    assert_non_null(after->keys);
    assert_memory_not_equal(before->keys, after->keys, sizeof *before->keys);
    assert_true(disk_exists(disk_file_of(&house.disk, "secrets", house_id(1))));
    door_release(before);
    door_release(after);
    house_free(&house);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),         cmocka_unit_test(test_refused_leaves_nothing),
        cmocka_unit_test(test_door),           cmocka_unit_test(test_import),
        cmocka_unit_test(test_import_forgets), cmocka_unit_test(test_import_broken),
        cmocka_unit_test(test_secret_lost),    cmocka_unit_test(test_gated_door),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
