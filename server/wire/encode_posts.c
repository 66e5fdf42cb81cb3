/* The event's accounts, and what of its questions goes out there. */
#include <string.h>

#include "wire/encode.h"

/* An address is a far server's word: it must not become a script. */
static bool address_good(const char *url) {
    return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
}

static void member_address(struct buffer *out, const char *url) {
    member_text(out, "url", address_good(url) ? url : "");
}

static void encode_account(struct buffer *out, const struct account *account, enum view view) {
    buffer_format(out, "{\"id\":%u,\"network\":\"%s\",\"name\":", account->id,
                  network_name(account->network));
    encode_text(out, account->name);
    member_address(out, account->url);
    buffer_format(out, ",\"limit\":%u,\"link\":%u", account->post_limit, account->link_length);
    if (view == VIEW_STAFF) {
        buffer_format(out, ",\"state\":\"%s\"", account_state_name(account->state));
        member_text(out, "server", account->server);
        member_true(out, "keeps", account->keeps);
        member_true(out, "avatar", account->avatar != NULL);
    }
    buffer_text(out, "}");
}

void encode_accounts(struct buffer *out, const struct event *event, enum view view) {
    bool first = true;
    buffer_text(out, "[");
    for (uint32_t i = 0; i < event->account_count; i++) {
        const struct account *account = event->accounts[i];
        if (view == VIEW_STAFF || account->state != ACCOUNT_LEFT) {
            buffer_text(out, first ? "" : ",");
            encode_account(out, account, view);
            first = false;
        }
    }
    buffer_text(out, "]");
}

/* Where it is, from its account on; members, no braces. */
static void encode_row(struct buffer *out, const struct outgoing *row) {
    buffer_format(out, "\"account\":%u,\"kind\":\"%s\",\"state\":\"%s\",\"act\":\"%s\"",
                  row->account, post_kind_name(row->kind), post_state_name(row->state),
                  post_act_name(row->act));
    member_text(out, "trouble", post_trouble_name(row->trouble));
    member_true(out, "dropped", row->dropped);
    member_true(out, "emptied", row->emptied);
    member_address(out, row->url);
    if (row->due > 0) {
        buffer_format(out, ",\"due\":%u", row->due);
    }
}

bool post_public(const struct event *event, const struct outgoing *row) {
    static const uint8_t nothing[POST_MARK_BYTES];
    const struct account *account = event_account(event, row->account);
    return address_good(row->url) && row->kind == POST_QUESTION && account != NULL &&
           account->state != ACCOUNT_LEFT && memcmp(row->sent, nothing, sizeof nothing) != 0;
}

void encode_posts(struct buffer *out, const struct event *event, uint32_t number, enum view view) {
    uint32_t first, count = event_posts(event, number, &first);
    bool any = false;
    for (uint32_t i = first; i < first + count; i++) {
        const struct outgoing *row = &event->outgoing[i];
        if (view == VIEW_PUBLIC && !post_public(event, row)) {
            continue;
        }
        buffer_text(out, any ? ",{" : ",\"posts\":[{");
        any = true;
        if (view == VIEW_STAFF) {
            encode_row(out, row);
        } else {
            buffer_format(out, "\"account\":%u", row->account);
            member_address(out, row->url);
        }
        buffer_text(out, "}");
    }
    buffer_text(out, any ? "]" : "");
}

void encode_left(struct buffer *out, const struct event *event) {
    bool first = true;
    buffer_text(out, "[");
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        const struct outgoing *row = &event->outgoing[i];
        if (event_question(event, row->number) == NULL) {
            buffer_format(out, "%s{\"n\":%u,", first ? "" : ",", row->number);
            encode_row(out, row);
            buffer_text(out, "}");
            first = false;
        }
    }
    buffer_text(out, "]");
}

void encode_offers(struct buffer *out, unsigned offers) {
    bool first = true;
    buffer_text(out, "[");
    for (int network = 0; network < NETWORK_COUNT; network++) {
        if ((offers & 1u << network) != 0) {
            buffer_format(out, "%s\"%s\"", first ? "" : ",", network_name((enum network)network));
            first = false;
        }
    }
    buffer_text(out, "]");
}
