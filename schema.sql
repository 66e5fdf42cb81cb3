-- What Raute stores: all of it stands on this page. The build embeds it into the binary; an empty
-- data folder gets it as it is.
--
-- Beside this database lie two folders: secrets/ (an event's 64 secret bytes) and forgotten/ (hashes
-- of withdrawn questions, deleted cards and claims taken back), and bridge-key, 32 random bytes that
-- seal the accounts' log-ins. None of them is ever part of a backup unless secrets are asked for.
--
-- Rules that hold for every table:
--   * No row and no column says who asked or voted, when, or in which order anything came in. Times
--     are minutes, of the release and never of the asking. No command ids, no sequences, no triggers.
--   * WITHOUT ROWID: a row lies where its key says, and keys are random, hashed or public. After a
--     VACUUM two histories with the same content are the same bytes. Until then neighbours in a page
--     may have come one after the other: so it follows votes and tickets too, when nobody is
--     connected, within a day, and whenever the server stops.
--   * A value that returns to where it began leaves no trace: no row means 0 in `counts` and
--     `exposures`.
--   * Removed means overwritten (secure_delete = ON), out of the write-ahead log within a minute, and
--     out of the last page corner with the VACUUM that follows within a day.
--   * Sealed means encrypted with a key from the event's secret, which this file does not hold, with
--     a new random nonce whenever the row changes. A sealed row is named by a keyed hash.
--
-- "event" in every key: the event's 16 random bytes.

-- One row per event: what the organiser set, and the counters of the whole.
-- Life: until deleted, at the latest `retention_days` after the end.
CREATE TABLE events (
    id              BLOB    NOT NULL CHECK (length(id) = 16),
    slug            TEXT    NOT NULL UNIQUE,
    title           TEXT    NOT NULL,
    hashtags        TEXT    NOT NULL, -- without '#', one space between two
    language        TEXT    NOT NULL, -- 'de' or 'en'
    start_minute    INTEGER NOT NULL, -- Unix time in minutes
    end_minute      INTEGER NOT NULL,
    moderation      INTEGER NOT NULL, -- 1: before showing, 0: after
    release_seconds INTEGER NOT NULL,
    ask_burst       INTEGER NOT NULL,
    ask_seconds     INTEGER NOT NULL,
    retention_days  INTEGER NOT NULL,
    organiser_hash  BLOB    NOT NULL, -- 32 bytes each; the keys themselves are stored nowhere
    moderator_hash  BLOB    NOT NULL,
    stage_hash      BLOB    NOT NULL,
    public_seq      INTEGER NOT NULL, -- latest, per view
    staff_seq       INTEGER NOT NULL,
    next_number     INTEGER NOT NULL, -- goes on after a wipe
    next_talk       INTEGER NOT NULL,
    current_talk    INTEGER NOT NULL,
    closed          INTEGER NOT NULL, -- 1 from a day after the end: the ballots are destroyed
    publish         TEXT    NOT NULL DEFAULT 'approved', -- or 'off', 'all': what goes out
    publish_seconds INTEGER NOT NULL DEFAULT 60,         -- least time until then
    utc_offset      INTEGER NOT NULL DEFAULT 0,          -- local time, in minutes; may be negative
    next_account    INTEGER NOT NULL DEFAULT 1,
    tickets         INTEGER NOT NULL DEFAULT 0,          -- 1: only tickets make members
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID;

-- The slots of an event. Life: the event's.
CREATE TABLE talks (
    event      BLOB    NOT NULL,
    id         INTEGER NOT NULL,
    place      INTEGER NOT NULL, -- in the programme, from 0
    title      TEXT    NOT NULL,
    open       INTEGER NOT NULL, -- 1: takes questions and votes
    fair_order BLOB    NOT NULL, -- numbers of its listed questions, u32 big-endian each
    PRIMARY KEY (event, id)
) STRICT, WITHOUT ROWID;

-- Questions that were released: the only ones with a number, which was given in random order.
-- An edited text replaces the earlier one. Life: until withdrawn or wiped, else the event's.
CREATE TABLE questions (
    event    BLOB    NOT NULL,
    number   INTEGER NOT NULL,
    talk     INTEGER NOT NULL,
    key      BLOB    NOT NULL, -- 32 bytes, public: a new one for every question
    salt     BLOB    NOT NULL, -- 16 bytes: lets the browser that asked find its key again
    degree   INTEGER NOT NULL, -- 0 in the room, 1 under the hashtag, 2 as me
    state    TEXT    NOT NULL, -- 'pending', 'listed', 'answering', 'answered', 'declined', 'hidden'
    reason   TEXT    NOT NULL, -- why declined; else ''
    pinned   INTEGER NOT NULL,
    rev      INTEGER NOT NULL, -- edits so far
    minute   INTEGER NOT NULL, -- of the release
    text     TEXT    NOT NULL,
    answer   TEXT,
    approved INTEGER NOT NULL DEFAULT 0, -- 1: a moderator let this very text out
    open     INTEGER NOT NULL DEFAULT 0, -- 1: a moderator asks the hashtag
    warning  TEXT,                       -- on what goes out
    answered INTEGER NOT NULL DEFAULT 0, -- minute since when it is answered; 0: not, or unknown
    edited   INTEGER NOT NULL DEFAULT 0, -- 1: its text was changed since its release
    PRIMARY KEY (event, number)
) STRICT, WITHOUT ROWID;

-- How many votes a question has: the total alone, written once per commit. Life: the question's.
CREATE TABLE counts (
    event  BLOB    NOT NULL,
    number INTEGER NOT NULL,
    votes  INTEGER NOT NULL,
    PRIMARY KEY (event, number)
) STRICT, WITHOUT ROWID;

-- How much attention a question had, for the fair order: member seconds times the weight of its
-- place, as of the last 30 s step. Apart from `questions`, so that no step touches a text.
-- Life: the question's.
CREATE TABLE exposures (
    event    BLOB    NOT NULL,
    number   INTEGER NOT NULL,
    exposure INTEGER NOT NULL,
    PRIMARY KEY (event, number)
) STRICT, WITHOUT ROWID;

-- New questions and edited texts that wait for the next release. Life: seconds.
CREATE TABLE held (
    event  BLOB    NOT NULL,
    key    BLOB    NOT NULL,
    salt   BLOB,             -- NULL for an edit
    talk   INTEGER NOT NULL,
    number INTEGER NOT NULL, -- 0: a new question; else the question whose new text this is
    rev    INTEGER NOT NULL,
    degree INTEGER NOT NULL,
    text   TEXT    NOT NULL,
    PRIMARY KEY (event, key)
) STRICT, WITHOUT ROWID;

-- That somebody voted for something, so that nobody does it twice: a keyed hash of member and
-- number, which names neither. Life: until a day after the event's end, as its key.
CREATE TABLE ballots (
    event  BLOB NOT NULL,
    ballot BLOB NOT NULL CHECK (length(ballot) = 16),
    PRIMARY KEY (event, ballot)
) STRICT, WITHOUT ROWID;

-- The event's own accounts on open networks. Life: until disconnected and without posts, at the
-- latest the event's; its log-in until disconnected, at the latest a day after the event's end.
CREATE TABLE accounts (
    event       BLOB    NOT NULL,
    id          INTEGER NOT NULL,
    network     TEXT    NOT NULL, -- 'mastodon', 'bluesky', 'x'
    state       TEXT    NOT NULL, -- 'connected', 'expired', 'refused', 'leaving', 'left'
    server      TEXT    NOT NULL,
    remote      TEXT    NOT NULL, -- who it is there
    name        TEXT    NOT NULL, -- and for people
    url         TEXT    NOT NULL, -- its profile
    post_limit  INTEGER NOT NULL, -- characters of a post there
    link_length INTEGER NOT NULL, -- what a link counts there; 0: its length
    keeps       INTEGER NOT NULL, -- 1: its server deletes nothing
    secret      BLOB,             -- the log-in, sealed with bridge-key
    avatar      BLOB,
    PRIMARY KEY (event, id)
) STRICT, WITHOUT ROWID;

-- What is out there of a question at an account, or is to be: one row per kind of post. No text, and
-- no time but the minute from which a post may leave, while it waits.
-- Life: the question's; what could not be deleted there stays known until the event's end of life.
CREATE TABLE outgoing (
    event   BLOB    NOT NULL,
    number  INTEGER NOT NULL,
    account INTEGER NOT NULL,
    kind    TEXT    NOT NULL, -- 'question', 'answer', 'open'
    state   TEXT    NOT NULL, -- 'queued', 'ready', 'sending', 'sent', 'failed', 'deleted'
    act     TEXT    NOT NULL, -- 'post', 'edit', 'delete'
    trouble TEXT    NOT NULL, -- why it waits or has failed; else ''
    dropped INTEGER NOT NULL, -- 1: a moderator wants it away
    emptied INTEGER NOT NULL, -- 1: only its text could be taken out
    due     INTEGER NOT NULL, -- minute from which it may leave; 0: it does not wait
    sent    BLOB    NOT NULL, -- 8 bytes: keyed hash of what is out there; zero: nothing
    sending BLOB    NOT NULL, -- and of what is under way
    token   TEXT    NOT NULL, -- random or of the time of sending: to find it again after a crash
    far     TEXT    NOT NULL, -- its id there
    url     TEXT    NOT NULL, -- for people
    PRIMARY KEY (event, number, account, kind)
) STRICT, WITHOUT ROWID;

-- Who wants to be seen: cards that their owner has published. A copy tells what everybody could
-- read. Life: until their owner deletes them or publishes them no more, at the latest the event's.
CREATE TABLE cards (
    event     BLOB    NOT NULL,
    key       BLOB    NOT NULL, -- 32 bytes, public: a new one in every event
    rev       INTEGER NOT NULL, -- changes so far, from 1
    hidden    INTEGER NOT NULL, -- 1: a moderator took it away
    lists     INTEGER NOT NULL, -- 1: may stand on public take-home lists
    minute    INTEGER NOT NULL, -- of its last change or claim
    name      TEXT    NOT NULL,
    line      TEXT    NOT NULL, -- why this person is here
    web       TEXT    NOT NULL,
    accounts  TEXT    NOT NULL, -- on open networks: one per line
    since     BLOB    NOT NULL, -- of the name and of each account, 4 bytes big-endian: the minute in
                                -- which it was first shown; 0: not yet
    signature BLOB    NOT NULL, -- of the card's key, over all that its owner wrote
    PRIMARY KEY (event, key)
) STRICT, WITHOUT ROWID;

-- How it was shown that an account, or a web page, is the owner's of a published card. No token,
-- and nothing of the log-in. A copy tells what everybody could read.
-- Life: until it no longer holds or the account leaves the card; the published card's.
CREATE TABLE proofs (
    event   BLOB    NOT NULL,
    card    BLOB    NOT NULL,
    account TEXT    NOT NULL, -- as on the card; '': its web page
    kind    TEXT    NOT NULL, -- 'login', 'link', 'post'
    minute  INTEGER NOT NULL, -- when it was last found to hold
    actor   TEXT,             -- who it is there: a URI or DID
    source  TEXT,             -- the page that links back, or the post
    number  INTEGER NOT NULL, -- the question that was posted; 0: none
    salt    BLOB,             -- 16 bytes: of the post's code
    PRIMARY KEY (event, card, account)
) STRICT, WITHOUT ROWID;

-- Cards that are not published: known to those alone who share an interest. Sealed whole, proofs
-- included, and padded to a multiple of 1,024 bytes. A copy tells how many there are, and of each
-- how many times 1,024 bytes it fills.
-- Life: until their owner deletes or publishes them, at the latest the event's.
CREATE TABLE kept_cards (
    event  BLOB NOT NULL,
    name   BLOB NOT NULL CHECK (length(name) = 16), -- keyed hash of the card's key
    sealed BLOB NOT NULL,
    PRIMARY KEY (event, name)
) STRICT, WITHOUT ROWID;

-- "That was me": who asked, where they chose to say so. Both keys have signed it, so anybody can
-- check it. A copy tells what everybody could read.
-- Life: until either key takes it back; the question's and the published card's.
CREATE TABLE claims (
    event       BLOB    NOT NULL,
    number      INTEGER NOT NULL, -- of the question; at most one card has asked it
    card        BLOB    NOT NULL,
    rev         INTEGER NOT NULL, -- the question's, when it was signed
    minute      INTEGER NOT NULL, -- when it was signed: said by the owner, and part of the signed
    hash        BLOB    NOT NULL, -- 32 bytes: of the text that was signed
    by_question BLOB    NOT NULL, -- the two signatures
    by_card     BLOB    NOT NULL,
    PRIMARY KEY (event, number)
) STRICT, WITHOUT ROWID;

-- "This interests me too": a card and a question, sealed with minute, scope and signature; every
-- row is as long as every other. A copy tells how many there are: not whose, not in what, and not
-- that two have the same card or question. Life: until taken back; the card's and the question's.
CREATE TABLE interests (
    event  BLOB NOT NULL,
    name   BLOB NOT NULL CHECK (length(name) = 16), -- keyed hash of card and number
    sealed BLOB NOT NULL CHECK (length(sealed) = 145),
    PRIMARY KEY (event, name)
) STRICT, WITHOUT ROWID;

-- The admission codes of a gated event, as keyed hashes: they lie in the order of their hashes, not
-- of giving them out. A copy tells how many there are and which were used; of no code which row is
-- its own, and of no row which member. Life: until a day after the event's end, as their key.
CREATE TABLE tickets (
    event   BLOB    NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 16),
    request BLOB    NOT NULL, -- 16 bytes: keyed hash of what it was used for, so that a lost answer
                              -- can be had again; zero: unused
    seats   INTEGER NOT NULL, -- members that it admits
    PRIMARY KEY (event, hash)
) STRICT, WITHOUT ROWID;

-- Raised with every change of this page; earlier ones are migrated (server/store/migrate.c). A
-- database with a higher one is refused.
PRAGMA user_version = 3;
