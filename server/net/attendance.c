#include "net/attendance.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

static struct attendance *attendance_of(struct net_thread *thread, const uint8_t *event) {
    struct attendance *attendance = table_get(&thread->attendances, event);
    if (attendance == NULL) {
        attendance = memory_new(sizeof *attendance);
        memcpy(attendance->event, event, EVENT_ID_BYTES);
        attendance->members = table_make(MEMBER_ID_BYTES);
        table_set(&thread->attendances, event, attendance);
    }
    return attendance;
}

static void member_enter(struct attendance *attendance, struct socket *socket) {
    memcpy(socket->member, socket->session.member_id, MEMBER_ID_BYTES);
    socket->counted = true;
    uintptr_t count = (uintptr_t)table_get(&attendance->members, socket->member);
    table_set(&attendance->members, socket->member, (void *)(count + 1));
}

static void member_leave(struct attendance *attendance, struct socket *socket) {
    uintptr_t count = (uintptr_t)table_get(&attendance->members, socket->member);
    INVARIANT(count > 0);
    if (count > 1) {
        table_set(&attendance->members, socket->member, (void *)(count - 1));
    } else {
        table_remove(&attendance->members, socket->member);
    }
    memset(socket->member, 0, sizeof socket->member);
    socket->counted = false;
}

void attendance_enter(struct net_thread *thread, struct socket *socket) {
    attendance_leave(socket);
    struct attendance *attendance = attendance_of(thread, socket->session.door->event);
    socket->attendance = attendance;
    socket->view = session_view(&socket->session);
    struct attendants *attendants = &attendance->views[socket->view];
    if (attendants->count == attendants->room) {
        attendants->room = attendants->room == 0 ? 16 : attendants->room * 2;
        attendants->list =
            memory_resize(attendants->list, attendants->room, sizeof *attendants->list);
    }
    socket->place = attendants->count++;
    attendants->list[socket->place] = (struct attendant){
        .socket = socket,
        .wsi = socket->wsi,
        .fd = socket->fd,
        .seq = socket->session.seq,
        .skip = socket->session.resync,
    };
    if (socket->session.member) {
        member_enter(attendance, socket);
    }
}

void attendance_leave(struct socket *socket) {
    struct attendance *attendance = socket->attendance;
    if (attendance == NULL) {
        return;
    }
    struct attendants *attendants = &attendance->views[socket->view];
    struct attendant *last = &attendants->list[--attendants->count];
    last->socket->place = socket->place;
    attendants->list[socket->place] = *last;
    if (socket->counted) {
        member_leave(attendance, socket);
    }
    socket->attendance = NULL;
}

static struct attendant *attendant_of(const struct socket *socket) {
    return &socket->attendance->views[socket->view].list[socket->place];
}

void attendance_skip(struct socket *socket) {
    if (socket->attendance != NULL) {
        attendant_of(socket)->skip = true;
    }
}

void attendance_reach(struct socket *socket, uint64_t seq) {
    attendant_of(socket)->seq = seq;
}

static void attendance_free(struct attendance *attendance) {
    for (int view = 0; view < VIEW_COUNT; view++) {
        INVARIANT(attendance->views[view].count == 0);
        free(attendance->views[view].list);
    }
    table_clear(&attendance->members);
    free(attendance);
}

static bool attendance_empty(const struct attendance *attendance) {
    return attendance->views[VIEW_PUBLIC].count == 0 && attendance->views[VIEW_STAFF].count == 0;
}

static void presence_submit(struct net_thread *thread, struct attendance *attendance) {
    struct journal_request *request = journal_request_new(COMMAND_PRESENCE, attendance->event);
    attendance->reported = (uint32_t)attendance->members.count;
    request->command.as.presence.thread = thread->index;
    request->command.as.presence.members = attendance->reported;
    journal_submit(thread->net->wire->journal, request);
}

void attendance_report(struct net_thread *thread) {
    struct attendance *empty = NULL;
    const void *key;
    void *value;
    size_t at = 0;
    while (table_next(&thread->attendances, &at, &key, &value)) {
        struct attendance *attendance = value;
        if (attendance->members.count != attendance->reported) {
            presence_submit(thread, attendance);
        }
        if (attendance_empty(attendance)) {
            empty = attendance;
        }
    }
    if (empty != NULL) { /* one a second is enough */
        table_remove(&thread->attendances, empty->event);
        attendance_free(empty);
    }
}

void attendance_clear(struct net_thread *thread) {
    const void *key;
    void *value;
    size_t at = 0;
    while (table_next(&thread->attendances, &at, &key, &value)) {
        attendance_free(value);
    }
    table_clear(&thread->attendances);
}
