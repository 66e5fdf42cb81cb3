/* People and tickets, rebuilt from their parts. */
#include "parts.h"
#include "people_kit.h"

/* Cards 1 to 3 are public, 4 is kept, 5 was taken away. Questions 1 and 2 are claimed by 1, 3 by 2
 * for a text that was edited since. Cards 1 to 4 are interested in question 1. */
static struct kit kit_full(void) {
    struct kit kit = kit_listed(4);
    struct settings settings = kit.event->settings;
    settings.tickets = true;
    assert_int_equal(change_settings(&kit, SETTING_TICKETS, &settings), REFUSAL_OK);
    assert_int_equal(tickets(&kit, 7, 3, 2), REFUSAL_OK);
    assert_int_equal(pass(&kit, 8, 1, 2), REFUSAL_OK);
    for (uint32_t n = 1; n <= 5; n++) {
        assert_int_equal(card_as(&kit, n, 1, n != 4), REFUSAL_OK);
    }
    kit.now += MINUTE;
    assert_int_equal(card_rename(&kit, 3, 2, "Person l"), REFUSAL_OK);
    assert_int_equal(card_hide(&kit, 5, true), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 2, 1, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 3, 2, 1), REFUSAL_OK);
    assert_int_equal(edit(&kit, 3, 2, "Other?"), REFUSAL_OK);
    tick_due(&kit);
    for (uint32_t n = 1; n <= 4; n++) {
        assert_int_equal(interest(&kit, 1, n, INTEREST_ALL), REFUSAL_OK);
    }
    assert_int_equal(proof_post(&kit, 1, "p1@peer.example", 2), REFUSAL_OK);
    assert_int_equal(proof_link(&kit, 2, "", NOW_MINUTE + 3), REFUSAL_OK);
    return kit;
}

static void test_round_trip(void **state) {
    (void)state;
    struct kit kit = kit_full();
    assert_false(card_of(&kit, 1)->alike); /* it was first */
    assert_true(card_of(&kit, 3)->alike);
    struct event *copy = parts_copy(kit.event);
    struct changes changes = {0};
    assert_true(event_restored(copy, &changes));
    assert_int_equal(changes.count, 0);
    kit_assert_same(kit_dump(kit.event, false), kit_dump(copy, false));
    assert_int_equal(copy->recheck_at, NOW + DAY);
    /* made once more, as for an import */
    table_clear(&copy->by_key);
    assert_true(event_restored(copy, NULL));
    kit_assert_same(kit_dump(kit.event, false), kit_dump(copy, false));
    event_free(copy);
    kit_free(&kit);
}

static void forget_card(struct event *event, uint32_t n) {
    uint8_t key[CARD_KEY_BYTES], hash[FORGOTTEN_BYTES];
    card_key(key, n);
    forgotten_hash(hash, EVENT_ID, key);
    event_restore_forgotten(event, hash);
}

static void forget_claim(struct event *event, uint32_t q, uint32_t n, uint32_t rev) {
    uint8_t signature[SIGNATURE_BYTES], hash[FORGOTTEN_BYTES];
    claim_signature(signature, q, n, rev);
    claim_forgotten_hash(hash, EVENT_ID, signature);
    event_restore_forgotten(event, hash);
}

static struct kit restored(struct event *copy) {
    struct kit kit = {.event = copy, .twin = event_new(EVENT_ID)};
    assert_true(event_restored(copy, &kit.changes));
    return kit;
}

static void test_card_forgotten(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    forget_card(copy, 1);
    forget_card(copy, 9);
    struct kit later = restored(copy);
    assert_null(card_of(&later, 1));
    assert_int_equal(card_changes(&later, CHANGE_CARD_GONE, 1), 1);
    assert_int_equal(card_changes(&later, CHANGE_CARD, 3), 1); /* nobody looks like it now */
    assert_int_equal(kit_count(&later, CHANGE_CLAIM), 2);
    assert_int_equal(kit_count(&later, CHANGE_INTEREST), 1);
    assert_true(kit_changed(&later, CHANGE_BY_LINE, 1));
    assert_true(kit_changed(&later, CHANGE_BY_LINE, 2));
    assert_int_equal(copy->claim_count, 1);
    assert_int_equal(copy->interest_count, 3);
    assert_true(copy->seq[VIEW_PUBLIC] > kit.event->seq[VIEW_PUBLIC]);
    kit_free(&later);
    kit_free(&kit);
}

static void test_claim_forgotten(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    forget_claim(copy, 2, 1, 1);
    forget_claim(copy, 1, 1, 2); /* another one of the two */
    forget_claim(copy, 3, 2, 1); /* was not seen */
    struct kit later = restored(copy);
    assert_non_null(event_claim(copy, 1));
    assert_null(event_claim(copy, 2));
    assert_null(event_claim(copy, 3));
    assert_int_equal(kit_count(&later, CHANGE_CLAIM), 2);
    assert_true(kit_changed(&later, CHANGE_BY_LINE, 2));
    assert_false(kit_changed(&later, CHANGE_BY_LINE, 3));
    assert_int_equal(card_proof(card_of(&later, 1)), PROOF_NONE); /* the post of question 2 */
    kit_free(&later);
    kit_free(&kit);
}

static void test_question_forgotten(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    uint8_t key[QUESTION_KEY_BYTES], hash[FORGOTTEN_BYTES];
    kit_key(key, 1);
    forgotten_hash(hash, EVENT_ID, key);
    event_restore_forgotten(copy, hash);
    struct kit later = restored(copy);
    assert_int_equal(copy->interest_count, 0);
    assert_int_equal(kit_count(&later, CHANGE_INTEREST), 4);
    assert_null(event_claim(copy, 1));
    assert_int_equal(copy->claim_count, 2);
    assert_int_equal(card_changes(&later, CHANGE_CARD, 1), 1);
    kit_free(&later);
    kit_free(&kit);
}

/* ---- parts that contradict each other */

static struct card *card_in(struct event *event, uint32_t n) {
    uint8_t key[CARD_KEY_BYTES];
    card_key(key, n);
    for (uint32_t i = 0; i < event->card_count; i++) {
        if (memcmp(event->cards[i]->key, key, sizeof key) == 0) {
            return event->cards[i];
        }
    }
    return NULL;
}

static void spoil_card_key(struct event *event) {
    card_key(card_in(event, 2)->key, 1);
}
static void spoil_card_question(struct event *event) {
    kit_key(card_in(event, 5)->key, 4);
}
static void spoil_card_rev(struct event *event) {
    card_in(event, 1)->rev = 0;
}
static void spoil_name(struct event *event) {
    card_in(event, 1)->name[0] = '\0';
}
static void spoil_name_missing(struct event *event) {
    free(card_in(event, 1)->name);
    card_in(event, 1)->name = NULL;
}
static void spoil_account(struct event *event) {
    card_in(event, 1)->accounts[0].name[0] = '\0';
}
static void spoil_proof_source(struct event *event) {
    free(card_in(event, 1)->accounts[0].proof.source);
    card_in(event, 1)->accounts[0].proof.source = NULL;
}
static void spoil_proof_kind(struct event *event) {
    card_in(event, 1)->accounts[0].proof.kind = PROOF_KIND_COUNT;
}
static void spoil_web(struct event *event) {
    card_in(event, 2)->web[0] = '\0';
}
static void spoil_claim_number(struct event *event) {
    event->claims[0].number = 9;
}
static void spoil_claim_twice(struct event *event) {
    event->claims[0].number = event->claims[1].number;
}
static void spoil_claim_card(struct event *event) {
    card_key(event->claims[0].card, 9);
}
static void spoil_claim_kept(struct event *event) {
    card_key(event->claims[0].card, 4);
}
static void spoil_claim_rev(struct event *event) {
    event->claims[0].rev = 7;
}
static void spoil_claim_rev_zero(struct event *event) {
    event->claims[0].rev = 0;
}
static void spoil_interest_number(struct event *event) {
    event->interests[0].number = 9;
}
static void spoil_interest_card(struct event *event) {
    card_key(event->interests[0].card, 9);
}
static void spoil_interest_twice(struct event *event) {
    event->interests[0] = event->interests[1];
}
static void spoil_interest_scope(struct event *event) {
    event->interests[0].scope = INTEREST_OFF;
}
static void spoil_ticket_twice(struct event *event) {
    event->tickets[0] = event->tickets[1];
}
static void spoil_ticket_seats(struct event *event) {
    event->tickets[0].seats = 0;
}
static void spoil_tickets_closed(struct event *event) {
    event->closed = true;
}

static void (*const SPOILS[])(struct event *) = {
    spoil_card_key,      spoil_card_question,  spoil_card_rev,       spoil_name,
    spoil_name_missing,  spoil_account,        spoil_proof_source,   spoil_proof_kind,
    spoil_web,           spoil_claim_number,   spoil_claim_twice,    spoil_claim_card,
    spoil_claim_kept,    spoil_claim_rev,      spoil_claim_rev_zero, spoil_interest_number,
    spoil_interest_card, spoil_interest_twice, spoil_interest_scope, spoil_ticket_twice,
    spoil_ticket_seats,  spoil_tickets_closed,
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

/* Cards and claims come in; interests and tickets do not. */
static void test_import(void **state) {
    (void)state;
    struct kit kit = kit_full();
    for (int part = 0; part < 3; part++) {
        struct event *copy = parts_copy(kit.event);
        copy->interest_count = part == 1 ? 4 : 0;
        copy->ticket_count = part == 2 ? 3 : 0;
        assert_true(event_restored(copy, NULL));
        struct kit other = kit_empty();
        other.quick = true;
        struct command command = {.kind = COMMAND_IMPORT};
        command.as.import.event = copy;
        assert_int_equal(kit_apply(&other, command), part == 0 ? REFUSAL_OK : REFUSAL_BAD_VALUE);
        if (part == 0) {
            assert_true(event_check(other.event));
            assert_ptr_equal(question_card(other.event, 1), card_of(&other, 1));
            assert_int_equal(other.event->card_count, 5);
            assert_int_equal(card_rename(&other, 2, 2, "Anna"), REFUSAL_OK);
            assert_true(event_check(other.event));
        }
        kit_free(&other);
    }
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),      cmocka_unit_test(test_card_forgotten),
        cmocka_unit_test(test_claim_forgotten), cmocka_unit_test(test_question_forgotten),
        cmocka_unit_test(test_contradictions),  cmocka_unit_test(test_import),
    };
    return cmocka_run_group_tests_name("people_restore", tests, NULL, NULL);
}
