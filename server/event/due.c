/* What time does to an event: release, published presence, order steps, close, retention. */
#include "base/log.h"
#include "event/rules.h"

#define PRESENT_SHOWN_MINIMUM 10

static uint32_t present_rounded(const struct event *event) {
    return event->present >= PRESENT_SHOWN_MINIMUM ? event->present : 0;
}

/* The next multiple after `now`; now itself where the interval is 0. */
static int64_t instant_next(int64_t now, int64_t interval) {
    return interval == 0 ? now : (now / interval + 1) * interval;
}

/* An earlier instant replaces a later one: settings change, and clocks may be set back. */
static void instant_plan(int64_t *at, bool wanted, int64_t next) {
    if (!wanted) {
        *at = 0;
    } else if (*at == 0 || *at > next) {
        *at = next;
    }
}

void event_plan(struct event *event, int64_t now) {
    int64_t interval = (int64_t)event->settings.release_seconds * 1000;
    instant_plan(&event->release_at, event->held_count > 0, instant_next(now, interval));
    instant_plan(&event->present_at, event->present_shown != present_rounded(event),
                 instant_next(now, interval == 0 ? 1000 : interval));
    order_plan(event, now);
}

static int64_t close_due(const struct event *event) {
    return ((int64_t)event->settings.end + DAY_MINUTES) * MINUTE_MS;
}

static int64_t retention_due(const struct event *event) {
    return ((int64_t)event->settings.end + (int64_t)event->settings.retention_days * DAY_MINUTES) *
           MINUTE_MS;
}

int64_t event_due(const struct event *event) {
    if (event_is_empty(event) || event->deleted) {
        return INT64_MAX;
    }
    int64_t due = retention_due(event);
    const int64_t instants[] = {event->release_at, event->present_at,
                                event->step_at,    event->post_at,
                                event->recheck_at, event->closed ? 0 : close_due(event)};
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        if (instants[i] != 0 && instants[i] < due) {
            due = instants[i];
        }
    }
    return due;
}

static bool reached(int64_t at, int64_t now) {
    return at != 0 && now >= at;
}

static void event_close(struct event *event, int64_t now, struct changes *changes) {
    event->closed = true;
    table_clear(&event->ballots);
    event->ticket_count = 0;
    change_number(changes, CHANGE_BALLOTS_DESTROYED, 0);
    change_number(changes, CHANGE_SETTINGS, 0);
    accounts_leave(event, changes);
    posts_follow_all(event, now, changes);
}

enum refusal rule_tick(struct event *event, struct command *command, struct changes *changes) {
    int64_t now = command->now;
    if (now >= retention_due(event)) {
        return rule_delete(event, command, changes);
    }
    if (reached(event->release_at, now)) {
        event_release(event, command, changes);
    }
    if (reached(event->post_at, now)) {
        posts_ready(event, now, changes);
    }
    if (reached(event->recheck_at, now)) {
        proofs_due(event, now, changes);
    }
    if (reached(event->present_at, now)) {
        event->present_shown = present_rounded(event);
        change_number(changes, CHANGE_PRESENCE, 0);
    }
    if (reached(event->step_at, now)) {
        order_step(event, now, changes);
        event->step_at = 0;
    }
    if (!event->closed && now >= close_due(event)) {
        event_close(event, now, changes);
    }
    return REFUSAL_OK;
}

enum refusal rule_presence(struct event *event, struct command *command, struct changes *changes) {
    (void)changes;
    event->present = command->as.presence.members;
    return REFUSAL_OK;
}
