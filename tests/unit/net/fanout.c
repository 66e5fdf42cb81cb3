/* Frames and answers to sockets: real descriptors on one side, libwebsockets played by this file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "net/attendance.h"
#include "net/send.h"
#include <cmocka.h>

#include "net/pairs.h"

#define PHONES 1500

/* ---- libwebsockets: a wsi is one of these */

struct lws {
    int partial; /* it holds bytes */
    int wanted;  /* a callback was asked for */
    int killed;
    bool failing;
    uint8_t *bytes; /* what it was given to write */
    size_t length;
};

int lws_partial_buffered(struct lws *wsi) {
    return wsi->partial;
}

int lws_callback_on_writable(struct lws *wsi) {
    return ++wsi->wanted;
}

void lws_set_timeout(struct lws *wsi, enum pending_timeout reason, int seconds) {
    (void)reason;
    (void)seconds;
    wsi->killed++;
}

int lws_write(struct lws *wsi, unsigned char *bytes, size_t length, enum lws_write_protocol kind) {
    assert_int_equal(kind, LWS_WRITE_HTTP);
    assert_false(wsi->partial); /* it would be queued behind what it holds, and so would ours */
    if (wsi->failing) {
        return -1;
    }
    wsi->bytes = memory_resize(wsi->bytes, wsi->length + length, 1);
    memcpy(wsi->bytes + wsi->length, bytes, length);
    wsi->length += length;
    return (int)length;
}

/* ---- a thread with its phones */

struct phone {
    struct pair pair;
    struct lws wsi;
    struct connection connection;
    struct socket socket;
};

struct world {
    struct net net;
    struct net_thread thread;
    struct door door;
    struct phone *phones;
    int count;
};

static const uint8_t TEXT[] = {0x81, 5, 'h', 'e', 'l', 'l', 'o'};

static void phone_start(struct world *world, struct phone *phone, uint64_t since) {
    phone->pair = pair_make();
    phone->connection.thread = &world->thread;
    phone->socket.wsi = &phone->wsi;
    phone->socket.connection = &phone->connection;
    phone->socket.fd = phone->pair.ours;
    phone->socket.waiting_last = &phone->socket.waiting;
    phone->socket.session.door = &world->door;
    phone->socket.session.joined = true;
    phone->socket.session.seq = since;
    attendance_enter(&world->thread, &phone->socket);
}

/* `kind`: plain sends, io_uring, or TLS. All phones have come to seq 10. */
static struct world *world_of(void **state, int count) {
    const char *kind = *state;
    struct world *world = memory_new(sizeof *world);
    pairs_allow();
    burst_open(&world->thread.burst, strcmp(kind, "ring") == 0);
    if (strcmp(kind, "ring") == 0 && !world->thread.burst.ringed) {
        free(world);
        skip(); /* not allowed here */
    }
    world->net.tls = strcmp(kind, "tls") == 0;
    world->thread.net = &world->net;
    world->thread.attendances = table_make(EVENT_ID_BYTES);
    gathered_open(&world->thread.gathered);
    world->phones = memory_new((size_t)count * sizeof *world->phones);
    world->count = count;
    for (int i = 0; i < count; i++) {
        phone_start(world, &world->phones[i], 10);
    }
    return world;
}

static void world_end(struct world *world) {
    for (int i = 0; i < world->count; i++) {
        struct phone *phone = &world->phones[i];
        attendance_leave(&phone->socket);
        while (phone->socket.waiting != NULL) {
            struct socket_waiting *next = phone->socket.waiting->next;
            free(phone->socket.waiting);
            phone->socket.waiting = next;
        }
        free(phone->wsi.bytes);
        pair_close(phone->pair);
    }
    attendance_report(&world->thread); /* forgets the event: nobody is there */
    assert_int_equal(world->thread.attendances.count, 0);
    attendance_clear(&world->thread);
    gathered_close(&world->thread.gathered);
    burst_close(&world->thread.burst);
    free(world->phones);
    free(world);
}

static struct frame *frame_make(uint64_t from, uint64_t seq, const void *bytes, size_t length) {
    struct frame *frame = memory_new(sizeof *frame);
    frame->kind = FRAME_CHANGES;
    frame->view = VIEW_PUBLIC;
    frame->from = from;
    frame->seq = seq;
    frame->text = shared_new(bytes, length);
    return frame;
}

/* Takes the frame; `left` as the last burst left it. */
static void frame_pass(struct world *world, struct frame *frame, uint32_t left) {
    do {
        left = fanout(&world->thread, frame, left);
    } while (left > 0);
    frame_free(frame);
}

static void frame_give(struct world *world, uint64_t from, uint64_t seq, const void *bytes,
                       size_t length) {
    frame_pass(world, frame_make(from, seq, bytes, length), FANOUT_ALL);
}

static const struct attendant *attendant(const struct phone *phone) {
    return &phone->socket.attendance->views[phone->socket.view].list[phone->socket.place];
}

/* What the phone has got since the last call, by whichever way. */
static size_t phone_got(struct phone *phone, uint8_t *bytes, size_t room) {
    size_t length = pair_read(phone->pair, bytes, room);
    assert_true(length + phone->wsi.length <= room);
    if (phone->wsi.length > 0) {
        memcpy(bytes + length, phone->wsi.bytes, phone->wsi.length);
    }
    length += phone->wsi.length;
    phone->wsi.length = 0;
    return length;
}

static void assert_got(struct phone *phone, const char *bytes) {
    uint8_t got[256];
    assert_int_equal(phone_got(phone, got, sizeof got), strlen(bytes));
    assert_memory_equal(got, bytes, strlen(bytes));
}

/* ---- frames */

static void everybody_gets_it_once(void **state) {
    struct world *world = world_of(state, PHONES);
    uint8_t got[64];
    frame_give(world, 10, 11, TEXT, sizeof TEXT);
    frame_give(world, 10, 11, TEXT, sizeof TEXT);
    for (int i = 0; i < PHONES; i++) {
        assert_int_equal(phone_got(&world->phones[i], got, sizeof got), sizeof TEXT);
        assert_memory_equal(got, TEXT, sizeof TEXT);
        assert_int_equal(attendant(&world->phones[i])->seq, 11);
    }
    world_end(world);
}

/* Between two bursts anybody may come or go: whoever stays gets it once, whoever comes has it. */
static void some_come_and_go_during_a_pass(void **state) {
    struct world *world = world_of(state, PHONES);
    struct phone *phones = world->phones;
    struct frame *frame = frame_make(10, 11, TEXT, sizeof TEXT);
    uint32_t left = fanout(&world->thread, frame, FANOUT_ALL);
    assert_int_equal(left, PHONES - BURST_MAX);
    attendance_leave(&phones[10].socket);         /* before its turn: the last comes there */
    attendance_leave(&phones[PHONES - 2].socket); /* after its turn */
    phones[20].socket.session.seq = 11;           /* it joined again, and caught up */
    attendance_enter(&world->thread, &phones[20].socket);
    attendance_leave(&phones[left - 1].socket); /* where the next burst begins */
    frame_pass(world, frame, left);
    for (int i = 0; i < PHONES; i++) {
        bool without = i == 10 || i == 20 || i == (int)left - 1;
        assert_got(&phones[i], without ? "" : "\x81\x05hello");
        assert_false(phones[i].socket.lagging);
    }
    frame_give(world, 11, 12, TEXT, sizeof TEXT);
    for (int i = 0; i < PHONES; i++) {
        bool gone = phones[i].socket.attendance == NULL;
        assert_got(&phones[i], gone ? "" : "\x81\x05hello");
    }
    world_end(world);
}

static void most_go_during_a_pass(void **state) {
    struct world *world = world_of(state, PHONES);
    struct frame *frame = frame_make(10, 11, TEXT, sizeof TEXT);
    uint32_t left = fanout(&world->thread, frame, FANOUT_ALL);
    for (int i = 1; i < PHONES; i++) {
        attendance_leave(&world->phones[i].socket);
    }
    frame_pass(world, frame, left);
    assert_got(&world->phones[0], "\x81\x05hello");
    world_end(world);
}

static void only_what_follows_is_sent(void **state) {
    struct world *world = world_of(state, 3);
    struct phone *phones = world->phones;
    attendance_reach(&phones[1].socket, 12); /* ahead */
    attendance_reach(&phones[2].socket, 8);  /* it missed one */
    frame_give(world, 10, 12, TEXT, sizeof TEXT);
    assert_got(&phones[0], "\x81\x05hello");
    assert_got(&phones[1], "");
    assert_got(&phones[2], "");
    assert_true(phones[2].socket.lagging && attendant(&phones[2])->skip);
    assert_int_equal(phones[2].wsi.wanted, 1);
    frame_give(world, 12, 12, TEXT, sizeof TEXT); /* late totals */
    assert_got(&phones[0], "\x81\x05hello");
    assert_got(&phones[1], "\x81\x05hello");
    assert_got(&phones[2], "");
    frame_give(world, 11, 11, TEXT, sizeof TEXT); /* and older ones */
    assert_got(&phones[0], "");
    assert_false(phones[0].socket.lagging);
    world_end(world);
}

static void who_came_to_resync_gets_none_until_the_next_join(void **state) {
    struct world *world = world_of(state, 2);
    struct phone *late = &world->phones[1];
    late->socket.session.resync = true;
    attendance_enter(&world->thread, &late->socket);
    frame_give(world, 10, 11, TEXT, sizeof TEXT);
    assert_got(late, "");
    assert_false(late->socket.lagging);
    late->socket.session.resync = false;
    late->socket.session.seq = 11;
    attendance_enter(&world->thread, &late->socket);
    frame_give(world, 11, 12, TEXT, sizeof TEXT);
    assert_got(late, "\x81\x05hello");
    assert_got(&world->phones[0], "\x81\x05hello\x81\x05hello");
    world_end(world);
}

static void nothing_is_sent_into_the_bytes_of_lws(void **state) {
    struct world *world = world_of(state, 2);
    world->phones[0].wsi.partial = 1;
    frame_give(world, 10, 11, TEXT, sizeof TEXT);
    assert_got(&world->phones[0], "");
    assert_true(world->phones[0].socket.lagging);
    assert_int_equal(attendant(&world->phones[0])->seq, 10);
    assert_got(&world->phones[1], "\x81\x05hello");
    world_end(world);
}

static void a_full_socket_lags(void **state) {
    struct world *world = world_of(state, 3);
    pair_fill(world->phones[1].pair);
    frame_give(world, 10, 11, TEXT, sizeof TEXT);
    assert_got(&world->phones[0], "\x81\x05hello");
    assert_got(&world->phones[2], "\x81\x05hello");
    assert_true(world->phones[1].socket.lagging);
    assert_int_equal(world->phones[1].wsi.wanted, 1);
    assert_int_equal(world->phones[1].wsi.length, 0);
    world_end(world);
}

static void the_rest_of_a_frame_goes_through_lws(void **state) {
    enum { LARGE_BYTES = 4 << 20 };
    struct world *world = world_of(state, 2);
    uint8_t *large = memory_new(LARGE_BYTES), *got = memory_new(LARGE_BYTES);
    for (uint32_t i = 0; i < LARGE_BYTES; i++) {
        large[i] = (uint8_t)(i * 2654435761u >> 24);
    }
    frame_give(world, 10, 11, large, LARGE_BYTES);
    for (int i = 0; i < 2; i++) {
        assert_true(world->phones[i].wsi.length > 0);
        assert_int_equal(phone_got(&world->phones[i], got, LARGE_BYTES), LARGE_BYTES);
        assert_memory_equal(got, large, LARGE_BYTES);
        assert_int_equal(attendant(&world->phones[i])->seq, 11);
    }
    free(large);
    free(got);
    world_end(world);
}

static void who_is_gone_is_closed(void **state) {
    struct world *world = world_of(state, 2);
    struct phone *gone = &world->phones[0];
    shutdown(gone->pair.theirs, SHUT_RDWR);
    gone->wsi.failing = true;
    frame_give(world, 10, 11, TEXT, sizeof TEXT);
    assert_true(gone->socket.closing && attendant(gone)->skip);
    assert_int_equal(gone->wsi.killed, 1);
    frame_give(world, 11, 12, TEXT, sizeof TEXT);
    assert_int_equal(gone->wsi.killed, 1);
    assert_got(&world->phones[1], "\x81\x05hello\x81\x05hello");
    world_end(world);
}

static void a_deleted_event_says_goodbye(void **state) {
    struct world *world = world_of(state, 2);
    struct frame *frame = memory_new(sizeof *frame);
    frame->kind = FRAME_DELETED;
    world->thread.answer = buffer_make(LIMIT_MESSAGE_BYTES);
    frame_pass(world, frame, FANOUT_ALL);
    for (int i = 0; i < 2; i++) {
        assert_got(&world->phones[i], "\x81\x11{\"bye\":\"deleted\"}");
        assert_int_equal(world->phones[i].socket.close_code, 1000);
    }
    frame_give(world, 10, 11, TEXT, sizeof TEXT);
    assert_got(&world->phones[0], "");
    buffer_clear(&world->thread.answer);
    world_end(world);
}

/* ---- answers */

static void say(struct phone *phone, const char *text) {
    struct buffer buffer = buffer_make(LIMIT_MESSAGE_BYTES);
    buffer_text(&buffer, text);
    socket_say(&phone->socket, &buffer);
    buffer_clear(&buffer);
}

static void held_answers_leave_together_in_order(void **state) {
    struct world *world = world_of(state, 2);
    struct phone *anna = &world->phones[0], *bert = &world->phones[1];
    gathered_hold(&world->thread.gathered);
    say(anna, "1");
    say(anna, "2");
    say(bert, "3");
    assert_int_equal(world->thread.gathered.count, 2);
    assert_got(anna, "");
    say(anna, "4"); /* after something else: the others go first */
    assert_int_equal(world->thread.gathered.count, 1);
    assert_got(anna, "\x81\x01"
                     "1\x81\x01"
                     "2");
    gathered_release(&world->thread);
    assert_got(anna, "\x81\x01"
                     "4");
    assert_got(bert, "\x81\x01"
                     "3");
    say(bert, "5"); /* not held: at once */
    assert_got(bert, "\x81\x01"
                     "5");
    world_end(world);
}

static void more_answers_than_a_burst(void **state) {
    struct world *world = world_of(state, PHONES);
    gathered_hold(&world->thread.gathered);
    for (int i = 0; i < PHONES; i++) {
        say(&world->phones[i], "yes");
    }
    gathered_release(&world->thread);
    for (int i = 0; i < PHONES; i++) {
        assert_got(&world->phones[i], "\x81\x03yes");
    }
    world_end(world);
}

static void long_answers_are_sent_when_there_is_no_more_room(void **state) {
    enum { ANSWERS = 20 };
    struct world *world = world_of(state, 1);
    static char text[LIMIT_MESSAGE_BYTES + 1];
    static uint8_t got[ANSWERS * (sizeof text + 4)];
    memset(text, 'a', sizeof text - 1);
    gathered_hold(&world->thread.gathered);
    for (int i = 0; i < ANSWERS; i++) {
        text[0] = (char)('A' + i);
        say(&world->phones[0], text);
    }
    gathered_release(&world->thread);
    size_t each = LIMIT_MESSAGE_BYTES + 4;
    assert_int_equal(phone_got(&world->phones[0], got, sizeof got), ANSWERS * each);
    for (size_t i = 0; i < ANSWERS; i++) {
        static const uint8_t head[] = {0x81, 126, LIMIT_MESSAGE_BYTES >> 8, 0};
        assert_memory_equal(got + i * each, head, sizeof head);
        assert_int_equal(got[i * each + 4], 'A' + i);
        assert_int_equal(got[i * each + 5], 'a');
    }
    world_end(world);
}

static void answers_wait_for_who_does_not_read(void **state) {
    struct world *world = world_of(state, 1);
    struct phone *phone = &world->phones[0];
    uint8_t *got = memory_new(1 << 20);
    pair_fill(phone->pair);
    gathered_hold(&world->thread.gathered);
    say(phone, "1");
    say(phone, "2");
    gathered_release(&world->thread);
    say(phone, "3");
    assert_int_equal(phone->socket.waiting_count, 2);
    assert_memory_equal(phone->socket.waiting->bytes,
                        "\x81\x01"
                        "1\x81\x01"
                        "2",
                        6);
    assert_true(pair_read(phone->pair, got, 1 << 20) > 6);
    say(phone, "4"); /* there is room now, but the others are first */
    assert_int_equal(phone->socket.waiting_count, 3);
    for (int i = 0; i < 2 * LIMIT_SESSION_WAITING; i++) {
        say(phone, "again");
    }
    assert_true(phone->socket.closing);
    assert_true(phone->wsi.killed > 0);
    free(got);
    world_end(world);
}

static void answers_do_not_enter_the_bytes_of_lws(void **state) {
    struct world *world = world_of(state, 1);
    world->phones[0].wsi.partial = 1;
    say(&world->phones[0], "1");
    assert_got(&world->phones[0], "");
    assert_int_equal(world->phones[0].socket.waiting_count, 1);
    world_end(world);
}

/* ---- who is there */

static void whoever_leaves_takes_nobody_along(void **state) {
    struct world *world = world_of(state, 5);
    struct phone *phones = world->phones;
    attendance_skip(&phones[4].socket);
    attendance_leave(&phones[1].socket);
    attendance_leave(&phones[1].socket);
    attendance_skip(&phones[1].socket); /* it attends nothing */
    for (int i = 0; i < 5; i++) {
        if (i != 1) {
            assert_ptr_equal(attendant(&phones[i])->socket, &phones[i].socket);
            assert_int_equal(attendant(&phones[i])->fd, phones[i].pair.ours);
            assert_int_equal(attendant(&phones[i])->skip, i == 4);
        }
    }
    frame_give(world, 10, 11, TEXT, sizeof TEXT);
    for (int i = 0; i < 5; i++) {
        assert_got(&phones[i], i == 1 || i == 4 ? "" : "\x81\x05hello");
    }
    phones[2].socket.session.role = ROLE_MODERATOR; /* joins again as somebody else */
    phones[2].socket.session.seq = 11;
    attendance_enter(&world->thread, &phones[2].socket);
    frame_give(world, 11, 12, TEXT, sizeof TEXT);
    assert_got(&phones[2], "");
    assert_got(&phones[3], "\x81\x05hello");
    world_end(world);
}

#define WITH(test, kind)                                                                           \
    { #test ", " kind, test, NULL, NULL, (void *)(uintptr_t)kind }
#define BARE(test) WITH(test, "plain"), WITH(test, "ring")
#define EACH(test) BARE(test), WITH(test, "tls")

int main(void) {
    const struct CMUnitTest tests[] = {
        EACH(everybody_gets_it_once),
        EACH(some_come_and_go_during_a_pass),
        EACH(most_go_during_a_pass),
        EACH(only_what_follows_is_sent),
        EACH(who_came_to_resync_gets_none_until_the_next_join),
        EACH(nothing_is_sent_into_the_bytes_of_lws),
        BARE(a_full_socket_lags),
        BARE(the_rest_of_a_frame_goes_through_lws),
        EACH(who_is_gone_is_closed),
        EACH(a_deleted_event_says_goodbye),
        EACH(held_answers_leave_together_in_order),
        EACH(more_answers_than_a_burst),
        EACH(long_answers_are_sent_when_there_is_no_more_room),
        BARE(answers_wait_for_who_does_not_read),
        EACH(answers_do_not_enter_the_bytes_of_lws),
        EACH(whoever_leaves_takes_nobody_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
