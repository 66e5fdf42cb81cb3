#include "net/thread.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "net/attendance.h"
#include "net/connection.h"
#include "net/exchange.h"
#include "net/socket.h"
#include "wire/links.h"

#define RECEIVE_BYTES 512   /* per connection; messages are put together in socket.c */
#define SEND_BYTES    65536 /* one send; less would copy frames */
#define SLICE_MS      5     /* of sending frames, then the loop turns */
#define STOP_MS       2000  /* for closing handshakes */
#define STOP_TICK_MS  20

static const struct lws_protocols PROTOCOLS[] = {
    {.name = PROTOCOL_HTTP, .callback = http_callback, .tx_packet_size = SEND_BYTES},
    {.name = PROTOCOL_SOCKET,
     .callback = socket_callback,
     .rx_buffer_size = RECEIVE_BYTES,
     .tx_packet_size = SEND_BYTES},
    {.name = PROTOCOL_LISTENER, .callback = listener_callback},
    {0},
};

/* All zero: no validity timers. Theirs cost a walk along all connections for each new one; ours are
 * on the wheel. */
static const lws_retry_bo_t NO_TIMERS;

struct net_thread *thread_of(struct lws *wsi) {
    return lws_context_user(lws_get_context(wsi));
}

void thread_kill(struct lws *wsi) {
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static void thread_wake(void *context) {
    struct net_thread *thread = context;
    lws_cancel_service(thread->context);
}

void thread_tell(struct net_thread *thread, enum thread_order order) {
    atomic_store(&thread->order, (int)order);
    thread_wake(thread);
}

/* lws logs addresses; only that something was said is counted. */
static void lws_said(int level, const char *line) {
    (void)level;
    (void)line;
    log_count("network");
}

static void signal_ignored(void *watcher, int signal) {
    (void)watcher;
    (void)signal; /* main waits for signals */
}

static void drain_replies(struct net_thread *thread) {
    struct queue_node *node = queue_take(&thread->replies);
    gathered_hold(&thread->gathered);
    while (node != NULL) {
        struct journal_request *request = (struct journal_request *)node;
        node = node->next;
        const struct handle_slot *slot = handles_find(&thread->handles, request->handle);
        if (slot != NULL && slot->kind == HANDLE_SOCKET) {
            socket_answered(slot->owner, request);
        } else if (slot != NULL) {
            struct exchange *exchange = slot->owner;
            if (exchange->status == 0) {
                exchange->answered(exchange, request);
            }
        }
        request_free(request);
    }
    gathered_release(thread);
}

static void drain_resources(struct net_thread *thread) {
    struct queue_node *node = queue_take(&thread->resources);
    while (node != NULL) {
        struct resource *resource = (struct resource *)node;
        node = node->next;
        const struct handle_slot *slot = handles_find(&thread->handles, resource->handle);
        if (slot != NULL) {
            exchange_resource(slot->owner, resource);
        } else {
            resource_free(resource);
        }
    }
}

/* One burst of the frame on its way, or false when there is none. */
static bool frames_pass(struct net_thread *thread) {
    if (thread->passing == NULL) {
        thread->passing = queue_take(&thread->frames);
        thread->pass_left = FANOUT_ALL;
    }
    struct frame *frame = (struct frame *)thread->passing;
    if (frame == NULL) {
        return false;
    }
    thread->pass_left = fanout(thread, frame, thread->pass_left);
    if (thread->pass_left == 0) {
        thread->passing = frame->node.next;
        thread->pass_left = FANOUT_ALL;
        frame_free(frame);
    }
    return true;
}

/* A slice, then a turn of the loop: who votes is heard while a frame goes out to thousands. */
static void drain_frames(struct net_thread *thread) {
    int64_t until = clock_monotonic_ms() + SLICE_MS;
    while (frames_pass(thread)) {
        if (clock_monotonic_ms() >= until) {
            thread_wake(thread);
            return;
        }
    }
}

static void say_restart(struct net_thread *thread) {
    for (uint32_t i = 0; i < thread->handles.count; i++) {
        if (thread->handles.slots[i].kind == HANDLE_SOCKET) {
            socket_bye(thread->handles.slots[i].owner, "restart", 1001);
        }
    }
}

static void thread_tick(lws_sorted_usec_list_t *tick);

static void thread_obey(struct net_thread *thread) {
    enum thread_order order = (enum thread_order)atomic_load(&thread->order);
    if (order == thread->obeyed) {
        return;
    }
    thread->obeyed = order;
    if (thread->listener != NULL) {
        thread_kill(thread->listener);
    }
    if (order == ORDER_STOP) {
        thread->stop_at = clock_monotonic_ms() + STOP_MS;
        say_restart(thread);
        lws_sul_schedule(thread->context, 0, &thread->tick, thread_tick, LWS_US_PER_MS);
    }
}

void thread_drain(struct net_thread *thread) {
    drain_replies(thread);
    drain_resources(thread);
    drain_frames(thread);
    thread_obey(thread);
}

static void check_deadlines(struct net_thread *thread, int64_t now) {
    for (struct exchange *exchange = thread->exchanges; exchange != NULL;
         exchange = exchange->next) {
        if (exchange_overdue(exchange, now)) {
            log_count("slow_request");
            thread_kill(exchange->wsi);
        }
    }
}

static void thread_tick(lws_sorted_usec_list_t *tick) {
    struct net_thread *thread = lws_container_of(tick, struct net_thread, tick);
    int64_t now = clock_monotonic_ms();
    struct wheel_entry *entry;
    while ((entry = wheel_due(&thread->wheel, now / 1000)) != NULL) {
        connection_look((struct connection *)entry, now / 1000);
    }
    check_deadlines(thread, now);
    int64_t next = 1000;
    if (thread->obeyed == ORDER_STOP) {
        bool empty = atomic_load(&thread->sessions) == 0 && thread->exchanges == NULL;
        if (empty || now >= thread->stop_at) {
            uv_stop(&thread->loop);
            return;
        }
        next = STOP_TICK_MS;
    } else {
        attendance_report(thread);
    }
    lws_sul_schedule(thread->context, 0, tick, thread_tick, next * LWS_US_PER_MS);
}

static struct lws_context_creation_info context_info(struct net_thread *thread, void **loops) {
    struct net *net = thread->net;
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = PROTOCOLS,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
        .user = thread,
        .pcontext = &thread->context,
        .foreign_loops = loops,
        .signal_cb = signal_ignored,
        .max_http_header_data = LIMIT_HEADER_BYTES,
        .timeout_secs = LIMIT_BODY_SECONDS,
        .timeout_secs_ah_idle = LIMIT_HEADER_SECONDS,
        .retry_and_idle_policy = &NO_TIMERS,
        .vhost_name = "raute",
    };
    if (net->tls) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = net->options->tls_cert;
        info.ssl_private_key_filepath = net->options->tls_key;
        info.ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1;
        info.alpn = "http/1.1";
    }
    return info;
}

static bool context_open(struct net_thread *thread, int listener, char *why, size_t room) {
    void *loops[] = {&thread->loop};
    lws_set_log_level(LLL_ERR, lws_said);
    struct lws_context_creation_info info = context_info(thread, loops);
    thread->context = lws_create_context(&info);
    if (thread->context == NULL) {
        snprintf(why, room,
                 "libwebsockets does not start; is its libuv plugin installed "
                 "(Debian: libwebsockets-evlib-uv)?");
        close(listener);
        return false;
    }
    thread->vhost = lws_create_vhost(thread->context, &info);
    if (thread->vhost == NULL) {
        snprintf(why, room,
                 thread->net->tls
                     ? "The TLS certificate and key cannot be used: are both PEM files, "
                       "readable, and do they belong together?"
                     : "libwebsockets does not start.");
        close(listener);
        return false;
    }
    lws_sock_file_fd_type descriptor = {.filefd = listener};
    thread->listener = lws_adopt_descriptor_vhost(thread->vhost, LWS_ADOPT_RAW_FILE_DESC,
                                                  descriptor, PROTOCOL_LISTENER, NULL);
    if (thread->listener == NULL) {
        snprintf(why, room, "libwebsockets does not take the listener.");
        return false;
    }
    return true;
}

bool thread_open(struct net_thread *thread, struct net *net, uint32_t index, int listener,
                 char *why, size_t room) {
    thread->net = net;
    thread->index = index;
    thread->handles = handles_make(index);
    thread->attendances = table_make(EVENT_ID_BYTES);
    thread->answer = buffer_make(LIMIT_REPLY_BYTES);
    gathered_open(&thread->gathered);
    burst_open(&thread->burst, net->options->io_uring && !net->tls);
    thread->ringed = thread->burst.ringed;
    thread->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    wheel_start(&thread->wheel, clock_monotonic_ms() / 1000);
    INVARIANT(uv_loop_init(&thread->loop) == 0);
    queue_init(&thread->replies, 0, thread_wake, thread);
    queue_init(&thread->resources, 0, thread_wake, thread);
    queue_init(&thread->frames, 0, thread_wake, thread);
    return context_open(thread, listener, why, room);
}

/* On a loop that is not its own lws lets go in two steps: its handles close in turns of the loop,
 * then the rest, at the second call unless it was done already (then it has set the pointer to
 * NULL). */
static void context_close(struct net_thread *thread) {
    for (int step = 0; step < 2 && thread->context != NULL; step++) {
        lws_context_destroy(thread->context);
        uv_run(&thread->loop, UV_RUN_DEFAULT);
    }
    INVARIANT(thread->context == NULL && uv_loop_close(&thread->loop) == 0);
}

static void *thread_main(void *argument) {
    struct net_thread *thread = argument;
    char name[16];
    snprintf(name, sizeof name, "net-%u", thread->index);
    pthread_setname_np(pthread_self(), name);
    uv_run(&thread->loop, UV_RUN_DEFAULT);
    context_close(thread);
    return NULL;
}

void thread_start(struct net_thread *thread) {
    lws_sul_schedule(thread->context, 0, &thread->tick, thread_tick, LWS_US_PER_SEC);
    INVARIANT(pthread_create(&thread->pthread, NULL, thread_main, thread) == 0);
}

void thread_join(struct net_thread *thread) {
    pthread_join(thread->pthread, NULL);
}

static void queues_clear(struct net_thread *thread) {
    drain_replies(thread); /* nobody is left, so all of it is only freed */
    drain_resources(thread);
    while (frames_pass(thread)) {}
    queue_destroy(&thread->replies);
    queue_destroy(&thread->resources);
    queue_destroy(&thread->frames);
}

void thread_close(struct net_thread *thread) {
    if (thread->context != NULL) { /* it was never started */
        context_close(thread);
    }
    queues_clear(thread);
    attendance_clear(thread);
    handles_clear(&thread->handles);
    buffer_clear(&thread->answer);
    gathered_close(&thread->gathered);
    burst_close(&thread->burst);
    close(thread->spare);
}
