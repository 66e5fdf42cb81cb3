/* fill DIR QUESTIONS VOTES EVENTS: a data folder with so many questions and ballots in all, written
 * through the store's own API, as an import is. Prints one JSON line; `keys` are the organisers'.
 */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "store/store.h"

#define TEXT_BYTES 600

static const char *const WORDS[] = {
    "wie",    "wird",    "das",         "Netz",        "morgen", "für",    "alle",
    "warum",  "nicht",   "früher",      "offen",       "und",    "frei",   "Straßen",
    "Räume",  "werden",  "gemeinsam",   "beschlossen", "ob",     "die",    "Mittel",
    "jemals", "reichen", "Beteiligung", "Verwaltung",  "ohne",   "Umwege", "möglich",
};

/* From 3 to 60 words; most have about 15. */
static char *text_make(void) {
    char text[TEXT_BYTES] = "Frage:";
    size_t length = strlen(text);
    uint32_t words = 3 + random_below(12) + random_below(12);
    if (random_below(20) == 0) {
        words += random_below(34);
    }
    for (uint32_t i = 0; i < words; i++) {
        const char *word = WORDS[random_below(sizeof WORDS / sizeof WORDS[0])];
        length += (size_t)snprintf(text + length, sizeof text - length, " %s", word);
        INVARIANT(length < sizeof text - 1);
    }
    return memory_text(text);
}

static void key_make(uint8_t key[QUESTION_KEY_BYTES]) {
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    (void)crypto_sign_keypair(key, secret);
}

/* The popular ones come first, and few have most of the votes. */
static uint32_t votes_of(uint32_t place, uint32_t questions, uint32_t left) {
    uint32_t share = left / (questions - place);
    return place + 1 == questions ? left : share + share * 4 * (questions - place) / questions / 5;
}

static void questions_make(struct event *event, uint32_t questions, uint32_t votes) {
    uint32_t minute = (uint32_t)(time(NULL) / 60);
    struct talk talk = {.id = 1, .title = "Alles", .open = true, .order_count = questions};
    talk.order = memory_resize(NULL, questions, sizeof *talk.order);
    for (uint32_t place = 0; place < questions; place++) {
        struct question question = {
            .number = place + 1,
            .talk = talk.id,
            .state = STATE_LISTED,
            .minute = minute - random_below(120),
            .votes = votes_of(place, questions, votes),
            .exposure = 1000 + random_below(1000000),
            .text = text_make(),
            .approved = true,
        };
        votes -= question.votes;
        key_make(question.key);
        random_fill(question.salt, sizeof question.salt);
        talk.order[place] = question.number;
        event_restore_question(event, &question);
        for (uint32_t vote = 0; vote < question.votes; vote++) {
            uint8_t ballot[BALLOT_BYTES];
            random_fill(ballot, sizeof ballot);
            event_restore_ballot(event, ballot);
        }
    }
    event_restore_talk(event, &talk);
}

/* `key` gets the organiser's, as text. */
static struct event *event_make(uint32_t number, uint32_t questions, uint32_t votes,
                                char key[BASE64_CHARS(ROLE_KEY_BYTES) + 1]) {
    uint8_t id[EVENT_ID_BYTES], role_key[ROLE_KEY_BYTES];
    random_fill(id, sizeof id);
    struct event *event = event_new(id);
    event->settings = settings_default((uint32_t)(time(NULL) / 60));
    event->settings.moderation_before = false;
    event->settings.hashtag_count = 1;
    (void)snprintf(event->slug, sizeof event->slug, "fill%" PRIu32, number);
    (void)snprintf(event->settings.title, sizeof event->settings.title, "Fill %" PRIu32, number);
    (void)snprintf(event->settings.hashtags[0], sizeof event->settings.hashtags[0], "Fill%" PRIu32,
                   number);
    for (enum role role = ROLE_ORGANISER; role <= ROLE_STAGE; role++) {
        role_key_new(role_key);
        role_hash(event->role_hash[role - 1], id, role, role_key);
        if (role == ROLE_ORGANISER) {
            base64_encode(key, role_key, sizeof role_key);
        }
    }
    event->current_talk = 1;
    questions_make(event, questions, votes);
    INVARIANT(event_restored(event, NULL));
    INVARIANT(event->ballots.count == votes);
    return event;
}

static void event_store(struct store *store, const struct event *event) {
    uint8_t *secret = sodium_malloc(SECRET_BYTES);
    struct changes changes = {0};
    changes_add(&changes, (struct change){.kind = CHANGE_CREATED});
    struct store_item item = {.event = event, .changes = &changes};
    INVARIANT(secret != NULL && store_secret_new(store, event->id, secret) == STORE_OK);
    INVARIANT(store_write(store, &item, 1) == STORE_OK);
    changes_clear(&changes);
    sodium_free(secret);
}

/* The `at`-th of `parts` nearly equal parts. */
static uint32_t part(uint64_t whole, uint32_t parts, uint32_t at) {
    return (uint32_t)(whole * (at + 1) / parts - whole * at / parts);
}

static int fill(const char *folder, uint32_t questions, uint32_t votes, uint32_t events) {
    const char *why;
    struct store *store = store_open(folder, STORE_WRITE, &why);
    if (store == NULL) {
        (void)fprintf(stderr, "fill: %s\n", why);
        return 1;
    }
    char(*keys)[BASE64_CHARS(ROLE_KEY_BYTES) + 1] = memory_new(events * sizeof *keys);
    for (uint32_t i = 0; i < events; i++) {
        struct event *event =
            event_make(i + 1, part(questions, events, i), part(votes, events, i), keys[i]);
        event_store(store, event);
        event_free(event);
    }
    store_close(store);
    char path[4096];
    struct stat file;
    (void)snprintf(path, sizeof path, "%s/raute.sqlite", folder);
    INVARIANT(stat(path, &file) == 0);
    (void)printf("{\"questions\":%u,\"ballots\":%u,\"events\":%u,\"bytes\":%lld,\"slugs\":[",
                 questions, votes, events, (long long)file.st_size);
    for (uint32_t i = 0; i < events; i++) {
        (void)printf("%s\"fill%u\"", i > 0 ? "," : "", i + 1);
    }
    (void)printf("],\"keys\":[");
    for (uint32_t i = 0; i < events; i++) {
        (void)printf("%s\"%s\"", i > 0 ? "," : "", keys[i]);
    }
    (void)printf("]}\n");
    free(keys);
    return 0;
}

int main(int count, char **words) {
    uint32_t numbers[3] = {0};
    for (int i = 0; i < 3 && count == 5; i++) {
        numbers[i] = (uint32_t)strtoul(words[2 + i], NULL, 10);
    }
    uint32_t questions = numbers[0], votes = numbers[1], events = numbers[2];
    if (count != 5 || events < 1 || questions < events ||
        questions > (uint64_t)events * LIMIT_EVENT_QUESTIONS ||
        votes > (uint64_t)events * LIMIT_EVENT_BALLOTS) {
        (void)fputs("usage: fill DIR QUESTIONS VOTES EVENTS, with questions in every event\n",
                    stderr);
        return 2;
    }
    random_start();
    return fill(words[1], questions, votes, events);
}
