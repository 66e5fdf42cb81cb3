/* The rule that decides what is posted, edited and deleted: one test per line of it. */
#include "posts_kit.h"

static void edited(struct kit *kit, uint32_t rev, const char *text) {
    assert_int_equal(edit(kit, 1, rev, text), REFUSAL_OK);
    tick_due(kit);
}

static void moved(struct kit *kit, enum question_state from, enum question_state to) {
    assert_int_equal(move(kit, 1, from, to), REFUSAL_OK);
}

static void test_approval_posts(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    assert_none(&kit, 1, POST_QUESTION); /* pending */
    moved(&kit, STATE_PENDING, STATE_LISTED);
    assert_true(event_question(kit.event, 1)->approved);
    const struct outgoing *row = row_of(&kit, 1, POST_QUESTION);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
    assert_true(row->due_at == kit.now + DELAY);
    assert_int_equal(row->due, (kit.now + DELAY + MINUTE - 1) / MINUTE);
    assert_int_equal(kit_count(&kit, CHANGE_OUTGOING), 1);
    carry_out(&kit, 1, POST_QUESTION, "far1");
    row = row_of(&kit, 1, POST_QUESTION);
    uint8_t mark[POST_MARK_BYTES];
    post_mark(mark, event_question(kit.event, 1), POST_QUESTION);
    assert_memory_equal(row->sent, mark, sizeof mark);
    assert_string_equal(row->far, "far1");
    assert_string_equal(row->url, "https://peer.example/far1");
    assert_string_equal(row->token, "");
    assert_int_equal(row->due, 0);
    kit_free(&kit);
}

static void test_every_account(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    connected(&kit, 2);
    moved(&kit, STATE_PENDING, STATE_LISTED);
    uint32_t first;
    assert_int_equal(event_posts(kit.event, 1, &first), 2);
    assert_int_equal(kit.event->outgoing[first + 1].account, 2);
    assert_int_equal(event_posts(kit.event, 2, &first), 0);
    connected(&kit, 3); /* one that comes later is told what is out there already */
    assert_int_equal(event_posts(kit.event, 1, &first), 3);
    kit_free(&kit);
}

static void test_degree_decides(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    assert_int_equal(ask_degree(&kit, 2, 0), REFUSAL_OK);
    assert_int_equal(ask_degree(&kit, 3, 2), REFUSAL_OK);
    tick_due(&kit);
    for (uint32_t n = 2; n <= 3; n++) {
        assert_int_equal(move(&kit, n, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
        assert_none(&kit, n, POST_QUESTION);
    }
    kit_free(&kit);
}

static void test_publish_off(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    assert_int_equal(publish(&kit, PUBLISH_OFF), REFUSAL_OK);
    assert_none(&kit, 1, POST_QUESTION); /* had not left */
    assert_int_equal(publish(&kit, PUBLISH_APPROVED), REFUSAL_OK);
    carry_out(&kit, 1, POST_QUESTION, "far1");
    assert_int_equal(publish(&kit, PUBLISH_OFF), REFUSAL_OK);
    edited(&kit, 1, "Else?"); /* pending now */
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    moved(&kit, STATE_PENDING, STATE_LISTED);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST); /* stays as it is */
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE); /* but can be taken back */
    kit_free(&kit);
}

static void test_publish_all(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    assert_int_equal(publish(&kit, PUBLISH_ALL), REFUSAL_OK);
    assert_none(&kit, 1, POST_QUESTION); /* pending: nobody sees it before it is approved */
    struct settings after = kit.event->settings;
    after.moderation_before = false;
    assert_int_equal(change_settings(&kit, SETTING_MODERATION, &after), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST); /* that is waited for no longer */
    kit_free(&kit);

    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.moderation_before = false;
    settings.publish = PUBLISH_ALL;
    kit = kit_new(&settings);
    connected(&kit, 1);
    assert_int_equal(ask_degree(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(ask_degree(&kit, 2, 1), REFUSAL_OK);
    tick_due(&kit);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST); /* although nobody has read it */
    assert_row(&kit, 2, POST_QUESTION, POST_QUEUED, ACT_POST);
    assert_int_equal(move(&kit, 2, STATE_LISTED, STATE_DECLINED), REFUSAL_OK);
    assert_none(&kit, 2, POST_QUESTION);
    assert_int_equal(publish(&kit, PUBLISH_APPROVED), REFUSAL_OK);
    assert_none(&kit, 1, POST_QUESTION);
    kit_free(&kit);
}

static void test_undone_before_it_left(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    moved(&kit, STATE_LISTED, STATE_PENDING);
    assert_none(&kit, 1, POST_QUESTION);
    assert_false(event_question(kit.event, 1)->approved);
    moved(&kit, STATE_PENDING, STATE_LISTED);
    leave(&kit, 1, POST_QUESTION); /* ready: also then */
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    assert_none(&kit, 1, POST_QUESTION);
    kit_free(&kit);
}

static void test_undone_afterwards(void **state) {
    (void)state;
    struct kit kit = kit_out();
    moved(&kit, STATE_LISTED, STATE_PENDING);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE); /* at once */
    moved(&kit, STATE_PENDING, STATE_LISTED);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST); /* it had not begun */
    static const enum question_state away[] = {STATE_PENDING, STATE_HIDDEN, STATE_DECLINED};
    for (size_t i = 0; i < 3; i++) {
        moved(&kit, STATE_LISTED, away[i]);
        assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
        carry_out(&kit, 1, POST_QUESTION, "");
        assert_row(&kit, 1, POST_QUESTION, POST_DELETED, ACT_DELETE);
        assert_string_equal(row_of(&kit, 1, POST_QUESTION)->far, "");
        assert_string_equal(row_of(&kit, 1, POST_QUESTION)->url, "");
        moved(&kit, away[i], STATE_LISTED); /* and again from the start */
        assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
        carry_out(&kit, 1, POST_QUESTION, "again");
    }
    kit_free(&kit);
}

static void test_edit_moderated_before(void **state) {
    (void)state;
    struct kit kit = kit_out();
    edited(&kit, 1, "Else?");
    assert_int_equal(event_question(kit.event, 1)->state, STATE_PENDING);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST); /* the earlier text stays */
    moved(&kit, STATE_PENDING, STATE_LISTED);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    assert_true(row_of(&kit, 1, POST_QUESTION)->due_at == kit.now + DELAY);
    moved(&kit, STATE_LISTED, STATE_PENDING);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST); /* the approval was undone */
    moved(&kit, STATE_PENDING, STATE_LISTED);
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_EDIT);
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->far, "far1"); /* kept */
    moved(&kit, STATE_LISTED, STATE_PENDING);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE); /* this text was approved */
    kit_free(&kit);
}

static void test_edit_declined(void **state) {
    (void)state;
    struct kit kit = kit_out();
    edited(&kit, 1, "Something rude");
    moved(&kit, STATE_PENDING, STATE_DECLINED);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    kit_free(&kit);
}

static void test_edit_moderated_after(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.moderation_before = false;
    struct kit kit = kit_new(&settings);
    connected(&kit, 1);
    assert_int_equal(ask_degree(&kit, 1, 1), REFUSAL_OK);
    tick_due(&kit);
    assert_none(&kit, 1, POST_QUESTION); /* listed, but nobody has read it */
    assert_int_equal(approve(&kit, 1, 0), REFUSAL_OK);
    carry_out(&kit, 1, POST_QUESTION, "far1");
    edited(&kit, 1, "Else?");
    assert_false(event_question(kit.event, 1)->approved);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    assert_int_equal(approve(&kit, 1, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    edited(&kit, 2, "And now?"); /* an edit on its way is not approved any more */
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    assert_int_equal(publish(&kit, PUBLISH_ALL), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    edited(&kit, 3, "Question 1?"); /* as it was */
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    kit_free(&kit);
}

static void test_withdrawn(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.event->outgoing_count, 0);
    kit_free(&kit);
    kit = kit_out();
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_int_equal(kit.event->outgoing_count, 0); /* nothing is left of it */
    kit_free(&kit);
    kit = kit_out();
    moved(&kit, STATE_LISTED, STATE_HIDDEN);
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.event->outgoing_count, 0);
    kit_free(&kit);
}

static void test_withdrawn_while_sending(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENDING, ACT_POST);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_string_equal(row_of(&kit, 1, POST_QUESTION)->far, "far1");
    kit_free(&kit);
    kit = kit_queued();
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_UNREACHABLE, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE); /* it may be there */
    assert_true(row_of(&kit, 1, POST_QUESTION)->token[0] != '\0');
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_int_equal(kit.event->outgoing_count, 0);
    kit_free(&kit);
}

static void test_degree_changes(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(degree(&kit, 1, 1, 0), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_int_equal(degree(&kit, 1, 2, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    assert_int_equal(degree(&kit, 1, 3, 2), REFUSAL_OK);
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_int_equal(degree(&kit, 1, 4, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
    kit_free(&kit);
}

static void test_warning_edits(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    assert_int_equal(warn(&kit, 1, NULL), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    kit_free(&kit);
}

static void test_answered(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    moved(&kit, STATE_LISTED, STATE_ANSWERED);
    assert_int_equal(event_question(kit.event, 1)->answered, kit.now / MINUTE);
    assert_none(&kit, 1, POST_ANSWER); /* no thread yet */
    carry_out(&kit, 1, POST_QUESTION, "far1");
    assert_row(&kit, 1, POST_ANSWER, POST_QUEUED, ACT_POST);
    int64_t due = row_of(&kit, 1, POST_ANSWER)->due_at;
    assert_true(due == kit.now + DELAY && kit.event->post_at == due); /* waits for no batch */
    carry_out(&kit, 1, POST_ANSWER, "far2");
    uint8_t live[POST_MARK_BYTES], written[POST_MARK_BYTES];
    memcpy(live, row_of(&kit, 1, POST_ANSWER)->sent, sizeof live);
    assert_int_equal(move_with(&kit, 1, STATE_ANSWERED, STATE_ANSWERED, REASON_NONE, "Because."),
                     REFUSAL_OK);
    assert_int_equal(event_question(kit.event, 1)->answered, NOW_MINUTE);
    assert_row(&kit, 1, POST_ANSWER, POST_QUEUED, ACT_EDIT);
    carry_out(&kit, 1, POST_ANSWER, "");
    memcpy(written, row_of(&kit, 1, POST_ANSWER)->sent, sizeof written);
    assert_memory_not_equal(live, written, sizeof live);
    moved(&kit, STATE_ANSWERED, STATE_LISTED);
    assert_int_equal(event_question(kit.event, 1)->answered, 0);
    assert_row(&kit, 1, POST_ANSWER, POST_READY, ACT_DELETE);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    carry_out(&kit, 1, POST_ANSWER, "");
    kit.now += 5 * MINUTE;
    moved(&kit, STATE_LISTED, STATE_ANSWERING);
    moved(&kit, STATE_ANSWERING, STATE_ANSWERED);
    assert_int_equal(event_question(kit.event, 1)->answered, kit.now / MINUTE);
    assert_row(&kit, 1, POST_ANSWER, POST_QUEUED, ACT_POST);
    moved(&kit, STATE_ANSWERED, STATE_HIDDEN);
    assert_none(&kit, 1, POST_ANSWER);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    kit_free(&kit);
}

/* The next one is answered: the one before was, too. */
static void test_answering_ends(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(ask_degree(&kit, 2, 1), REFUSAL_OK);
    tick_due(&kit);
    moved(&kit, STATE_LISTED, STATE_ANSWERING);
    assert_int_equal(move(&kit, 2, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    assert_int_equal(move(&kit, 2, STATE_LISTED, STATE_ANSWERING), REFUSAL_OK);
    assert_row(&kit, 1, POST_ANSWER, POST_QUEUED, ACT_POST);
    assert_int_equal(event_question(kit.event, 1)->answered, kit.now / MINUTE);
    kit_free(&kit);
}

static enum refusal move_read(struct kit *kit, enum question_state from, enum question_state to,
                              uint32_t rev) {
    struct command command = kit_text(COMMAND_MOVE, NULL);
    command.as.move.number = 1;
    command.as.move.from = from;
    command.as.move.to = to;
    command.as.move.rev_known = true;
    command.as.move.rev = rev;
    return kit_apply(kit, command);
}

/* A text that was changed while a moderator read the one before is not let out by them. */
static void test_only_what_was_read(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    edited(&kit, 1, "Else?");
    assert_int_equal(move_read(&kit, STATE_PENDING, STATE_LISTED, 0), REFUSAL_STALE);
    assert_int_equal(move_read(&kit, STATE_PENDING, STATE_LISTED, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
    kit_free(&kit);

    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.moderation_before = false;
    kit = kit_new(&settings);
    connected(&kit, 1);
    assert_int_equal(ask_degree(&kit, 1, 1), REFUSAL_OK);
    tick_due(&kit);
    edited(&kit, 1, "Else?");
    assert_int_equal(move_read(&kit, STATE_LISTED, STATE_ANSWERING, 0), REFUSAL_OK);
    assert_false(event_question(kit.event, 1)->approved);
    assert_int_equal(move_read(&kit, STATE_ANSWERING, STATE_ANSWERED, 1), REFUSAL_OK);
    assert_true(event_question(kit.event, 1)->approved);
    kit_free(&kit);
}

static void test_open(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(open_on(&kit, 1, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_OPEN, POST_QUEUED, ACT_POST);
    carry_out(&kit, 1, POST_OPEN, "far3");
    moved(&kit, STATE_LISTED, STATE_ANSWERED);
    assert_row(&kit, 1, POST_OPEN, POST_SENT, ACT_POST);
    assert_row(&kit, 1, POST_ANSWER, POST_QUEUED, ACT_POST);
    moved(&kit, STATE_ANSWERED, STATE_LISTED);
    edited(&kit, 1, "Else?"); /* pending: waits with its thread */
    assert_row(&kit, 1, POST_OPEN, POST_SENT, ACT_POST);
    assert_int_equal(open_on(&kit, 1, false), REFUSAL_OK);
    assert_row(&kit, 1, POST_OPEN, POST_READY, ACT_DELETE);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    kit_free(&kit);
}

/* "As me", yet a moderator asks the hashtag. */
static void test_open_of_degree_two(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    assert_int_equal(degree(&kit, 1, 1, 2), REFUSAL_OK);
    moved(&kit, STATE_PENDING, STATE_LISTED);
    assert_none(&kit, 1, POST_QUESTION);
    assert_int_equal(open_on(&kit, 1, true), REFUSAL_OK);
    assert_none(&kit, 1, POST_OPEN); /* its thread comes first */
    carry_out(&kit, 1, POST_QUESTION, "far1");
    assert_row(&kit, 1, POST_OPEN, POST_QUEUED, ACT_POST);
    assert_int_equal(open_on(&kit, 1, false), REFUSAL_OK);
    assert_none(&kit, 1, POST_OPEN);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    kit_free(&kit);
}

static void test_full_refuses_nothing(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    kit.quick = true;
    struct outgoing *rows = memory_resize(NULL, LIMIT_EVENT_OUTGOING, sizeof *rows);
    for (uint32_t i = 0; i < LIMIT_EVENT_OUTGOING; i++) { /* of other questions */
        rows[i] = (struct outgoing){.number = 1000 + i, .account = 1};
    }
    kit.event->outgoing = rows;
    kit.event->outgoing_count = kit.event->outgoing_room = LIMIT_EVENT_OUTGOING;
    moved(&kit, STATE_PENDING, STATE_LISTED);
    assert_int_equal(kit_count(&kit, CHANGE_OUTGOING), 0);
    assert_none(&kit, 1, POST_QUESTION);
    kit_free(&kit);
}

/* Everybody sees a post only when it is out there and has a link. */
static void test_seen(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    uint64_t seq = kit.event->seq[VIEW_PUBLIC];
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_true(kit.event->seq[VIEW_PUBLIC] == seq);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_OK);
    assert_true(kit.event->seq[VIEW_PUBLIC] == seq + 1);
    assert_int_equal(open_on(&kit, 1, true), REFUSAL_OK);
    seq = kit.event->seq[VIEW_PUBLIC];
    carry_out(&kit, 1, POST_OPEN, "far2");
    assert_true(kit.event->seq[VIEW_PUBLIC] == seq); /* replies are found in their thread */
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_approval_posts),
        cmocka_unit_test(test_every_account),
        cmocka_unit_test(test_degree_decides),
        cmocka_unit_test(test_publish_off),
        cmocka_unit_test(test_publish_all),
        cmocka_unit_test(test_undone_before_it_left),
        cmocka_unit_test(test_undone_afterwards),
        cmocka_unit_test(test_edit_moderated_before),
        cmocka_unit_test(test_edit_declined),
        cmocka_unit_test(test_edit_moderated_after),
        cmocka_unit_test(test_withdrawn),
        cmocka_unit_test(test_withdrawn_while_sending),
        cmocka_unit_test(test_degree_changes),
        cmocka_unit_test(test_warning_edits),
        cmocka_unit_test(test_answered),
        cmocka_unit_test(test_answering_ends),
        cmocka_unit_test(test_only_what_was_read),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_open_of_degree_two),
        cmocka_unit_test(test_full_refuses_nothing),
        cmocka_unit_test(test_seen),
    };
    return cmocka_run_group_tests_name("posts", tests, NULL, NULL);
}
