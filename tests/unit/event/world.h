/* The open networks as they really are, for a bridge that often does not get to know: what it sends
 * may arrive or not, and the answer may be lost. Account n (`remote`) is one of three kinds: 1
 * edits in place, 2 replaces an edited post by another one, 3 deletes nothing but empties. */
#ifndef RAUTE_TESTS_EVENT_WORLD_H
#define RAUTE_TESTS_EVENT_WORLD_H

#include "chance_posts.h"

#define WORLD_POSTS 8192

struct far_post {
    uint32_t peer, number;
    enum post_kind kind;
    uint8_t mark[POST_MARK_BYTES];
    char token[LIMIT_POST_TOKEN_BYTES + 1];
    uint32_t thread; /* a reply: which of the posts it hangs on */
    bool here, empty;
};

struct world {
    struct far_post posts[WORLD_POSTS]; /* "farN" is posts[N] */
    uint32_t count;
};

static inline uint32_t world_peer(const struct event *event, uint32_t account) {
    return (uint32_t)strtoul(event_account(event, account)->remote + strlen("did:example:"), NULL,
                             10);
}

static inline struct far_post *world_far(struct world *world, const char *far) {
    struct far_post *post = far[0] == '\0' ? NULL : &world->posts[strtoul(far + 3, NULL, 10)];
    return post != NULL && post->here ? post : NULL;
}

static inline struct far_post *world_token(struct world *world, uint32_t peer, const char *token) {
    for (uint32_t i = 0; i < world->count; i++) {
        if (world->posts[i].here && world->posts[i].peer == peer &&
            strcmp(world->posts[i].token, token) == 0) {
            return &world->posts[i];
        }
    }
    return NULL;
}

static inline struct far_post *world_make(struct world *world, const struct event *event,
                                          const struct outgoing *row) {
    assert_true(world->count < WORLD_POSTS);
    struct far_post *post = &world->posts[world->count++];
    *post = (struct far_post){.peer = world_peer(event, row->account),
                              .number = row->number,
                              .kind = row->kind,
                              .here = true};
    memcpy(post->token, row->token, sizeof post->token);
    memcpy(post->mark, row->sending, sizeof post->mark);
    const struct outgoing *parent = event_outgoing(event, row->number, row->account, POST_QUESTION);
    if (row->kind != POST_QUESTION && parent != NULL && world_far(world, parent->far) != NULL) {
        post->thread = (uint32_t)(world_far(world, parent->far) - world->posts);
    }
    return post;
}

static inline void world_delete(struct far_post *post, bool keeps) {
    if (post != NULL) {
        post->here = keeps;
        post->empty = keeps;
    }
}

/* Does what the row wants; what it is now is found under *post. False: there is nothing to edit. */
static inline bool world_act(struct world *world, const struct event *event,
                             const struct outgoing *row, struct far_post **post) {
    uint32_t peer = world_peer(event, row->account);
    struct far_post *far = world_far(world, row->far);
    struct far_post *token = world_token(world, peer, row->token);
    if (row->act == ACT_DELETE) {
        world_delete(far, peer == 3);
        world_delete(token, peer == 3);
        *post = token != NULL ? token : far;
        return true;
    }
    if (row->act == ACT_POST) {
        *post = token != NULL ? token : world_make(world, event, row);
        return true;
    }
    if (far == NULL && token == NULL) {
        return false;
    }
    *post = token != NULL ? token : far;
    if (peer == 2 && token == NULL) {
        world_delete(far, false);
        *post = world_make(world, event, row);
    }
    memcpy((*post)->mark, row->sending, POST_MARK_BYTES);
    (*post)->empty = false;
    return true;
}

/* How many posts of a kind people can read there; `post` gets the last of them. */
static inline uint32_t world_find(const struct world *world, uint32_t peer, uint32_t number,
                                  enum post_kind kind, const struct far_post **post) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < world->count; i++) {
        const struct far_post *one = &world->posts[i];
        if (one->here && !one->empty && one->peer == peer && one->number == number &&
            one->kind == kind) {
            *post = one;
            count++;
        }
    }
    return count;
}

static inline struct command world_report(struct world *world, const struct event *event,
                                          const struct outgoing *row, int64_t now) {
    struct kit at = {.event = (struct event *)(uintptr_t)event, .now = now};
    struct far_post *post = NULL;
    if (!world_act(world, event, row, &post)) {
        struct command missing =
            post_command(&at, COMMAND_POST_FAILED, row->number, row->account, row->kind);
        missing.as.post.trouble = TROUBLE_MISSING;
        missing.as.post.final = true;
        return missing;
    }
    struct command command =
        post_command(&at, COMMAND_POST_SENT, row->number, row->account, row->kind);
    command.as.post.emptied = row->act == ACT_DELETE && post != NULL && post->here;
    if (post != NULL && post->here) {
        snprintf(command.as.post.far, sizeof command.as.post.far, "far%u",
                 (unsigned)(post - world->posts));
        snprintf(command.as.post.url, sizeof command.as.post.url, "https://peer.example/%u",
                 (unsigned)(post - world->posts));
    }
    return command;
}

#endif
