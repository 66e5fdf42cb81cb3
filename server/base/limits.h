/* Every maximum of the server, with its unit in its name. No other file invents one. */
#ifndef RAUTE_BASE_LIMITS_H
#define RAUTE_BASE_LIMITS_H

/* Texts, in normal form (base/text.h). Graphemes are what people count, bytes are what we store. */
#define LIMIT_QUESTION_GRAPHEMES 500
#define LIMIT_QUESTION_BYTES     3000
#define LIMIT_ANSWER_GRAPHEMES   2000
#define LIMIT_ANSWER_BYTES       6000
#define LIMIT_TITLE_GRAPHEMES    120
#define LIMIT_TITLE_BYTES        500
#define LIMIT_HASHTAG_GRAPHEMES  40
#define LIMIT_HASHTAG_BYTES      160
#define LIMIT_HASHTAGS           5
#define LIMIT_SLUG_CHARS_MIN     3
#define LIMIT_SLUG_CHARS         40

/* One event */
#define LIMIT_EVENT_TALKS      200
#define LIMIT_EVENT_QUESTIONS  20000
#define LIMIT_EVENT_HELD       2000
#define LIMIT_EVENT_BALLOTS    10000000
#define LIMIT_EVENT_DAYS       30  /* from start to end */
#define LIMIT_START_AHEAD_DAYS 400 /* from now to start */
#define LIMIT_RETENTION_DAYS   365
#define LIMIT_RELEASE_SECONDS  60
#define LIMIT_ASK_BURST        20
#define LIMIT_ASK_SECONDS      3600

#define LIMIT_EVENT_ACCOUNTS  10
#define LIMIT_EVENT_OUTGOING  (LIMIT_EVENT_QUESTIONS * 4) /* posts that are known of */
#define LIMIT_PUBLISH_SECONDS 3600                        /* delay of a post */
#define LIMIT_OFFSET_MINUTES  840                         /* local time before or after UTC */

/* Open networks */
#define LIMIT_ORIGIN_BYTES         300
#define LIMIT_REMOTE_BYTES         500
#define LIMIT_ACCOUNT_NAME_BYTES   320
#define LIMIT_URL_BYTES            800
#define LIMIT_ACCOUNT_SECRET_BYTES 16384
#define LIMIT_AVATAR_BYTES         (128 * 1024)
#define LIMIT_WARNING_GRAPHEMES    100
#define LIMIT_WARNING_BYTES        400

/* A card */
#define LIMIT_CARD_NAME_GRAPHEMES 50
#define LIMIT_CARD_NAME_BYTES     200
#define LIMIT_CARD_LINE_GRAPHEMES 140
#define LIMIT_CARD_LINE_BYTES     600
#define LIMIT_CARD_WEB_BYTES      300
#define LIMIT_CARD_ACCOUNTS       5
#define LIMIT_CARD_ACCOUNT_BYTES  200
#define LIMIT_CARDS_BURST         10  /* cards, claims, interests at once, of one member */
#define LIMIT_CARDS_SECONDS       10  /* one more after so long */
#define LIMIT_CARD_INTERESTS      200 /* questions that interest one card */
#define LIMIT_EVENT_CARDS         10000
#define LIMIT_EVENT_INTERESTS     100000
#define LIMIT_EVENT_TICKETS       20000
#define LIMIT_TICKETS_AT_ONCE     500 /* in one command */
#define LIMIT_POST_TOKEN_BYTES    64
#define LIMIT_POST_FAR_BYTES      800
#define POST_MARK_BYTES           8
#define POST_BATCH                3               /* so many leave together */
#define POST_BATCH_MS             INT64_C(600000) /* or what has been due so long */
#define LIMIT_LOGINS              256             /* under way at once */
#define LOGIN_MINUTES             15
#define LIMIT_FAR_BYTES           (256 * 1024) /* of an answer of a far server */
#define FAR_CONNECT_SECONDS       5
#define FAR_SECONDS               20 /* a whole request */
#define FAR_REDIRECTS             3
#define LIMIT_FAR_REQUESTS        64  /* at once, all servers */
#define LIMIT_BRIDGE_WAITING      256 /* organisers' requests */

/* The whole server */
#define LIMIT_EVENTS          10000
#define LIMIT_THREADS         64
#define LIMIT_BATCH_COMMANDS  4096  /* in one commit */
#define LIMIT_JOURNAL_WAITING 65536 /* commands; more are refused as `busy` */

/* The wire */
#define LIMIT_MESSAGE_BYTES 8192  /* one WebSocket message or POST body */
#define LIMIT_REPLY_BYTES   65535 /* one answer: codes, cards; still a short frame header */
#define LIMIT_JSON_DEPTH    8
#define LIMIT_CONTROL_BYTES                                                                        \
    (64 * 1024 * 1024) /* one request over the control socket: an import                           \
                        */
#define LIMIT_SNAPSHOT_BYTES  (64 * 1024 * 1024)
#define LIMIT_FRAME_BYTES     65536 /* a larger frame becomes a resync: phones hold parts of it */
#define LIMIT_RING_FRAMES     256
#define LIMIT_RING_BYTES      (4 * 1024 * 1024)
#define LIMIT_RINGS_BYTES     (64 * 1024 * 1024) /* of all events together */
#define RING_IDLE_MS          600000             /* then an event's rings are closed */
#define LIMIT_SESSION_WAITING 32                 /* unanswered commands of one connection */
#define FRAME_TICK_MS         100
#define SNAPSHOT_AGE_MS       1000 /* a snapshot is encoded at most once in this time */

/* HTTP and connections */
#define LIMIT_HEADER_BYTES            8192
#define LIMIT_HEADER_SECONDS          10
#define LIMIT_BODY_SECONDS            10
#define LIMIT_DESCRIPTORS             32768  /* libwebsockets walks a table so long at each close */
#define LIMIT_CONNECTIONS_PER_ADDRESS 4000   /* a conference behind one address */
#define LIMIT_ADMISSIONS_PER_ADDRESS  8000   /* new members per ten minutes */
#define LIMIT_BUCKETS                 262144 /* members or addresses whose rate is known */
#define BUCKET_KEY_MINUTES            10     /* their hash key changes */
#define LAGGARD_SECONDS               30
#define PING_SECONDS                  30
#define PONG_SECONDS                  20

#endif
