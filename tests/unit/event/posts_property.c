/* Random commands, a bridge that loses answers, and far servers that are as they are: once all is
 * quiet, each account shows exactly what it should, nothing twice, and nothing that was withdrawn.
 */
#include "parts.h"
#include "world.h"

struct run {
    struct kit kit;
    struct world *world;
    struct chance chance;
    bool public[4096]; /* by number: its degree was ever more than 0 */
    bool few;          /* three questions, so that much happens to each */
};

static enum refusal run_apply(struct run *run, struct command command) {
    enum refusal refusal = kit_apply(&run->kit, command);
    const struct event *event = run->kit.event;
    assert_true(event_check(event));
    for (uint32_t i = 0; i < event->question_count; i++) {
        const struct question *question = event->questions[i];
        assert_true(question->number < 4096);
        run->public[question->number] = run->public[question->number] || question->degree > 0;
    }
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        assert_true(run->public[event->outgoing[i].number]);
    }
    return refusal;
}

/* The process ends and starts again: only what is stored is left. */
static void run_crash(struct run *run) {
    struct event *copy = parts_copy(run->kit.event);
    assert_true(event_restored(copy, NULL));
    event_free(run->kit.event);
    run->kit.event = copy;
}

/* A row under way: arrives or not, is told or not. */
static void bridge_send(struct run *run, const struct outgoing *row) {
    struct kit *kit = &run->kit;
    uint32_t draw = chance_below(&run->chance, 100);
    if (draw < 50) {
        struct command report = world_report(run->world, kit->event, row, kit->now);
        if (draw < 40) {
            assert_int_equal(run_apply(run, report), REFUSAL_OK);
        } else if (draw < 45) {
            run_crash(run); /* between sending and noting it */
        }
        return;
    }
    static const struct {
        enum post_trouble trouble;
        bool certain;
    } ways[] = {{TROUBLE_UNREACHABLE, false}, {TROUBLE_BUSY, false},   {TROUBLE_ANSWER, false},
                {TROUBLE_LIMITED, true},      {TROUBLE_LOGIN, true},   {TROUBLE_FORBIDDEN, true},
                {TROUBLE_REJECTED, true},     {TROUBLE_ADDRESS, true}, {TROUBLE_CERTIFICATE, true}};
    size_t way = chance_below(&run->chance, sizeof ways / sizeof ways[0]);
    struct far_post *post;
    if (!ways[way].certain && chance_percent(&run->chance, 50)) {
        (void)world_act(run->world, kit->event, row, &post);
    }
    /* The bridge looks before it sends again: what is rejected then was not there before. */
    bool lied = ways[way].trouble == TROUBLE_REJECTED &&
                world_token(run->world, world_peer(kit->event, row->account), row->token) != NULL;
    struct command report =
        post_command(kit, COMMAND_POST_FAILED, row->number, row->account, row->kind);
    report.as.post.trouble = lied ? TROUBLE_BUSY : ways[way].trouble;
    report.as.post.final = chance_percent(&run->chance, 30);
    assert_int_equal(run_apply(run, report), REFUSAL_OK);
}

static void bridge_step(struct run *run) {
    const struct event *event = run->kit.event;
    if (event->outgoing_count == 0) {
        return;
    }
    struct outgoing row = event->outgoing[chance_below(&run->chance, event->outgoing_count)];
    if (row.state == POST_SENDING) {
        bridge_send(run, &row);
    } else if (row.state == POST_READY) {
        (void)run_apply(
            run, post_command(&run->kit, COMMAND_POST_SENDING, row.number, row.account, row.kind));
    } else if (chance_percent(&run->chance, 10)) {
        (void)run_apply(
            run, post_command(&run->kit,
                              row.state == POST_FAILED ? COMMAND_POST_RETRY : COMMAND_POST_DROP,
                              row.number, row.account, row.kind));
    }
}

static bool run_takes(struct run *run, enum command_kind kind) {
    const struct event *event = run->kit.event;
    if (kind == COMMAND_SETTINGS || kind == COMMAND_TALK_OPEN) { /* ends, closes too much */
        return chance_percent(&run->chance, 30);
    }
    if (!run->few || (kind != COMMAND_ASK && kind != COMMAND_WITHDRAW && kind != COMMAND_WIPE)) {
        return true;
    }
    return kind == COMMAND_ASK ? event->question_count + event->held_count < 3
                               : chance_percent(&run->chance, 10);
}

static void run_step(struct run *run) {
    struct kit *kit = &run->kit;
    uint32_t draw = chance_below(&run->chance, 100);
    if (draw < 45) {
        for (int i = 0; i < 4; i++) {
            bridge_step(run);
        }
    } else if (draw < 47 && kit->event->post_at > kit->now) {
        kit->now = kit->event->post_at;
        (void)run_apply(run, (struct command){.kind = COMMAND_TICK});
    } else if (draw < 51) {
        struct command command = {.kind = COMMAND_ACCOUNT_PUT};
        command.as.account.account = account_new(1 + chance_below(&run->chance, CHANCE_ACCOUNTS));
        (void)run_apply(run, command);
    } else if (draw < 52) {
        (void)run_apply(run, chance_account(&run->chance, kit->event));
    } else if (draw < 62) {
        (void)run_apply(run, chance_publish(&run->chance, kit->event));
    } else if (draw < 65) {
        (void)run_apply(run, chance_key_command(&run->chance, kit->event, COMMAND_DEGREE));
    } else {
        struct command command = chance_command(&run->chance, kit->event, kit->now);
        if (command.kind == COMMAND_ASK && chance_percent(&run->chance, 70)) {
            command.as.question.degree = 1;
        }
        if (run_takes(run, command.kind)) {
            (void)run_apply(run, command);
        } else {
            command_clear(&command);
        }
    }
}

/* ---- and then all goes well, until nothing is left to be done */

static bool settle_row(struct run *run, struct outgoing row) {
    struct kit *kit = &run->kit;
    if (row.state == POST_READY) {
        return run_apply(run, post_command(kit, COMMAND_POST_SENDING, row.number, row.account,
                                           row.kind)) == REFUSAL_OK;
    }
    if (row.state == POST_SENDING) {
        return run_apply(run, world_report(run->world, kit->event, &row, kit->now)) == REFUSAL_OK;
    }
    if (row.state == POST_FAILED) {
        struct command command =
            post_command(kit, COMMAND_POST_RETRY, row.number, row.account, row.kind);
        enum refusal refusal = run_apply(run, command);
        const struct outgoing *after =
            event_outgoing(kit->event, row.number, row.account, row.kind);
        return refusal == REFUSAL_OK && (after == NULL || after->state != POST_FAILED);
    }
    return false;
}

static void run_settle(struct run *run) {
    struct kit *kit = &run->kit;
    for (uint32_t n = 1; n <= CHANCE_ACCOUNTS && !kit->event->closed; n++) {
        (void)run_apply(run, (struct command){.kind = COMMAND_ACCOUNT_PUT,
                                              .as.account.account = account_new(n)});
    }
    bool moves = true;
    for (int rounds = 0; moves; rounds++) {
        assert_true(rounds < 60);
        moves = false;
        for (uint32_t i = 0; i < kit->event->outgoing_count; i++) {
            moves = settle_row(run, kit->event->outgoing[i]) || moves;
        }
        if (kit->event->post_at != 0 && !kit->event->deleted) {
            kit->now = kit->event->post_at > kit->now ? kit->event->post_at : kit->now;
            (void)run_apply(run, (struct command){.kind = COMMAND_TICK});
            moves = true;
        }
    }
}

/* ---- what should be there: said once more, plainly */

enum expected { EXPECT_NONE, EXPECT_ANY, EXPECT_ONE };

static enum expected expect_question(const struct event *event, const struct question *question,
                                     bool dropped) {
    if (question == NULL || dropped || question->degree == 0 ||
        (question->degree == 2 && !question->open) || question->state == STATE_HIDDEN ||
        question->state == STATE_DECLINED) {
        return EXPECT_NONE;
    }
    if (event->settings.publish == PUBLISH_OFF) {
        return EXPECT_ANY;
    }
    bool unseen = event->settings.moderation_before && question->state == STATE_PENDING;
    bool out = question->approved || (event->settings.publish == PUBLISH_ALL && !unseen);
    return out ? EXPECT_ONE : EXPECT_ANY;
}

static enum expected expect(const struct run *run, uint32_t number, uint32_t account,
                            enum post_kind kind) {
    const struct event *event = run->kit.event;
    const struct question *question = event_question(event, number);
    const struct outgoing *row = event_outgoing(event, number, account, kind);
    const struct outgoing *thread = event_outgoing(event, number, account, POST_QUESTION);
    enum expected expected = expect_question(event, question, row != NULL && row->dropped);
    if (kind == POST_QUESTION || expected == EXPECT_NONE) {
        return expected;
    }
    const struct far_post *post;
    if (world_find(run->world, world_peer(event, account), number, POST_QUESTION, &post) == 0 ||
        expect_question(event, question, thread->dropped) == EXPECT_NONE) {
        return EXPECT_NONE;
    }
    bool wanted = kind == POST_ANSWER ? question->state == STATE_ANSWERED : question->open;
    if (!wanted) {
        return EXPECT_NONE;
    }
    bool waits = event->settings.publish == PUBLISH_OFF ||
                 (kind == POST_OPEN && question->state == STATE_PENDING);
    return waits ? EXPECT_ANY : EXPECT_ONE;
}

/* It failed, and nothing says that it is to be tried again. */
static bool unsure(const struct event *event, uint32_t number, uint32_t account,
                   enum post_kind kind) {
    const struct outgoing *row = event_outgoing(event, number, account, kind);
    return row != NULL && row->state == POST_FAILED;
}

/* A text whose approval was undone is not out there. */
static void compare_undone(const struct event *event, const struct far_post *post) {
    const struct question *question = event_question(event, post->number);
    uint8_t mark[POST_MARK_BYTES];
    post_mark(mark, question, POST_QUESTION);
    bool unseen = event->settings.publish == PUBLISH_APPROVED ||
                  (event->settings.publish == PUBLISH_ALL && event->settings.moderation_before);
    if (unseen && question->state == STATE_PENDING) {
        assert_memory_not_equal(post->mark, mark, sizeof mark);
    }
}

static void run_compare(const struct run *run) {
    const struct event *event = run->kit.event;
    for (uint32_t i = 0; i < event->account_count; i++) {
        uint32_t account = event->accounts[i]->id, peer = world_peer(event, account);
        for (uint32_t number = 1; number < event->next_number; number++) {
            for (int kind = 0; kind < POST_KIND_COUNT; kind++) {
                const struct far_post *post = NULL;
                uint32_t count = world_find(run->world, peer, number, (enum post_kind)kind, &post);
                if (unsure(event, number, account, POST_QUESTION) ||
                    unsure(event, number, account, (enum post_kind)kind)) {
                    continue;
                }
                enum expected expected = expect(run, number, account, (enum post_kind)kind);
                if (event->closed && expected == EXPECT_ONE) {
                    expected = EXPECT_ANY;
                }
                if (count > 1 || (expected == EXPECT_NONE && count > 0) ||
                    (expected == EXPECT_ONE && count == 0)) {
                    fail_msg("seed %llu: question %u at %u, kind %d: %u posts, expected %d",
                             (unsigned long long)run->chance.seed, number, peer, kind, count,
                             (int)expected);
                }
                if (post != NULL && kind == POST_QUESTION) {
                    compare_undone(event, post);
                }
                if (post != NULL && kind != POST_QUESTION && peer != 3) { /* 3 moves nothing */
                    const struct outgoing *thread =
                        event_outgoing(event, number, account, POST_QUESTION);
                    assert_ptr_equal(&run->world->posts[post->thread],
                                     world_far(run->world, thread->far));
                }
                if (expected == EXPECT_ONE) {
                    uint8_t mark[POST_MARK_BYTES];
                    post_mark(mark, event_question(event, number), (enum post_kind)kind);
                    assert_memory_equal(post->mark, mark, sizeof mark);
                }
            }
        }
    }
}

/* Nothing is out there at accounts that the event does not know any more. */
static void run_forgotten(const struct run *run) {
    for (uint32_t i = 0; i < run->world->count; i++) {
        const struct far_post *post = &run->world->posts[i];
        bool known = false;
        for (uint32_t j = 0; j < run->kit.event->account_count; j++) {
            known =
                known || world_peer(run->kit.event, run->kit.event->accounts[j]->id) == post->peer;
        }
        assert_true(known || !post->here);
    }
}

static void property_run(uint64_t seed, int steps) {
    struct run *run = memory_new(sizeof *run);
    run->chance = (struct chance){.seed = seed, .state = seed};
    run->world = memory_new(sizeof *run->world);
    struct settings settings = kit_settings();
    settings.moderation_before = chance_percent(&run->chance, 50);
    run->few = chance_percent(&run->chance, 60);
    run->kit = kit_new(&settings);
    run->kit.quick = true;
    for (uint32_t n = 1; n <= CHANCE_ACCOUNTS; n++) {
        connected(&run->kit, n);
    }
    for (int i = 0; i < steps && !run->kit.event->deleted; i++) {
        run->kit.now += chance_pause(&run->chance);
        run_step(run);
    }
    if (!run->kit.event->deleted) {
        run_settle(run);
    }
    if (!run->kit.event->deleted) {
        run_compare(run);
        run_forgotten(run);
    }
    kit_free(&run->kit);
    free(run->world);
    free(run);
}

static void test_property(void **state) {
    (void)state;
    uint64_t seed = chance_seed();
    print_message("# RAUTE_SEED=%llu\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < 20; i++) {
        property_run(seed + i, 400 + 300 * (int)(i % 10));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_property)};
    random_start();
    return cmocka_run_group_tests_name("posts_property", tests, NULL, NULL);
}
