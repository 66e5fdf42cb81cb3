/* What the server says to people: the catalogues web/words/de.json and en.json, one flat object
 * each
 * ("refusal.too_often": "…"), embedded by the build and shared with the pages. A sentence may have
 * placeholders: {name}. Both catalogues have the same keys. Read-only after words_start: any
 * thread. */
#ifndef RAUTE_WIRE_WORDS_H
#define RAUTE_WIRE_WORDS_H

#include <stddef.h>

#include "base/buffer.h"
#include "event/refusal.h"
#include "event/settings.h"

/* Made by the build from web/words/. */
extern const unsigned char words_de_json[];
extern const unsigned int words_de_json_length;
extern const unsigned char words_en_json[];
extern const unsigned int words_en_json_length;

/* Once per process, before anything else of wire (wire_start does it). */
void words_start(void);
void words_stop(void);

/* The sentence; static until words_stop. A key that the catalogue lacks is a broken invariant. */
const char *words_get(enum language language, const char *key);
const char *words_refusal(enum language language, enum refusal refusal);

/* One placeholder's value; a list of them ends with a NULL name. */
struct word_value {
    const char *name;
    const char *text;
};
/* Appends the sentence with its placeholders filled in. Nothing is escaped. */
void words_fill(struct buffer *out, enum language language, const char *key,
                const struct word_value *values);

/* "de", "en"; static text. language_find: −1 when unknown. */
const char *language_name(enum language language);
int language_find(const char *name);
/* What an Accept-Language header (may be NULL) prefers, else `otherwise`. */
enum language language_accepted(const char *header, enum language otherwise);

#endif
