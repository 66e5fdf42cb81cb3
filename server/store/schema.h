/* schema.sql, embedded by the build. */
#ifndef RAUTE_STORE_SCHEMA_H
#define RAUTE_STORE_SCHEMA_H

/* Its `user_version`. Raised with every change of schema.sql. */
#define SCHEMA_VERSION 3

extern const char schema_sql[];

#endif
