/* Cards, claims and interest: what is signed, and checks of it. A card is a key pair too, a new one
 * in every event. A claim has two signatures over equal fields, by the question's key and by the
 * card's; either key may take it back. Pure functions on libsodium, crypto_sign_verify_detached,
 * which takes keys of mixed order: whoever brings a new key asks question_key_valid() first, of
 * cards as well. The bytes: wire/README.md, "Signed messages". */
#ifndef RAUTE_IDENTITY_CLAIM_H
#define RAUTE_IDENTITY_CLAIM_H

#include "base/limits.h"
#include "identity/identity.h"

#define CARD_KEY_BYTES  32
#define TEXT_HASH_BYTES 32
#define POST_CODE_BYTES 16

/* What a card says; texts are borrowed, valid UTF-8, "" when left empty. */
struct card_text {
    const char *name, *line, *web;
    const char *accounts[LIMIT_CARD_ACCOUNTS];
    uint8_t account_count;
    bool lists; /* may stand on public take-home lists */
};

struct claim_message {
    uint8_t key[QUESTION_KEY_BYTES];
    uint8_t card[CARD_KEY_BYTES];
    uint32_t rev;    /* of the question */
    uint32_t minute; /* Unix time in minutes */
    uint8_t hash[TEXT_HASH_BYTES];
};

/* How far a person's interest in a question goes. */
enum interest_scope { INTEREST_OFF, INTEREST_PROVED, INTEREST_ALL, INTEREST_COUNT };

/* Of a question's text: first 32 bytes of SHA-512 over L("raute.1/text") ‖ event ‖ T(text). */
void text_hash(uint8_t hash[TEXT_HASH_BYTES], const uint8_t event[EVENT_ID_BYTES],
               const char *text);

bool card_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                 const uint8_t card[CARD_KEY_BYTES], uint32_t rev, const struct card_text *text);
bool card_delete_verify(const uint8_t signature[SIGNATURE_BYTES],
                        const uint8_t event[EVENT_ID_BYTES], const uint8_t card[CARD_KEY_BYTES],
                        uint32_t rev);
/* Both signatures; one alone is no claim. */
bool claim_verify(const uint8_t by_question[SIGNATURE_BYTES],
                  const uint8_t by_card[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                  const struct claim_message *claim);
/* By the question's key, or by the card's. */
bool unclaim_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                    const uint8_t key[QUESTION_KEY_BYTES], const uint8_t card[CARD_KEY_BYTES],
                    uint32_t rev, bool by_card);
bool interest_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                     const uint8_t card[CARD_KEY_BYTES], uint32_t number, uint32_t minute,
                     enum interest_scope scope);

/* For the forgotten file: this claim, and no other of the two keys. Of its signature by the question,
 * which nobody can guess: else whoever has the file could try which card had claimed which question. */
void claim_forgotten_hash(uint8_t hash[FORGOTTEN_BYTES], const uint8_t event[EVENT_ID_BYTES],
                          const uint8_t by_question[SIGNATURE_BYTES]);

/* The code in the fragment of a share link: commits to question, card and account. */
void post_code_make(uint8_t code[POST_CODE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                    const uint8_t key[QUESTION_KEY_BYTES], const uint8_t card[CARD_KEY_BYTES],
                    const uint8_t salt[QUESTION_SALT_BYTES], const char *account);

#endif
