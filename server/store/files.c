#include "store/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "store/seals.h"

#define NAME_CHARS BASE64_CHARS(EVENT_ID_BYTES)
#define LIVE_BYTES (SECRET_BYTES / 2)

/* The name of a file, and of the one that becomes it. */
struct name {
    char file[NAME_CHARS + 1], fresh[NAME_CHARS + 5];
};

/* An event's. */
static struct name name_of(const uint8_t id[EVENT_ID_BYTES]) {
    struct name name;
    base64_encode(name.file, id, EVENT_ID_BYTES);
    memcpy(name.fresh, name.file, NAME_CHARS);
    memcpy(name.fresh + NAME_CHARS, ".new", sizeof ".new");
    return name;
}

static const struct name bridge_name = {.file = "bridge-key", .fresh = "bridge-key.new"};

static enum store_status failed(void) {
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    log_count(full ? "disk full" : "file failed");
    return full ? STORE_FULL : STORE_FAILED;
}

static int folder_open(int data, const char *name, enum store_mode mode) {
    if (mode == STORE_WRITE && mkdirat(data, name, 0700) != 0 && errno != EEXIST) {
        return -1;
    }
    return openat(data, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum store_status files_open(struct store *store) {
    store->secrets = folder_open(store->data, "secrets", store->mode);
    store->forgotten = folder_open(store->data, "forgotten", store->mode);
    bool open = store->secrets >= 0 && store->forgotten >= 0;
    return open || store->mode == STORE_READ ? STORE_OK : failed();
}

void files_close(struct store *store) {
    const int folders[] = {store->data, store->secrets, store->forgotten};
    for (size_t at = 0; at < sizeof folders / sizeof *folders; at++) {
        if (folders[at] >= 0) {
            (void)close(folders[at]);
        }
    }
}

static bool write_all(int file, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(file, bytes, count);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        }
    }
    return true;
}

/* `times`: what the file's times will say instead of when it was written; 0: nothing special. */
static enum store_status file_replace(int folder, struct name name, const uint8_t *bytes,
                                      size_t count, time_t times) {
    int file = openat(folder, name.fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        return failed();
    }
    const struct timespec both[2] = {{.tv_sec = times}, {.tv_sec = times}};
    bool good = write_all(file, bytes, count) && (times == 0 || futimens(file, both) == 0) &&
                fsync(file) == 0;
    good = good && renameat(folder, name.fresh, folder, name.file) == 0 && fsync(folder) == 0;
    enum store_status status = good ? STORE_OK : failed();
    (void)close(file);
    if (!good) {
        (void)unlinkat(folder, name.fresh, 0);
    }
    return status;
}

/* Reads up to `room` bytes of the file; *count says how many there are at least. */
static enum store_status file_read(int folder, struct name name, uint8_t *bytes, size_t room,
                                   size_t *count) {
    int file = folder >= 0 ? openat(folder, name.file, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) {
        return folder < 0 || errno == ENOENT ? STORE_NONE : failed();
    }
    enum store_status status = STORE_OK;
    *count = 0;
    while (*count < room) {
        ssize_t got = read(file, bytes + *count, room - *count);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            status = failed();
            break;
        }
        *count += got > 0 ? (size_t)got : 0;
    }
    (void)close(file);
    return status;
}

static int hash_compare(const void *a, const void *b) {
    return memcmp(a, b, FORGOTTEN_BYTES);
}

enum store_status forgotten_write(struct store *store, const struct event *event) {
    size_t count = 0;
    uint8_t *hashes = memory_resize(NULL, event->forgotten.count + 1, FORGOTTEN_BYTES);
    const void *hash;
    void *value;
    for (size_t at = 0; table_next(&event->forgotten, &at, &hash, &value); count++) {
        memcpy(hashes + count * FORGOTTEN_BYTES, hash, FORGOTTEN_BYTES);
    }
    qsort(hashes, count, FORGOTTEN_BYTES, hash_compare);
    /* The file's time is not when somebody withdrew, but until when it must be remembered: it
     * outlives the event's rows, so that an import cannot bring back what was withdrawn. */
    time_t until =
        ((time_t)event->settings.end + (time_t)event->settings.retention_days * 1440) * 60;
    enum store_status status =
        file_replace(store->forgotten, name_of(event->id), hashes, count * FORGOTTEN_BYTES, until);
    free(hashes);
    return status;
}

enum store_status store_forgotten_load(struct store *store, struct event *event) {
    /* Only what had a place in the event is forgotten; more is not of our making. */
    const size_t room = (size_t)UINT32_MAX / 64 * FORGOTTEN_BYTES;
    struct name name = name_of(event->id);
    struct stat about;
    if (store->forgotten < 0 || fstatat(store->forgotten, name.file, &about, 0) != 0) {
        return store->forgotten < 0 || errno == ENOENT ? STORE_OK : failed();
    }
    size_t size = (size_t)about.st_size, count = 0;
    if (size > room || size % FORGOTTEN_BYTES != 0) {
        return STORE_FAILED;
    }
    uint8_t *hashes = memory_new(size);
    enum store_status status =
        file_read(store->forgotten, name_of(event->id), hashes, size, &count);
    if (status == STORE_OK && count != size) {
        status = STORE_FAILED;
    }
    for (size_t at = 0; status == STORE_OK && at < size; at += FORGOTTEN_BYTES) {
        event_restore_forgotten(event, hashes + at);
    }
    free(hashes);
    return status;
}

enum store_status store_secret_new(struct store *store, const uint8_t id[EVENT_ID_BYTES],
                                   uint8_t secret[SECRET_BYTES]) {
    random_fill(secret, SECRET_BYTES);
    seal_key_forget(store, id);
    return file_replace(store->secrets, name_of(id), secret, SECRET_BYTES, 0);
}

enum store_status store_secret_load(struct store *store, const uint8_t id[EVENT_ID_BYTES],
                                    uint8_t secret[SECRET_BYTES]) {
    size_t count;
    enum store_status status = file_read(store->secrets, name_of(id), secret, SECRET_BYTES, &count);
    return status == STORE_OK && count != SECRET_BYTES ? STORE_FAILED : status;
}

/* Overwrites the first bytes of a secret in place: a new file would leave the old one's blocks. */
static bool secret_zero(int folder, const char *name, size_t bytes) {
    static const uint8_t zeroes[SECRET_BYTES];
    INVARIANT(bytes <= sizeof zeroes);
    int file = openat(folder, name, O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        return errno == ENOENT;
    }
    bool good = write_all(file, zeroes, bytes) && fsync(file) == 0;
    (void)close(file);
    return good;
}

enum store_status store_secret_close(struct store *store, const uint8_t id[EVENT_ID_BYTES]) {
    struct name name = name_of(id);
    return secret_zero(store->secrets, name.file, LIVE_BYTES) ? STORE_OK : failed();
}

/* True when the database has the event; also when it cannot be asked. */
static bool event_stored(struct store *store, const uint8_t id[EVENT_ID_BYTES]) {
    sqlite3_stmt *get = rows_of(store, STATEMENT_EVENT_GET, id);
    bool stored = rows_next(store, get);
    stored = stored || store->status != STORE_OK;
    (void)sqlite3_reset(get);
    store->status = STORE_OK;
    return stored;
}

static bool outdated(int folder, const char *name) {
    struct stat about;
    return fstatat(folder, name, &about, 0) == 0 && about.st_mtime <= clock_unix_ms() / 1000;
}

static void folder_sweep(struct store *store, int folder) {
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = again >= 0 ? fdopendir(again) : NULL;
    if (listing == NULL) {
        (void)failed();
        return;
    }
    bool swept = false;
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        uint8_t id[EVENT_ID_BYTES];
        char name[NAME_CHARS + 1] = "";
        if (strlen(entry->d_name) < NAME_CHARS) {
            continue;
        }
        memcpy(name, entry->d_name, NAME_CHARS);
        if (!base64_decode(id, sizeof id, name)) {
            continue; /* not ours */
        }
        bool unfinished = strcmp(entry->d_name + NAME_CHARS, ".new") == 0;
        bool left = entry->d_name[NAME_CHARS] == '\0' && !event_stored(store, id) &&
                    (folder == store->secrets || outdated(folder, name));
        if (unfinished || left) {
            if (folder == store->secrets) {
                (void)secret_zero(folder, entry->d_name, SECRET_BYTES);
                seal_key_forget(store, id);
            }
            swept = unlinkat(folder, entry->d_name, 0) == 0 || swept;
        }
    }
    (void)closedir(listing);
    if (swept && fsync(folder) != 0) {
        (void)failed();
    }
}

void store_files_sweep(struct store *store) {
    folder_sweep(store, store->secrets);
    folder_sweep(store, store->forgotten);
}

static enum store_status bridge_key_read(struct store *store, uint8_t key[BRIDGE_KEY_BYTES]) {
    size_t count;
    enum store_status status = file_read(store->data, bridge_name, key, BRIDGE_KEY_BYTES, &count);
    return status == STORE_OK && count != BRIDGE_KEY_BYTES ? STORE_FAILED : status;
}

enum store_status store_bridge_key(struct store *store, uint8_t key[BRIDGE_KEY_BYTES]) {
    enum store_status status = bridge_key_read(store, key);
    if (status == STORE_NONE && store->mode == STORE_WRITE) {
        random_fill(key, BRIDGE_KEY_BYTES);
        status = file_replace(store->data, bridge_name, key, BRIDGE_KEY_BYTES, 0);
    }
    return status;
}

/* None: nothing was ever connected. */
static enum store_status bridge_key_copy(struct store *store, int folder, uint8_t *room) {
    enum store_status status = bridge_key_read(store, room);
    if (status == STORE_OK) {
        status = file_replace(folder, bridge_name, room, BRIDGE_KEY_BYTES, 0);
    }
    return status == STORE_NONE ? STORE_OK : status;
}

enum store_status secrets_copy(struct store *store, const char *folder) {
    if (mkdir(folder, 0700) != 0) {
        return failed();
    }
    int copy = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    uint8_t(*ids)[EVENT_ID_BYTES] = NULL;
    size_t count = 0;
    enum store_status status = copy < 0 ? failed() : store_list(store, &ids, &count);
    uint8_t *secret = sodium_malloc(SECRET_BYTES);
    INVARIANT(secret != NULL);
    for (size_t at = 0; status == STORE_OK && at < count; at++) {
        status = store_secret_load(store, ids[at], secret);
        if (status == STORE_OK) {
            status = file_replace(copy, name_of(ids[at]), secret, SECRET_BYTES, 0);
        } else if (status == STORE_NONE) {
            status = STORE_OK;
        }
    }
    if (status == STORE_OK) {
        status = bridge_key_copy(store, copy, secret);
    }
    sodium_free(secret);
    free(ids);
    if (copy >= 0) {
        (void)close(copy);
    }
    return status;
}
