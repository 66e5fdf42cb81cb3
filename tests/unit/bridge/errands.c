/* Proofs without a log-in, their rechecks, and where to follow. Runs under TSan too. */
#include "person.h"

#define PAGE   "https://raute.example/e/hro/people/"
#define TYPED  "200 OK\r\nContent-Type: "
#define HTML   TYPED "text/html"
#define OBJECT TYPED "application/activity+json"

static char answer[512];

static enum refusal prove(struct stage *stage, const char *account, enum proof_kind kind,
                          const char *url) {
    struct journal_request *request = own_request(COMMAND_PROVE, account);
    request->command.as.own.kind = kind;
    if (kind == PROOF_POST) {
        request->command.as.own.number = 1;
        request->command.as.own.url = memory_text(url);
        memcpy(request->command.as.own.salt, person_salt, sizeof person_salt);
    }
    return stage_ask(stage, request, answer, sizeof answer);
}

/* The page that links back, with the card's tag. */
static const char *linking(const char *rel) {
    static char body[256];
    uint8_t key[CARD_KEY_BYTES];
    char tag[BASE64_CHARS(QUESTION_TAG_BYTES) + 1];
    kit_key(key, CARD);
    base64_encode(tag, key, QUESTION_TAG_BYTES);
    snprintf(body, sizeof body, "<a rel=\"%s\" href=\"" PAGE "%s\">", rel, tag);
    return body;
}

static bool is_linked(const struct event *event, const void *context) {
    const struct proof *proof = person_proof(event, "");
    return proof->kind == PROOF_LINK && strcmp(proof->source, context) == 0;
}

static void test_link(void **state) {
    (void)state;
    struct page shown[] = {{"/me", HTML, linking("nothing")}, {0}};
    struct stage stage;
    char web[64];
    pages_open(&stage, shown);
    snprintf(web, sizeof web, "%s/me", far_server->origin);
    assert_int_equal(prove(&stage, "", PROOF_LINK, NULL), REFUSAL_UNKNOWN);
    person_card(&stage, NULL, web);
    assert_int_equal(prove(&stage, "", PROOF_LINK, NULL), REFUSAL_BAD_CODE);
    assert_int_equal(prove(&stage, HANDLE, PROOF_LINK, NULL), REFUSAL_BAD_ACCOUNT);
    assert_int_equal(prove(&stage, "berta.test", PROOF_LINK, NULL), REFUSAL_BAD_ACCOUNT);
    shown[0].body = linking("me");
    assert_int_equal(prove(&stage, "", PROOF_LINK, NULL), REFUSAL_OK);
    assert_string_equal(answer, "{\"mark\":\"link\"}");
    assert_true(stage_looks(&stage, is_linked, web));
    pages_close(&stage);
}

/* ---- posts */

#define FINGER                                                                                     \
    "{\"links\":[{\"rel\":\"self\",\"type\":\"application/activity+json\","                        \
    "\"href\":\"%s/users/anna\"}]}"

static void note_write(char note[1024], const char *author, const char *account, int64_t at) {
    uint8_t key[QUESTION_KEY_BYTES], card[CARD_KEY_BYTES], code[POST_CODE_BYTES];
    char text[BASE64_CHARS(POST_CODE_BYTES) + 1], time_text[32];
    time_t seconds = (time_t)(at / 1000);
    struct tm utc;
    kit_key(key, QUESTION);
    kit_key(card, CARD);
    post_code_make(code, house_id(1), key, card, person_salt, account);
    base64_encode(text, code, sizeof code);
    strftime(time_text, sizeof time_text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
    snprintf(note, 1024,
             "{\"id\":\"%%s/1\",\"attributedTo\":\"%%s/users/%s\",\"to\":\"as:Public\","
             "\"published\":\"%s\",\"content\":\"<a href='https://raute.example/e/hro/q/1#%s'>\"}",
             author, time_text, text);
}

static bool is_posted(const struct event *event, const void *context) {
    const struct proof *proof = person_proof(event, context);
    return proof->kind == PROOF_POST && proof->number == 1 &&
           memcmp(proof->salt, person_salt, sizeof person_salt) == 0;
}

static void test_post(void **state) {
    (void)state;
    char note[1024], account[64], url[64], elsewhere[64] = "https://evil.example/1";
    struct page shown[] = {
        {"/.well-known/webfinger", "200 OK", FINGER}, {"/1 ", OBJECT, note}, {0}};
    struct stage stage;
    pages_open(&stage, shown);
    snprintf(account, sizeof account, "anna@%s", far_server->peer);
    snprintf(url, sizeof url, "%s/1", far_server->origin);
    person_card(&stage, account, "https://anna.example/");
    person_ask(&stage);
    int64_t now = clock_unix_ms();
    note_write(note, "anna", account, now);
    assert_int_equal(prove(&stage, account, PROOF_POST, url), REFUSAL_UNKNOWN); /* no claim */
    person_claim(&stage);
    assert_int_equal(prove(&stage, "", PROOF_POST, url), REFUSAL_BAD_ACCOUNT);
    assert_int_equal(prove(&stage, account, PROOF_POST, elsewhere), REFUSAL_BAD_ACCOUNT);
    note_write(note, "berta", account, now);
    assert_int_equal(prove(&stage, account, PROOF_POST, url), REFUSAL_BAD_ACCOUNT);
    note_write(note, "anna", "berta@example.social", now); /* made for another account */
    assert_int_equal(prove(&stage, account, PROOF_POST, url), REFUSAL_BAD_CODE);
    note_write(note, "anna", account, now - 120000); /* before the question */
    assert_int_equal(prove(&stage, account, PROOF_POST, url), REFUSAL_BAD_CODE);
    note_write(note, "anna", account, now);
    assert_int_equal(prove(&stage, account, PROOF_POST, url), REFUSAL_OK);
    assert_string_equal(answer, "{\"mark\":\"post\"}");
    assert_true(stage_looks(&stage, is_posted, account));
    pages_close(&stage);
}

/* ---- rechecks */

/* Each as it turns out a day later. */
static const struct {
    const char *status, *rel, *actor;
    unsigned days;
    bool holds, due;
} rechecked[] = {
    {HTML, "me", "anna", 1, true, false},
    {HTML, "nothing", "anna", 1, false, false},
    {"404 Not Found", "me", "anna", 1, false, false},
    {HTML, "me", "berta", 1, false, false}, /* the name is another's by now */
    {"503 Later", "me", "anna", 1, true, true},
};
#define RECHECKED (sizeof rechecked / sizeof *rechecked)

static char names[RECHECKED][64];

static bool turned_out(const struct proof *proof, enum proof_kind kind, bool due) {
    bool fresh = (int64_t)proof->minute * 60000 > clock_unix_ms() - 120000;
    return proof->kind == kind && proof->due == due && (kind == PROOF_NONE || fresh != due);
}

static bool all_rechecked(const struct event *event, const void *context) {
    (void)context;
    for (size_t at = 0; at < RECHECKED; at++) {
        enum proof_kind kind = rechecked[at].holds ? PROOF_LINK : PROOF_NONE;
        if (!turned_out(person_proof(event, names[at]), kind, rechecked[at].due)) {
            return false;
        }
    }
    return person_proof(event, "")->kind == PROOF_NONE; /* silent for days */
}

/* Of a log-in without a source. */
static void proof_old(struct stage *stage, const char *account, const char *actor,
                      const char *source, unsigned days) {
    struct journal_request *request = journal_request_new(COMMAND_PROOF, house_id(1));
    kit_key(request->command.as.proof.card, CARD);
    snprintf(request->command.as.proof.account, sizeof request->command.as.proof.account, "%s",
             account);
    request->command.as.proof.proof =
        (struct proof){.kind = source == NULL ? PROOF_LOGIN : PROOF_LINK,
                       .minute = (uint32_t)(clock_unix_ms() / 60000) - days * 1440 - 1,
                       .actor = memory_text(actor),
                       .source = text_copy(source)};
    assert_int_equal(stage_run(stage, request, NULL), REFUSAL_OK);
}

static struct journal_request *card_request(const char *web) {
    struct journal_request *request = journal_request_new(COMMAND_CARD, house_id(1));
    struct card *card = memory_new(sizeof *card);
    kit_key(card->key, CARD);
    card->rev = 1;
    card->shown = true;
    card->name = memory_text("Anna");
    card->line = memory_text("");
    card->web = memory_text(web);
    for (size_t at = 0; at < RECHECKED; at++) {
        snprintf(names[at], sizeof names[at], "a%zu@%s", at, far_server->peer);
        card->accounts[card->account_count++].name = memory_text(names[at]);
    }
    request->command.as.card.card = card;
    return request;
}

static void card_rechecked(struct stage *stage, const char *web) {
    assert_int_equal(stage_run(stage, card_request(web), NULL), REFUSAL_OK);
}

/* So often, and no more: what is asked again would come at once. */
static void requested(unsigned wanted) {
    int64_t end = clock_monotonic_ms() + WAIT_MS;
    while (atomic_load(&far_server->requests) < wanted) {
        assert_true(clock_monotonic_ms() < end);
        usleep(5000);
    }
    usleep(200000);
    assert_int_equal(atomic_load(&far_server->requests), wanted);
}

static void test_recheck(void **state) {
    (void)state;
    char texts[RECHECKED][4][300], web[64], actor[64];
    struct page shown[2 * RECHECKED + 2] = {{"/web", "502 No", ""}};
    for (size_t at = 0; at < RECHECKED; at++) {
        snprintf(texts[at][0], 300, "/.well-known/webfinger?resource=acct%%3Aa%zu%%40", at);
        snprintf(texts[at][1], 300,
                 "{\"links\":[{\"rel\":\"self\",\"type\":\"application/activity+json\","
                 "\"href\":\"%%s/%s\"},{\"rel\":\"http://webfinger.net/rel/profile-page\","
                 "\"href\":\"%%s/p%zu\"}]}",
                 rechecked[at].actor, at);
        snprintf(texts[at][2], 300, "/p%zu", at);
        snprintf(texts[at][3], 300, "%s", linking(rechecked[at].rel));
        shown[2 * at + 1] = (struct page){texts[at][0], "200 OK", texts[at][1]};
        shown[2 * at + 2] = (struct page){texts[at][2], rechecked[at].status, texts[at][3]};
    }
    struct stage stage;
    pages_open(&stage, shown);
    snprintf(web, sizeof web, "%s/web", far_server->origin);
    snprintf(actor, sizeof actor, "%s/anna", far_server->origin);
    card_rechecked(&stage, web);
    proof_old(&stage, "", web, web, 3);
    for (size_t at = 0; at < RECHECKED; at++) {
        proof_old(&stage, names[at], actor, actor, rechecked[at].days);
    }
    stage_until(&stage, all_rechecked, NULL);
    requested(2 * RECHECKED); /* a document and a page each, but of Berta; and the web page */
    assert_true(stage_looks(&stage, all_rechecked, NULL));
    pages_close(&stage);
}

/* Of a log-in whose the name is, without a token. */
static const struct {
    const char *status, *actor;
    unsigned days;
    enum proof_kind kind;
    bool due;
} logins[RECHECKED] = {
    {"200 OK", "anna", 1, PROOF_LOGIN, false},   {"200 OK", "berta", 1, PROOF_NONE, false},
    {"404 Not Found", "", 1, PROOF_NONE, false}, {"500 No", "", 1, PROOF_LOGIN, true},
    {"500 No", "", 3, PROOF_NONE, false},
};

static bool logins_rechecked(const struct event *event, const void *context) {
    (void)context;
    for (size_t at = 0; at < RECHECKED; at++) {
        if (!turned_out(person_proof(event, names[at]), logins[at].kind, logins[at].due)) {
            return false;
        }
    }
    return true;
}

static void test_recheck_login(void **state) {
    (void)state;
    char paths[RECHECKED][64], bodies[RECHECKED][200], actor[64];
    struct page shown[RECHECKED + 1] = {{0}};
    for (size_t at = 0; at < RECHECKED; at++) {
        snprintf(paths[at], sizeof paths[at], "/.well-known/webfinger?resource=acct%%3Aa%zu%%40",
                 at);
        snprintf(bodies[at], sizeof bodies[at],
                 "{\"links\":[{\"rel\":\"self\",\"type\":\"application/activity+json\","
                 "\"href\":\"%%s/%s\"}]}",
                 logins[at].actor);
        shown[at] = (struct page){paths[at], logins[at].status, bodies[at]};
    }
    struct stage stage;
    pages_open(&stage, shown);
    snprintf(actor, sizeof actor, "%s/anna", far_server->origin);
    card_rechecked(&stage, "");
    for (size_t at = 0; at < RECHECKED; at++) {
        proof_old(&stage, names[at], actor, NULL, logins[at].days);
    }
    stage_until(&stage, logins_rechecked, NULL);
    requested(RECHECKED); /* whose the name is, and nothing else */
    assert_true(stage_looks(&stage, logins_rechecked, NULL));
    pages_close(&stage);
}

static bool is_fresh(const struct event *event, const void *context) {
    const struct proof *proof = person_proof(event, "");
    return proof->kind == PROOF_LINK && strcmp(proof->source, context) == 0 && !proof->due &&
           (int64_t)proof->minute * 60000 > clock_unix_ms() - 120000;
}

static bool is_gone(const struct event *event, const void *context) {
    (void)context;
    return person_proof(event, "")->kind == PROOF_NONE;
}

/* Each look is at what is due then, not at what was the first day. */
static void test_recheck_again(void **state) {
    (void)state;
    struct page shown[] = {{"/me", HTML, linking("me")}, {"/other", HTML, linking("me")}, {0}};
    struct stage stage;
    char web[64], other[64];
    pages_open(&stage, shown);
    snprintf(web, sizeof web, "%s/me", far_server->origin);
    snprintf(other, sizeof other, "%s/other", far_server->origin);
    card_rechecked(&stage, web);
    proof_old(&stage, "", web, web, 1);
    stage_until(&stage, is_fresh, web);
    shown[1].status = "404 Not Found";
    proof_old(&stage, "", other, other, 1); /* a new one, that is due again */
    stage_until(&stage, is_gone, NULL);
    assert_int_equal(atomic_load(&far_server->requests), 2);
    pages_close(&stage);
}

/* Of a card that is gone, or does not say any more what was to be looked at, nothing stays. */
static void test_recheck_ends(void **state) {
    (void)state;
    static const struct page shown[] = {{"/me", "503 Later", ""}, {0}};
    for (int deleted = 0; deleted < 2; deleted++) {
        struct stage stage;
        char web[64];
        pages_open(&stage, shown);
        snprintf(web, sizeof web, "%s/me", far_server->origin);
        person_card(&stage, NULL, web);
        proof_old(&stage, "", web, web, 1);
        int64_t end = clock_monotonic_ms() + WAIT_MS;
        while (atomic_load(&far_server->requests) == 0) {
            assert_true(clock_monotonic_ms() < end);
            usleep(5000);
        }
        struct journal_request *request =
            deleted ? journal_request_new(COMMAND_CARD_DELETE, house_id(1)) : card_request("");
        if (deleted) {
            kit_key(request->command.as.card_key.key, CARD);
            request->command.as.card_key.rev = 2;
        } else {
            request->command.as.card.card->rev = 2;
        }
        assert_int_equal(stage_run(&stage, request, NULL), REFUSAL_OK);
        (void)prove(&stage, "", PROOF_LINK, NULL); /* the bridge has heard of it then */
        stage_down(&stage);
        const struct site *site = site_find(stage.bridge, house_id(1));
        assert_int_equal(site->agenda->check_count, 0);
        assert_null(site->rechecks);
        pages_close(&stage);
    }
}

/* ---- where to follow */

static enum refusal follow(struct stage *stage, const char *server) {
    return stage_ask(stage, bridge_follow(house_id(1), server), answer, sizeof answer);
}

#define TEMPLATE                                                                                   \
    "{\"links\":[{\"rel\":\"http://ostatus.org/schema/1.0/subscribe\","                            \
    "\"template\":\"%s/authorize_interaction?uri={uri}\"}]}"

static void test_follow(void **state) {
    (void)state;
    struct page shown[] = {
        {"/.well-known/webfinger?resource=acct%3Aanna%40", "200 OK", TEMPLATE},
        {"/api/v1/instance", "200 OK", "{\"contact_account\":{\"username\":\"anna\"}}"},
        {0}};
    struct stage stage;
    char expected[128];
    pages_open(&stage, shown);
    snprintf(expected, sizeof expected, "{\"template\":\"%s/authorize_interaction?uri={uri}\"}",
             far_server->origin);
    assert_int_equal(follow(&stage, far_server->peer), REFUSAL_OK);
    assert_string_equal(answer, expected);
    assert_int_equal(atomic_load(&far_server->requests), 3);
    assert_int_equal(follow(&stage, far_server->peer), REFUSAL_OK); /* known for an hour */
    assert_string_equal(answer, expected);
    assert_int_equal(atomic_load(&far_server->requests), 3);
    static const char *const wrong[] = {
        "", "@", "localhost", "10.0.0.1", "a b.example", "anna@example.social", "127.0.0.1:1"};
    for (size_t at = 0; at < sizeof wrong / sizeof wrong[0]; at++) {
        assert_int_equal(follow(&stage, wrong[at]), REFUSAL_BAD_SERVER);
    }
    pages_close(&stage);
}

/* Templates that would lead people anywhere. */
static void test_follow_hostile(void **state) {
    (void)state;
    static const char *const templates[] = {"http://evil.example/?u={uri}", "https://evil.example/",
                                            "javascript:alert({uri})",      "https://{uri}/",
                                            "https://a@evil.example/{uri}", "//evil.example/{uri}"};
    for (size_t at = 0; at < sizeof templates / sizeof templates[0]; at++) {
        char body[512];
        snprintf(body, sizeof body,
                 "{\"links\":[{\"rel\":\"http://ostatus.org/schema/1.0/subscribe\","
                 "\"template\":\"%s\"}]}",
                 templates[at]);
        struct page shown[] = {
            {"/.well-known/webfinger", "200 OK", body},
            {"/api/v2/instance", "200 OK", "{\"contact\":{\"account\":{\"username\":\"anna\"}}}"},
            {0}};
        struct stage stage;
        pages_open(&stage, shown);
        assert_int_equal(follow(&stage, far_server->peer), REFUSAL_BAD_SERVER);
        assert_int_equal(atomic_load(&far_server->requests), 2);
        pages_close(&stage);
    }
}

/* Whoever passes by cannot take the places of those who log in or prove something. */
static bool silent(struct far_line *line, const char *request) {
    (void)request;
    while (!atomic_load(&line->far->stopping)) {
        usleep(5000);
    }
    return false;
}

static void submit(struct stage *stage, struct journal_request *request) {
    request->reply = &stage->reply;
    bridge_submit(stage->bridge, request);
}

static void test_follow_places(void **state) {
    (void)state;
    enum { FOLLOWS = 4, KEPT = 64 };
    static const struct page shown[] = {{0}};
    struct stage stage;
    char web[64];
    pages_open(&stage, shown);
    far_server->answer = silent;
    snprintf(web, sizeof web, "%s/me", far_server->origin);
    person_card(&stage, NULL, web);
    for (int at = 0; at < FOLLOWS; at++) {
        submit(&stage, bridge_follow(house_id(1), far_server->peer));
    }
    assert_int_equal(follow(&stage, far_server->peer), REFUSAL_BUSY);
    assert_int_equal(prove(&stage, HANDLE, PROOF_LINK, NULL), REFUSAL_BAD_ACCOUNT);
    atomic_fetch_add(&stage.bridge->waiting, LIMIT_BRIDGE_WAITING - FOLLOWS - KEPT);
    struct journal_request *late = bridge_follow(house_id(2), far_server->peer);
    submit(&stage, late);
    assert_int_equal(stage_answer(&stage, late, NULL, NULL, 0), REFUSAL_BUSY);
    assert_int_equal(prove(&stage, HANDLE, PROOF_LINK, NULL), REFUSAL_BAD_ACCOUNT);
    atomic_fetch_sub(&stage.bridge->waiting, LIMIT_BRIDGE_WAITING - FOLLOWS - KEPT);
    atomic_store(&far_server->stopping, true);
    stage_down(&stage);
    for (struct queue_node *node = queue_take(&stage.reply), *next; node != NULL; node = next) {
        next = node->next;
        assert_int_equal(((struct journal_request *)node)->refusal, REFUSAL_BUSY);
        journal_request_free((struct journal_request *)node);
    }
    pages_close(&stage);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link),           cmocka_unit_test(test_post),
        cmocka_unit_test(test_recheck),        cmocka_unit_test(test_follow),
        cmocka_unit_test(test_follow_hostile), cmocka_unit_test(test_follow_places),
        cmocka_unit_test(test_recheck_again),  cmocka_unit_test(test_recheck_ends),
        cmocka_unit_test(test_recheck_login),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
