#include "net/handle.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"

#define SLOT_BITS 24
#define SLOT_MASK ((1u << SLOT_BITS) - 1)

static uint32_t handle_slot(uint64_t handle) {
    return (uint32_t)handle & SLOT_MASK;
}

struct handles handles_make(uint32_t thread) {
    return (struct handles){.thread = thread};
}

void handles_clear(struct handles *handles) {
    free(handles->slots);
    *handles = handles_make(handles->thread);
}

static uint32_t handles_take_slot(struct handles *handles) {
    if (handles->free != 0) {
        uint32_t slot = handles->free - 1;
        handles->free = handles->slots[slot].next_free;
        return slot;
    }
    if (handles->count == handles->room) {
        handles->room = handles->room == 0 ? 64 : handles->room * 2;
        handles->slots = memory_resize(handles->slots, handles->room, sizeof *handles->slots);
    }
    INVARIANT(handles->count <= SLOT_MASK);
    handles->slots[handles->count].generation = 0;
    return handles->count++;
}

uint64_t handles_add(struct handles *handles, enum handle_kind kind, void *owner) {
    INVARIANT(kind != HANDLE_FREE && owner != NULL);
    uint32_t index = handles_take_slot(handles);
    struct handle_slot *slot = &handles->slots[index];
    slot->owner = owner;
    slot->kind = kind;
    slot->generation++;
    if (slot->generation == 0) {
        slot->generation = 1;
    }
    return (uint64_t)handles->thread << 56 | (uint64_t)slot->generation << SLOT_BITS | index;
}

const struct handle_slot *handles_find(const struct handles *handles, uint64_t handle) {
    uint32_t index = handle_slot(handle);
    if (handle >> 56 != handles->thread || index >= handles->count) {
        return NULL;
    }
    const struct handle_slot *slot = &handles->slots[index];
    bool same = slot->generation == (uint32_t)(handle >> SLOT_BITS);
    return same && slot->kind != HANDLE_FREE ? slot : NULL;
}

void handles_remove(struct handles *handles, uint64_t handle) {
    INVARIANT(handles_find(handles, handle) != NULL);
    uint32_t index = handle_slot(handle);
    struct handle_slot *slot = &handles->slots[index];
    slot->owner = NULL;
    slot->kind = HANDLE_FREE;
    slot->next_free = handles->free;
    handles->free = index + 1;
}
