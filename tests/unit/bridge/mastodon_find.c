/* Which status of an account is the one that nobody knows of; and plain text from HTML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bridge/html.h"
#include "bridge/mastodon.h"

#define LINK        "https://raute.example/e/hro/q/1"
#define BY_US(more) "{\"id\":\"7\",\"account\":{\"id\":\"42\"}," more "}"

/* The core's side: nothing is sent here. */
void attempt_began(struct attempt *attempt, const char *url) {
    (void)attempt;
    (void)url;
    fail();
}
void attempt_finished(struct attempt *attempt) {
    (void)attempt;
    fail();
}
void attempt_failed(struct attempt *attempt, enum refusal refusal) {
    (void)attempt;
    (void)refusal;
    fail();
}
void job_done(struct job *job, const struct job_result *result) {
    (void)job;
    (void)result;
    fail();
}

static void plain_text(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"a", "a\n"},
        {"<p>Wer?<br>Wann?</p><p>Wo?</p>", "Wer?\nWann?\nWo?\n"},
        {"<p>1 &lt; 2 &amp;&amp; 3 &gt; 2</p>", "1 < 2 && 3 > 2\n"},
        {"<p>&auml;&#228;&#xE4;ä &quot;&#39;</p>", "ääää \"'\n"},
        {"<p>AT&T &</p>", "AT&T &\n"},
        {"<p>a</p><script>alert(1)</script><style>b{}</style>", "a\n"},
        {"<p><a href=\"https://a.de\"><span class=\"invisible\">https://</span>a.de</a></p>",
         "https://a.de\n"},
        {"<p>unclosed <b>here", "unclosed here\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *plain = html_plain(cases[i][0]);
        assert_string_equal(plain, cases[i][1]);
        free(plain);
    }
}

struct search {
    const char *name;
    enum post_kind kind;
    const char *text; /* NULL: a deletion */
    const char *status;
    bool found;
};

static const char question[] = "Wer, wann & wo?\n\n#Tag " LINK;
static const char answer[] = "Hier.\n\n#Tag " LINK;
#define CONTENT                                                                                    \
    "\"in_reply_to_id\":null,\"content\":\"<p>Wer, wann &amp; wo?</p><p><a href=\\\"https://m/"    \
    "tags/tag\\\">#<span>Tag</span></a> <a href=\\\"" LINK "\\\"><span "                           \
    "class=\\\"invisible\\\">https://</span><span class=\\\"ellipsis\\\">raute.example/e/</span>"  \
    "<span class=\\\"invisible\\\">hro/q/1</span></a></p>\""
#define REPLY  "\"in_reply_to_id\":\"6\",\"content\":"
#define ANCHOR "<a href=\\\"" LINK "\\\">raute</a>"

static const struct search searches[] = {
    {"as Mastodon shows it", POST_QUESTION, question, BY_US(CONTENT), true},
    {"of somebody else", POST_QUESTION, question,
     "{\"id\":\"7\",\"account\":{\"id\":\"43\"}," CONTENT "}", false},
    {"of nobody", POST_QUESTION, question, "{\"id\":\"7\"," CONTENT "}", false},
    {"without an id", POST_QUESTION, question, "{\"account\":{\"id\":\"42\"}," CONTENT "}", false},
    {"with another text", POST_QUESTION, "Wer, wann?\n\n#Tag " LINK, BY_US(CONTENT), false},
    {"with more text", POST_QUESTION, "Wer, wann & wo? Und wie?\n\n#Tag " LINK, BY_US(CONTENT),
     false},
    {"a question is no reply", POST_ANSWER, question, BY_US(CONTENT), false},
    {"as snac shows it: the source", POST_QUESTION, "a *b* c\n\n#Tag " LINK,
     BY_US("\"in_reply_to_id\":null,\"text\":\"a *b* c\\n\\n#Tag " LINK "\",\"content\":\"\""),
     true},
    {"of another question", POST_QUESTION, question,
     BY_US("\"in_reply_to_id\":null,\"text\":\"Wer, wann & wo?\\n\\n#Tag " LINK "7\""), false},
    {"a link in the middle", POST_QUESTION, "Ja: https://a.de\n\n#Tag " LINK,
     BY_US("\"in_reply_to_id\":null,\"text\":\"Ja: https://a.de\\n\\n#Tag " LINK "\""), true},
    {"a reply", POST_ANSWER, answer, BY_US(REPLY "\"<p>Hier.</p><p>#Tag " ANCHOR "</p>\""), true},
    {"a reply by number", POST_ANSWER, answer,
     BY_US("\"in_reply_to_id\":6,\"content\":\"<p>Hier.</p><p>#Tag " ANCHOR "</p>\""), true},
    {"another reply", POST_ANSWER, answer, BY_US(REPLY "\"<p>Dort.</p><p>#Tag " ANCHOR "</p>\""),
     false},
    {"an answer to be deleted", POST_ANSWER, NULL,
     BY_US(REPLY "\"<p>Hier.</p><p>#Tag " ANCHOR "</p>\""), true},
    {"a call is no answer", POST_ANSWER, NULL,
     BY_US(REPLY "\"<p>Dafür war auf der Bühne keine Zeit. Wer weiß eine Antwort?</p>" ANCHOR "\""),
     false},
    {"an answer is no call", POST_OPEN, NULL, BY_US(REPLY "\"<p>Hier.</p>" ANCHOR "\""), false},
    {"a call to be deleted", POST_OPEN, NULL,
     BY_US(REPLY "\"<p>There was no time for this on stage. Who has an answer?</p><p>#Tag " ANCHOR
                 "</p>\""),
     true},
    {"a call is the whole of it", POST_OPEN, NULL,
     BY_US(REPLY "\"<p>There was no time for this on stage. Who has an answer?</p>" ANCHOR "\""),
     false},
    {"a question to be deleted, whatever it says", POST_QUESTION, NULL, BY_US(CONTENT), true},
    {"somebody's own words with the link", POST_QUESTION, NULL,
     BY_US("\"in_reply_to_id\":null,\"content\":\"<p>Kommt alle: " ANCHOR "</p>\""), false},
    {"somebody's own line with hashtag and link", POST_QUESTION, NULL,
     BY_US("\"in_reply_to_id\":null,\"text\":\"Kommt alle! #Tag " LINK "\""), false},
    {"somebody's own words below it", POST_QUESTION, NULL,
     BY_US("\"in_reply_to_id\":null,\"text\":\"Na?\\n\\n#Tag " LINK "\\n\\nKommt!\""), false},
    {"with words of somebody's own", POST_QUESTION, question,
     BY_US("\"in_reply_to_id\":null,\"text\":\"Wer, wann & wo?\\n\\n#Tag " LINK " Na?\""), false},
    {"with a longer hashtag", POST_QUESTION, question,
     BY_US("\"in_reply_to_id\":null,\"text\":\"Wer, wann & wo?\\n\\n#Tagung " LINK "\""), false},
    {"an emptied one is not there", POST_QUESTION, NULL,
     BY_US("\"in_reply_to_id\":null,\"content\":\"<p>–</p>\""), false},
    {"no text", POST_QUESTION, NULL, BY_US("\"content\":null"), false},
    {"no object", POST_QUESTION, NULL, "7", false},
};

static void searching(void **state) {
    (void)state;
    struct account account = {.remote = "42@https://m.example"};
    for (size_t i = 0; i < sizeof searches / sizeof searches[0]; i++) {
        const struct search *search = &searches[i];
        struct post_text text = {.text = memory_text(search->text == NULL ? "" : search->text)};
        struct job job = {.account = &account,
                          .kind = search->kind,
                          .act = search->text == NULL ? ACT_DELETE : ACT_POST,
                          .text = search->text == NULL ? NULL : &text,
                          .link = LINK};
        json_t *status = json_loads(search->status, JSON_DECODE_ANY, NULL);
        assert_non_null(status);
        json_t *statuses = json_pack("[{s:s},o]", "id", "1", status);
        const json_t *found = mastodon_find(&job, statuses);
        if ((found != NULL) != search->found || (found != NULL && found != status)) {
            fail_msg("%s", search->name);
        }
        json_decref(statuses);
        free(text.text);
    }
    struct job job = {.account = &account, .link = LINK};
    json_t *none = json_object();
    assert_null(mastodon_find(&job, none));
    assert_null(mastodon_find(&job, NULL));
    json_decref(none);
}

static void links(void **state) {
    (void)state;
    static const char *const peers[] = {"127.0.0.1:8001"};
    const struct bridge_options options = {.peers = peers, .peer_count = 1};
    static const struct {
        const char *url;
        bool sound;
    } cases[] = {
        {"https://m.example/@hro/1", true},
        {"https://other.example/@hro/1", true}, /* people's pages may be elsewhere */
        {"http://127.0.0.1:8001/@hro/1", true},
        {"http://m.example/@hro/1", false},
        {"http://127.0.0.1:8002/", false},
        {"https://127.0.0.1/", false},
        {"https://localhost/", false},
        {"https://m.example@evil.example/", false},
        {"javascript:alert(1)", false},
        {"javascript://m.example/%0aalert(1)", false},
        {"data:text/html,x", false},
        {"https://m.example/\" onclick=\"x", false},
        {"https://m.example/a b", false},
        {"https://m.example/\xc3\xa4", false},
        {"m.example", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (link_sound(cases[i].url, "https://m.example", &options) != cases[i].sound) {
            fail_msg("%s", cases[i].url);
        }
    }
}

/* Id of the application; NULL: none. */
static const char *taken(struct apps *apps, const char *origin) {
    static char id[32];
    struct app app;
    if (app_take(apps, origin, "other", &app) || !app_take(apps, origin, "x", &app)) {
        return NULL;
    }
    (void)snprintf(id, sizeof id, "%s", app.id);
    app_clear(&app);
    return id;
}

static void applications(void **state) {
    (void)state;
    struct apps *apps = apps_new();
    assert_null(taken(apps, "https://a"));
    app_add(apps, "https://a", "id1", "s", "x");
    app_add(apps, "https://b", "id2", "s", "x");
    app_add(apps, "https://a", "id3", "s", "x");
    assert_string_equal(taken(apps, "https://a"), "id3"); /* each for one attempt */
    assert_string_equal(taken(apps, "https://a"), "id1");
    assert_null(taken(apps, "https://a"));
    for (int i = 0; i < 300; i++) {
        char origin[32];
        (void)snprintf(origin, sizeof origin, "https://%d", i);
        app_add(apps, origin, origin, "s", "x");
    }
    assert_null(taken(apps, "https://b"));
    assert_null(taken(apps, "https://43"));
    assert_non_null(taken(apps, "https://44"));
    assert_non_null(taken(apps, "https://299"));
    apps_free(apps);
    apps_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text),
        cmocka_unit_test(searching),
        cmocka_unit_test(links),
        cmocka_unit_test(applications),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
