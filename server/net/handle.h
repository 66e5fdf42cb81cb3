/* Names for what a network thread waits with: a handle travels with a request to the journal or a
 * resource and comes back with the answer, perhaps after its owner is gone. Thread (8 bits),
 * generation (32), slot (24): a late answer never reaches the slot's next owner. One thread. */
#ifndef RAUTE_NET_HANDLE_H
#define RAUTE_NET_HANDLE_H

#include <stdint.h>

enum handle_kind { HANDLE_FREE, HANDLE_SOCKET, HANDLE_EXCHANGE };

struct handle_slot {
    void *owner; /* not owned */
    enum handle_kind kind;
    uint32_t generation;
    uint32_t next_free;
};

struct handles {
    struct handle_slot *slots;
    uint32_t count, room, free; /* free: first free slot + 1; 0: none */
    uint32_t thread;
};

struct handles handles_make(uint32_t thread);
void handles_clear(struct handles *handles);
/* Never 0. */
uint64_t handles_add(struct handles *handles, enum handle_kind kind, void *owner);
void handles_remove(struct handles *handles, uint64_t handle);
/* NULL: its owner is gone. */
const struct handle_slot *handles_find(const struct handles *handles, uint64_t handle);

#endif
