/* In place of the web build: shells as small as they can be. */
#include "wire/asset.h"

#define SHELL                                                                                      \
    "<!doctype html><html lang=\"{{lang}}\"><title>{{title}}</title>{{meta}}{{other}}{ "           \
    "<div>{{content}}</div>"
#define TEXT(name, text)                                                                           \
    {                                                                                              \
        .path = (name), .type = "text/html; charset=utf-8",                                        \
        .plain = (const unsigned char *)(text), .plain_length = sizeof(text) - 1,                  \
        .etag = "\"shell\"",                                                                       \
    }
#define ROW(name) TEXT(name, SHELL)

const struct asset assets[] = {
    {.path = "/assets/audience-AB12.js",
     .type = "text/javascript",
     .plain = (const unsigned char *)"1",
     .plain_length = 1,
     .etag = "\"1\""},
    ROW("shell/audience.html"),
    ROW("shell/callback.html"),
    ROW("shell/missing.html"),
    ROW("shell/moderator.html"),
    ROW("shell/organiser.html"),
    ROW("shell/people.html"),
    TEXT("shell/privacy.de.html", "<h2>Was versprochen ist</h2>"),
    TEXT("shell/privacy.en.html", "<h2>What is promised</h2>"),
    ROW("shell/privacy.html"),
    ROW("shell/question.html"),
    ROW("shell/stage.html"),
    ROW("shell/start.html"),
};
const size_t asset_count = sizeof assets / sizeof assets[0];
