#include "base/confusable.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>
#include <unictype.h>
#include <unistr.h>

#include "base/log.h"

/* A skeleton is longer than its text at times; what goes beyond is not compared. */
#define UNITS 2048

static USpoofChecker *checker; /* lives as long as the process */
static pthread_once_t checker_once = PTHREAD_ONCE_INIT;

static void checker_make(void) {
    UErrorCode error = U_ZERO_ERROR;
    checker = uspoof_open(&error);
    INVARIANT(U_SUCCESS(error));
}

struct units {
    UChar units[UNITS];
    int32_t count;
};

/* Without joiners, soft hyphens, variation selectors and the like. */
static struct units units_seen(const char *text) {
    struct units seen = {.count = 0};
    const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
    while (at < end) {
        ucs4_t point;
        at += u8_mbtouc(&point, at, (size_t)(end - at));
        if (!uc_is_property_default_ignorable_code_point(point)) {
            int count = u16_uctomb(seen.units + seen.count, point, UNITS - seen.count);
            if (count < 0) {
                break;
            }
            seen.count += count;
        }
    }
    return seen;
}

/* Where there is no room for it, the text stays as it is. */
static void skeleton(struct units *text) {
    UErrorCode error = U_ZERO_ERROR;
    UChar made[UNITS];
    int32_t count = uspoof_getSkeleton(checker, 0, text->units, text->count, made, UNITS, &error);
    if (U_SUCCESS(error)) {
        memcpy(text->units, made, (size_t)count * sizeof *made);
        text->count = count;
    }
}

static void fold(struct units *text) {
    UErrorCode error = U_ZERO_ERROR;
    UChar made[UNITS];
    int32_t count =
        u_strFoldCase(made, UNITS, text->units, text->count, U_FOLD_CASE_DEFAULT, &error);
    if (U_SUCCESS(error)) {
        memcpy(text->units, made, (size_t)count * sizeof *made);
        text->count = count;
    }
}

void confusable_hash(uint8_t hash[CONFUSABLE_BYTES], const char *text) {
    (void)pthread_once(&checker_once, checker_make);
    struct units look = units_seen(text);
    /* I looks like l before its case is folded, and is an i after that. */
    skeleton(&look);
    fold(&look);
    skeleton(&look);
    INVARIANT(crypto_generichash(hash, CONFUSABLE_BYTES, (const uint8_t *)look.units,
                                 (size_t)look.count * sizeof *look.units, NULL, 0) == 0);
}
