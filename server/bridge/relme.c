/* rel="me", as Mastodon looks for it in the other direction (protocols §5). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/html.h"
#include "bridge/proof.h"
#include "bridge/webfinger.h"

#define PAGE_BYTES (1024 * 1024)
#define BLANKS     " \t\r\n\f"

struct looking {
    struct proof_look look; /* its texts are copies */
    char *actor, *page;
};

static bool has_me(const char *rel) {
    while (*rel != '\0') {
        size_t length = strcspn(rel, BLANKS);
        if (length == 2 && strncasecmp(rel, "me", 2) == 0) {
            return true;
        }
        rel += length;
        rel += strspn(rel, BLANKS);
    }
    return false;
}

static bool leads_there(void *context, const char *rel, const char *href) {
    return has_me(rel) && url_same(href + strspn(href, BLANKS), context);
}

bool relme_has(const char *html, size_t length, const char *target) {
    char *wanted = memory_text(target);
    bool found = html_links(html, length, leads_there, wanted);
    free(wanted);
    return found;
}

static void looking_end(struct looking *looking, enum refusal refusal) {
    const struct proof_look *look = &looking->look;
    look->done(look->context, refusal, looking->actor, looking->page);
    free((char *)(uintptr_t)look->account);
    free((char *)(uintptr_t)look->wanted);
    free((char *)(uintptr_t)look->actor);
    free(looking->actor);
    free(looking->page);
    free(looking);
}

/* Whoever may leave a file at that server, or lead its visitors away, has not made the page. The
 * page of an account is what its server says it is. */
static bool is_page(const struct looking *looking, const struct http_answer *answer) {
    bool own = looking->look.account[0] != '\0' || origin_same(answer->url, looking->page);
    return own &&
           (http_is_type(answer, "text/html") || http_is_type(answer, "application/xhtml+xml"));
}

static void page_answered(void *context, const struct http_answer *answer) {
    struct looking *looking = context;
    if (is_missing(answer)) {
        looking_end(looking, REFUSAL_BAD_CODE);
    } else if (answer->trouble != TROUBLE_NONE || answer->status != 200) {
        enum refusal refusal = refusal_of(answer);
        looking_end(looking, refusal == REFUSAL_REFUSED ? REFUSAL_BAD_SERVER : refusal);
    } else {
        bool found = is_page(looking, answer) &&
                     relme_has(answer->body, answer->length, looking->look.wanted);
        looking_end(looking, found ? REFUSAL_OK : REFUSAL_BAD_CODE);
    }
}

static void page_ask(struct looking *looking) {
    struct http_request *request = http_request_new("GET", looking->page);
    http_accept(request, "text/html, application/xhtml+xml");
    http_limit(request, PAGE_BYTES);
    http_follow(request);
    http_send(looking->look.reach->http, request, page_answered, looking);
}

static void finger_known(void *context, enum refusal refusal, const struct finger *finger) {
    struct looking *looking = context;
    if (refusal != REFUSAL_OK) {
        looking_end(looking, refusal);
        return;
    }
    const char *actor = finger->actor != NULL ? finger->actor : finger->profile;
    if (finger->profile == NULL) {
        looking_end(looking, REFUSAL_BAD_SERVER);
        return;
    }
    looking->actor = memory_text(actor);
    looking->page = memory_text(finger->profile);
    if (looking->look.actor != NULL && strcmp(looking->look.actor, actor) != 0) {
        looking_end(looking, REFUSAL_BAD_ACCOUNT); /* the name is somebody else's by now */
        return;
    }
    page_ask(looking);
}

static void refused(void *context, const struct http_answer *answer) {
    (void)answer;
    looking_end(context, REFUSAL_BAD_ACCOUNT);
}

void relme_look(const struct proof_look *look) {
    struct looking *looking = memory_new(sizeof *looking);
    looking->look = *look;
    looking->look.account = memory_text(look->account);
    looking->look.wanted = memory_text(look->wanted);
    looking->look.actor = look->actor == NULL ? NULL : memory_text(look->actor);
    looking->look.page = NULL;
    if (look->account[0] == '\0') {
        looking->page = memory_text(look->page);
        looking->actor = memory_text(look->page);
        page_ask(looking);
    } else if (strchr(look->account, '@') != NULL) {
        finger_ask(look->reach, look->account, finger_known, looking);
    } else { /* pages of Bluesky are the app's, not the account's */
        http_send(look->reach->http, http_request_new("GET", ""), refused, looking);
    }
}
