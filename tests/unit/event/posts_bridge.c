/* What the bridge reports of a post, in every order, and what a moderator does about it. */
#include "parts.h"
#include "posts_kit.h"

static void moved(struct kit *kit, enum question_state from, enum question_state to) {
    assert_int_equal(move(kit, 1, from, to), REFUSAL_OK);
}

static struct kit kit_sending(void) {
    struct kit kit = kit_queued();
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    return kit;
}

static void test_out_of_turn(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_STALE); /* still queued */
    assert_int_equal(sending(&kit, 2, POST_QUESTION), REFUSAL_STALE);
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_STALE);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_BUSY, true), REFUSAL_STALE);
    struct command other = post_command(&kit, COMMAND_POST_SENDING, 1, 1, POST_QUESTION);
    other.as.post.act = ACT_EDIT;
    assert_int_equal(kit_apply(&kit, other), REFUSAL_STALE);
    struct command bare = post_command(&kit, COMMAND_POST_SENDING, 1, 1, POST_QUESTION);
    bare.as.post.token[0] = '\0';
    assert_int_equal(kit_apply(&kit, bare), REFUSAL_BAD_VALUE);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_STALE);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_NONE, true), REFUSAL_BAD_VALUE);
    struct command endless = post_command(&kit, COMMAND_POST_SENT, 1, 1, POST_QUESTION);
    memset(endless.as.post.far, 'x', sizeof endless.as.post.far);
    assert_int_equal(kit_apply(&kit, endless), REFUSAL_BAD_VALUE);
    kit_free(&kit);
}

/* The bridge has made its post of an earlier text. */
static void test_stale_mark(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    leave(&kit, 1, POST_QUESTION);
    struct command command = post_command(&kit, COMMAND_POST_SENDING, 1, 1, POST_QUESTION);
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_POST);
    assert_int_equal(kit_apply(&kit, command), REFUSAL_STALE);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    kit_free(&kit);
}

static void test_changed_while_sending(void **state) {
    (void)state;
    struct kit kit = kit_sending();
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENDING, ACT_POST);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_BUSY, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->far, "far1");
    kit_free(&kit);
}

static void test_trouble(void **state) {
    (void)state;
    struct kit kit = kit_sending();
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_BUSY, false), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENDING, ACT_POST);
    assert_int_equal(row_of(&kit, 1, POST_QUESTION)->trouble, TROUBLE_BUSY);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_BUSY, false), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0); /* known */
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_LIMITED, false), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_OK);
    assert_int_equal(row_of(&kit, 1, POST_QUESTION)->trouble, TROUBLE_NONE);
    kit_free(&kit);
}

/* After a crash the row says that something may be out there, and under which token. */
static void test_crash(void **state) {
    (void)state;
    struct kit kit = kit_sending();
    struct event *copy = parts_copy(kit.event);
    assert_true(event_restored(copy, NULL));
    kit_assert_same(kit_dump(kit.event, false), kit_dump(copy, false));
    event_free(kit.event);
    kit.event = copy;
    kit.quick = true;
    assert_row(&kit, 1, POST_QUESTION, POST_SENDING, ACT_POST);
    assert_true(row_of(&kit, 1, POST_QUESTION)->token[0] != '\0');
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    kit_free(&kit);
}

static void test_queue_after_restart(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    int64_t due = row_of(&kit, 1, POST_QUESTION)->due_at;
    struct event *copy = parts_copy(kit.event);
    assert_true(event_restored(copy, NULL));
    const struct outgoing *row = event_outgoing(copy, 1, 1, POST_QUESTION);
    assert_true(row->due_at >= due && row->due_at < due + MINUTE); /* never earlier */
    assert_true(copy->post_at == row->due_at + POST_BATCH_MS);
    assert_true(event_due(copy) <= copy->post_at);
    event_free(copy);
    kit_free(&kit);
}

static void test_failed_and_retried(void **state) {
    (void)state;
    struct kit kit = kit_sending();
    char token[LIMIT_POST_TOKEN_BYTES + 1];
    memcpy(token, row_of(&kit, 1, POST_QUESTION)->token, sizeof token);
    assert_int_equal(retry(&kit, 1, POST_QUESTION), REFUSAL_STALE);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_UNREACHABLE, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_POST);
    assert_int_equal(retry(&kit, 1, POST_ANSWER), REFUSAL_STALE);
    assert_int_equal(retry(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_POST); /* at once */
    kit.now += SECOND;
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->token, token); /* nothing doubles */
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_OK);
    struct command nowhere = post_command(&kit, COMMAND_POST_RETRY, 1, 9, POST_QUESTION);
    assert_int_equal(kit_apply(&kit, nowhere), REFUSAL_UNKNOWN);
    assert_int_equal(retry(&kit, 1, POST_QUESTION), REFUSAL_STALE);
    kit_free(&kit);
}

/* What the network does not take is certainly not out there: another text is tried anew. */
static void test_rejected(void **state) {
    (void)state;
    struct kit kit = kit_sending();
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_REJECTED, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_POST);
    assert_int_not_equal(row_of(&kit, 1, POST_QUESTION)->token[0], '\0');
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK); /* an earlier try may have gone through */
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    kit_free(&kit);
}

/* After a doubtful failure what may be out there is looked for and deleted before another text
 * goes out. */
static void test_doubtful_then_changed(void **state) {
    (void)state;
    struct kit kit = kit_sending();
    char token[LIMIT_POST_TOKEN_BYTES + 1];
    memcpy(token, row_of(&kit, 1, POST_QUESTION)->token, sizeof token);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_UNREACHABLE, true), REFUSAL_OK);
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->token, token);
    assert_int_equal(warn(&kit, 1, NULL), REFUSAL_OK); /* goes on, whatever is wanted now */
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    kit.now += SECOND;
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->token, token);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, ""), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->token, "");
    kit_free(&kit);
}

static void test_edit_failed(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_BUSY, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_EDIT);
    struct event *undone = parts_copy(kit.event);
    assert_true(event_restored(undone, NULL));
    struct kit other = {.event = undone, .quick = true, .now = kit.now};
    moved(&other, STATE_LISTED, STATE_PENDING); /* the new text may be there */
    assert_row(&other, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    kit_free(&other);
    assert_int_equal(warn(&kit, 1, NULL), REFUSAL_OK); /* back: who knows which is there */
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_EDIT);
    kit_free(&kit);
}

/* Somebody deleted it there: it comes back only when a moderator says so. */
static void test_edit_of_what_is_missing(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_MISSING, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_EDIT);
    assert_int_equal(retry(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_POST);
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->far, "");
    kit_free(&kit);
}

static void test_deletion_failed(void **state) {
    (void)state;
    struct kit kit = kit_out();
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    moved(&kit, STATE_HIDDEN, STATE_LISTED);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_BUSY, true), REFUSAL_OK);
    /* wanted again, but who knows whether it is there: an edit will tell */
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_BUSY, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_DELETE);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK); /* still shown to moderators */
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_DELETE);
    assert_int_equal(retry(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_MISSING, true), REFUSAL_OK);
    assert_int_equal(kit.event->outgoing_count, 0); /* gone is gone */
    kit_free(&kit);
}

/* A deletion that waits for a log-in and was tried is finished, then it is posted again. */
static void test_deletion_tried(void **state) {
    (void)state;
    struct kit kit = kit_out();
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_LOGIN, false), REFUSAL_OK);
    moved(&kit, STATE_HIDDEN, STATE_LISTED);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    connected(&kit, 1);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, ""), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
    kit_free(&kit);
}

static void test_emptied(void **state) {
    (void)state;
    struct kit kit = kit_out();
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(emptied(&kit, 1, POST_QUESTION), REFUSAL_OK);
    const struct outgoing *row = row_of(&kit, 1, POST_QUESTION);
    assert_row(&kit, 1, POST_QUESTION, POST_DELETED, ACT_DELETE);
    assert_true(row->emptied);
    assert_string_equal(row->far, "far1");
    moved(&kit, STATE_HIDDEN, STATE_LISTED); /* filled again instead of a second post */
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    assert_row(&kit, 1, POST_QUESTION, POST_DELETED, ACT_DELETE);
    assert_true(row->emptied);
    moved(&kit, STATE_HIDDEN, STATE_LISTED);
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_EDIT);
    assert_false(row->emptied);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(emptied(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_DELETED, ACT_DELETE); /* a moderator sees it */
    kit_free(&kit);
}

static void test_drop(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(open_on(&kit, 1, true), REFUSAL_OK);
    carry_out(&kit, 1, POST_OPEN, "far2");
    assert_int_equal(drop(&kit, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_row(&kit, 1, POST_OPEN, POST_READY, ACT_DELETE);
    carry_out(&kit, 1, POST_OPEN, "");
    carry_out(&kit, 1, POST_QUESTION, "");
    moved(&kit, STATE_LISTED, STATE_ANSWERED); /* it stays away */
    assert_row(&kit, 1, POST_QUESTION, POST_DELETED, ACT_DELETE);
    assert_none(&kit, 1, POST_ANSWER);
    assert_int_equal(retry(&kit, 1, POST_QUESTION), REFUSAL_OK); /* until sent again by hand */
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
    assert_row(&kit, 1, POST_OPEN, POST_DELETED, ACT_DELETE);
    carry_out(&kit, 1, POST_QUESTION, "far3");
    assert_row(&kit, 1, POST_OPEN, POST_DELETED, ACT_DELETE);
    assert_int_equal(retry(&kit, 1, POST_OPEN), REFUSAL_OK);
    assert_row(&kit, 1, POST_OPEN, POST_QUEUED, ACT_POST);
    kit_free(&kit);
}

static void test_drop_early(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    assert_int_equal(drop(&kit, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_DELETED, ACT_DELETE); /* remembered */
    moved(&kit, STATE_LISTED, STATE_PENDING);
    moved(&kit, STATE_PENDING, STATE_LISTED);
    assert_row(&kit, 1, POST_QUESTION, POST_DELETED, ACT_DELETE);
    assert_int_equal(drop(&kit, 1), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(drop(&kit, 77), REFUSAL_OK); /* nothing there */
    struct command nowhere = post_command(&kit, COMMAND_POST_DROP, 1, 9, POST_QUESTION);
    assert_int_equal(kit_apply(&kit, nowhere), REFUSAL_UNKNOWN);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.event->outgoing_count, 0);
    kit_free(&kit);
}

static void test_drop_while_sending(void **state) {
    (void)state;
    struct kit kit = kit_sending();
    assert_int_equal(drop(&kit, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENDING, ACT_POST);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_BUSY, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_DELETE);
    assert_int_equal(drop(&kit, 1), REFUSAL_OK); /* once more */
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    kit_free(&kit);
}

/* An edit that makes another post takes its thread along. */
static void test_replaced(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(open_on(&kit, 1, true), REFUSAL_OK);
    carry_out(&kit, 1, POST_OPEN, "far2");
    moved(&kit, STATE_LISTED, STATE_ANSWERED);
    leave(&kit, 1, POST_ANSWER);
    assert_int_equal(sending(&kit, 1, POST_ANSWER), REFUSAL_OK);
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    carry_out(&kit, 1, POST_QUESTION, "far9");
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->far, "far9");
    assert_row(&kit, 1, POST_OPEN, POST_READY, ACT_DELETE);
    assert_row(&kit, 1, POST_ANSWER, POST_SENDING, ACT_POST);
    assert_int_equal(sent(&kit, 1, POST_ANSWER, "far3"), REFUSAL_OK); /* in the thread before */
    assert_row(&kit, 1, POST_ANSWER, POST_READY, ACT_DELETE);
    carry_out(&kit, 1, POST_ANSWER, "");
    assert_row(&kit, 1, POST_ANSWER, POST_QUEUED, ACT_POST);
    carry_out(&kit, 1, POST_ANSWER, "far4");
    assert_row(&kit, 1, POST_ANSWER, POST_SENT, ACT_POST);
    carry_out(&kit, 1, POST_OPEN, "");
    carry_out(&kit, 1, POST_OPEN, "far5");
    assert_int_equal(warn(&kit, 1, NULL), REFUSAL_OK);
    carry_out(&kit, 1, POST_QUESTION, "far9"); /* the same post: nothing moves */
    assert_row(&kit, 1, POST_OPEN, POST_SENT, ACT_POST);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_out_of_turn),
        cmocka_unit_test(test_stale_mark),
        cmocka_unit_test(test_changed_while_sending),
        cmocka_unit_test(test_trouble),
        cmocka_unit_test(test_crash),
        cmocka_unit_test(test_queue_after_restart),
        cmocka_unit_test(test_failed_and_retried),
        cmocka_unit_test(test_rejected),
        cmocka_unit_test(test_doubtful_then_changed),
        cmocka_unit_test(test_edit_failed),
        cmocka_unit_test(test_edit_of_what_is_missing),
        cmocka_unit_test(test_deletion_failed),
        cmocka_unit_test(test_deletion_tried),
        cmocka_unit_test(test_emptied),
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_drop_early),
        cmocka_unit_test(test_drop_while_sending),
        cmocka_unit_test(test_replaced),
    };
    return cmocka_run_group_tests_name("posts_bridge", tests, NULL, NULL);
}
