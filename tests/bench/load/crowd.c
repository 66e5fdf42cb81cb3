#include "bench/load/crowd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "bench/load/common.h"
#include "bench/load/raute.h"

#define TURN_EVENTS   512
#define OPEN_SECONDS  120
#define CLOSE_SECONDS 10

struct crowd crowd;
struct phone driver = {.line.fd = -1};

static int poller;

void crowd_start(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    poller = epoll_create1(EPOLL_CLOEXEC);
    crowd.phones = memory_make(LIMIT_PHONES, sizeof crowd.phones[0]);
}

static bool phone_watch(struct phone *phone) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                                .data.ptr = phone};
    return epoll_ctl(poller, EPOLL_CTL_ADD, phone->line.fd, &event) == 0;
}

bool phone_begin(struct phone *phone, const uint8_t *script, unsigned source) {
    if (!line_open(&phone->line, source % SOURCES) || !phone_watch(phone)) {
        trouble("cannot connect: %s", strerror(errno));
        line_close(&phone->line);
        return false;
    }
    phone->script = script;
    phone->connecting = true;
    return true;
}

static bool phone_of_crowd(const struct phone *phone) {
    return phone >= crowd.phones && phone < crowd.phones + LIMIT_PHONES;
}

/* The connection is over. */
static void phone_end(struct phone *phone) {
    enum step step = phone_step(phone);
    phone_close(phone);
    if (!phone_of_crowd(phone)) {
        if (step != STEP_DONE && phone != &driver) {
            trouble("the server closed a connection");
        }
    } else if (phone->opening) {
        phone->opening = false;
        crowd.opening--;
        crowd.failed++;
    } else {
        crowd.live--;
        crowd.muted -= phone->muted;
        crowd.lost++;
    }
    phone->muted = false;
}

static void phone_event(struct phone *phone, uint32_t events) {
    bool good = true;
    if (phone->connecting) {
        int ready = line_ready(&phone->line);
        phone->connecting = ready == LINE_NOTHING;
        const struct step_row *row = &step_rows[phone_step(phone)];
        good = ready != LINE_ENDED &&
               (ready == LINE_NOTHING || row->enter == NULL || row->enter(phone));
    } else if (phone->script != NULL) {
        good = phone_read(phone, (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
    }
    if (!good || phone_step(phone) == STEP_DONE) {
        phone_end(phone);
    } else if (phone->opening && phone_step(phone) == STEP_LIVE) {
        phone->opening = false;
        crowd.opening--;
        crowd.live++;
    }
}

static void handshakes_begin(const uint8_t *script) {
    while (crowd.opening < LIMIT_HANDSHAKE && crowd.begun < crowd.count) {
        struct phone *phone = &crowd.phones[crowd.begun];
        *phone = (struct phone){.line.fd = -1};
        if (phone_begin(phone, script, crowd.begun)) {
            phone->opening = true;
            crowd.opening++;
        } else {
            crowd.failed++;
        }
        crowd.begun++;
    }
}

void crowd_turn(int64_t until) {
    struct epoll_event events[TURN_EVENTS];
    int64_t wait = until - now_ns();
    wait = wait < 0 ? 0 : wait;
    struct timespec timeout = {.tv_sec = wait / SECOND, .tv_nsec = wait % SECOND};
    int count = epoll_pwait2(poller, events, TURN_EVENTS, &timeout, NULL);
    if (count < 0 && errno != EINTR) {
        trouble("epoll: %s", strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        phone_event(events[i].data.ptr, events[i].events);
    }
    raute_resync();
}

bool crowd_until(bool (*done)(void), double seconds, const char *what) {
    int64_t deadline = now_ns() + (int64_t)(seconds * 1e9);
    while (!done()) {
        if (trouble_text() == NULL && now_ns() >= deadline) {
            trouble("not within %.0f s: %s", seconds, what);
        }
        if (trouble_text() != NULL) {
            return false;
        }
        crowd_turn(deadline);
    }
    return true;
}

bool crowd_rest(double seconds) {
    int64_t end = now_ns() + (int64_t)(seconds * 1e9);
    while (now_ns() < end && trouble_text() == NULL) {
        crowd_turn(end);
    }
    return trouble_text() == NULL;
}

bool crowd_open(unsigned count, const uint8_t *script) {
    int64_t deadline = now_ns() + OPEN_SECONDS * SECOND;
    if (count > LIMIT_PHONES - crowd.count) {
        trouble("more than %d phones", LIMIT_PHONES);
        return false;
    }
    crowd.count += count;
    crowd.failed = 0;
    handshakes_begin(script);
    while (crowd.opening > 0 && now_ns() < deadline) {
        crowd_turn(deadline);
        handshakes_begin(script);
    }
    if (crowd.opening > 0) {
        trouble("%u handshakes did not end", crowd.opening);
    }
    return crowd.opening == 0;
}

/* Whatever still comes is let go. */
ssize_t crowd_leave_receive(struct phone *phone, const uint8_t *bytes, size_t length, int64_t now) {
    (void)phone;
    (void)bytes;
    (void)now;
    return (ssize_t)length;
}

static bool all_left(void) {
    return crowd.live == 0;
}

static void phones_unmute(void) {
    for (unsigned i = 0; i < crowd.count; i++) {
        struct phone *phone = &crowd.phones[i];
        if (phone->muted) {
            phone->muted = false;
            crowd.muted--;
            if (!phone_watch(phone)) {
                trouble("cannot watch a phone: %s", strerror(errno));
            }
        }
    }
}

void crowd_close(void) {
    static const uint8_t leave[] = {STEP_LEAVE};
    phones_unmute();
    for (unsigned i = 0; i < crowd.count; i++) {
        struct phone *phone = &crowd.phones[i];
        if (phone->script != NULL) {
            phone->script = leave;
            (void)websocket_send(&phone->line, WEBSOCKET_CLOSE, "\x03\xe8", 2);
            shutdown(phone->line.fd, SHUT_WR);
        }
    }
    trouble_forget(); /* who was gone already could not say goodbye */
    (void)crowd_until(all_left, CLOSE_SECONDS, "the server closes the connections");
    for (unsigned i = 0; i < crowd.count; i++) {
        free(crowd.phones[i].voter);
        phone_close(&crowd.phones[i]);
    }
    crowd = (struct crowd){.phones = crowd.phones};
}

void crowd_mute(unsigned count) {
    for (unsigned i = 0; i < count && i < crowd.count; i++) {
        struct phone *phone = &crowd.phones[i];
        if (phone->script != NULL && !phone->muted) {
            epoll_ctl(poller, EPOLL_CTL_DEL, phone->line.fd, NULL);
            phone->muted = true;
            crowd.muted++;
        }
    }
}

unsigned crowd_receivers(void) {
    return crowd.live - crowd.muted;
}
