#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "base/table.h"
#include "base/text.h"
#include "wire/export.h"
#include "wire/import.h"
#include "wire/words.h"

#define SENTENCE_BYTES  (16 * 1024)
#define SHOWN_GRAPHEMES 60 /* of a question's text */
#define NUMBER_CHARS    24

/* One export being checked. Names and texts in it are anybody's: only those in normal form are
 * written, so that nothing plays with the terminal. */
struct verification {
    struct buffer *out;
    enum language language;
    uint8_t event[EVENT_ID_BYTES];
    struct table questions; /* u32 number → its json_t, borrowed */
    struct table cards;     /* key → struct card *, owned: the good ones */
    struct table claimed;   /* u32 number: claims that were seen */
    size_t card_count, claim_count, wrong;
};

static void number_write(char text[NUMBER_CHARS], size_t number) {
    (void)snprintf(text, NUMBER_CHARS, "%zu", number);
}

static void sentence(struct verification *run, bool good, const char *key,
                     const struct word_value *values) {
    run->wrong += good ? 0 : 1;
    words_fill(run->out, run->language, key, values);
    buffer_text(run->out, "\n");
}

/* ---- cards */

static const char *card_fault(enum refusal refusal) {
    return refusal == REFUSAL_OK              ? "verify.card.good"
           : refusal == REFUSAL_PRESENT       ? "verify.card.twice"
           : refusal == REFUSAL_BAD_SIGNATURE ? "verify.card.signature"
                                              : "verify.card.form";
}

/* „Karte 3“, and its name where that can be shown. */
static void card_name(struct buffer *name, const struct verification *run, const json_t *part) {
    char place[NUMBER_CHARS];
    const char *text = object_text(part, "name");
    number_write(place, run->card_count);
    bool shown = text != NULL && object_check_text(text, LIMIT_CARD_NAME_BYTES,
                                                   LIMIT_CARD_NAME_GRAPHEMES) == REFUSAL_OK;
    words_fill(name, run->language, shown ? "verify.card.named" : "verify.card.nameless",
               (struct word_value[]){{"place", place}, {"name", shown ? text : ""}, {0}});
}

static void card_verify_one(struct verification *run, const json_t *part) {
    struct buffer name = buffer_make(SENTENCE_BYTES);
    struct card *card = NULL;
    run->card_count++;
    card_name(&name, run, part);
    enum refusal refusal = import_card(&card, part, run->event);
    if (refusal == REFUSAL_OK && table_get(&run->cards, card->key) != NULL) {
        refusal = REFUSAL_PRESENT;
        card_free(card);
    } else if (refusal == REFUSAL_OK) {
        table_set(&run->cards, card->key, card);
    }
    sentence(run, refusal == REFUSAL_OK, card_fault(refusal),
             (struct word_value[]){{"card", (const char *)name.data}, {0}});
    buffer_clear(&name);
}

/* ---- claims */

/* The question's text, and its key and the hash of its text; false when it has none of that. */
static bool question_read(const struct verification *run, const json_t *question,
                          uint8_t key[QUESTION_KEY_BYTES], uint8_t hash[TEXT_HASH_BYTES]) {
    const char *key_text = object_text(question, "key"), *text = object_text(question, "text");
    if (key_text == NULL || text == NULL || !base64_decode(key, QUESTION_KEY_BYTES, key_text) ||
        object_check_text(text, LIMIT_QUESTION_BYTES, LIMIT_QUESTION_GRAPHEMES) != REFUSAL_OK) {
        return false;
    }
    text_hash(hash, run->event, text);
    return true;
}

/* What is wrong with the claim, as a key of the words; NULL: nothing. */
static const char *claim_fault(struct verification *run, const struct claim *claim,
                               const uint8_t claimed[QUESTION_KEY_BYTES]) {
    uint8_t key[QUESTION_KEY_BYTES], hash[TEXT_HASH_BYTES];
    const json_t *question = table_get(&run->questions, &claim->number);
    if (question == NULL || !question_read(run, question, key, hash)) {
        return "verify.claim.question";
    }
    if (memcmp(key, claimed, sizeof key) != 0) {
        return "verify.claim.key";
    }
    if (table_get(&run->cards, claim->card) == NULL) {
        return "verify.claim.card";
    }
    if (memcmp(hash, claim->hash, sizeof hash) != 0) {
        return "verify.claim.text";
    }
    if (table_get(&run->claimed, &claim->number) != NULL) {
        return "verify.claim.twice";
    }
    table_set(&run->claimed, &claim->number, run);
    return NULL;
}

static void claim_good(struct verification *run, const struct claim *claim, const char *number) {
    const json_t *question = table_get(&run->questions, &claim->number);
    const struct card *card = table_get(&run->cards, claim->card);
    const char *text = object_text(question, "text");
    struct buffer shown = buffer_make(SENTENCE_BYTES);
    size_t cut = text_cut(text, SHOWN_GRAPHEMES);
    buffer_append(&shown, text, cut);
    buffer_text(&shown, text[cut] != '\0' ? "…" : "");
    sentence(
        run, true, "verify.claim.good",
        (struct word_value[]){
            {"number", number}, {"text", (const char *)shown.data}, {"name", card->name}, {0}});
    buffer_clear(&shown);
}

static void claim_verify_one(struct verification *run, const json_t *part) {
    struct claim claim = {0};
    uint8_t key[QUESTION_KEY_BYTES];
    char number[NUMBER_CHARS];
    run->claim_count++;
    enum refusal refusal = import_claim(&claim, key, part, run->event);
    const char *fault = refusal == REFUSAL_OK              ? NULL
                        : refusal == REFUSAL_BAD_SIGNATURE ? "verify.claim.signature"
                                                           : "verify.claim.form";
    if (refusal == REFUSAL_OK) {
        fault = claim_fault(run, &claim, key);
    }
    number_write(number, claim.number != 0 ? claim.number : run->claim_count);
    if (fault != NULL) {
        sentence(run, false, fault, (struct word_value[]){{"number", number}, {0}});
    } else {
        claim_good(run, &claim, number);
    }
}

/* ---- the export */

static void questions_index(struct verification *run, const json_t *list) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *question = json_array_get(list, i);
        json_int_t number = json_integer_value(json_object_get(question, "n"));
        if (number > 0 && number <= UINT32_MAX) {
            table_set(&run->questions, &(uint32_t){(uint32_t)number}, question);
        }
    }
}

static void sum_say(struct verification *run) {
    char cards[NUMBER_CHARS], claims[NUMBER_CHARS], wrong[NUMBER_CHARS];
    number_write(cards, run->card_count);
    number_write(claims, run->claim_count);
    number_write(wrong, run->wrong);
    words_fill(run->out, run->language, run->wrong == 0 ? "verify.sum.good" : "verify.sum.wrong",
               (struct word_value[]){{"cards", cards}, {"claims", claims}, {"wrong", wrong}, {0}});
    buffer_text(run->out, "\n");
}

static bool list_or_none(const json_t *object, const char *name) {
    const json_t *list = json_object_get(object, name);
    return list == NULL || json_is_array(list);
}

/* Is it one of our exports, and of which event? Old ones have neither cards nor claims. */
static bool export_read(struct verification *run, const json_t *object) {
    const char *format = object_text(object, "format");
    const char *id = object_text(json_object_get(object, "event"), "id");
    return format != NULL && strcmp(format, "raute.1/export") == 0 && id != NULL &&
           base64_decode(run->event, EVENT_ID_BYTES, id) &&
           json_is_array(json_object_get(object, "questions")) && list_or_none(object, "cards") &&
           list_or_none(object, "claims");
}

enum export_proof export_verify(struct buffer *out, const json_t *object, enum language language) {
    struct verification run = {.out = out, .language = language};
    if (!export_read(&run, object)) {
        return EXPORT_NOT_READ;
    }
    run.questions = table_make(sizeof(uint32_t));
    run.cards = table_make(CARD_KEY_BYTES);
    run.claimed = table_make(sizeof(uint32_t));
    const json_t *cards = json_object_get(object, "cards");
    const json_t *claims = json_object_get(object, "claims");
    questions_index(&run, json_object_get(object, "questions"));
    for (size_t i = 0; i < json_array_size(cards); i++) {
        card_verify_one(&run, json_array_get(cards, i));
    }
    for (size_t i = 0; i < json_array_size(claims); i++) {
        claim_verify_one(&run, json_array_get(claims, i));
    }
    sum_say(&run);
    const void *key;
    void *card;
    for (size_t at = 0; table_next(&run.cards, &at, &key, &card);) {
        card_free(card);
    }
    table_clear(&run.questions);
    table_clear(&run.cards);
    table_clear(&run.claimed);
    return run.wrong == 0 ? EXPORT_GOOD : EXPORT_WRONG;
}
