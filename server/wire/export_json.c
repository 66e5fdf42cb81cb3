#include <inttypes.h>

#include "wire/encode.h"
#include "wire/encode_people.h"
#include "wire/export.h"

/* While an edit waits for its release, a claim may have a greater revision than the text: whoever
 * sees the claim knows it. */
static uint32_t rev_seen(const struct event *event, const struct question *question) {
    const struct claim *claim = event_claim(event, question->number);
    const struct card *card = claim != NULL ? event_card(event, claim->card) : NULL;
    bool greater =
        card != NULL && claim_seen(event, claim, card, VIEW_PUBLIC) && claim->rev > question->rev;
    return greater ? claim->rev : question->rev;
}

static void encode_export_question(struct buffer *out, const struct event *event,
                                   const struct question *question) {
    buffer_format(out, "{\"n\":%u,\"talk\":%u,\"key\":", question->number, question->talk);
    encode_bytes(out, question->key, QUESTION_KEY_BYTES);
    buffer_format(out,
                  ",\"state\":\"%s\",\"rev\":%u,\"votes\":%u,\"minute\":%u,"
                  "\"exposure\":%" PRIu64 ",\"degree\":%u,\"pinned\":%s",
                  question_state_name(question->state), rev_seen(event, question), question->votes,
                  question->minute, question->exposure, question->degree,
                  question->pinned ? "true" : "false");
    if (question->state == STATE_DECLINED) {
        buffer_format(out, ",\"reason\":\"%s\"", decline_reason_name(question->reason));
    } else {
        buffer_text(out, ",\"text\":");
        encode_text(out, question->text);
    }
    if (question->answer != NULL) {
        buffer_text(out, ",\"answer\":");
        encode_text(out, question->answer);
    }
    if (question->edited) {
        buffer_text(out, ",\"edited\":true");
    }
    if (question->approved) {
        buffer_text(out, ",\"approved\":true");
    }
    if (question->open) {
        buffer_text(out, ",\"open\":true");
    }
    if (question->warning != NULL) {
        buffer_text(out, ",\"warning\":");
        encode_text(out, question->warning);
    }
    if (question->answered > 0) {
        buffer_format(out, ",\"answered\":%u", question->answered);
    }
    buffer_text(out, "}");
}

/* A post tells whose the question is that it names: as far as everybody sees it here. */
static bool post_seen(const struct event *event, const struct card *card,
                      const struct proof *proof) {
    const struct claim *claim = event_claim(event, proof->number);
    return claim != NULL && claim_seen(event, claim, card, VIEW_PUBLIC);
}

static void encode_proof(struct buffer *out, const struct event *event, const struct card *card,
                         const struct proof *proof) {
    if (proof->kind == PROOF_NONE) {
        return;
    }
    buffer_format(out, ",\"proof\":{\"kind\":\"%s\",\"minute\":%u", proof_kind_name(proof->kind),
                  proof->minute);
    member_text(out, "actor", proof->actor != NULL ? proof->actor : "");
    bool post = proof->kind == PROOF_POST, seen = post && post_seen(event, card, proof);
    member_text(out, "source", proof->source != NULL && (seen || !post) ? proof->source : "");
    if (seen) {
        buffer_format(out, ",\"n\":%u,\"salt\":", proof->number);
        encode_bytes(out, proof->salt, QUESTION_SALT_BYTES);
    }
    buffer_text(out, "}");
}

static void encode_export_card(struct buffer *out, const struct event *event,
                               const struct card *card) {
    buffer_text(out, "{\"card\":");
    encode_bytes(out, card->key, CARD_KEY_BYTES);
    buffer_format(out, ",\"rev\":%u,\"since\":%u,\"name\":", card->rev, card->name_since);
    encode_text(out, card->name);
    member_text(out, "line", card->line);
    member_text(out, "web", card->web);
    buffer_text(out, ",\"accounts\":[");
    for (uint8_t i = 0; i < card->account_count; i++) {
        buffer_text(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        encode_text(out, card->accounts[i].name);
        buffer_format(out, ",\"since\":%u", card->accounts[i].since);
        encode_proof(out, event, card, &card->accounts[i].proof);
        buffer_text(out, "}");
    }
    buffer_format(out, "],\"lists\":%s,\"minute\":%u", card->lists ? "true" : "false",
                  card->minute);
    encode_proof(out, event, card, &card->web_proof);
    buffer_text(out, ",\"sig\":");
    encode_bytes(out, card->signature, SIGNATURE_BYTES);
    buffer_text(out, "}");
}

static void encode_export_claim(struct buffer *out, const struct event *event,
                                const struct claim *claim) {
    buffer_format(out, "{\"n\":%u,\"key\":", claim->number);
    encode_bytes(out, event_question(event, claim->number)->key, QUESTION_KEY_BYTES);
    buffer_text(out, ",\"card\":");
    encode_bytes(out, claim->card, CARD_KEY_BYTES);
    buffer_format(out, ",\"rev\":%u,\"minute\":%u,\"hash\":", claim->rev, claim->minute);
    encode_bytes(out, claim->hash, TEXT_HASH_BYTES);
    buffer_text(out, ",\"sig\":");
    encode_bytes(out, claim->by_question, SIGNATURE_BYTES);
    buffer_text(out, ",\"card_sig\":");
    encode_bytes(out, claim->by_card, SIGNATURE_BYTES);
    buffer_text(out, "}");
}

/* What everybody sees of people, no more. */
static void encode_export_people(struct buffer *out, const struct event *event) {
    const char *between = "";
    buffer_text(out, "],\"cards\":[");
    for (uint32_t i = 0; i < event->card_count; i++) {
        if (card_public(event->cards[i])) {
            buffer_text(out, between);
            encode_export_card(out, event, event->cards[i]);
            between = ",";
        }
    }
    buffer_text(out, "],\"claims\":[");
    between = "";
    for (uint32_t i = 0; i < event->claim_count; i++) {
        const struct claim *claim = &event->claims[i];
        const struct card *card = event_card(event, claim->card);
        if (card != NULL && claim_seen(event, claim, card, VIEW_PUBLIC)) {
            buffer_text(out, between);
            encode_export_claim(out, event, claim);
            between = ",";
        }
    }
}

void export_json(struct buffer *out, const struct event *event) {
    buffer_text(out, "{\"format\":\"raute.1/export\",\"event\":");
    encode_event(out, event);
    buffer_format(out,
                  ",\"seq\":[%" PRIu64 ",%" PRIu64
                  "],\"next_number\":%u,\"next_talk\":%u,\"current\":%u,\"talks\":[",
                  event->seq[VIEW_PUBLIC], event->seq[VIEW_STAFF], event->next_number,
                  event->next_talk, event->current_talk);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        const struct talk *talk = &event->talks[i];
        buffer_format(out, "%s{\"id\":%u,\"title\":", i > 0 ? "," : "", talk->id);
        encode_text(out, talk->title);
        buffer_format(out, ",\"open\":%s,\"order\":", talk->open ? "true" : "false");
        encode_order(out, talk);
        buffer_text(out, "}");
    }
    buffer_text(out, "],\"questions\":[");
    for (uint32_t i = 0; i < event->question_count; i++) {
        buffer_text(out, i > 0 ? "," : "");
        encode_export_question(out, event, event->questions[i]);
    }
    encode_export_people(out, event);
    buffer_text(out, "]}\n");
}
