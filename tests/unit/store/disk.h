/* A scratch data folder, and looking at the bytes that lie in it. */
#ifndef RAUTE_TESTS_STORE_DISK_H
#define RAUTE_TESTS_STORE_DISK_H

#include "event/kit.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "store/store.h"

/* A folder of its own, with DATA in it, not yet made. */
struct disk {
    char folder[32], data[64];
};

static inline struct disk disk_new(void) {
    random_start();
    struct disk disk;
    /* in memory where there is such a place: what is tested here is not the disk's speed */
    snprintf(disk.folder, sizeof disk.folder, "%s/raute-test-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(disk.folder));
    snprintf(disk.data, sizeof disk.data, "%s/data", disk.folder);
    return disk;
}

static inline int disk_remove(const char *path, const struct stat *about, int type,
                              struct FTW *place) {
    (void)about;
    (void)type;
    (void)place;
    return remove(path);
}

static inline void disk_free(const struct disk *disk) {
    assert_int_equal(nftw(disk->folder, disk_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* "FOLDER/name"; static, four at a time. */
static inline const char *disk_path(const struct disk *disk, const char *name) {
    static char paths[4][256];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", disk->folder, name);
    return path;
}

static inline const char *disk_file_of(const struct disk *disk, const char *folder,
                                       const uint8_t id[EVENT_ID_BYTES]) {
    char text[BASE64_CHARS(EVENT_ID_BYTES) + 1], name[128];
    base64_encode(text, id, EVENT_ID_BYTES);
    snprintf(name, sizeof name, "data/%s/%s", folder, text);
    return disk_path(disk, name);
}

static inline struct store *disk_open(const struct disk *disk, enum store_mode mode) {
    const char *why = "";
    struct store *store = store_open(disk->data, mode, &why);
    if (store == NULL) {
        fail_msg("%s", why);
    }
    return store;
}

/* free() it. */
static inline uint8_t *disk_read(const char *path, size_t *count) {
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    uint8_t *bytes = memory_new((size_t)about.st_size + 1);
    int file = open(path, O_RDONLY);
    assert_true(file >= 0);
    assert_int_equal(read(file, bytes, (size_t)about.st_size), about.st_size);
    close(file);
    *count = (size_t)about.st_size;
    return bytes;
}

static inline bool disk_exists(const char *path) {
    struct stat about;
    return lstat(path, &about) == 0;
}

/* How many files below the folder hold these bytes. */
static const void *disk_wanted;
static size_t disk_wanted_bytes, disk_found;

static inline int disk_look(const char *path, const struct stat *about, int type,
                            struct FTW *place) {
    (void)about;
    (void)place;
    if (type == FTW_F) {
        size_t count;
        uint8_t *bytes = disk_read(path, &count);
        disk_found += memmem(bytes, count, disk_wanted, disk_wanted_bytes) != NULL;
        free(bytes);
    }
    return 0;
}

static inline size_t disk_search(const struct disk *disk, const void *bytes, size_t count) {
    disk_wanted = bytes;
    disk_wanted_bytes = count;
    disk_found = 0;
    assert_int_equal(nftw(disk->folder, disk_look, 16, FTW_PHYS), 0);
    return disk_found;
}

/* Any statement, from outside the store. */
static inline void disk_sql(const struct disk *disk, const char *sql) {
    sqlite3 *rows;
    assert_int_equal(sqlite3_open(disk_path(disk, "data/raute.sqlite"), &rows), SQLITE_OK);
    char *error = NULL;
    if (sqlite3_exec(rows, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s", error);
    }
    sqlite3_close(rows);
}

/* The first column of the first row. */
static inline int64_t disk_number(const char *path, const char *sql) {
    sqlite3 *rows;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &rows, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(rows, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(rows);
    return number;
}

/* Writes what the kit's last command did. */
static inline enum store_status disk_write(struct store *store, const struct kit *kit) {
    struct store_item item = {.event = kit->event, .changes = &kit->changes};
    return store_write(store, &item, 1);
}

/* The event on disk is the event in memory. */
static inline void disk_assert_same(struct store *store, const struct event *event) {
    struct event *loaded;
    struct changes changes = {0};
    assert_int_equal(store_load(store, event->id, &loaded, &changes), STORE_OK);
    assert_int_equal(changes.count, 0);
    kit_assert_same(kit_dump(loaded, false), kit_dump(event, false));
    event_free(loaded);
}

#endif
