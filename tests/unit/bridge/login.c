/* A log-in is sealed for one account of one event; everything else reads nothing. */
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "bridge/login.h"

static const uint8_t key[BRIDGE_KEY_BYTES] = {1, 2, 3};
static const uint8_t event[EVENT_ID_BYTES] = {4, 5, 6};

static struct login *sample(void) {
    struct login *login = login_new(NETWORK_BLUESKY);
    login->oauth = true;
    login->expires_at = INT64_C(1793880000000);
    login_set(&login->server, "https://pds.example");
    login_set(&login->access, "access-token-ü");
    login_set(&login->refresh, "refresh");
    login_set(&login->client_id, "client");
    login_set(&login->client_secret, "secret");
    login_set(&login->issuer, "https://issuer.example");
    login_set(&login->token_url, "https://issuer.example/token");
    login_set(&login->revoke_url, "https://issuer.example/revoke");
    login_set(&login->dpop, "private");
    login_set(&login->nonce_server, "nonce");
    login_set(&login->nonce_issuer, "nonce");
    return login;
}

static void test_round(void **state) {
    (void)state;
    struct login *login = sample();
    uint8_t *bytes;
    uint32_t count;
    login_seal(login, key, event, "did:plc:abc", &bytes, &count);
    struct login *opened = login_open(bytes, count, NETWORK_BLUESKY, key, event, "did:plc:abc");
    assert_non_null(opened);
    assert_int_equal(opened->network, NETWORK_BLUESKY);
    assert_true(opened->oauth);
    assert_int_equal(opened->expires_at, login->expires_at);
    assert_string_equal(opened->server, login->server);
    assert_string_equal(opened->access, login->access);
    assert_string_equal(opened->refresh, login->refresh);
    assert_string_equal(opened->client_id, login->client_id);
    assert_string_equal(opened->client_secret, login->client_secret);
    assert_string_equal(opened->issuer, login->issuer);
    assert_string_equal(opened->token_url, login->token_url);
    assert_string_equal(opened->revoke_url, login->revoke_url);
    assert_string_equal(opened->dpop, login->dpop);
    assert_null(opened->nonce_server);
    assert_null(opened->nonce_issuer);
    login_free(opened);
    login_free(login);
    free(bytes);
    login_free(NULL);
}

static void test_missing_stay_missing(void **state) {
    (void)state;
    struct login *login = login_new(NETWORK_MASTODON);
    uint8_t *bytes;
    uint32_t count;
    login_set(&login->access, "token");
    login_seal(login, key, event, "1", &bytes, &count);
    struct login *opened = login_open(bytes, count, NETWORK_MASTODON, key, event, "1");
    assert_non_null(opened);
    assert_false(opened->oauth);
    assert_null(opened->refresh);
    assert_null(opened->dpop);
    assert_int_equal(opened->expires_at, 0);
    login_free(opened);
    login_free(login);
    free(bytes);
}

static void test_damaged(void **state) {
    (void)state;
    struct login *login = sample();
    uint8_t *bytes;
    uint32_t count;
    login_seal(login, key, event, "did:plc:abc", &bytes, &count);
    for (uint32_t at = 0; at < count; at++) {
        bytes[at] ^= 1;
        assert_null(login_open(bytes, count, NETWORK_BLUESKY, key, event, "did:plc:abc"));
        bytes[at] ^= 1;
    }
    for (uint32_t shorter = 0; shorter < count; shorter++) {
        assert_null(login_open(bytes, shorter, NETWORK_BLUESKY, key, event, "did:plc:abc"));
    }
    login_free(login);
    free(bytes);
}

static void test_of_another(void **state) {
    (void)state;
    static const uint8_t other_key[BRIDGE_KEY_BYTES] = {1, 2, 4};
    static const uint8_t other_event[EVENT_ID_BYTES] = {4, 5, 7};
    struct login *login = sample();
    uint8_t *bytes;
    uint32_t count;
    login_seal(login, key, event, "did:plc:abc", &bytes, &count);
    assert_null(login_open(bytes, count, NETWORK_BLUESKY, other_key, event, "did:plc:abc"));
    assert_null(login_open(bytes, count, NETWORK_BLUESKY, key, other_event, "did:plc:abc"));
    assert_null(login_open(bytes, count, NETWORK_BLUESKY, key, event, "did:plc:abd"));
    assert_null(login_open(bytes, count, NETWORK_BLUESKY, key, event, "did:plc:ab"));
    char longer[LIMIT_REMOTE_BYTES + 2];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_null(login_open(bytes, count, NETWORK_BLUESKY, key, event, longer));
    /* Names of full length are told apart to the last letter. */
    uint8_t *second;
    longer[LIMIT_REMOTE_BYTES] = '\0';
    login_seal(login, key, event, longer, &second, &count);
    struct login *opened = login_open(second, count, NETWORK_BLUESKY, key, event, longer);
    assert_non_null(opened);
    longer[LIMIT_REMOTE_BYTES - 1] = 'y';
    assert_null(login_open(second, count, NETWORK_BLUESKY, key, event, longer));
    login_free(opened);
    login_free(login);
    free(bytes);
    free(second);
}

/* Nothing of it can be read, and two sealings share nothing. */
static void test_unreadable(void **state) {
    (void)state;
    struct login *login = sample();
    uint8_t *first, *second;
    uint32_t count;
    login_seal(login, key, event, "did:plc:abc", &first, &count);
    login_seal(login, key, event, "did:plc:abc", &second, &count);
    assert_null(memmem(first, count, "access-token", 12));
    assert_null(memmem(first, count, "pds.example", 11));
    assert_memory_not_equal(first, second, 24);
    assert_memory_not_equal(first + 24, second + 24, count - 24);
    login_free(login);
    free(first);
    free(second);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),      cmocka_unit_test(test_missing_stay_missing),
        cmocka_unit_test(test_damaged),    cmocka_unit_test(test_of_another),
        cmocka_unit_test(test_unreadable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
