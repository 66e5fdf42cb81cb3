/* Which post is next, and when a failed one is tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "bridge/outbox.h"

#define NOW   INT64_C(1793880000000)
#define DRAWS 2000

static struct agenda_row row(uint32_t number, enum post_kind kind, enum post_state state,
                             enum post_act act) {
    struct agenda_row made = {
        .row = {.number = number, .account = 1, .kind = kind, .state = state, .act = act},
        .wanted = true,
        .text = (char *)"Eine Frage?"};
    if (state == POST_SENDING) {
        strcpy(made.row.token, "token");
    }
    return made;
}

static uint32_t next_of(struct agenda_row *rows, uint32_t count, bool leaving,
                        const struct retries *retries, int64_t now, int64_t *wake) {
    const struct agenda agenda = {.rows = rows, .row_count = count};
    int64_t ignored = INT64_MAX;
    const struct agenda_row *next =
        outbox_next(&agenda, 1, leaving, retries, now, wake == NULL ? &ignored : wake);
    return next == NULL ? 0 : next->row.number;
}

static void test_order(void **state) {
    (void)state;
    struct retries none = {0};
    struct agenda_row rows[] = {
        row(1, POST_ANSWER, POST_READY, ACT_POST),
        row(2, POST_QUESTION, POST_READY, ACT_POST),
        row(3, POST_QUESTION, POST_SENDING, ACT_POST),
        row(4, POST_QUESTION, POST_READY, ACT_DELETE),
    };
    rows[0].parent = (char *)"far";
    assert_int_equal(next_of(rows, 4, false, &none, NOW, NULL), 4);
    assert_int_equal(next_of(rows, 3, false, &none, NOW, NULL), 3);
    assert_int_equal(next_of(rows, 2, false, &none, NOW, NULL), 2);
    assert_int_equal(next_of(rows, 1, false, &none, NOW, NULL), 1);
    assert_int_equal(next_of(rows, 0, false, &none, NOW, NULL), 0);
    rows[0].parent = NULL; /* nothing to answer to yet */
    assert_int_equal(next_of(rows, 1, false, &none, NOW, NULL), 0);
    for (size_t at = 0; at < 4; at++) {
        rows[at].row.account = 2; /* another account's */
    }
    assert_int_equal(next_of(rows, 4, false, &none, NOW, NULL), 0);
}

static void test_leaving(void **state) {
    (void)state;
    struct retries none = {0};
    struct agenda_row rows[] = {
        row(1, POST_QUESTION, POST_READY, ACT_POST),
        row(2, POST_QUESTION, POST_READY, ACT_EDIT),
        row(3, POST_QUESTION, POST_SENDING, ACT_POST),
        row(4, POST_QUESTION, POST_READY, ACT_DELETE),
    };
    assert_int_equal(next_of(rows, 4, true, &none, NOW, NULL), 4);
    assert_int_equal(next_of(rows, 3, true, &none, NOW, NULL), 3);
    assert_int_equal(next_of(rows, 2, true, &none, NOW, NULL), 0);
    /* What is under way is given up, whatever it waits for. */
    assert_true(post_holds(&rows[2], false));
    assert_false(post_holds(&rows[2], true));
    assert_true(post_holds(&rows[3], true));
    struct retries retries = {0};
    retry_failed(retry_of(&retries, &rows[2].row), TROUBLE_BUSY, NOW + 60000, NOW);
    assert_int_equal(next_of(rows, 3, false, &retries, NOW, NULL), 0);
    assert_int_equal(next_of(rows, 3, true, &retries, NOW, NULL), 3);
    retries_clear(&retries);
}

/* A try that may be carried out later: posts wait for it, deletions do not. */
static void test_pending(void **state) {
    (void)state;
    struct retries retries = {0};
    const int64_t until = NOW + 2 * FAR_SECONDS * 1000;
    struct agenda_row post = row(1, POST_QUESTION, POST_SENDING, ACT_POST);
    struct agenda_row other = row(2, POST_QUESTION, POST_READY, ACT_POST);
    retry_pending(&retries, &post.row, NOW - 5000);
    retry_pending(&retries, &post.row, NOW);
    assert_int_equal(retries.pending_count, 1);
    assert_int_equal(pending_until(&retries, &post.row, NOW), until);
    assert_int_equal(pending_until(&retries, &post.row, until), 0);
    assert_int_equal(pending_until(&retries, &other.row, NOW), 0);
    int64_t wake = INT64_MAX;
    assert_int_equal(next_of(&post, 1, false, &retries, until - 1, &wake), 0);
    assert_int_equal(wake, until);
    assert_int_equal(next_of(&post, 1, false, &retries, until, NULL), 1);
    post.row.act = ACT_DELETE;
    assert_int_equal(next_of(&post, 1, false, &retries, NOW, NULL), 1);
    assert_int_equal(pending_until(&retries, &post.row, NOW), until);
    /* Remembered whatever the agenda has drawn, and forgotten in time. */
    retries_keep(&retries, &(struct agenda){0}, 1);
    assert_int_equal(retries.pending_count, 1);
    retry_pending(&retries, &other.row, until);
    assert_int_equal(retries.pending_count, 1);
    assert_int_equal(pending_until(&retries, &other.row, until), until + 2 * FAR_SECONDS * 1000);
    retries_clear(&retries);
}

/* A post that fails keeps its place, but no deletion waits for it. */
static void test_backing_off(void **state) {
    (void)state;
    struct retries retries = {0};
    struct agenda_row rows[] = {
        row(1, POST_QUESTION, POST_SENDING, ACT_POST),
        row(2, POST_QUESTION, POST_READY, ACT_POST),
        row(3, POST_QUESTION, POST_READY, ACT_DELETE),
    };
    retry_failed(retry_of(&retries, &rows[0].row), TROUBLE_BUSY, NOW + 60000, NOW);
    int64_t wake = INT64_MAX;
    assert_int_equal(next_of(rows, 3, false, &retries, NOW, &wake), 3);
    assert_int_equal(next_of(rows, 2, false, &retries, NOW, &wake), 0);
    assert_int_equal(wake, NOW + 60000);
    assert_int_equal(next_of(rows, 2, false, &retries, NOW + 60000, &wake), 1);
    /* What it would say is not wanted any more: that is told at once. */
    rows[0].wanted = false;
    assert_int_equal(next_of(rows, 2, false, &retries, NOW, NULL), 1);
    rows[0].wanted = true;
    rows[0].mark[0] = 1;
    assert_int_equal(next_of(rows, 2, false, &retries, NOW, NULL), 1);
    /* A deletion that fails lets posts go on. */
    rows[2].row.state = POST_SENDING;
    retry_failed(retry_of(&retries, &rows[2].row), TROUBLE_UNREACHABLE, 0, NOW);
    assert_int_equal(next_of(rows + 1, 2, false, &retries, NOW, NULL), 2);
    retries_clear(&retries);
}

static void test_failing_deletions_are_few(void **state) {
    (void)state;
    struct retries retries = {0};
    struct agenda_row rows[5];
    for (uint32_t at = 0; at < 4; at++) {
        rows[at] = row(at + 1, POST_QUESTION, POST_SENDING, ACT_DELETE);
        retry_failed(retry_of(&retries, &rows[at].row), TROUBLE_BUSY, NOW + 1000 * (at + 5), NOW);
    }
    rows[4] = row(5, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_int_equal(next_of(rows, 5, false, &retries, NOW, NULL), 0);
    assert_int_equal(next_of(rows + 1, 4, false, &retries, NOW, NULL), 5);
    assert_int_equal(next_of(rows, 5, false, &retries, NOW + 60000, NULL), 1);
    retries_clear(&retries);
}

static void test_lot(void **state) {
    (void)state;
    struct retries none = {0};
    struct agenda_row rows[5];
    unsigned drawn[6] = {0};
    for (uint32_t at = 0; at < 5; at++) {
        rows[at] = row(at + 1, POST_QUESTION, POST_READY, ACT_POST);
    }
    for (unsigned draw = 0; draw < DRAWS; draw++) {
        drawn[next_of(rows, 5, false, &none, NOW, NULL)]++;
    }
    for (unsigned number = 1; number <= 5; number++) {
        assert_in_range(drawn[number], DRAWS / 5 - 120, DRAWS / 5 + 120); /* 6 σ */
    }
}

static void test_backoff(void **state) {
    (void)state;
    for (unsigned tries = 1; tries <= 40; tries++) {
        int64_t base = tries >= 10 ? 600000 : INT64_C(2000) << (tries - 1);
        base = base > 600000 ? 600000 : base;
        int64_t least = INT64_MAX, most = 0;
        for (unsigned draw = 0; draw < 300; draw++) {
            int64_t delay = backoff_ms(tries);
            least = delay < least ? delay : least;
            most = delay > most ? delay : most;
        }
        assert_in_range(least, base * 3 / 4, base * 8 / 10);
        assert_in_range(most, base * 12 / 10, base * 5 / 4);
    }
}

static void test_retry_notes(void **state) {
    (void)state;
    struct retries retries = {0};
    struct agenda_row fresh = row(1, POST_QUESTION, POST_READY, ACT_POST);
    struct agenda_row old = row(2, POST_QUESTION, POST_SENDING, ACT_POST);
    assert_false(post_doubtful(&retries, &fresh.row));
    assert_true(post_doubtful(&retries, &old.row)); /* from before this process */
    struct retry *retry = retry_of(&retries, &fresh.row);
    retry_failed(retry, TROUBLE_LIMITED, NOW + 90000, NOW);
    assert_int_equal(retry->not_before, NOW + 90000);
    assert_int_equal(retry->tries, 1);
    strcpy(fresh.row.token, "token");
    assert_false(post_doubtful(&retries, &fresh.row)); /* it was refused, so it is not there */
    retry_failed(retry, TROUBLE_CERTIFICATE, 0, NOW);
    assert_false(post_doubtful(&retries, &fresh.row));
    retry_failed(retry, TROUBLE_UNREACHABLE, 0, NOW);
    assert_true(post_doubtful(&retries, &fresh.row));
    retry_failed(retry, TROUBLE_LOGIN, 0, NOW);
    assert_true(post_doubtful(&retries, &fresh.row));
    assert_int_equal(retry->tries, 0);
    assert_int_equal(retry->not_before, 0);
    /* What is not to be done any more is forgotten. */
    retry_of(&retries, &old.row);
    assert_int_equal(retries.count, 2);
    struct agenda agenda = {.rows = &old, .row_count = 1};
    retries_keep(&retries, &agenda, 1);
    assert_int_equal(retries.count, 1);
    assert_non_null(retry_find(&retries, &old.row));
    old.row.act = ACT_DELETE; /* another thing to do */
    assert_null(retry_find(&retries, &old.row));
    retries_keep(&retries, &agenda, 1);
    assert_int_equal(retries.count, 0);
    retries_clear(&retries);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),       cmocka_unit_test(test_leaving),
        cmocka_unit_test(test_backing_off), cmocka_unit_test(test_failing_deletions_are_few),
        cmocka_unit_test(test_lot),         cmocka_unit_test(test_backoff),
        cmocka_unit_test(test_retry_notes), cmocka_unit_test(test_pending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
