/* People on their way out: cards, what questions say of them, frames, pages. */
#include "wire/world.h"

#include "wire/html.h"
#include "wire/people.h"
#include "wire/posting.h"

#define ANNA  1
#define BEN   2
#define CLEO  3
#define ANNAS "anna@example.social"

/* Questions 1 and 2, and Anna's card. */
static void people_hall(struct hall *hall) {
    hall_open(hall);
    hall_ask(hall, 2);
    assert_int_equal(hall_publish(hall, ANNA, "Anna", ANNAS, true), REFUSAL_OK);
}

static const char *tag_of(const struct hall *hall, uint8_t who, char text[CARD_TAG_CHARS + 1]) {
    card_tag_text(text, hall_card(hall, who));
    return text;
}

static void a_card_is_told(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 2), REFUSAL_OK);
    json_t *people = hall_people(&hall, VIEW_PUBLIC);
    json_int_t minute = hall.now / 60000;
    json_t *wanted = json_pack(
        "{s:{s:s,s:s,s:i,s:s,s:[{s:s,s:s}],s:I,s:[i]}}", "AQEBAQEBAQE", "tag", "AQEBAQEBAQE", "key",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE", "rev", 1, "name", "Anna", "accounts", "name",
        ANNAS, "url", "https://example.social/@anna", "minute", minute, "questions", 2);
    assert_true(json_equal(people, wanted));
    json_decref(people);

    assert_int_equal(hall_prove(&hall, ANNA, ANNAS, PROOF_LOGIN), REFUSAL_OK);
    people = hall_people(&hall, VIEW_PUBLIC);
    json_t *account =
        json_array_get(json_object_get(json_object_get(people, "AQEBAQEBAQE"), "accounts"), 0);
    assert_string_equal(said(account, "mark"), "login");
    assert_int_equal(json_integer_value(json_object_get(account, "minute")), minute);
    json_decref(people);
    json_decref(wanted);
    hall_close(&hall);
}

static void handles_lead_to_their_network(void **state) {
    (void)state;
    struct buffer out = buffer_make(1024);
    account_url(&out, "anna.example.social");
    buffer_text(&out, " ");
    account_url(&out, "anna@localhost:3000");
    assert_string_equal((const char *)out.data, "https://bsky.app/profile/anna.example.social "
                                                "https://localhost:3000/@anna");
    buffer_clear(&out);
}

static void a_question_says_whose_it_is(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 1), REFUSAL_OK);
    json_t *question = hall_question(&hall, 1, VIEW_PUBLIC);
    json_t *wanted = json_pack("{s:s,s:s}", "tag", "AQEBAQEBAQE", "name", "Anna");
    assert_true(json_equal(json_object_get(question, "card"), wanted));
    json_decref(question);
    assert_int_equal(hall_prove(&hall, ANNA, ANNAS, PROOF_LOGIN), REFUSAL_OK);
    question = hall_question(&hall, 1, VIEW_PUBLIC);
    assert_string_equal(said(json_object_get(question, "card"), "mark"), "login");
    json_decref(question);

    /* Not while it is not shown, and not once a moderator took the card away. */
    hall_move(&hall, 1, STATE_LISTED, STATE_HIDDEN);
    question = hall_question(&hall, 1, VIEW_PUBLIC);
    assert_null(json_object_get(question, "card"));
    json_decref(question);
    hall_move(&hall, 1, STATE_HIDDEN, STATE_LISTED);
    assert_int_equal(hall_card_key(&hall, COMMAND_CARD_HIDE, ANNA, true), REFUSAL_OK);
    for (int view = 0; view < VIEW_COUNT; view++) {
        question = hall_question(&hall, 1, (enum view)view);
        assert_null(json_object_get(question, "card"));
        json_decref(question);
    }
    json_decref(wanted);
    hall_close(&hall);
}

static void interest_is_counted_from_three_on(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    assert_int_equal(hall_publish(&hall, BEN, "Ben", NULL, false), REFUSAL_OK);
    assert_int_equal(hall_publish(&hall, CLEO, "Cleo", NULL, false), REFUSAL_OK);
    for (uint8_t who = ANNA; who <= CLEO; who++) {
        json_t *question = hall_question(&hall, 1, VIEW_STAFF);
        assert_null(json_object_get(question, "interest"));
        json_decref(question);
        assert_int_equal(hall_interest(&hall, who, 1, INTEREST_ALL), REFUSAL_OK);
    }
    json_t *question = hall_question(&hall, 1, VIEW_PUBLIC);
    assert_int_equal(json_integer_value(json_object_get(question, "interest")), 3);
    json_decref(question);
    /* Cards that were made for that alone stay unknown to everybody. */
    for (int view = 0; view < VIEW_COUNT; view++) {
        json_t *people = hall_people(&hall, (enum view)view);
        assert_int_equal(json_object_size(people), 1);
        json_decref(people);
    }
    hall_close(&hall);
}

static void staff_sees_what_was_taken_away(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 1), REFUSAL_OK);
    assert_int_equal(hall_card_key(&hall, COMMAND_CARD_HIDE, ANNA, true), REFUSAL_OK);
    json_t *people = hall_people(&hall, VIEW_PUBLIC);
    assert_int_equal(json_object_size(people), 0);
    json_decref(people);
    people = hall_people(&hall, VIEW_STAFF);
    const json_t *card = json_object_get(people, "AQEBAQEBAQE");
    assert_true(json_is_true(json_object_get(card, "hidden")));
    assert_int_equal(json_array_size(json_object_get(card, "questions")), 0);
    json_decref(people);
    assert_null(card_tagged(hall.event, card_tag(hall_card(&hall, ANNA)->key)));
    hall_close(&hall);
}

static void admission_is_told(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    json_t *snapshot = snapshot_json(&hall, VIEW_PUBLIC);
    assert_string_equal(said(json_object_get(snapshot, "event"), "admission"), "open");
    assert_null(json_object_get(json_object_get(snapshot, "event"), "seats"));
    json_decref(snapshot);
    hall.event->settings.tickets = true;
    struct ticket ticket = {.hash = {1}, .seats = 3};
    event_restore_ticket(hall.event, &ticket);
    ticket.hash[0] = 2;
    event_restore_ticket(hall.event, &ticket);
    snapshot = snapshot_json(&hall, VIEW_PUBLIC);
    const json_t *event = json_object_get(snapshot, "event");
    assert_string_equal(said(event, "admission"), "tickets");
    assert_int_equal(json_integer_value(json_object_get(event, "seats")), 6);
    json_decref(snapshot);
    hall_close(&hall);
}

/* ---- frames */

struct watch {
    struct client client[VIEW_COUNT];
    size_t frames[VIEW_COUNT];
};

static struct watch watch_make(struct hall *hall) {
    struct watch watch = {0};
    hall_settle(hall);
    hall_drop(hall);
    for (int view = 0; view < VIEW_COUNT; view++) {
        watch.client[view] = hall_client(hall, (enum view)view);
        json_decref(watch.client[view].people);
        watch.client[view].people = hall_people(hall, (enum view)view);
    }
    hall->now += 1000;
    return watch;
}

/* Lets all frames come; both clients then know what snapshot and people say. */
static void watch_look(struct watch *watch, struct hall *hall) {
    watch->frames[VIEW_PUBLIC] = watch->frames[VIEW_STAFF] = 0;
    hall_settle(hall);
    for (struct queue_node *node = hall_sent(hall); node != NULL;) {
        struct frame *frame = (struct frame *)node;
        node = node->next;
        client_take(&watch->client[frame->view], frame->text);
        watch->frames[frame->view]++;
        frame_free(frame);
    }
    for (int view = 0; view < VIEW_COUNT; view++) {
        hall_check(hall, &watch->client[view], (enum view)view);
        json_t *people = hall_people(hall, (enum view)view);
        assert_true(json_equal(watch->client[view].people, people));
        json_decref(people);
    }
    hall->now += 1000;
}

static size_t watch_cards(const struct watch *watch, enum view view) {
    return json_object_size(watch->client[view].people);
}

static void watch_free(struct watch *watch) {
    client_free(&watch->client[VIEW_PUBLIC]);
    client_free(&watch->client[VIEW_STAFF]);
}

static void frames_follow_a_card(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    struct watch watch = watch_make(&hall);
    assert_int_equal(hall_publish(&hall, BEN, "Ben", NULL, true), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(watch_cards(&watch, VIEW_PUBLIC), 2);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, BEN, 1), REFUSAL_OK);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, BEN, 2), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(hall_publish(&hall, BEN, "Benno", "ben@example.social", true), REFUSAL_OK);
    watch_look(&watch, &hall); /* its questions have the new name */
    assert_int_equal(hall_prove(&hall, BEN, "ben@example.social", PROOF_LOGIN), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(hall_card_key(&hall, COMMAND_CARD_HIDE, BEN, true), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(watch_cards(&watch, VIEW_PUBLIC), 1);
    assert_int_equal(watch_cards(&watch, VIEW_STAFF), 2);
    assert_int_equal(hall_card_key(&hall, COMMAND_CARD_HIDE, BEN, false), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(watch_cards(&watch, VIEW_PUBLIC), 2);
    assert_int_equal(hall_publish(&hall, BEN, "Benno", NULL, false), REFUSAL_OK); /* unpublished */
    watch_look(&watch, &hall);
    assert_int_equal(watch_cards(&watch, VIEW_STAFF), 1);
    assert_int_equal(hall_card_key(&hall, COMMAND_CARD_DELETE, ANNA, false), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(watch_cards(&watch, VIEW_PUBLIC), 0);
    watch_free(&watch);
    hall_close(&hall);
}

static void frames_follow_a_claim(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    struct watch watch = watch_make(&hall);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 1), REFUSAL_OK);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 2), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(hall_move(&hall, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    watch_look(&watch, &hall); /* the card no longer names it, but to staff */
    assert_int_equal(hall_move(&hall, 1, STATE_HIDDEN, STATE_LISTED), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(hall_claim(&hall, COMMAND_UNCLAIM, ANNA, 1), REFUSAL_OK);
    watch_look(&watch, &hall);
    struct command withdraw = {.kind = COMMAND_WITHDRAW};
    const struct question *question = event_question(hall.event, 2);
    withdraw.as.question.rev = question->rev + 1;
    memcpy(withdraw.as.question.key, question->key, QUESTION_KEY_BYTES);
    assert_int_equal(hall_do(&hall, withdraw), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 1), REFUSAL_OK);
    assert_int_equal(hall_do(&hall, (struct command){.kind = COMMAND_WIPE}), REFUSAL_OK);
    assert_int_equal(hall_publish(&hall, BEN, "Ben", NULL, true), REFUSAL_OK);
    watch_look(&watch, &hall); /* cards stay, and have no questions */
    assert_int_equal(watch_cards(&watch, VIEW_PUBLIC), 2);
    watch_free(&watch);
    hall_close(&hall);
}

/* The kinds of the changes of all frames that wait, of this view, each ended with a space. */
static void frames_tell(struct hall *hall, enum view view, const char *wanted) {
    char told[200] = "";
    hall_settle(hall);
    for (struct queue_node *node = hall_sent(hall); node != NULL;) {
        struct frame *frame = (struct frame *)node;
        node = node->next;
        json_t *json = frame->view == view ? frame_read(frame->text) : NULL, *change;
        size_t index;
        json_array_foreach(json_object_get(json, "changes"), index, change) {
            strcat(strcat(told, said(change, "k")), " ");
        }
        json_decref(json);
        frame_free(frame);
    }
    assert_string_equal(told, wanted);
    hall->now += 1000;
}

/* Who asked what not everybody sees, no frame tells: the question stands there alone, and so does
 * the card. */
static void frames_keep_who_asked(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    assert_int_equal(hall_move(&hall, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    hall_settle(&hall);
    hall_drop(&hall);
    hall.now += 120000;
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 1), REFUSAL_OK);
    frames_tell(&hall, VIEW_PUBLIC, "question ");
    assert_int_equal(hall_claim(&hall, COMMAND_UNCLAIM, ANNA, 1), REFUSAL_OK);
    frames_tell(&hall, VIEW_STAFF, "card question ");
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 1), REFUSAL_OK);
    frames_tell(&hall, VIEW_STAFF, "card question ");
    assert_int_equal(hall_publish(&hall, ANNA, "Hanna", ANNAS, true), REFUSAL_OK);
    frames_tell(&hall, VIEW_PUBLIC, "card ");
    assert_int_equal(hall_publish(&hall, ANNA, "Anna", ANNAS, true), REFUSAL_OK);
    frames_tell(&hall, VIEW_STAFF, "card question ");
    assert_int_equal(hall_move(&hall, 1, STATE_HIDDEN, STATE_LISTED), REFUSAL_OK);
    frames_tell(&hall, VIEW_PUBLIC, "card question order ");
    hall_close(&hall);
}

/* What is kept for an interest alone tells nobody that something happened. */
static void kept_cards_make_no_frame(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    struct watch watch = watch_make(&hall);
    assert_int_equal(hall_publish(&hall, BEN, "Ben", NULL, false), REFUSAL_OK);
    assert_int_equal(hall_interest(&hall, BEN, 1, INTEREST_PROVED), REFUSAL_OK);
    assert_int_equal(hall_card_key(&hall, COMMAND_CARD_DELETE, BEN, false), REFUSAL_OK);
    watch_look(&watch, &hall);
    assert_int_equal(watch.frames[VIEW_PUBLIC] + watch.frames[VIEW_STAFF], 0);
    watch_free(&watch);
    hall_close(&hall);
}

static void changes_have_their_order(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    struct command withdraw = {.kind = COMMAND_WITHDRAW, .as.question = {.rev = 1}};
    hall_settle(&hall);
    hall_drop(&hall);
    hall.now += 1000;
    memcpy(withdraw.as.question.key, event_question(hall.event, 2)->key, QUESTION_KEY_BYTES);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 1), REFUSAL_OK);
    assert_int_equal(hall_publish(&hall, CLEO, "Cleo", NULL, true), REFUSAL_OK);
    assert_int_equal(hall_card_key(&hall, COMMAND_CARD_DELETE, CLEO, false), REFUSAL_OK);
    assert_int_equal(hall_do(&hall, withdraw), REFUSAL_OK);
    (void)hall_tick(&hall);
    const char *const wanted[] = {"gone", "card", "card_gone", "question", "order"};
    struct frame *frame = (struct frame *)hall_sent(&hall);
    json_t *json = frame_read(frame->text);
    const json_t *changes = json_object_get(json, "changes");
    assert_int_equal(json_array_size(changes), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(said(json_array_get(changes, i), "k"), wanted[i]);
    }
    assert_string_equal(said(json_array_get(changes, 2), "tag"), "AwMDAwMDAwM");
    json_decref(json);
    while (frame != NULL) {
        struct frame *next = (struct frame *)frame->node.next;
        frame_free(frame);
        frame = next;
    }
    hall_close(&hall);
}

/* ---- pages */

static struct buffer page_of_card(const struct hall *hall, uint8_t who) {
    struct buffer page = buffer_make(1 << 20);
    html_card(&page, hall->event, hall_card(hall, who), LANGUAGE_EN, PUBLIC_URL);
    return page;
}

static struct buffer page_of_people(const struct hall *hall) {
    struct buffer page = buffer_make(1 << 20);
    html_people(&page, hall->event, LANGUAGE_DE, PUBLIC_URL);
    return page;
}

static void assert_holds(const struct buffer *page, const char *words) {
    if (strstr((const char *)page->data, words) == NULL) {
        fail_msg("no %s in %s", words, (const char *)page->data);
    }
}

/* What a preview shows, which stands before the content: no names. */
static void assert_preview_unnamed(const struct buffer *page, const char *name) {
    const char *text = (const char *)page->data, *content = strstr(text, "<header");
    assert_non_null(content);
    assert_non_null(strstr(text, "property=\"og:title\""));
    const char *found = strstr(text, name);
    assert_true(found == NULL || found > content);
}

static void a_cards_page_links_back(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 2), REFUSAL_OK);
    struct buffer page = page_of_card(&hall, ANNA);
    assert_holds(&page, "<a rel=\"me nofollow noopener\" href=\"https://example.social/@anna\"");
    assert_holds(&page, ">@" ANNAS "</a>");
    assert_holds(&page, words_get(LANGUAGE_EN, "html.proof.none"));
    assert_holds(&page, "href=\"/e/hall/q/2\"");
    assert_holds(&page, "name=\"robots\" content=\"noindex\"");
    assert_holds(&page, "href=\"/privacy\"");
    assert_preview_unnamed(&page, "Anna");
    buffer_clear(&page);
    hall_close(&hall);
}

static void people_are_listed_latest_first(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    char tag[CARD_TAG_CHARS + 1];
    struct buffer page = page_of_people(&hall);
    assert_holds(&page, words_get(LANGUAGE_DE, "html.people.one"));
    buffer_clear(&page);
    hall.now += 120000;
    assert_int_equal(hall_publish(&hall, CLEO, "Cleo", NULL, true), REFUSAL_OK);
    assert_int_equal(hall_publish(&hall, BEN, "Heimlich", NULL, false), REFUSAL_OK);
    page = page_of_people(&hall);
    const char *text = (const char *)page.data;
    assert_true(strstr(text, ">Cleo</a>") < strstr(text, ">Anna</a>"));
    assert_null(strstr(text, "Heimlich"));
    assert_null(strstr(text, "rel=\"me"));
    assert_holds(&page, tag_of(&hall, CLEO, tag));
    assert_preview_unnamed(&page, "Anna");
    buffer_clear(&page);
    assert_int_equal(hall_card_key(&hall, COMMAND_CARD_HIDE, CLEO, true), REFUSAL_OK);
    page = page_of_people(&hall);
    assert_null(strstr((const char *)page.data, "Cleo"));
    buffer_clear(&page);
    hall_close(&hall);
}

static void a_questions_page_says_whose_it_is(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, ANNA, 1), REFUSAL_OK);
    struct buffer page = buffer_make(1 << 20);
    html_question(&page, hall.event, event_question(hall.event, 1), LANGUAGE_DE, PUBLIC_URL);
    assert_holds(&page, words_get(LANGUAGE_DE, "html.question.by"));
    assert_holds(&page, "<a href=\"/e/hall/people/AQEBAQEBAQE\" dir=\"auto\">Anna</a>");
    assert_preview_unnamed(&page, "Anna");
    buffer_reset(&page);
    html_list(&page, hall.event, LANGUAGE_DE, PUBLIC_URL);
    assert_holds(&page, ">Anna</a>");
    assert_preview_unnamed(&page, "Anna");
    assert_int_equal(hall_claim(&hall, COMMAND_UNCLAIM, ANNA, 1), REFUSAL_OK);
    buffer_reset(&page);
    html_list(&page, hall.event, LANGUAGE_DE, PUBLIC_URL);
    assert_null(strstr((const char *)page.data, "Anna"));
    buffer_clear(&page);
    hall_close(&hall);
}

static void hostile_names(void **state) {
    (void)state;
    struct hall hall;
    people_hall(&hall);
    const char *name = "</h2><script>alert(1)</script>\"'";
    assert_int_equal(hall_publish(&hall, BEN, name, "a\"onload=\"x@example.social", true),
                     REFUSAL_OK);
    assert_int_equal(hall_claim(&hall, COMMAND_CLAIM, BEN, 1), REFUSAL_OK);
    struct buffer pages[] = {page_of_card(&hall, BEN), page_of_people(&hall), buffer_make(1 << 20)};
    html_question(&pages[2], hall.event, event_question(hall.event, 1), LANGUAGE_DE, PUBLIC_URL);
    for (size_t i = 0; i < 3; i++) {
        assert_null(strstr((const char *)pages[i].data, "<script"));
        assert_null(strstr((const char *)pages[i].data, "\"onload"));
        assert_holds(&pages[i], "&lt;script&gt;");
        buffer_clear(&pages[i]);
    }
    hall_close(&hall);
}

static void privacy_is_said_in_both(void **state) {
    (void)state;
    const struct shared *german = html_page(HTML_PRIVACY, LANGUAGE_DE)->plain;
    const struct shared *english = html_page(HTML_PRIVACY, LANGUAGE_EN)->plain;
    assert_non_null(memmem(german->bytes, german->length, "Was versprochen ist", 19));
    assert_non_null(memmem(english->bytes, english->length, "What is promised", 16));
    assert_null(memmem(english->bytes, english->length, "noindex", 7));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_told),
        cmocka_unit_test(handles_lead_to_their_network),
        cmocka_unit_test(a_question_says_whose_it_is),
        cmocka_unit_test(interest_is_counted_from_three_on),
        cmocka_unit_test(staff_sees_what_was_taken_away),
        cmocka_unit_test(admission_is_told),
        cmocka_unit_test(frames_follow_a_card),
        cmocka_unit_test(frames_follow_a_claim),
        cmocka_unit_test(frames_keep_who_asked),
        cmocka_unit_test(kept_cards_make_no_frame),
        cmocka_unit_test(changes_have_their_order),
        cmocka_unit_test(a_cards_page_links_back),
        cmocka_unit_test(people_are_listed_latest_first),
        cmocka_unit_test(a_questions_page_says_whose_it_is),
        cmocka_unit_test(hostile_names),
        cmocka_unit_test(privacy_is_said_in_both),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
