/* Cards and interests as bytes: there and back, and whatever else the bytes may be. */
#include "people.h"

#include "store/packed.h"

static struct card *card_full(void) {
    struct card *card = card_worded(9, 3, false);
    card->hidden = true;
    card->minute = NOW_MINUTE;
    free(card->line);
    card->line = memory_text("");
    card->accounts[0].proof = (struct proof){.kind = PROOF_POST,
                                             .minute = 7,
                                             .actor = memory_text(ACTOR_OF),
                                             .source = memory_text(SOURCE_OF),
                                             .number = 17};
    memset(card->accounts[0].proof.salt, 5, QUESTION_SALT_BYTES);
    card->accounts[1].proof = (struct proof){.kind = PROOF_LOGIN, .minute = 8};
    card->web_proof = (struct proof){
        .kind = PROOF_LINK, .minute = 9, .source = memory_text("https://beifuss.example/")};
    return card;
}

static char *card_text(const struct card *card) {
    struct buffer out = buffer_make(DUMP_BYTES);
    dump_card(&out, card, false);
    return (char *)buffer_take(&out, &(size_t){0});
}

static void test_card(void **state) {
    (void)state;
    struct card *card = card_full();
    struct buffer packed = card_pack(card);
    assert_int_equal(packed.length, PACKED_STEP_BYTES);
    struct card *again = card_unpack(packed.data, packed.length);
    assert_non_null(again);
    kit_assert_same(card_text(card), card_text(again));
    card_free(again);
    buffer_clear(&packed);
    card_free(card);
}

/* What nobody packed: each cut, each byte another. Either it is no card, or it packs to the very
 * same bytes. */
static void test_other_bytes(void **state) {
    (void)state;
    struct card *card = card_full();
    struct buffer packed = card_pack(card);
    for (size_t count = 0; count < packed.length; count++) {
        uint8_t *cut = kit_copy(packed.data, count);
        assert_null(card_unpack(cut, count));
        free(cut);
    }
    size_t cards = 0;
    for (size_t at = 0; at < packed.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
            packed.data[at] ^= (uint8_t)(1 << bit);
            struct card *other = card_unpack(packed.data, packed.length);
            if (other != NULL) {
                struct buffer same = card_pack(other);
                assert_int_equal(same.length, packed.length);
                assert_memory_equal(same.data, packed.data, packed.length);
                buffer_clear(&same);
                card_free(other);
                cards++;
            }
            packed.data[at] ^= (uint8_t)(1 << bit);
        }
    }
    assert_true(cards > 0); /* another key, another letter */
    buffer_clear(&packed);
    card_free(card);
}

static void test_interest(void **state) {
    (void)state;
    struct interest interest = {.number = 17, .minute = NOW_MINUTE, .scope = INTEREST_PROVED},
                    again;
    card_key(interest.card, 4);
    memset(interest.signature, 6, sizeof interest.signature);
    uint8_t bytes[PACKED_INTEREST_BYTES + 1] = {0};
    interest_pack(bytes, &interest);
    assert_true(interest_unpack(&again, bytes, PACKED_INTEREST_BYTES));
    assert_int_equal(again.number, 17);
    assert_int_equal(again.minute, NOW_MINUTE);
    assert_int_equal(again.scope, INTEREST_PROVED);
    assert_memory_equal(again.card, interest.card, sizeof again.card);
    assert_memory_equal(again.signature, interest.signature, sizeof again.signature);
    assert_false(interest_unpack(&again, bytes, PACKED_INTEREST_BYTES - 1));
    assert_false(interest_unpack(&again, bytes, PACKED_INTEREST_BYTES + 1));
    for (int scope = 0; scope < 256; scope++) {
        bytes[CARD_KEY_BYTES + 8] = (uint8_t)scope;
        assert_int_equal(interest_unpack(&again, bytes, PACKED_INTEREST_BYTES),
                         scope == INTEREST_PROVED || scope == INTEREST_ALL);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_card),
        cmocka_unit_test(test_other_bytes),
        cmocka_unit_test(test_interest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
