/* Names on the wire, and what a command owns. */
#include "people_kit.h"
#include "posts_kit.h"

static void test_states(void **state) {
    (void)state;
    static const char *const names[] = {"pending",  "listed",   "answering",
                                        "answered", "declined", "hidden"};
    for (int i = 0; i < STATE_COUNT; i++) {
        assert_string_equal(question_state_name((enum question_state)i), names[i]);
        assert_int_equal(question_state_find(names[i]), i);
    }
    assert_int_equal(question_state_find("Listed"), -1);
    assert_int_equal(question_state_find(""), -1);
}

static void test_reasons(void **state) {
    (void)state;
    static const char *const names[] = {"",     "off_topic", "duplicate", "unclear",
                                        "rude", "personal",  "other"};
    for (int i = 0; i < REASON_COUNT; i++) {
        assert_string_equal(decline_reason_name((enum decline_reason)i), names[i]);
        assert_int_equal(decline_reason_find(names[i]), i == 0 ? -1 : i);
    }
    assert_int_equal(decline_reason_find("boring"), -1);
}

static void test_refusals(void **state) {
    (void)state;
    assert_string_equal(refusal_code(REFUSAL_OK), "ok");
    assert_string_equal(refusal_code(REFUSAL_TOO_OFTEN), "too_often");
    for (int i = 0; i < REFUSAL_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(refusal_code((enum refusal)i), refusal_code((enum refusal)j));
        }
    }
}

static void test_networks(void **state) {
    (void)state;
    static const char *const networks[] = {"mastodon", "bluesky", "x"};
    static const char *const accounts[] = {"connected", "expired", "refused", "leaving", "left"};
    static const char *const publishes[] = {"off", "approved", "all"};
    for (int i = 0; i < NETWORK_COUNT; i++) {
        assert_string_equal(network_name((enum network)i), networks[i]);
        assert_int_equal(network_find(networks[i]), i);
    }
    for (int i = 0; i < ACCOUNT_STATE_COUNT; i++) {
        assert_string_equal(account_state_name((enum account_state)i), accounts[i]);
        assert_int_equal(account_state_find(accounts[i]), i);
    }
    for (int i = 0; i < PUBLISH_COUNT; i++) {
        assert_string_equal(settings_publish_name((enum publish)i), publishes[i]);
        assert_int_equal(settings_publish_find(publishes[i]), i);
    }
    assert_int_equal(network_find("twitter"), -1);
    assert_int_equal(account_state_find(""), -1);
    assert_int_equal(settings_publish_find("Off"), -1);
}

static void test_posts(void **state) {
    (void)state;
    static const char *const kinds[] = {"question", "answer", "open"};
    static const char *const states[] = {"queued", "ready", "sending", "sent", "failed", "deleted"};
    static const char *const acts[] = {"post", "edit", "delete"};
    static const char *const troubles[] = {"",         "unreachable", "address", "certificate",
                                           "busy",     "limited",     "login",   "forbidden",
                                           "rejected", "missing",     "answer"};
    for (int i = 0; i < POST_KIND_COUNT; i++) {
        assert_string_equal(post_kind_name((enum post_kind)i), kinds[i]);
        assert_int_equal(post_kind_find(kinds[i]), i);
    }
    for (int i = 0; i < POST_STATE_COUNT; i++) {
        assert_string_equal(post_state_name((enum post_state)i), states[i]);
        assert_int_equal(post_state_find(states[i]), i);
    }
    for (int i = 0; i < ACT_COUNT; i++) {
        assert_string_equal(post_act_name((enum post_act)i), acts[i]);
        assert_int_equal(post_act_find(acts[i]), i);
    }
    for (int i = 0; i < TROUBLE_COUNT; i++) {
        assert_string_equal(post_trouble_name((enum post_trouble)i), troubles[i]);
        assert_int_equal(post_trouble_find(troubles[i]), i == 0 ? -1 : i);
    }
    assert_int_equal(post_kind_find("reply"), -1);
    assert_int_equal(post_state_find("Sent"), -1);
    assert_int_equal(post_act_find(""), -1);
}

static void test_proofs(void **state) {
    (void)state;
    static const char *const kinds[] = {"", "login", "link", "post"};
    for (int i = 0; i < PROOF_KIND_COUNT; i++) {
        assert_string_equal(proof_kind_name((enum proof_kind)i), kinds[i]);
        assert_int_equal(proof_kind_find(kinds[i]), i == 0 ? -1 : i);
    }
    assert_int_equal(proof_kind_find("Login"), -1);
}

static void test_clear_people(void **state) {
    (void)state;
    struct command command = {.kind = COMMAND_CARD};
    command_clear(&command);
    command.kind = COMMAND_CARD;
    command.as.card.card = card_new(1);
    command_clear(&command);
    command = (struct command){.kind = COMMAND_TICKETS};
    command.as.tickets.hashes = memory_new(TICKET_HASH_BYTES);
    command_clear(&command);
    command = (struct command){.kind = COMMAND_PASS};
    command.as.pass.elements = memory_new(VOPRF_ELEMENT_BYTES);
    command_clear(&command);
    command = proof_command(COMMAND_PROOF, 1, "x", PROOF_LINK, "https://x.example/");
    command_clear(&command);
    command = proof_command(COMMAND_PROOF_LOST, 1, "x", PROOF_LINK, "https://x.example/");
    command_clear(&command);
    static const enum command_kind kinds[] = {COMMAND_OWN_LOGIN, COMMAND_OWN_FINISH, COMMAND_PROVE};
    for (size_t i = 0; i < 3; i++) {
        command = (struct command){.kind = kinds[i]};
        command_clear(&command);
        command.kind = kinds[i];
        command.as.own.url = memory_text("https://x.example/post");
        command.as.own.state = memory_text("state");
        command.as.own.code = memory_text("code");
        command.as.own.issuer = memory_text("https://x.example");
        command.as.own.verifier = memory_text("verifier");
        command_clear(&command);
        assert_null(command.as.own.code);
    }
    card_free(NULL);
}

/* The address sanitizer sees what stays behind. */
static void test_clear(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct command command = kit_create(&settings, "hro");
    command_clear(&command);
    command_clear(&command);
    command = kit_text(COMMAND_ASK, "Why?");
    command_clear(&command);
    command = (struct command){.kind = COMMAND_SETTINGS};
    command.as.settings.settings = kit_copy(&settings, sizeof settings);
    command_clear(&command);
    command = (struct command){.kind = COMMAND_TALK_ORDER};
    command.as.talk.order = memory_new(4);
    command_clear(&command);
    command = (struct command){.kind = COMMAND_IMPORT};
    command.as.import.event = event_new(EVENT_ID);
    command_clear(&command);
    assert_null(command.as.import.event);
    command = (struct command){.kind = COMMAND_ACCOUNT_PUT};
    command.as.account.account = account_new(1);
    command_clear(&command);
    static const enum command_kind kinds[] = {COMMAND_CONNECT, COMMAND_CONNECT_FINISH,
                                              COMMAND_CONNECT_PASSWORD, COMMAND_ACCOUNT_TEST};
    for (size_t i = 0; i < 4; i++) {
        command = (struct command){.kind = kinds[i]};
        command_clear(&command);
        command.kind = kinds[i];
        command.as.connect.server = memory_text("example.social");
        command.as.connect.password = memory_text("abcd-efgh");
        command.as.connect.state = memory_text("state");
        command.as.connect.code = memory_text("code");
        command.as.connect.issuer = memory_text("https://example.social");
        command.as.connect.verifier = memory_text("verifier");
        command_clear(&command);
        assert_null(command.as.connect.password);
    }
    account_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),   cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_networks),
        cmocka_unit_test(test_posts),    cmocka_unit_test(test_clear),
        cmocka_unit_test(test_proofs),   cmocka_unit_test(test_clear_people),
    };
    random_start();
    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
