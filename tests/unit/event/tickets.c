/* Admission by ticket. */
#include "people_kit.h"

static struct kit kit_gated(void) {
    struct settings settings = kit_settings();
    settings.tickets = true;
    return kit_new(&settings);
}

static const struct ticket *ticket_of(const struct kit *kit, uint32_t n) {
    uint8_t hash[TICKET_HASH_BYTES];
    ticket_hash_of(hash, n);
    return event_ticket(kit->event, hash);
}

static void test_issue(void **state) {
    (void)state;
    struct kit kit = kit_gated();
    uint64_t seq = kit.event->seq[VIEW_PUBLIC];
    assert_int_equal(tickets(&kit, 1, 3, 2), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_TICKET), 3);
    assert_int_equal(kit_count(&kit, CHANGE_SETTINGS), 1); /* the seats are public */
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq + 1);
    assert_int_equal(event_seats(kit.event), 6);
    assert_int_equal(ticket_of(&kit, 2)->seats, 2);
    assert_int_equal(ticket_of(&kit, 2)->request[0], 0);
    assert_null(ticket_of(&kit, 4));
    /* sent again, and more */
    assert_int_equal(tickets(&kit, 1, 3, 2), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(tickets(&kit, 100, 2, PASS_SEATS_MAX), REFUSAL_OK);
    assert_int_equal(tickets(&kit, 50, 1, 1), REFUSAL_OK);
    assert_int_equal(event_seats(kit.event), 39);
    kit_free(&kit);
}

static void test_refused(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    assert_int_equal(tickets(&kit, 1, 1, 1), REFUSAL_BAD_VALUE); /* an open event */
    settings.tickets = true;
    assert_int_equal(change_settings(&kit, SETTING_TICKETS, &settings), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_SETTINGS), 1);
    assert_true(kit.event->settings.tickets);
    assert_int_equal(change_settings(&kit, SETTING_TICKETS, &settings), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(tickets(&kit, 1, 0, 1), REFUSAL_BAD_VALUE);
    assert_int_equal(tickets(&kit, 1, 1, 0), REFUSAL_BAD_VALUE);
    assert_int_equal(tickets(&kit, 1, 1, PASS_SEATS_MAX + 1), REFUSAL_BAD_VALUE);
    kit.quick = true;
    for (uint32_t n = 0; n < LIMIT_EVENT_TICKETS - 500; n += 500) {
        assert_int_equal(tickets(&kit, n, 500, 1), REFUSAL_OK);
    }
    assert_int_equal(tickets(&kit, LIMIT_EVENT_TICKETS - 500, 501, 1), REFUSAL_FULL);
    assert_int_equal(tickets(&kit, LIMIT_EVENT_TICKETS - 500, 500, 1), REFUSAL_OK);
    assert_int_equal(tickets(&kit, LIMIT_EVENT_TICKETS, 1, 1), REFUSAL_FULL);
    assert_true(event_check(kit.event));
    kit_free(&kit);
}

static void test_pass(void **state) {
    (void)state;
    struct kit kit = kit_gated();
    assert_int_equal(tickets(&kit, 1, 2, 2), REFUSAL_OK);
    assert_int_equal(pass(&kit, 3, 9, 2), REFUSAL_BAD_TICKET);
    assert_int_equal(pass(&kit, 1, 9, 1), REFUSAL_BAD_TICKET); /* not its seats */
    assert_int_equal(pass(&kit, 1, 9, 3), REFUSAL_BAD_TICKET);
    assert_int_equal(pass(&kit, 1, 9, 2), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(kit_count(&kit, CHANGE_TICKET), 1);
    assert_int_equal(ticket_of(&kit, 1)->request[5], 9);
    /* a lost answer: the same elements again; others never */
    assert_int_equal(pass(&kit, 1, 9, 2), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(pass(&kit, 1, 8, 2), REFUSAL_TICKET_USED);
    assert_int_equal(pass(&kit, 2, 9, 2), REFUSAL_OK);
    assert_int_equal(ticket_of(&kit, 1)->request[0], 9);
    kit_free(&kit);
}

/* At the close they go, all at once. */
static void test_close(void **state) {
    (void)state;
    struct kit kit = kit_gated();
    assert_int_equal(tickets(&kit, 1, 2, 2), REFUSAL_OK);
    tick_at(&kit, (int64_t)kit.event->settings.end * MINUTE + DAY, 1);
    assert_int_equal(kit_count(&kit, CHANGE_BALLOTS_DESTROYED), 1);
    assert_int_equal(kit_count(&kit, CHANGE_TICKET), 0);
    assert_int_equal(kit.event->ticket_count, 0);
    assert_int_equal(event_seats(kit.event), 0);
    assert_int_equal(pass(&kit, 1, 9, 2), REFUSAL_BAD_TICKET);
    assert_int_equal(tickets(&kit, 7, 1, 1), REFUSAL_CLOSED);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_issue),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_pass),
        cmocka_unit_test(test_close),
    };
    return cmocka_run_group_tests_name("tickets", tests, NULL, NULL);
}
