/* Accounts and posts on the wire: what each view sees of them, in snapshots and frames; and that
 * the public view is told nothing else. */
#include "wire/world.h"

#include "wire/html.h"
#include "wire/posting.h"

static void what_staff_sees(void **state) {
    (void)state;
    struct hall hall;
    (void)posting_hall(&hall, 1);
    struct command warn = {.kind = COMMAND_WARN, .text = memory_text("Achtung")};
    warn.as.publish.number = 1;
    assert_int_equal(hall_do(&hall, warn), REFUSAL_OK);
    struct command approve = {.kind = COMMAND_APPROVE, .as.publish = {.number = 1}};
    approve.as.publish.rev = event_question(hall.event, 1)->rev;
    assert_int_equal(hall_do(&hall, approve), REFUSAL_OK);

    json_t *json = snapshot_json(&hall, VIEW_STAFF);
    const json_t *account = part(json, "accounts", 0), *question = part(json, "questions", 0);
    assert_string_equal(said(account, "network"), "mastodon");
    assert_string_equal(said(account, "state"), "connected");
    assert_string_equal(said(account, "server"), "https://server.example");
    assert_string_equal(said(account, "url"), "https://server.example/@hro");
    assert_int_equal(json_integer_value(json_object_get(account, "limit")), 500);
    assert_int_equal(json_integer_value(json_object_get(account, "link")), 23);
    assert_null(json_object_get(account, "keeps"));
    assert_null(json_object_get(account, "avatar"));
    assert_string_equal(said(question, "warning"), "Achtung");
    assert_true(json_is_true(json_object_get(question, "approved")));
    const json_t *post = part(question, "posts", 0);
    assert_int_equal(json_integer_value(json_object_get(post, "account")), 1);
    assert_string_equal(said(post, "kind"), "question");
    assert_string_equal(said(post, "state"), "ready");
    assert_string_equal(said(post, "act"), "post");
    assert_null(json_object_get(post, "trouble"));
    assert_string_equal(json_string_value(part(json, "offers", 0)), "mastodon");
    assert_string_equal(json_string_value(part(json, "offers", 1)), "x");
    assert_int_equal(json_array_size(json_object_get(json, "left")), 0);
    json_decref(json);

    step(&hall, COMMAND_POST_SENDING, 1, POST_QUESTION, "");
    step(&hall, COMMAND_POST_FAILED, 1, POST_QUESTION, "");
    json = snapshot_json(&hall, VIEW_STAFF);
    post = part(part(json, "questions", 0), "posts", 0);
    assert_string_equal(said(post, "state"), "failed");
    assert_string_equal(said(post, "trouble"), "rejected");
    json_decref(json);
    hall_close(&hall);
}

/* A post that waits for its time says from when on it may leave. */
static void due_is_a_minute(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    (void)hall_connect(&hall, NETWORK_BLUESKY, "hro");
    hall_ask(&hall, 1);
    assert_int_equal(hall_degree(&hall, 1, 1), REFUSAL_OK);
    struct command approve = {.kind = COMMAND_APPROVE, .as.publish = {.number = 1}};
    approve.as.publish.rev = event_question(hall.event, 1)->rev;
    assert_int_equal(hall_do(&hall, approve), REFUSAL_OK);
    json_t *json = snapshot_json(&hall, VIEW_STAFF);
    const json_t *post = part(part(json, "questions", 0), "posts", 0);
    assert_string_equal(said(post, "state"), "queued");
    assert_in_range(json_integer_value(json_object_get(post, "due")), hall.now / 60000 + 1,
                    hall.now / 60000 + 2);
    json_decref(json);
    hall_close(&hall);
}

static void assert_silent(const struct hall *hall, const char *const *words) {
    struct buffer out = snapshot_text(hall, VIEW_PUBLIC);
    for (; *words != NULL; words++) {
        if (strstr((const char *)out.data, *words) != NULL) {
            fail_msg("%s in %s", *words, (const char *)out.data);
        }
    }
    buffer_clear(&out);
}

/* Nothing but the link of what is out there, of questions that are shown, at accounts that are
 * still ours. */
static void what_everybody_sees(void **state) {
    (void)state;
    struct hall hall;
    uint32_t account = posting_hall(&hall, 4);
    const char *const always[] = {
        "\"approved\"",  "\"warning\"", "Achtung",  "\"trouble\"", "\"kind\"",    "\"act\"",
        "\"due\"",       "\"server\"",  "\"left\"", "\"offers\"",  "\"dropped\"", "\"keeps\"",
        "\"connected\"", "sealed",      "remote-",  "token-",      "far-",        NULL};
    const char *const none[] = {"\"posts\"", URL, NULL};
    struct command warn = {.kind = COMMAND_WARN, .text = memory_text("Achtung")};
    warn.as.publish.number = 1;
    assert_int_equal(hall_do(&hall, warn), REFUSAL_OK);
    assert_silent(&hall, always);
    assert_silent(&hall, none); /* all are only ready */

    step(&hall, COMMAND_POST_SENDING, 1, POST_QUESTION, "");
    step(&hall, COMMAND_POST_SENDING, 3, POST_QUESTION, "");
    step(&hall, COMMAND_POST_FAILED, 3, POST_QUESTION, "");
    assert_silent(&hall, none); /* one is on its way, one failed */
    step(&hall, COMMAND_POST_SENT, 1, POST_QUESTION, URL);
    sent(&hall, 2, ""); /* without a page on the web */
    json_t *json = snapshot_json(&hall, VIEW_PUBLIC);
    json_t *wanted = json_pack("[{s:i,s:s}]", "account", 1, "url", URL);
    assert_true(json_equal(json_object_get(part(json, "questions", 0), "posts"), wanted));
    for (size_t i = 1; i < 4; i++) {
        assert_null(json_object_get(part(json, "questions", i), "posts"));
    }
    assert_int_equal(json_object_size(part(json, "accounts", 0)), 6);
    json_decref(json);
    json_decref(wanted);
    assert_silent(&hall, always);

    sent(&hall, 4, URL "4");
    assert_int_equal(hall_move(&hall, 4, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    assert_silent(&hall, (const char *const[]){URL "4", NULL}); /* it is still out there */
    assert_int_equal(hall_do(&hall, (struct command){.kind = COMMAND_ACCOUNT_LEAVE,
                                                     .as.account = {.id = account}}),
                     REFUSAL_OK);
    assert_int_equal(hall_account(&hall, account, ACCOUNT_LEFT), REFUSAL_OK);
    assert_silent(&hall, none);
    assert_silent(&hall, (const char *const[]){"@hro@", NULL});
    json = snapshot_json(&hall, VIEW_STAFF);
    assert_string_equal(said(part(json, "accounts", 0), "state"), "left");
    json_decref(json);
    hall_close(&hall);
}

/* A far server may give any address. */
static void addresses_are_no_scripts(void **state) {
    (void)state;
    struct hall hall;
    (void)posting_hall(&hall, 1);
    sent(&hall, 1, "javascript:alert(1)");
    memcpy(hall.event->accounts[0]->url, "data:text/html,x", 17);
    for (int view = 0; view < VIEW_COUNT; view++) {
        struct buffer out = snapshot_text(&hall, (enum view)view);
        assert_null(strstr((const char *)out.data, "javascript:"));
        assert_null(strstr((const char *)out.data, "data:"));
        buffer_clear(&out);
    }
    struct buffer page = buffer_make(1 << 20);
    html_question(&page, hall.event, event_question(hall.event, 1), LANGUAGE_DE,
                  "https://raute.example");
    assert_null(strstr((const char *)page.data, "javascript:"));
    buffer_clear(&page);
    hall_close(&hall);
}

/* ---- frames */

struct witness {
    struct client client[VIEW_COUNT];
    size_t frames[VIEW_COUNT];
};

static struct witness witness_make(struct hall *hall) {
    struct witness witness = {0};
    hall_settle(hall);
    hall_drop(hall);
    for (int view = 0; view < VIEW_COUNT; view++) {
        witness.client[view] = hall_client(hall, (enum view)view);
    }
    hall->now += 1000;
    return witness;
}

/* Lets all frames come; both clients then know what a snapshot says. */
static void witness_look(struct witness *witness, struct hall *hall) {
    witness->frames[VIEW_PUBLIC] = witness->frames[VIEW_STAFF] = 0;
    hall_settle(hall);
    for (struct queue_node *node = hall_sent(hall); node != NULL;) {
        struct frame *frame = (struct frame *)node;
        node = node->next;
        assert_int_equal(frame->kind, FRAME_CHANGES);
        client_take(&witness->client[frame->view], frame->text);
        witness->frames[frame->view]++;
        frame_free(frame);
    }
    for (int view = 0; view < VIEW_COUNT; view++) {
        hall_check(hall, &witness->client[view], (enum view)view);
    }
    hall->now += 1000;
}

static void witness_free(struct witness *witness) {
    client_free(&witness->client[VIEW_PUBLIC]);
    client_free(&witness->client[VIEW_STAFF]);
}

static void frames_follow_a_post(void **state) {
    (void)state;
    struct hall hall;
    (void)posting_hall(&hall, 1);
    struct witness witness = witness_make(&hall);
    step(&hall, COMMAND_POST_SENDING, 1, POST_QUESTION, "");
    witness_look(&witness, &hall);
    assert_int_equal(witness.frames[VIEW_STAFF], 1);
    assert_int_equal(witness.frames[VIEW_PUBLIC], 0); /* not even that something happened */
    step(&hall, COMMAND_POST_SENT, 1, POST_QUESTION, URL);
    witness_look(&witness, &hall);
    assert_int_equal(witness.frames[VIEW_PUBLIC], 1);
    assert_int_equal(hall_move(&hall, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    witness_look(&witness, &hall);
    witness_free(&witness);
    hall_close(&hall);
}

static enum refusal withdraw(struct hall *hall, uint32_t number) {
    const struct question *question = event_question(hall->event, number);
    struct command command = {.kind = COMMAND_WITHDRAW};
    command.as.question.rev = question->rev + 1;
    memcpy(command.as.question.key, question->key, QUESTION_KEY_BYTES);
    return hall_do(hall, command);
}

static size_t left_count(const struct witness *witness) {
    return json_array_size(json_object_get(witness->client[VIEW_STAFF].snapshot, "left"));
}

static void frames_follow_what_is_left(void **state) {
    (void)state;
    struct hall hall;
    (void)posting_hall(&hall, 3);
    sent(&hall, 1, URL);
    struct witness witness = witness_make(&hall);
    step(&hall, COMMAND_POST_SENDING, 2, POST_QUESTION, "");
    witness_look(&witness, &hall);
    assert_int_equal(withdraw(&hall, 2), REFUSAL_OK); /* under way: its row does not change now */
    witness_look(&witness, &hall);
    assert_int_equal(left_count(&witness), 1);
    assert_int_equal(withdraw(&hall, 1), REFUSAL_OK);
    assert_int_equal(withdraw(&hall, 3), REFUSAL_OK); /* nothing of it left */
    witness_look(&witness, &hall);
    assert_int_equal(left_count(&witness), 2);
    const json_t *row = part(witness.client[VIEW_STAFF].snapshot, "left", 0);
    assert_int_equal(json_integer_value(json_object_get(row, "n")), 1);
    assert_string_equal(said(row, "act"), "delete");
    step(&hall, COMMAND_POST_SENDING, 1, POST_QUESTION, "");
    step(&hall, COMMAND_POST_SENT, 1, POST_QUESTION, "");
    witness_look(&witness, &hall);
    assert_int_equal(witness.frames[VIEW_PUBLIC], 0);
    assert_int_equal(left_count(&witness), 1);
    witness_free(&witness);
    hall_close(&hall);
}

static void frames_follow_a_wipe(void **state) {
    (void)state;
    struct hall hall;
    (void)posting_hall(&hall, 2);
    sent(&hall, 1, URL);
    struct witness witness = witness_make(&hall);
    assert_int_equal(hall_do(&hall, (struct command){.kind = COMMAND_WIPE}), REFUSAL_OK);
    witness_look(&witness, &hall);
    assert_int_equal(left_count(&witness), 1);
    witness_free(&witness);
    hall_close(&hall);

    (void)posting_hall(&hall, 1);
    step(&hall, COMMAND_POST_SENDING, 1, POST_QUESTION, "");
    witness = witness_make(&hall);
    assert_int_equal(hall_do(&hall, (struct command){.kind = COMMAND_WIPE}), REFUSAL_OK);
    witness_look(&witness, &hall);
    assert_int_equal(left_count(&witness), 1); /* under way: its row did not change */
    witness_free(&witness);
    hall_close(&hall);
}

/* What is out there stays shown while the account leaves, and is nobody's business afterwards. */
static void frames_follow_an_account(void **state) {
    (void)state;
    struct hall hall;
    uint32_t account = posting_hall(&hall, 1);
    sent(&hall, 1, URL);
    struct witness witness = witness_make(&hall);
    assert_int_equal(hall_account(&hall, account, ACCOUNT_EXPIRED), REFUSAL_OK);
    witness_look(&witness, &hall);
    assert_int_equal(hall_do(&hall, (struct command){.kind = COMMAND_ACCOUNT_LEAVE,
                                                     .as.account = {.id = account}}),
                     REFUSAL_OK);
    witness_look(&witness, &hall);
    const json_t *public = witness.client[VIEW_PUBLIC].snapshot;
    assert_non_null(json_object_get(part(public, "questions", 0), "posts"));
    assert_int_equal(hall_account(&hall, account, ACCOUNT_LEFT), REFUSAL_OK);
    witness_look(&witness, &hall);
    assert_null(json_object_get(part(public, "questions", 0), "posts"));
    assert_int_equal(json_array_size(json_object_get(public, "accounts")), 0);
    assert_int_equal(hall_connect(&hall, NETWORK_MASTODON, "hro"), account);
    witness_look(&witness, &hall);
    assert_non_null(json_object_get(part(public, "questions", 0), "posts"));
    witness_free(&witness);
    hall_close(&hall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_staff_sees),      cmocka_unit_test(due_is_a_minute),
        cmocka_unit_test(what_everybody_sees),  cmocka_unit_test(addresses_are_no_scripts),
        cmocka_unit_test(frames_follow_a_post), cmocka_unit_test(frames_follow_what_is_left),
        cmocka_unit_test(frames_follow_a_wipe), cmocka_unit_test(frames_follow_an_account),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
