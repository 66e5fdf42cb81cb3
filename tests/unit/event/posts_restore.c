/* Accounts and posts, rebuilt from their parts. */
#include "parts.h"
#include "posts_kit.h"

/* Question 1 is out there with a reply; 2 waits; 3 was withdrawn and is being deleted; 4 was
 * withdrawn and emptied. Account 2 was left with a post. */
static struct kit kit_full(void) {
    struct kit kit = kit_out();
    for (uint32_t n = 2; n <= 4; n++) {
        assert_int_equal(ask_degree(&kit, n, 1), REFUSAL_OK);
        tick_due(&kit);
        assert_int_equal(move(&kit, n, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    }
    assert_int_equal(move(&kit, 2, STATE_LISTED, STATE_PENDING), REFUSAL_OK);
    carry_out(&kit, 3, POST_QUESTION, "far3");
    carry_out(&kit, 4, POST_QUESTION, "far4");
    assert_int_equal(move(&kit, 2, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    connected(&kit, 2);
    tick_at(&kit, kit.event->post_at, 1);
    assert_int_equal(sending_at(&kit, 1, 2, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(sent_at(&kit, 1, 2, POST_QUESTION, "far12"), REFUSAL_OK);
    assert_int_equal(account_leave(&kit, 2), REFUSAL_OK);
    assert_int_equal(account_leave(&kit, 2), REFUSAL_OK);
    assert_int_equal(account_state(&kit, 2, ACCOUNT_LEFT), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 3, 1), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 4, 1), REFUSAL_OK);
    assert_int_equal(sending(&kit, 4, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(emptied(&kit, 4, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(open_on(&kit, 1, true), REFUSAL_OK);
    carry_out(&kit, 1, POST_OPEN, "far5");
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    assert_int_equal(kit.event->outgoing_count, 6);
    return kit;
}

static void test_round_trip(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    copy->next_account = 1;
    struct changes changes = {0};
    assert_true(event_restored(copy, &changes));
    assert_int_equal(changes.count, 0);
    assert_int_equal(copy->next_account, 3);
    kit_assert_same(kit_dump(kit.event, false), kit_dump(copy, false));
    event_free(copy);
    kit_free(&kit);
}

/* Withdrawn after the data were copied: what is out there goes, too. */
static void test_forgotten(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    uint8_t key[QUESTION_KEY_BYTES], hash[FORGOTTEN_BYTES];
    kit_key(key, 1);
    forgotten_hash(hash, EVENT_ID, key);
    event_restore_forgotten(copy, hash);
    struct changes changes = {0};
    assert_true(event_restored(copy, &changes));
    kit.changes = (changes_clear(&kit.changes), changes);
    assert_true(kit_changed(&kit, CHANGE_GONE, 1));
    assert_int_equal(kit_count(&kit, CHANGE_OUTGOING), 3);
    assert_int_equal(event_outgoing(copy, 1, 1, POST_QUESTION)->act, ACT_DELETE);
    assert_int_equal(event_outgoing(copy, 1, 1, POST_QUESTION)->state, POST_READY);
    assert_int_equal(event_outgoing(copy, 1, 1, POST_OPEN)->state, POST_READY);
    assert_int_equal(event_outgoing(copy, 1, 2, POST_QUESTION)->state, POST_FAILED);
    event_free(copy);
    kit_free(&kit);
}

/* ---- parts that contradict each other, each in its own way */

static struct outgoing *row_at(struct event *event, uint32_t number, uint32_t account,
                               enum post_kind kind) {
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        struct outgoing *row = &event->outgoing[i];
        if (row->number == number && row->account == account && row->kind == kind) {
            return row;
        }
    }
    return NULL;
}

static struct outgoing *edit_of(struct event *event) {
    return row_at(event, 1, 1, POST_QUESTION); /* queued, to be edited */
}

static struct account *account_of(struct event *event, uint32_t id) {
    return event->accounts[event->accounts[0]->id == id ? 0 : 1];
}

static void spoil_account_missing(struct event *event) {
    edit_of(event)->account = 7;
}
static void spoil_number(struct event *event) {
    row_at(event, 4, 1, POST_QUESTION)->number = 90;
}
static void spoil_twice(struct event *event) {
    row_at(event, 1, 1, POST_OPEN)->kind = POST_QUESTION;
}
static void spoil_kind(struct event *event) {
    edit_of(event)->kind = POST_KIND_COUNT;
}
static void spoil_state(struct event *event) {
    edit_of(event)->state = POST_STATE_COUNT;
}
static void spoil_act(struct event *event) {
    edit_of(event)->act = ACT_COUNT;
}
static void spoil_trouble(struct event *event) {
    edit_of(event)->trouble = TROUBLE_COUNT;
}
static void spoil_due(struct event *event) {
    edit_of(event)->due = 0;
}
static void spoil_due_of_sent(struct event *event) {
    row_at(event, 1, 1, POST_OPEN)->due = 1;
}
static void spoil_post_of_sent(struct event *event) {
    edit_of(event)->act = ACT_POST;
}
static void spoil_edit_of_nothing(struct event *event) {
    memset(edit_of(event)->sent, 0, POST_MARK_BYTES);
}
static void spoil_dropped(struct event *event) {
    edit_of(event)->dropped = true;
}
static void spoil_emptied(struct event *event) {
    edit_of(event)->emptied = true;
}
static void spoil_sending(struct event *event) {
    edit_of(event)->state = POST_SENDING;
    edit_of(event)->due = 0;
}
static void spoil_sent(struct event *event) {
    memset(row_at(event, 1, 1, POST_OPEN)->sent, 0, POST_MARK_BYTES);
}
static void spoil_failed(struct event *event) {
    row_at(event, 1, 1, POST_OPEN)->state = POST_FAILED;
}
static void spoil_deleted(struct event *event) {
    row_at(event, 1, 1, POST_OPEN)->state = POST_DELETED;
}
static void spoil_ready_at_left(struct event *event) {
    row_at(event, 1, 2, POST_QUESTION)->state = POST_READY;
    row_at(event, 1, 2, POST_QUESTION)->act = ACT_DELETE;
}
static void spoil_secret(struct event *event) {
    account_of(event, 2)->secret = kit_copy("secret", 6);
    account_of(event, 2)->secret_bytes = 6;
}
static void spoil_no_secret(struct event *event) {
    free(account_of(event, 1)->secret);
    account_of(event, 1)->secret = NULL;
    account_of(event, 1)->secret_bytes = 0;
}
static void spoil_account_state(struct event *event) {
    account_of(event, 1)->state = ACCOUNT_STATE_COUNT;
}
static void spoil_network(struct event *event) {
    account_of(event, 1)->network = NETWORK_COUNT;
}
static void spoil_account_twice(struct event *event) {
    account_of(event, 2)->network = account_of(event, 1)->network;
    memcpy(account_of(event, 2)->remote, account_of(event, 1)->remote, LIMIT_REMOTE_BYTES);
}
static void spoil_account_id(struct event *event) {
    account_of(event, 2)->id = 1;
}
static void spoil_account_zero(struct event *event) {
    account_of(event, 2)->id = 0;
    row_at(event, 1, 2, POST_QUESTION)->account = 0;
}
static void spoil_closed(struct event *event) {
    event->closed = true; /* but connected */
}
static void spoil_approved(struct event *event) {
    event->questions[0]->state = STATE_HIDDEN;
    for (uint32_t i = 0; i < event->talk_count; i++) {
        event->talks[i].order_count = 0;
    }
}
static void spoil_open(struct event *event) {
    event->questions[1]->degree = 0;
}
static void spoil_answered(struct event *event) {
    event->questions[0]->answered = 5;
}

static void (*const SPOILS[])(struct event *) = {
    spoil_account_missing,
    spoil_number,
    spoil_twice,
    spoil_kind,
    spoil_state,
    spoil_act,
    spoil_trouble,
    spoil_due,
    spoil_due_of_sent,
    spoil_post_of_sent,
    spoil_edit_of_nothing,
    spoil_dropped,
    spoil_emptied,
    spoil_sending,
    spoil_sent,
    spoil_failed,
    spoil_deleted,
    spoil_ready_at_left,
    spoil_secret,
    spoil_no_secret,
    spoil_account_state,
    spoil_network,
    spoil_account_twice,
    spoil_account_id,
    spoil_account_zero,

    spoil_closed,
    spoil_approved,
    spoil_open,
    spoil_answered,
};

static void test_contradictions(void **state) {
    (void)state;
    struct kit kit = kit_full();
    for (size_t i = 0; i < sizeof SPOILS / sizeof SPOILS[0]; i++) {
        struct event *copy = parts_copy(kit.event);
        SPOILS[i](copy);
        if (event_restored(copy, NULL)) {
            fail_msg("contradiction %zu was not seen", i);
        }
        event_free(copy);
    }
    kit_free(&kit);
}

/* An event from elsewhere brings no log-ins along. */
static void test_import(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct kit empty = kit_empty();
    empty.quick = true;
    struct command command = {.kind = COMMAND_IMPORT};
    command.as.import.event = parts_copy(kit.event);
    assert_true(event_restored(command.as.import.event, NULL));
    assert_int_equal(kit_apply(&empty, command), REFUSAL_BAD_VALUE);
    kit_free(&empty);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_forgotten),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_import),
    };
    return cmocka_run_group_tests_name("posts_restore", tests, NULL, NULL);
}
