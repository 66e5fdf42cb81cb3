/* From what an organiser typed to a PDS: syntax, and far servers and name servers that lie. Both
 * are played at the seam (http.h, lookup.h); lookup.c has a test of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "bridge/handle.h"
#include "bridge/lookup.h"
#include "bridge/network.h"

#define ANNA "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
#define ELSE "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
#define PLC  "https://plc.directory/"

/* ---- the far side: what each URL answers, which TXT records there are */

struct http_request {
    char *url;
    bool follow;
    size_t limit;
};

static struct page {
    const char *url, *body;
    long status;
    enum post_trouble trouble;
} pages[4];

static enum refusal txt_refusal;
static const char *txt_records[8];
static size_t txt_count;
static char asked[1024]; /* all that was asked, in order */
static bool within;      /* identity_resolve has not returned */

static struct {
    struct http_request *request;
    void (*answered)(void *context, const struct http_answer *answer);
    void (*looked)(void *context, enum refusal refusal, const char *const *records, size_t count);
    void *context;
} waiting;

static void note(const char *what) {
    size_t length = strlen(asked);
    snprintf(asked + length, sizeof asked - length, "%s\n", what);
}

struct http_request *http_request_new(const char *method, const char *url) {
    assert_string_equal(method, "GET");
    struct http_request *request = memory_new(sizeof *request);
    request->url = memory_text(url);
    return request;
}

void http_follow(struct http_request *request) {
    request->follow = true;
}

void http_limit(struct http_request *request, size_t bytes) {
    request->limit = bytes;
}

const char *json_text(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

void http_send(struct http *http, struct http_request *request,
               void (*done)(void *context, const struct http_answer *answer), void *context) {
    (void)http;
    assert_null(waiting.context);
    waiting.request = request;
    waiting.answered = done;
    waiting.context = context;
    note(request->url);
}

void lookup_txt(struct lookup *lookup, const char *name,
                void (*done)(void *context, enum refusal refusal, const char *const *records,
                             size_t count),
                void *context) {
    (void)lookup;
    assert_null(waiting.context);
    waiting.looked = done;
    waiting.context = context;
    note(name);
}

static void http_answer_now(struct http_request *request,
                            void (*done)(void *context, const struct http_answer *answer),
                            void *context) {
    struct http_answer answer = {.trouble = TROUBLE_UNREACHABLE, .url = request->url, .body = ""};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (pages[i].url != NULL && strcmp(pages[i].url, request->url) == 0) {
            answer.trouble = pages[i].trouble;
            answer.status = pages[i].status == 0 ? 200 : pages[i].status;
            answer.body = pages[i].body == NULL ? "" : pages[i].body;
            answer.length = strlen(answer.body);
            answer.json = json_loads(answer.body, 0, NULL);
        }
    }
    if (*request->url == '\0') {
        answer.trouble = TROUBLE_ADDRESS;
    }
    /* a handle's page may lead elsewhere, a document is where it is */
    assert_int_equal(request->follow, strstr(request->url, "atproto-did") != NULL);
    done(context, &answer);
    json_decref(answer.json);
    free(request->url);
    free(request);
}

/* ---- asking */

static struct {
    unsigned times;
    enum refusal refusal;
    char did[400], handle[400], pds[400];
} told;

static void tell(void *context, enum refusal refusal, const struct identity *identity) {
    assert_ptr_equal(context, &told);
    assert_false(within);
    told.times++;
    told.refusal = refusal;
    assert_int_equal(identity != NULL, refusal == REFUSAL_OK);
    if (identity != NULL) {
        snprintf(told.did, sizeof told.did, "%s", identity->did);
        snprintf(told.handle, sizeof told.handle, "%s", identity->handle);
        snprintf(told.pds, sizeof told.pds, "%s", identity->pds);
    }
}

static enum refusal resolve(const char *name) {
    const char *const peers[] = {"localhost:2583"};
    struct bridge_options options = {.peers = peers, .peer_count = 1};
    struct reach reach = {.options = &options};
    memset(&told, 0, sizeof told);
    asked[0] = '\0';
    within = true;
    identity_resolve(&reach, name, tell, &told);
    within = false;
    while (waiting.context != NULL) {
        void *context = waiting.context;
        waiting.context = NULL;
        if (waiting.looked != NULL) {
            void (*looked)(void *, enum refusal, const char *const *, size_t) = waiting.looked;
            waiting.looked = NULL;
            looked(context, txt_refusal, txt_records, txt_count);
        } else {
            http_answer_now(waiting.request, waiting.answered, context);
        }
    }
    assert_int_equal(told.times, 1);
    return told.refusal;
}

/* A document of ANNA; the texts go in as they are. */
static const char *document(const char *id, const char *names, const char *services) {
    static char text[8192];
    snprintf(text, sizeof text, "{\"id\":\"%s\",\"alsoKnownAs\":%s,\"service\":%s}", id, names,
             services);
    return text;
}

static const char pds[] = "[{\"id\":\"#atproto_pds\",\"type\":\"AtprotoPersonalDataServer\","
                          "\"serviceEndpoint\":\"https://pds.example/\"}]";
static const char names[] = "[\"at://anna.example\"]";

static int setup(void **state) {
    (void)state;
    memset(pages, 0, sizeof pages);
    memset(txt_records, 0, sizeof txt_records);
    txt_refusal = REFUSAL_OK;
    txt_records[0] = "did=" ANNA;
    txt_count = 1;
    pages[0] = (struct page){.url = PLC ANNA, .body = document(ANNA, names, pds)};
    return 0;
}

/* ---- syntax */

static void test_handles(void **state) {
    (void)state;
    static const struct {
        const char *typed, *handle;
    } good[] = {
        {"anna.example", "anna.example"},
        {"@Anna.Example", "anna.example"},
        {"at://anna.example", "anna.example"},
        {"8.example", "8.example"},
        {"a-b.c--d.xn--fiqs8s", "a-b.c--d.xn--fiqs8s"},
    };
    static const char *const bad[] = {
        "",
        "@",
        "anna",
        ".example",
        "anna.",
        "anna..example",
        "-a.example",
        "a-.example",
        "a_b.example",
        "a b.example",
        "127.0.0.1",
        "anna.1example",
        "[::1]",
        "ann\xc3\xa4.example",
        "anna.example/x",
        "anna.example:443",
        "@@anna.example",
        "https://anna.example",
        "anna.example\n",
        "anna.example.",
    };
    char handle[HANDLE_BYTES + 1];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(handle_read(handle, good[i].typed));
        assert_string_equal(handle, good[i].handle);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(handle_read(handle, bad[i]));
    }
}

static void test_long_handles(void **state) {
    (void)state;
    char text[400], handle[HANDLE_BYTES + 1];
    memset(text, 'a', sizeof text);
    for (size_t dot = 63; dot < 252; dot += 64) {
        text[dot] = '.';
    }
    text[253] = '\0';
    assert_true(handle_read(handle, text)); /* 63.63.63.61 */
    text[253] = 'a';
    text[254] = '\0';
    assert_false(handle_read(handle, text)); /* 254 */
    memset(text, 'a', 64);
    memcpy(text + 64, ".example", 9);
    assert_false(handle_read(handle, text)); /* a label of 64 */
    assert_true(handle_read(handle, text + 1));
}

static void test_dids(void **state) {
    (void)state;
    static const char *const good[] = {ANNA, "did:web:example.org", "did:web:a.b-c.example"};
    static const char *const bad[] = {
        "",
        "did:plc:",
        "did:plc:ewvi7nxzyoun6zhxrhs64oi",
        "did:plc:ewvi7nxzyoun6zhxrhs64oi1",
        "did:web:",
        "did:web:localhost%3A8080",
        "did:web:example.org:user",
        "did:web:127.0.0.1",
        "DID:plc:ewvi7nxzyoun6zhxrhs64oiz",
        " " ANNA,
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(did_valid(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(did_valid(bad[i]));
    }
    char endless[1000] = "did:web:";
    memset(endless + 8, 'a', sizeof endless - 9);
    for (size_t dot = 40; dot < sizeof endless - 10; dot += 40) {
        endless[dot] = '.';
    }
    assert_false(did_valid(endless));
    endless[8 + 253] = '\0';
    assert_true(did_valid(endless));
}

/* ---- the way there */

static void test_by_handle(void **state) {
    (void)state;
    assert_int_equal(resolve("@Anna.example"), REFUSAL_OK);
    assert_string_equal(told.did, ANNA);
    assert_string_equal(told.handle, "anna.example");
    assert_string_equal(told.pds, "https://pds.example");
    assert_string_equal(asked, "_atproto.anna.example\n" PLC ANNA "\n");
}

static void test_no_name(void **state) {
    (void)state;
    assert_int_equal(resolve("localhost"), REFUSAL_BAD_SERVER);
    assert_int_equal(resolve("did:plc:short"), REFUSAL_BAD_SERVER);
    assert_string_equal(asked, "\n"); /* nobody was asked */
}

static void test_txt(void **state) {
    (void)state;
    static const struct {
        const char *records[4];
        enum refusal refusal;
    } cases[] = {
        {{"did=" ANNA, "did=" ANNA}, REFUSAL_OK},
        {{"v=spf1 -all", "did=nonsense", "did=" ANNA, ""}, REFUSAL_OK},
        {{"did=" ANNA, "did=" ELSE}, REFUSAL_BAD_SERVER}, /* they contradict each other */
        {{"did=" ELSE}, REFUSAL_BAD_ACCOUNT},             /* whose document names another handle */
        {{"DID=" ANNA}, REFUSAL_BAD_SERVER},
        {{" did=" ANNA}, REFUSAL_BAD_SERVER},
        {{"did=" ANNA " "}, REFUSAL_BAD_SERVER},
    };
    pages[1].url = PLC ELSE;
    pages[1].body = "{\"id\":\"" ELSE "\",\"alsoKnownAs\":[\"at://else.example\"],\"service\":[]}";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memcpy(txt_records, cases[i].records, sizeof cases[i].records);
        for (txt_count = 0; txt_count < 4 && txt_records[txt_count] != NULL; txt_count++) {}
        assert_int_equal(resolve("anna.example"), cases[i].refusal);
    }
    char endless[600] = "did=did:web:";
    memset(endless + 12, 'a', sizeof endless - 13);
    txt_records[0] = endless;
    assert_int_equal(resolve("anna.example"), REFUSAL_BAD_SERVER);
}

#define WELL_KNOWN "https://anna.example/.well-known/atproto-did"

static void test_well_known(void **state) {
    (void)state;
    static const struct {
        const char *body;
        long status;
        enum refusal refusal;
    } cases[] = {
        {ANNA, 200, REFUSAL_OK},
        {ANNA "\r\n \n", 200, REFUSAL_OK},
        {"\n" ANNA, 200, REFUSAL_BAD_SERVER},
        {ANNA " x", 200, REFUSAL_BAD_SERVER},
        {ANNA, 404, REFUSAL_BAD_ACCOUNT},
        {ANNA, 301, REFUSAL_BAD_SERVER},
        {"<html></html>", 200, REFUSAL_BAD_SERVER},
        {"", 200, REFUSAL_BAD_SERVER},
    };
    txt_count = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pages[2] = (struct page){WELL_KNOWN, cases[i].body, cases[i].status, TROUBLE_NONE};
        assert_int_equal(resolve("anna.example"), cases[i].refusal);
    }
    pages[2] = (struct page){WELL_KNOWN, NULL, 0, TROUBLE_ANSWER};
    assert_int_equal(resolve("anna.example"), REFUSAL_BAD_SERVER);
}

/* Silence is not the same as no such handle. */
static void test_silence(void **state) {
    (void)state;
    txt_count = 0;
    assert_int_equal(resolve("anna.example"), REFUSAL_BAD_SERVER); /* the name server did answer */
    txt_refusal = REFUSAL_UNREACHABLE;
    assert_int_equal(resolve("anna.example"), REFUSAL_UNREACHABLE);
    pages[2] = (struct page){WELL_KNOWN, ANNA, 404, TROUBLE_NONE};
    assert_int_equal(resolve("anna.example"), REFUSAL_BAD_SERVER); /* a record may say it */
    pages[2].status = 200;
    assert_int_equal(resolve("anna.example"), REFUSAL_OK);
    pages[0].trouble = TROUBLE_UNREACHABLE;
    assert_int_equal(resolve("anna.example"), REFUSAL_UNREACHABLE);
    pages[0] = (struct page){PLC ANNA, "", 503, TROUBLE_NONE};
    assert_int_equal(resolve("anna.example"), REFUSAL_UNREACHABLE);
    pages[0] = (struct page){PLC ANNA, "", 429, TROUBLE_NONE};
    assert_int_equal(resolve("anna.example"), REFUSAL_UNREACHABLE);
    pages[0] = (struct page){PLC ANNA, "", 404, TROUBLE_NONE};
    assert_int_equal(resolve("anna.example"), REFUSAL_BAD_ACCOUNT);
    pages[0] = (struct page){PLC ANNA, "", 0, TROUBLE_ADDRESS};
    assert_int_equal(resolve("anna.example"), REFUSAL_BAD_SERVER);
}

#define SERVICE(id, type, endpoint)                                                                \
    "{\"id\":\"" id "\",\"type\":\"" type "\",\"serviceEndpoint\":\"" endpoint "\"}"
#define PDS(endpoint) SERVICE("#atproto_pds", "AtprotoPersonalDataServer", endpoint)

static void test_documents(void **state) {
    (void)state;
    static const struct {
        const char *id, *names, *services, *pds; /* NULL: refused; "": of another handle */
    } cases[] = {
        {ANNA, names, pds, "https://pds.example"},
        {ELSE, names, pds, NULL}, /* of somebody else */
        {ANNA, "[]", pds, ""},
        {ANNA, "null", pds, ""},
        {ANNA, "\"at://anna.example\"", pds, ""},
        {ANNA, "[7,null,{},\"anna.example\",\"https://anna.example\"]", pds, ""},
        {ANNA, "[\"at://anna.example.org\"]", pds, ""},
        {ANNA, "[7,\"at://other.example\",\"at://ANNA.example\"]", pds, "https://pds.example"},
        {ANNA, names, "[]", NULL},
        {ANNA, names, "{}", NULL},
        {ANNA, names, "[7,\"x\",{\"id\":7}]", NULL},
        {ANNA, names, "[" SERVICE("#labeler", "AtprotoLabeler", "https://l.example") "]", NULL},
        {ANNA, names, "[" SERVICE("#atproto_pds", "Else", "https://l.example") "]", NULL},
        {ANNA, names,
         "[" SERVICE("#x", "AtprotoLabeler", "https://l.example") "," PDS(
             "https://one.example:8443/x?y") "," PDS("https://two.example") "]",
         "https://one.example:8443"},
        {ANNA, names,
         "[" SERVICE(ANNA "#atproto_pds", "AtprotoPersonalDataServer", "https://p.example") "]",
         "https://p.example"},
        {ANNA, names, "[" PDS("http://pds.example") "]", NULL},
        {ANNA, names, "[" PDS("http://localhost:2583") "]", "http://localhost:2583"}, /* a peer */
        {ANNA, names, "[" PDS("http://localhost:2584") "]", NULL},
        {ANNA, names, "[" PDS("https://10.0.0.1") "]", NULL},
        {ANNA, names, "[" PDS("https://[::1]") "]", NULL},
        {ANNA, names, "[" PDS("https://user@pds.example") "]", NULL},
        {ANNA, names, "[" PDS("file:///etc/passwd") "]", NULL},
        {ANNA, names, "[" PDS("") "]", NULL},
        {ANNA, names, "[{\"id\":\"#atproto_pds\",\"type\":\"AtprotoPersonalDataServer\"}]", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pages[0].body = document(cases[i].id, cases[i].names, cases[i].services);
        const char *found = cases[i].pds == NULL ? "" : cases[i].pds;
        enum refusal wanted = cases[i].pds == NULL ? REFUSAL_BAD_SERVER : REFUSAL_BAD_ACCOUNT;
        if (resolve("anna.example") != (*found == '\0' ? wanted : REFUSAL_OK)) {
            fail_msg("%s", pages[0].body);
        }
        assert_string_equal(told.pds, found);
    }
    static const char *const nonsense[] = {"", "[]", "7", "{\"id\":7}", "{\"id\":null}", "{"};
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        pages[0].body = nonsense[i];
        assert_int_equal(resolve("anna.example"), REFUSAL_BAD_SERVER);
    }
}

/* An endpoint and a name of a thousand characters, a thousand names before the right one. */
static void test_hostile_sizes(void **state) {
    (void)state;
    char many[7000] = "[", endless[1200], services[1500];
    for (int i = 0; i < 1000; i++) {
        strncat(many, "\"a\",", sizeof many - strlen(many) - 1);
    }
    strncat(many, "\"at://anna.example\"]", sizeof many - strlen(many) - 1);
    pages[0].body = document(ANNA, many, pds);
    assert_int_equal(resolve("anna.example"), REFUSAL_BAD_ACCOUNT);
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    snprintf(services, sizeof services, "[" PDS("https://%s.example") "]", endless);
    pages[0].body = document(ANNA, names, services);
    assert_int_equal(resolve("anna.example"), REFUSAL_BAD_SERVER);
    snprintf(many, sizeof many, "[\"at://%s.example\",\"at://anna.example\"]", endless);
    pages[0].body = document(ANNA, many, pds);
    assert_int_equal(resolve("anna.example"), REFUSAL_OK);
}

static void test_by_did(void **state) {
    (void)state;
    assert_int_equal(resolve(ANNA), REFUSAL_OK);
    assert_string_equal(told.handle, "anna.example");
    assert_string_equal(asked, PLC ANNA "\n_atproto.anna.example\n");
    /* a handle that leads elsewhere, or nowhere, is not the account's */
    txt_records[0] = "did=" ELSE;
    assert_int_equal(resolve(ANNA), REFUSAL_OK);
    assert_string_equal(told.handle, "");
    assert_string_equal(told.did, ANNA);
    txt_count = 0;
    assert_int_equal(resolve(ANNA), REFUSAL_OK);
    assert_string_equal(told.handle, "");
    txt_refusal = REFUSAL_UNREACHABLE;
    assert_int_equal(resolve(ANNA), REFUSAL_OK);
    assert_string_equal(told.handle, "");
    pages[0].body = document(ANNA, "[\"at://not a handle\"]", pds);
    assert_int_equal(resolve(ANNA), REFUSAL_OK);
    assert_string_equal(told.handle, "");
    assert_string_equal(asked, PLC ANNA "\n");
    assert_int_equal(resolve("did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"), REFUSAL_UNREACHABLE);
}

static void test_web(void **state) {
    (void)state;
    pages[2] = (struct page){.url = "https://example.org/.well-known/did.json"};
    pages[2].body = document("did:web:example.org", names, pds);
    txt_records[0] = "did=did:web:example.org";
    assert_int_equal(resolve("anna.example"), REFUSAL_OK);
    assert_string_equal(told.did, "did:web:example.org");
    assert_int_equal(resolve("did:web:example.org"), REFUSAL_OK);
    assert_string_equal(told.handle, "anna.example");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handles),
        cmocka_unit_test(test_long_handles),
        cmocka_unit_test(test_dids),
        cmocka_unit_test_setup(test_by_handle, setup),
        cmocka_unit_test_setup(test_no_name, setup),
        cmocka_unit_test_setup(test_txt, setup),
        cmocka_unit_test_setup(test_well_known, setup),
        cmocka_unit_test_setup(test_silence, setup),
        cmocka_unit_test_setup(test_documents, setup),
        cmocka_unit_test_setup(test_hostile_sizes, setup),
        cmocka_unit_test_setup(test_by_did, setup),
        cmocka_unit_test_setup(test_web, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
