/* Random commands against the naive model (model.h): after each command, refusal and every field
 * are equal. The one thing that the model does not foretell is which number a question draws. */
#include "compare.h"
#include "model_publish.h"

static enum refusal model_ask(struct model *model, const struct command *command) {
    struct model_held *held = &model->held[key_of(command)];
    struct model_talk *talk = model_talk(model, command->as.question.talk);
    if (model->forgotten[key_of(command)]) {
        return REFUSAL_GONE;
    }
    if (held->here || model_by_key(model, key_of(command)) != NULL) {
        return REFUSAL_OK;
    }
    if (talk == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (!talk->open || model_over(model)) {
        return REFUSAL_CLOSED;
    }
    *held =
        (struct model_held){.here = true, .talk = talk->id, .degree = command->as.question.degree};
    text_set(held->text, command->text);
    return REFUSAL_OK;
}

static enum refusal model_edit(struct model *model, const struct command *command) {
    struct model_held *held = &model->held[key_of(command)];
    struct model_question *question = model_by_key(model, key_of(command));
    if (model->forgotten[key_of(command)]) {
        return REFUSAL_GONE;
    }
    if (!held->here && question == NULL) {
        return REFUSAL_UNKNOWN;
    }
    uint32_t rev = held->here ? held->rev : question->rev;
    const char *text = held->here ? held->text : question->text;
    if (command->as.question.rev == rev && strcmp(text, command->text) == 0) {
        return REFUSAL_OK;
    }
    if (model_over(model) ||
        (question != NULL && question->state != STATE_PENDING && question->state != STATE_LISTED)) {
        return REFUSAL_CLOSED;
    }
    if (command->as.question.rev != rev + 1) {
        return REFUSAL_STALE;
    }
    if (!held->here) {
        *held = (struct model_held){
            .here = true, .is_edit = true, .talk = question->talk, .degree = question->degree};
    }
    held->rev = rev + 1;
    text_set(held->text, command->text);
    return REFUSAL_OK;
}

static enum refusal model_withdraw(struct model *model, const struct command *command) {
    struct model_held *held = &model->held[key_of(command)];
    struct model_question *question = model_by_key(model, key_of(command));
    uint32_t rev = command->as.question.rev;
    if (model->forgotten[key_of(command)]) {
        return REFUSAL_OK;
    }
    if (!held->here && question == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (!(held->here && rev == held->rev + 1) && !(question != NULL && rev == question->rev + 1)) {
        return REFUSAL_STALE;
    }
    held->here = false;
    model->forgotten[key_of(command)] = true;
    if (question != NULL) {
        if (model_ordered(question)) {
            model_unlist(model, question);
        }
        question->here = false;
    }
    return REFUSAL_OK;
}

static enum refusal model_vote(struct model *model, const struct command *command) {
    uint32_t member, number = command->as.vote.number;
    bool on = command->kind == COMMAND_VOTE;
    memcpy(&member, command->as.vote.ballot, sizeof member);
    enum refusal why;
    struct model_question *question = model_number(model, number, &why);
    if (!on && why == REFUSAL_UNKNOWN) {
        return why;
    }
    if (why != REFUSAL_UNKNOWN && model->ballots[number][member] == on) {
        return REFUSAL_OK;
    }
    if (question == NULL) {
        return why;
    }
    if (!model_ordered(question) && question->state != STATE_ANSWERED) {
        return REFUSAL_UNKNOWN;
    }
    if (question->state == STATE_ANSWERED || model->closed || model_over(model) ||
        !model_talk(model, question->talk)->open) {
        return REFUSAL_CLOSED;
    }
    model->ballots[number][member] = on;
    return REFUSAL_OK;
}

static bool may_go(enum question_state from, enum question_state to) {
    static const struct {
        enum question_state from, to;
    } pairs[] = {
        {STATE_PENDING, STATE_LISTED},     {STATE_PENDING, STATE_DECLINED},
        {STATE_LISTED, STATE_PENDING},     {STATE_LISTED, STATE_HIDDEN},
        {STATE_LISTED, STATE_DECLINED},    {STATE_LISTED, STATE_ANSWERING},
        {STATE_LISTED, STATE_ANSWERED},    {STATE_ANSWERING, STATE_LISTED},
        {STATE_ANSWERING, STATE_ANSWERED}, {STATE_ANSWERING, STATE_HIDDEN},
        {STATE_ANSWERED, STATE_LISTED},    {STATE_ANSWERED, STATE_ANSWERING},
        {STATE_ANSWERED, STATE_HIDDEN},    {STATE_ANSWERED, STATE_ANSWERED},
        {STATE_DECLINED, STATE_PENDING},   {STATE_DECLINED, STATE_LISTED},
        {STATE_HIDDEN, STATE_LISTED},      {STATE_HIDDEN, STATE_ANSWERING},
        {STATE_HIDDEN, STATE_ANSWERED},    {STATE_HIDDEN, STATE_PENDING},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i].from == from && pairs[i].to == to) {
            return true;
        }
    }
    return false;
}

static enum refusal model_move(struct model *model, const struct command *command) {
    enum question_state from = command->as.move.from, to = command->as.move.to;
    enum decline_reason reason = command->as.move.reason;
    const char *answer = command->text == NULL ? "" : command->text;
    if (!may_go(from, to) || (to == STATE_DECLINED) != (reason != REASON_NONE) ||
        (answer[0] != '\0' && to != STATE_ANSWERED)) {
        return REFUSAL_BAD_VALUE;
    }
    enum refusal why;
    struct model_question *question = model_number(model, command->as.move.number, &why);
    if (question == NULL) {
        return why;
    }
    if (question->state == to && question->reason == reason &&
        strcmp(question->answer, answer) == 0) {
        return REFUSAL_OK;
    }
    bool shows = to == STATE_LISTED || to == STATE_ANSWERING || to == STATE_ANSWERED;
    bool shown = model_ordered(question) || question->state == STATE_ANSWERED;
    bool read = !command->as.move.rev_known || command->as.move.rev == question->rev;
    if (question->state != from || (shows && !shown && !read)) {
        return REFUSAL_STALE;
    }
    for (uint32_t n = 1; n < model->next_number && to == STATE_ANSWERING; n++) {
        struct model_question *other = &model->questions[n];
        if (other->here && other->talk == question->talk && other->state == STATE_ANSWERING) {
            model_set_state(model, other, STATE_ANSWERED);
        }
    }
    model_set_state(model, question, to);
    question->approved = question->approved || (shows && read);
    question->reason = reason;
    text_set(question->answer, answer);
    return REFUSAL_OK;
}

static enum refusal model_pin(struct model *model, const struct command *command) {
    enum refusal why;
    struct model_question *question = model_number(model, command->as.pin.number, &why);
    if (question == NULL) {
        return why;
    }
    if (question->pinned != command->as.pin.on && !model_ordered(question)) {
        return REFUSAL_STALE;
    }
    question->pinned = command->as.pin.on;
    return REFUSAL_OK;
}

static enum refusal model_title(struct model *model, const struct command *command) {
    if (command->text[0] == ' ') {
        return REFUSAL_BAD_TEXT;
    }
    struct model_talk *talk = NULL;
    if (command->kind == COMMAND_TALK_RENAME) {
        talk = model_talk(model, command->as.talk.talk);
        if (talk == NULL) {
            return REFUSAL_UNKNOWN;
        }
    } else {
        for (uint32_t i = 0; i < model->talk_count; i++) {
            if (strcmp(model->talks[i].title, command->text) == 0) {
                return REFUSAL_OK;
            }
        }
        talk = &model->talks[model->talk_count++];
        assert_true(model->talk_count <= MODEL_TALKS);
        *talk = (struct model_talk){.id = model->talk_count, .open = true};
    }
    text_set(talk->title, command->text);
    return REFUSAL_OK;
}

static enum refusal model_arrange(struct model *model, const struct command *command) {
    static struct model_talk talks[MODEL_TALKS];
    const uint32_t *order = command->as.talk.order;
    for (uint32_t i = 0; i < model->talk_count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (order[i] == order[j]) {
                return REFUSAL_BAD_VALUE;
            }
        }
    }
    for (uint32_t i = 0; i < model->talk_count; i++) {
        if (model_talk(model, order[i]) == NULL) {
            return REFUSAL_STALE;
        }
        talks[i] = *model_talk(model, order[i]);
    }
    memcpy(model->talks, talks, sizeof talks);
    return REFUSAL_OK;
}

static enum refusal model_talks(struct model *model, const struct command *command) {
    if (command->kind == COMMAND_TALK_OPEN) {
        struct model_talk *talk = model_talk(model, command->as.talk.talk);
        if (talk == NULL) {
            return REFUSAL_UNKNOWN;
        }
        talk->open = command->as.talk.open;
        return REFUSAL_OK;
    }
    if (model_talk(model, command->as.talk.to) == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (model->current != command->as.talk.to && model->current != command->as.talk.from) {
        return REFUSAL_STALE;
    }
    model->current = command->as.talk.to;
    return REFUSAL_OK;
}

static enum refusal model_settings(struct model *model, const struct command *command) {
    const struct settings *to = command->as.settings.settings;
    struct settings *settings = &model->settings;
    uint32_t mask = command->as.settings.mask, now = (uint32_t)(model->now / 60000);
    uint32_t from = settings->start > now ? settings->start : now;
    if (mask == SETTING_ASK_BURST && to->ask_burst == 0) {
        return REFUSAL_BAD_VALUE;
    }
    if (mask == SETTING_END && to->end != settings->end) {
        if (to->end <= settings->start || to->end > from + 30 * 1440) {
            return REFUSAL_BAD_VALUE;
        }
        if (model->closed) {
            return REFUSAL_CLOSED;
        }
        settings->end = to->end;
    }
    settings->language = mask == SETTING_LANGUAGE ? to->language : settings->language;
    settings->ask_burst = mask == SETTING_ASK_BURST ? to->ask_burst : settings->ask_burst;
    if (mask == SETTING_MODERATION) {
        settings->moderation_before = to->moderation_before;
    }
    if (mask == SETTING_RELEASE) {
        settings->release_seconds = to->release_seconds;
    }
    if (mask == SETTING_PUBLISH) {
        settings->publish = to->publish;
    }
    if (mask == SETTING_PUBLISH_SECONDS) {
        settings->publish_seconds = to->publish_seconds;
    }
    if (mask == SETTING_OFFSET) {
        settings->offset = to->offset;
    }
    if (mask == SETTING_TICKETS) {
        settings->tickets = to->tickets;
    }
    if (mask == SETTING_RETENTION) {
        settings->retention_days = to->retention_days;
    }
    return REFUSAL_OK;
}

static enum refusal model_wipe(struct model *model) {
    memset(model->questions, 0, sizeof model->questions);
    memset(model->held, 0, sizeof model->held);
    memset(model->ballots, 0, sizeof model->ballots);
    for (uint32_t i = 0; i < model->talk_count; i++) {
        model->talks[i].count = 0;
    }
    return REFUSAL_OK;
}

static enum refusal model_link(struct model *model, const struct command *command) {
    if (command->as.link.role < 1 || command->as.link.role > 3) {
        return REFUSAL_BAD_VALUE;
    }
    model->roles[command->as.link.role - 1] = command->as.link.hash[0];
    return REFUSAL_OK;
}

/* Takes the numbers from the event: any, but each of those that are next once. */
static void model_release_new(struct model *model, const struct event *event) {
    uint32_t first = model->next_number;
    for (uint32_t key = 0; key < CHANCE_KEYS; key++) {
        struct model_held *held = &model->held[key];
        if (!held->here || held->is_edit) {
            continue;
        }
        uint8_t bytes[QUESTION_KEY_BYTES];
        kit_key(bytes, key);
        const struct question *drawn = event_question_by_key(event, bytes);
        assert_non_null(drawn);
        assert_true(drawn->number >= first && drawn->number < MODEL_QUESTIONS);
        struct model_question *question = &model->questions[drawn->number];
        assert_false(question->here);
        *question = (struct model_question){.here = true,
                                            .key = key,
                                            .number = drawn->number,
                                            .talk = held->talk,
                                            .rev = held->rev,
                                            .degree = held->degree,
                                            .minute = (uint32_t)(model->now / 60000)};
        memcpy(question->text, held->text, sizeof question->text);
        model->next_number++;
    }
    for (uint32_t n = first; n < model->next_number; n++) {
        assert_true(model->questions[n].here);
        if (!model->settings.moderation_before) {
            model_set_state(model, &model->questions[n], STATE_LISTED);
        }
    }
}

static void model_release(struct model *model, const struct event *event) {
    model_release_new(model, event);
    for (uint32_t key = 0; key < CHANCE_KEYS; key++) {
        struct model_question *question = model_by_key(model, key);
        struct model_held *held = &model->held[key];
        if (held->here && held->is_edit) {
            question->rev = held->rev;
        }
        if (held->here && held->is_edit &&
            (question->state == STATE_PENDING || question->state == STATE_LISTED)) {
            question->edited = question->edited || strcmp(question->text, held->text) != 0;
            memcpy(question->text, held->text, sizeof question->text);
            question->approved = false;
            if (model->settings.moderation_before) {
                model_set_state(model, question, STATE_PENDING);
            }
        }
        held->here = false;
    }
}

static enum refusal model_tick(struct model *model, const struct event *event) {
    int64_t end = (int64_t)model->settings.end * 60000;
    if (model->now >= end + (int64_t)model->settings.retention_days * DAY) {
        model->deleted = true;
        return REFUSAL_OK;
    }
    if (model->release_at != 0 && model->release_at <= model->now) {
        model_release(model, event);
    }
    if (model->present_at != 0 && model->present_at <= model->now) {
        model->present_shown = model->present < 10 ? 0 : model->present;
    }
    if (model->step_at != 0 && model->step_at <= model->now) {
        model_step(model);
        model->step_at = 0;
    }
    if (!model->closed && model->now >= end + DAY) {
        model->closed = true;
        for (uint32_t n = 1; n < model->next_number; n++) {
            model->questions[n].votes_frozen = model_votes(model, n);
            memset(model->ballots[n], 0, sizeof model->ballots[n]);
        }
    }
    return REFUSAL_OK;
}

/* `event` has applied the command already. */
static enum refusal model_apply(struct model *model, const struct command *command,
                                const struct event *event) {
    switch (command->kind) {
    case COMMAND_ASK:
        return model_ask(model, command);
    case COMMAND_EDIT:
        return model_edit(model, command);
    case COMMAND_WITHDRAW:
        return model_withdraw(model, command);
    case COMMAND_VOTE:
    case COMMAND_UNVOTE:
        return model_vote(model, command);
    case COMMAND_MOVE:
        return model_move(model, command);
    case COMMAND_PIN:
        return model_pin(model, command);
    case COMMAND_TALK_ADD:
    case COMMAND_TALK_RENAME:
        return model_title(model, command);
    case COMMAND_TALK_ORDER:
        return model_arrange(model, command);
    case COMMAND_TALK_OPEN:
    case COMMAND_TALK_SELECT:
        return model_talks(model, command);
    case COMMAND_SETTINGS:
        return model_settings(model, command);
    case COMMAND_WIPE:
        return model_wipe(model);
    case COMMAND_LINK:
        return model_link(model, command);
    case COMMAND_DEGREE:
        return model_degree(model, command);
    case COMMAND_APPROVE:
    case COMMAND_OPEN:
    case COMMAND_WARN:
        return model_publish(model, command, event);
    case COMMAND_CARD:
    case COMMAND_CARD_DELETE:
    case COMMAND_CARD_HIDE:
    case COMMAND_CLAIM:
    case COMMAND_UNCLAIM:
    case COMMAND_INTEREST:
        return model_people(model, command);
    case COMMAND_PRESENCE:
        model->present = command->as.presence.members;
        return REFUSAL_OK;
    default:
        return model_tick(model, event);
    }
}

/* What the model does not follow: see posts_property.c, proofs.c, tickets.c. */
static bool unfollowed(enum command_kind kind) {
    return kind == COMMAND_TICKETS || kind == COMMAND_PASS || kind >= COMMAND_ACCOUNT_PUT ||
           kind == COMMAND_POST_RETRY || kind == COMMAND_POST_DROP || kind == COMMAND_ACCOUNT_LEAVE;
}

static void property_run(uint64_t seed, int commands) {
    struct chance chance = {.seed = seed, .state = seed};
    struct settings settings = kit_settings();
    settings.moderation_before = chance_percent(&chance, 50);
    struct kit kit = kit_new(&settings);
    struct model *model = memory_new(sizeof *model);
    model->settings = settings;
    model->next_number = model->talk_count = model->current = 1;
    model->talks[0] = (struct model_talk){.id = 1, .open = true};
    text_set(model->talks[0].title, settings.title);
    memset(model->roles, 7, sizeof model->roles);
    for (int i = 0; i < commands && !model->deleted; i++) {
        kit.now += chance_pause(&chance);
        model->now = kit.now;
        struct command command = chance_any(&chance, kit.event, kit.now);
        struct command copy = kit_command_copy(&command);
        enum refusal refusal = kit_apply(&kit, command);
        enum refusal expected =
            unfollowed(copy.kind) ? refusal : model_apply(model, &copy, kit.event);
        if (refusal != expected) {
            fail_msg("seed %llu, command %d of kind %d: %s, the model says %s",
                     (unsigned long long)seed, i, (int)copy.kind, refusal_code(refusal),
                     refusal_code(expected));
        }
        if (refusal == REFUSAL_OK) {
            model_plan(model);
        }
        compare(model, kit.event);
        command_clear(&copy);
    }
    free(model);
    kit_free(&kit);
}

static void test_property(void **state) {
    (void)state;
    uint64_t seed = chance_seed();
    print_message("# RAUTE_SEED=%llu\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < 20; i++) {
        property_run(seed + i, 50 + 50 * (int)(i % 10));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_property)};
    random_start();
    return cmocka_run_group_tests_name("property", tests, NULL, NULL);
}
