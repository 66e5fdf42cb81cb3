#include "bench/load/question.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "bench/load/common.h"
#include "bench/load/raute.h"

#define LABEL      "\x0braute.1/ask" /* with its length in front */
#define KEY_BYTES  32
#define SALT_BYTES 16
#define SIG_BYTES  64
#define GRAPHEMES  500

/* base64url without padding; `out` has room for 4/3 of the bytes, and 4 more. */
static void base64_write(char *out, const uint8_t *bytes, int length) {
    EVP_EncodeBlock((uint8_t *)out, bytes, length);
    for (char *at = out; *at != '\0'; at++) {
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? '\0' : *at;
    }
}

static size_t text_write(char *out, uint32_t id, size_t bytes) {
    int length = snprintf(out, 32, "Question %u", id);
    size_t begun = (size_t)length;
    bytes = bytes > QUESTION_BYTES_MOST ? QUESTION_BYTES_MOST : bytes;
    text_fill(out + begun, bytes > begun ? bytes - begun : 0, GRAPHEMES - begun);
    return strlen(out);
}

/* What is signed; returns its length. */
static size_t signed_write(uint8_t *out, const uint8_t *key, const uint8_t *salt, const char *text,
                           size_t length) {
    const uint8_t place[] = {0, 0, 0, 1, 0, (uint8_t)(length >> 8), (uint8_t)length};
    const struct {
        const void *bytes;
        size_t length;
    } parts[] = {{LABEL, sizeof LABEL - 1}, {raute.event, EVENT_BYTES}, {key, KEY_BYTES},
                 {salt, SALT_BYTES},        {place, sizeof place},      {text, length}};
    size_t at = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        memcpy(out + at, parts[i].bytes, parts[i].length);
        at += parts[i].length;
    }
    return at;
}

size_t question_write(char out[QUESTION_MESSAGE_MOST], uint32_t id, size_t bytes) {
    uint8_t secret[KEY_BYTES], key[KEY_BYTES], salt[SALT_BYTES], signature[SIG_BYTES];
    uint8_t message[QUESTION_BYTES_MOST + 256];
    char text[QUESTION_BYTES_MOST + 64], key64[48], salt64[28], signature64[92];
    size_t key_bytes = sizeof key, signature_bytes = sizeof signature;
    size_t length = text_write(text, id, bytes);
    RAND_bytes(secret, sizeof secret);
    RAND_bytes(salt, sizeof salt);
    EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, sizeof secret);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (EVP_PKEY_get_raw_public_key(pair, key, &key_bytes) != 1 ||
        EVP_DigestSignInit(context, NULL, NULL, NULL, pair) != 1 ||
        EVP_DigestSign(context, signature, &signature_bytes, message,
                       signed_write(message, key, salt, text, length)) != 1) {
        trouble("a question could not be signed");
    }
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pair);
    base64_write(key64, key, sizeof key);
    base64_write(salt64, salt, sizeof salt);
    base64_write(signature64, signature, sizeof signature);
    int written = snprintf(out, QUESTION_MESSAGE_MOST,
                           "{\"cmd\":\"ask\",\"id\":%u,\"key\":\"%s\",\"salt\":\"%s\",\"talk\":1,"
                           "\"degree\":0,\"text\":\"%s\",\"sig\":\"%s\"}",
                           id, key64, salt64, text, signature64);
    return (size_t)written;
}
