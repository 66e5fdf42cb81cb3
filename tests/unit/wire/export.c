/* The exports, the way back in, and what they prove. */
#include "wire/world.h"

#include "wire/carded.h"
#include "wire/export.h"
#include "wire/object.h"

static const char *const ACCOUNTS[] = {"anna@example.social", "anna.example", NULL};

/* Anna stands by questions 1 and 5, which is declined; Ben keeps his card, Cleo's was taken away.
 */
static void people_add(struct hall *hall) {
    struct card *kept = card_signed(hall, "Ben", 1, "geheim bleibt geheim", ACCOUNTS + 2);
    struct card *hidden = card_signed(hall, "Cleo", 1, "", ACCOUNTS + 2);
    struct command hide = {.kind = COMMAND_CARD_HIDE, .as.card_key.on = true};
    memcpy(hide.as.card_key.key, hidden->key, CARD_KEY_BYTES);
    kept->shown = false;
    assert_int_equal(hall_card(hall, card_signed(hall, "Anna", 1, "Netze", ACCOUNTS)), REFUSAL_OK);
    assert_int_equal(hall_card(hall, kept), REFUSAL_OK);
    assert_int_equal(hall_card(hall, hidden), REFUSAL_OK);
    assert_int_equal(hall_claim(hall, 1, "Anna"), REFUSAL_OK);
    assert_int_equal(hall_claim(hall, 2, "Cleo"), REFUSAL_OK);
    assert_int_equal(hall_claim(hall, 5, "Anna"), REFUSAL_OK);
    assert_int_equal(hall_do(hall, hide), REFUSAL_OK);
    struct command proof = {.kind = COMMAND_PROOF};
    memcpy(proof.as.proof.card, card_named("Anna").public, CARD_KEY_BYTES);
    memcpy(proof.as.proof.account, ACCOUNTS[0], strlen(ACCOUNTS[0]) + 1);
    proof.as.proof.proof = (struct proof){.kind = PROOF_LINK,
                                          .minute = (uint32_t)(hall->now / 60000),
                                          .actor = memory_text("https://example.social/users/anna"),
                                          .source = memory_text("https://example.social/@anna")};
    assert_int_equal(hall_do(hall, proof), REFUSAL_OK);
}

/* An event with a question in every state, and people. */
static struct hall full_hall(void) {
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 6);
    hall_vote(&hall, COMMAND_VOTE, 2, 1);
    struct command pin = {.kind = COMMAND_PIN, .as.pin = {.number = 2, .on = true}};
    hall_do(&hall, pin);
    hall_move(&hall, 3, STATE_LISTED, STATE_ANSWERING);
    struct command answer = {.kind = COMMAND_MOVE, .text = memory_text("=1+1, \"ja\"")};
    answer.as.move.number = 4;
    answer.as.move.from = STATE_LISTED;
    answer.as.move.to = STATE_ANSWERED;
    hall_do(&hall, answer);
    hall_move(&hall, 5, STATE_LISTED, STATE_DECLINED);
    hall_move(&hall, 6, STATE_LISTED, STATE_HIDDEN);
    hall_do(&hall, (struct command){.kind = COMMAND_TALK_ADD, .text = memory_text("Zwei")});
    hall_hold(&hall, 2, "=SUM(A1) \"*laut*\" <b>");
    hall_release(&hall);
    hall_hold(&hall, 2, "noch geheim");
    people_add(&hall);
    return hall;
}

static json_t *export_object(const struct event *event) {
    struct buffer out = buffer_make(1 << 20);
    export_json(&out, event);
    json_t *object = json_loadb((const char *)out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    buffer_clear(&out);
    return object;
}

static void json_keeps_to_the_rules(void **state) {
    (void)state;
    struct hall hall = full_hall();
    const struct question *declined = event_question(hall.event, 5);
    free(((struct question *)declined)->text);
    ((struct question *)declined)->text = memory_text("abgelehnter Text");
    struct buffer out = buffer_make(1 << 20);
    export_json(&out, hall.event);
    const char *text = (const char *)out.data;
    assert_null(strstr(text, "geheim"));
    assert_null(strstr(text, "abgelehnter"));
    assert_null(strstr(text, "salt"));
    assert_null(strstr(text, "ballot"));
    assert_non_null(strstr(text, "\"Anna\""));
    assert_null(strstr(text, "Ben"));
    assert_null(strstr(text, "Cleo"));
    buffer_reset(&out);
    export_csv(&out, hall.event);
    text = (const char *)out.data;
    assert_null(strstr(text, "geheim"));
    assert_null(strstr(text, "abgelehnter"));
    assert_non_null(strstr(text, "\"'=SUM(A1) \"\"*laut*\"\" <b>\""));
    assert_non_null(strstr(text, "\"'=1+1, \"\"ja\"\"\""));
    assert_non_null(strstr(text, ",text,answer,by\r\n"));
    assert_non_null(strstr(text, "\"Wie finden wir uns wieder?\",\"\",\"Anna\"\r\n"));
    assert_null(strstr(text, "Cleo"));
    buffer_reset(&out);
    export_markdown(&out, hall.event, "https://raute.example");
    text = (const char *)out.data;
    assert_null(strstr(text, "geheim"));
    assert_null(strstr(text, "abgelehnter"));
    assert_non_null(strstr(text, "\\*laut\\*\" \\<b\\>"));
    assert_non_null(strstr(text, "## Zwei"));
    assert_non_null(strstr(text, "– gefragt von Anna\n"));
    assert_null(strstr(text, "Cleo"));
    buffer_clear(&out);
    hall_close(&hall);
}

/* Export → import → export: the same bytes, but for what an import changes: the event has ended. */
static void import_gives_the_export(void **state) {
    (void)state;
    struct hall hall = full_hall();
    json_t *object = export_object(hall.event);
    struct journal_request *request = NULL;
    assert_int_equal(import_decode(object, &request), REFUSAL_OK);
    json_t *again = export_object(request->command.as.import.event);
    assert_true(json_equal(object, again));
    assert_non_null(request->context);
    request_free(request);
    json_decref(object);
    json_decref(again);
    hall_close(&hall);
}

/* Whose a question is that not everybody sees, no proof tells; it does not come back then. */
static void posts_are_kept(void **state) {
    (void)state;
    struct hall hall = full_hall();
    for (uint32_t number = 1; number <= 5; number += 4) {
        struct command proof = {.kind = COMMAND_PROOF};
        memcpy(proof.as.proof.card, card_named("Anna").public, CARD_KEY_BYTES);
        memcpy(proof.as.proof.account, ACCOUNTS[1], strlen(ACCOUNTS[1]) + 1);
        proof.as.proof.proof = (struct proof){.kind = PROOF_POST,
                                              .minute = 7,
                                              .source = memory_text("https://post.example/1"),
                                              .number = number,
                                              .salt = {3}};
        assert_int_equal(hall_do(&hall, proof), REFUSAL_OK);
        json_t *object = export_object(hall.event);
        const json_t *card = json_array_get(json_object_get(object, "cards"), 0);
        const json_t *told =
            json_object_get(json_array_get(json_object_get(card, "accounts"), 1), "proof");
        assert_string_equal(json_string_value(json_object_get(told, "kind")), "post");
        bool seen = number == 1;
        assert_int_equal(json_object_get(told, "n") != NULL, seen);
        assert_int_equal(json_object_get(told, "salt") != NULL, seen);
        assert_int_equal(json_object_get(told, "source") != NULL, seen);
        struct journal_request *request = NULL;
        assert_int_equal(import_decode(object, &request), REFUSAL_OK);
        const struct card *read =
            event_card(request->command.as.import.event, card_named("Anna").public);
        assert_int_equal(read->accounts[1].proof.kind, seen ? PROOF_POST : PROOF_NONE);
        assert_int_equal(read->name_since, hall.now / 60000);
        request_free(request);
        json_decref(object);
    }
    hall_close(&hall);
}

/* While an edit waits, its question's claim goes beyond the revision of the text. */
static void claims_above_an_edit_come_back(void **state) {
    (void)state;
    struct hall hall = full_hall();
    struct question *question = (struct question *)event_question(hall.event, 1);
    struct command edit = {.kind = COMMAND_EDIT, .text = memory_text("Anders?")};
    edit.as.question.rev = 2;
    memcpy(edit.as.question.key, question->key, QUESTION_KEY_BYTES);
    assert_int_equal(hall_do(&hall, edit), REFUSAL_OK);
    question->rev = 2; /* hall_claim() goes on from it */
    assert_int_equal(hall_claim(&hall, 1, "Anna"), REFUSAL_OK);
    question->rev = 1;
    struct buffer out = buffer_make(1 << 20);
    json_t *object = export_object(hall.event);
    assert_int_equal(export_verify(&out, object, LANGUAGE_EN), EXPORT_GOOD);
    struct journal_request *request = NULL;
    assert_int_equal(import_decode(object, &request), REFUSAL_OK);
    const struct event *event = request->command.as.import.event;
    assert_int_equal(event_claim(event, 1)->rev, 3);
    assert_int_equal(event_question(event, 1)->rev, 3);
    request_free(request);
    json_decref(object);
    buffer_clear(&out);
    hall_close(&hall);
}

/* Each of these spoils a good export. */
static void spoil(json_t *object, const char *path, json_t *value) {
    char part[32];
    json_t *at = object;
    const char *dot;
    while ((dot = strchr(path, '.')) != NULL) {
        memcpy(part, path, (size_t)(dot - path));
        part[dot - path] = '\0';
        at = json_is_array(at) ? json_array_get(at, (size_t)strtoul(part, NULL, 10))
                               : json_object_get(at, part);
        path = dot + 1;
    }
    if (value == NULL) {
        assert_int_equal(json_object_del(at, path), 0);
    } else {
        assert_int_equal(json_object_set_new(at, path, value), 0);
    }
}

static void import_is_strict(void **state) {
    (void)state;
    struct hall hall = full_hall();
    const struct {
        const char *path;
        json_t *value;
        enum refusal refusal;
    } cases[] = {
        {"more", json_true(), REFUSAL_BAD_MESSAGE},
        {"format", json_string("raute.9/export"), REFUSAL_BAD_VALUE},
        {"event", json_string("x"), REFUSAL_BAD_MESSAGE},
        {"event.id", json_string("x"), REFUSAL_BAD_ENCODING},
        {"event.language", json_string("fr"), REFUSAL_BAD_VALUE},
        {"event.title", json_string("a\n"), REFUSAL_BAD_TEXT},
        {"event.hashtags", json_integer(1), REFUSAL_BAD_MESSAGE},
        {"seq", json_pack("[i]", 1), REFUSAL_BAD_MESSAGE},
        {"seq", json_pack("[i,s]", 1, "2"), REFUSAL_BAD_MESSAGE},
        {"current", json_integer(9), REFUSAL_BAD_MESSAGE},
        {"talks", json_array(), REFUSAL_BAD_MESSAGE},
        {"talks.0.id", json_integer(2), REFUSAL_BAD_MESSAGE},
        {"talks.0.order", json_pack("[i,i]", 1, 1), REFUSAL_BAD_MESSAGE},
        {"talks.0.order", json_pack("[s]", "1"), REFUSAL_BAD_MESSAGE},
        {"talks.0.open", NULL, REFUSAL_BAD_MESSAGE},
        {"questions.0", json_integer(1), REFUSAL_BAD_MESSAGE},
        {"questions.0.n", json_integer(2), REFUSAL_BAD_MESSAGE},
        {"questions.0.talk", json_integer(9), REFUSAL_BAD_MESSAGE},
        {"questions.0.state", json_string("lost"), REFUSAL_BAD_VALUE},
        {"questions.0.state", json_string("declined"), REFUSAL_BAD_MESSAGE},
        {"questions.0.text", NULL, REFUSAL_BAD_MESSAGE},
        {"questions.0.text", json_string(" a"), REFUSAL_BAD_TEXT},
        {"questions.0.degree", json_integer(3), REFUSAL_BAD_VALUE},
        {"questions.0.votes", json_integer(-1), REFUSAL_BAD_VALUE},
        {"questions.0.key", json_string("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
         REFUSAL_BAD_KEY},
        {"questions.0.salt", json_string("AAAAAAAAAAAAAAAAAAAAAA"), REFUSAL_BAD_MESSAGE},
        {"questions.0.text", json_string("Wer?"), REFUSAL_BAD_SIGNATURE},
        {"cards.0.name", json_string("Ann"), REFUSAL_BAD_SIGNATURE},
        {"cards.0.name", json_string(" Anna"), REFUSAL_BAD_TEXT},
        {"cards.0.rev", json_integer(2), REFUSAL_BAD_SIGNATURE},
        {"cards.0.lists", json_true(), REFUSAL_BAD_SIGNATURE},
        {"cards.0.web", json_string("https://anna.example/"), REFUSAL_BAD_SIGNATURE},
        {"cards.0.web", json_string("javascript:alert(1)"), REFUSAL_BAD_VALUE},
        {"cards.0.accounts.0.name", json_string("anna@example.org"), REFUSAL_BAD_SIGNATURE},
        {"cards.0.accounts.0.name", json_string("Anna"), REFUSAL_BAD_ACCOUNT},
        {"cards.0.accounts.0.proof.kind", json_string("rumour"), REFUSAL_BAD_VALUE},
        {"cards.0.accounts.0.proof.n", json_integer(1), REFUSAL_BAD_MESSAGE},
        {"cards.0.accounts.0.since", NULL, REFUSAL_BAD_MESSAGE},
        {"cards.0.since", json_string("1"), REFUSAL_BAD_MESSAGE},
        {"cards.0.card", json_string("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
         REFUSAL_BAD_KEY},
        {"cards", json_array(), REFUSAL_BAD_MESSAGE},
        {"claims.0.n", json_integer(2), REFUSAL_BAD_SIGNATURE},
        {"claims.0.n", json_integer(99), REFUSAL_BAD_MESSAGE},
        {"claims.0.minute", json_integer(1), REFUSAL_BAD_SIGNATURE},
        {"claims.0.card_sig", NULL, REFUSAL_BAD_MESSAGE},
        {"event.id", json_string("AAAAAAAAAAAAAAAAAAAAAA"), REFUSAL_BAD_SIGNATURE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *object = export_object(hall.event);
        if (strcmp(cases[i].path, "questions.0") == 0) {
            json_array_set_new(json_object_get(object, "questions"), 0, cases[i].value);
        } else {
            spoil(object, cases[i].path, cases[i].value);
        }
        struct journal_request *request = NULL;
        enum refusal refusal = import_decode(object, &request);
        if (refusal != cases[i].refusal) {
            fail_msg("%s (%zu): %s", cases[i].path, i, refusal_code(refusal));
        }
        json_decref(object);
    }
    hall_close(&hall);
}

static void export_says(const struct hall *hall, const char *path, json_t *value,
                        enum export_proof proof, const char *sentence) {
    struct buffer out = buffer_make(1 << 20);
    json_t *object = export_object(hall->event);
    if (path != NULL) {
        spoil(object, path, value);
    }
    enum export_proof found = export_verify(&out, object, LANGUAGE_EN);
    const char *text = out.data != NULL ? (const char *)out.data : "";
    if (found != proof || strstr(text, sentence) == NULL) {
        fail_msg("%s: %d\n%s", path != NULL ? path : "good", (int)found, text);
    }
    buffer_clear(&out);
    json_decref(object);
}

/* Whatever is changed is found, and said. */
static void verify_explains(void **state) {
    (void)state;
    struct hall hall = full_hall();
    export_says(&hall, NULL, NULL, EXPORT_GOOD,
                "Card “Anna”: right. Its own key signed exactly what it says.\n"
                "Question 1 “Wie finden wir uns wieder?”: right. Asked by “Anna”;");
    export_says(&hall, NULL, NULL, EXPORT_GOOD, "Cards: 1, claims: 1.\n");
    export_says(&hall, "claims", NULL, EXPORT_GOOD, "Cards: 1, claims: 0.\n");
    const struct {
        const char *path;
        json_t *value;
        const char *sentence;
    } cases[] = {
        {"cards.0.name", json_string("Eve"), "Card “Eve”: wrong. Its signature does not fit"},
        {"cards.0.name", json_string("\033[31mEve"), "Card no. 1: wrong. This is not a card"},
        {"cards.0.sig", NULL, "Card “Anna”: wrong. This is not a card"},
        {"cards.0.line", NULL, "Question 1: wrong. It is claimed for a card that is not"},
        {"cards", json_array(), "Cards: 0, claims: 1, wrong: 1.\n"},
        {"questions.0.text", json_string("Wer?"), "Question 1: wrong. The claim was signed for"},
        {"questions.0.text", NULL, "Question 1: wrong. It is claimed, but its text"},
        {"questions.0.key", json_string("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
         "Question 1: wrong. The claim is about another question."},
        {"claims.0.n", json_integer(2), "Question 2: wrong. The claim is about another question."},
        {"claims.0.minute", json_integer(1), "Question 1: wrong. The signatures of the claim"},
        {"claims.0.rev", json_string("1"), "Claim 1: wrong. This is not a claim"},
        {"event.id", json_string("AAAAAAAAAAAAAAAAAAAAAA"), "Cards: 1, claims: 1, wrong: 2.\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        export_says(&hall, cases[i].path, cases[i].value, EXPORT_WRONG, cases[i].sentence);
    }
    json_t *object = export_object(hall.event);
    json_t *cards = json_object_get(object, "cards"), *claims = json_object_get(object, "claims");
    json_array_append(cards, json_array_get(cards, 0));
    json_array_append(claims, json_array_get(claims, 0));
    struct buffer out = buffer_make(1 << 20);
    assert_int_equal(export_verify(&out, object, LANGUAGE_DE), EXPORT_WRONG);
    assert_non_null(
        strstr((const char *)out.data, "Karte „Anna“: falsch. Sie steht doppelt da.\n"));
    assert_non_null(strstr((const char *)out.data, "Frage 1: falsch. Sie ist doppelt zugeordnet."));
    buffer_clear(&out);
    json_decref(object);
    export_says(&hall, "format", json_string("other"), EXPORT_NOT_READ, "");
    export_says(&hall, "claims", json_string("x"), EXPORT_NOT_READ, "");
    export_says(&hall, "event.id", json_string("x"), EXPORT_NOT_READ, "");
    assert_int_equal(export_verify(&out, NULL, LANGUAGE_DE), EXPORT_NOT_READ);
    hall_close(&hall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_keeps_to_the_rules), cmocka_unit_test(import_gives_the_export),
        cmocka_unit_test(posts_are_kept),          cmocka_unit_test(claims_above_an_edit_come_back),
        cmocka_unit_test(import_is_strict),        cmocka_unit_test(verify_explains),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
