/* The answer to `interest`: who else is here for this question. Whoever did not opt in for it sees
 * nobody, nor does who a moderator took away; these are neither counted nor seen. Below
 * INTEREST_CROWD nobody is seen or counted. */
#include <string.h>

#include "wire/decode.h"
#include "wire/encode_people.h"

#define CARDS_BYTES (LIMIT_REPLY_BYTES - 256) /* of one answer */

struct circle {
    const struct event *event;
    const struct interest *interests; /* of the question, by card */
    uint32_t count;
    const struct card *own; /* NULL: sees nobody */
};

/* The card of `interest`, or NULL: a moderator took it away. */
static const struct card *interest_card(const struct event *event,
                                        const struct interest *interest) {
    const struct card *card = event_card(event, interest->card);
    return card != NULL && !card->hidden ? card : NULL;
}

/* The same as the asker of the answer may see it, or NULL. */
static const struct card *circle_card(const struct circle *circle,
                                      const struct interest *interest) {
    const struct card *card = interest_card(circle->event, interest);
    bool shown = interest->scope == INTEREST_ALL || card_proof(circle->own) != PROOF_NONE;
    return card != circle->own && shown ? card : NULL;
}

/* Each begins behind their own card and goes around: where not all fit, all are still seen by
 * some. */
static void circle_encode(struct buffer *out, const struct circle *circle, uint32_t own) {
    struct buffer one = buffer_make(LIMIT_REPLY_BYTES);
    const char *between = "";
    for (uint32_t i = 1; i < circle->count; i++) {
        const struct interest *other = &circle->interests[(own + i) % circle->count];
        const struct card *card = circle_card(circle, other);
        if (card == NULL) {
            continue;
        }
        buffer_reset(&one);
        buffer_text(&one, between);
        encode_card(&one, circle->event, card, VIEW_PUBLIC);
        if (one.overflow || out->length + one.length > CARDS_BYTES) {
            break;
        }
        buffer_append(out, one.data, one.length);
        between = ",";
    }
    buffer_clear(&one);
}

static struct circle circle_of(const struct event *event, uint32_t number) {
    uint32_t first = 0, count = event_interests(event, number, &first);
    return (struct circle){.event = event, .interests = event->interests + first, .count = count};
}

/* How many are told of. */
static uint32_t circle_told(const struct circle *circle) {
    uint32_t told = 0;
    for (uint32_t i = 0; i < circle->count; i++) {
        told += interest_card(circle->event, &circle->interests[i]) != NULL;
    }
    return told >= INTEREST_CROWD ? told : 0;
}

void interest_compose(const struct event *event, struct journal_request *request) {
    const struct interest *asked = &request->command.as.interest;
    struct circle circle = circle_of(event, asked->number);
    uint32_t told = circle_told(&circle), own = 0;
    while (own < circle.count &&
           memcmp(circle.interests[own].card, asked->card, CARD_KEY_BYTES) != 0) {
        own++;
    }
    circle.own = own < circle.count ? interest_card(event, &circle.interests[own]) : NULL;
    struct buffer out = buffer_make(LIMIT_REPLY_BYTES);
    buffer_format(&out, "{\"count\":%u,\"cards\":[", told);
    if (told > 0 && circle.own != NULL) {
        circle_encode(&out, &circle, own);
    }
    buffer_text(&out, "]}");
    size_t length;
    request->answer = (char *)buffer_take(&out, &length);
}
