/* The naive model and the event, field by field. */
#ifndef RAUTE_TESTS_EVENT_COMPARE_H
#define RAUTE_TESTS_EVENT_COMPARE_H

#include "model_people.h"

static inline void compare_question(struct model *model, uint32_t number,
                                    const struct question *question) {
    const struct model_question *expected = &model->questions[number];
    assert_int_equal(question->number, number);
    assert_int_equal(question->key[3], expected->key);
    assert_int_equal(question->salt[0], expected->key);
    assert_int_equal(question->talk, expected->talk);
    assert_int_equal(question->degree, expected->degree);
    assert_int_equal(question->state, expected->state);
    assert_int_equal(question->reason, expected->reason);
    assert_int_equal(question->pinned, expected->pinned);
    assert_int_equal(question->rev, expected->rev);
    assert_int_equal(question->minute, expected->minute);
    assert_int_equal(question->votes, model_votes(model, number));
    assert_int_equal(question->exposure, expected->exposure);
    assert_string_equal(question->text, expected->text);
    assert_string_equal(question->answer == NULL ? "" : question->answer, expected->answer);
    assert_int_equal(question->edited, expected->edited);
    assert_int_equal(question->approved, expected->approved);
    assert_int_equal(question->open, expected->open);
    assert_int_equal(question->answered, expected->answered);
    assert_string_equal(question->warning == NULL ? "" : question->warning, expected->warning);
}

static inline void compare_questions(struct model *model, const struct event *event) {
    uint32_t count = 0, ballots = 0;
    for (uint32_t n = 1; n < model->next_number; n++) {
        const struct question *question = event_question(event, n);
        assert_int_equal(question != NULL, model->questions[n].here);
        if (question != NULL) {
            assert_ptr_equal(event->questions[count], question);
            count++;
            compare_question(model, n, question);
        }
        for (uint32_t member = 0; member < CHANCE_MEMBERS; member++) {
            uint8_t ballot[BALLOT_BYTES];
            kit_ballot(ballot, member, n);
            ballots += model->ballots[n][member];
            assert_int_equal(table_get(&event->ballots, ballot) != NULL, model->ballots[n][member]);
        }
    }
    assert_int_equal(event->question_count, count);
    assert_int_equal(event->ballots.count, ballots);
    assert_int_equal(event->next_number, model->next_number);
}

static inline void compare_held(struct model *model, const struct event *event) {
    uint32_t count = 0, forgotten = 0;
    for (uint32_t key = 0; key < CHANCE_KEYS; key++) {
        const struct model_held *expected = &model->held[key];
        uint8_t bytes[QUESTION_KEY_BYTES];
        kit_key(bytes, key);
        const struct held *held = event_held(event, bytes);
        const struct question *question = event_question_by_key(event, bytes);
        assert_int_equal(held != NULL, expected->here);
        assert_int_equal(question != NULL, model_by_key(model, key) != NULL);
        forgotten += model->forgotten[key];
        if (held != NULL) {
            assert_ptr_equal(&event->held[count], held);
            count++;
            assert_int_equal(held->number, expected->is_edit ? question->number : 0);
            assert_int_equal(held->talk, expected->talk);
            assert_int_equal(held->rev, expected->rev);
            assert_int_equal(held->degree, expected->degree);
            assert_string_equal(held->text, expected->text);
        }
    }
    for (uint32_t n = 0; n < CHANCE_CARDS; n++) {
        forgotten += model->cards[n].forgotten;
    }
    assert_int_equal(event->held_count, count);
    assert_int_equal(event->forgotten.count, forgotten + model->past_count);
}

static inline void compare_talks(const struct model *model, const struct event *event) {
    assert_int_equal(event->talk_count, model->talk_count);
    assert_int_equal(event->current_talk, model->current);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        const struct talk *talk = &event->talks[i];
        const struct model_talk *expected = &model->talks[i];
        assert_int_equal(talk->id, expected->id);
        assert_int_equal(talk->open, expected->open);
        assert_string_equal(talk->title, expected->title);
        assert_int_equal(talk->order_count, expected->count);
        for (uint32_t j = 0; j < talk->order_count; j++) {
            assert_int_equal(talk->order[j], expected->order[j]);
        }
    }
}

static inline void compare(struct model *model, const struct event *event) {
    compare_questions(model, event);
    compare_held(model, event);
    compare_talks(model, event);
    compare_people(model, event);
    const struct settings *settings = &event->settings, *expected = &model->settings;
    assert_int_equal(settings->end, expected->end);
    assert_int_equal(settings->language, expected->language);
    assert_int_equal(settings->moderation_before, expected->moderation_before);
    assert_int_equal(settings->release_seconds, expected->release_seconds);
    assert_int_equal(settings->ask_burst, expected->ask_burst);
    assert_int_equal(settings->retention_days, expected->retention_days);
    assert_int_equal(settings->publish, expected->publish);
    assert_int_equal(settings->publish_seconds, expected->publish_seconds);
    assert_int_equal(settings->offset, expected->offset);
    assert_int_equal(settings->tickets, expected->tickets);
    for (int i = 0; i < ROLE_KEYS; i++) {
        assert_int_equal(event->role_hash[i][31], model->roles[i]);
    }
    assert_int_equal(event->closed, model->closed);
    assert_int_equal(event->deleted, model->deleted);
    assert_int_equal(event->present, model->present);
    assert_int_equal(event->present_shown, model->present_shown);
    assert_int_equal(event_due(event), model_due(model, event));
}

#endif
