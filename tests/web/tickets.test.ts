import assert from "node:assert/strict";
import test from "node:test";
import { readCarried } from "../../web/core/fragment";
import type { Card } from "../../web/core/people";
import { cardsFound } from "../../web/pages/moderator/cards";
import { ticketLink, ticketsCsv } from "../../web/pages/organiser/codes";

const url = "https://raute.example/hro";
const hash = Uint8Array.from({ length: 16 }, (_, at) => at);
const codes = ["0AB3-CDEF-GHJK-MNPQ", "ZZZZ-ZZZZ-ZZZZ-ZZZ9"];

test("a ticket's link says code, seats and key, as the audience's page reads it", () => {
    const link = new URL(ticketLink(url, hash, codes[0] as string, 3));
    assert.equal(link.origin + link.pathname, url);
    const carried = readCarried(link.hash);
    assert.equal(carried?.ticket, "0AB3CDEFGHJKMNPQ");
    assert.equal(carried?.seats, 3);
    assert.deepEqual(carried?.passKey, hash);
});

test("one line per code, as RFC 4180 has it, and nothing that a spreadsheet would run", () => {
    const lines = ticketsCsv({ codes, seats: 1 }, url, hash).split("\r\n");
    assert.equal(lines[0], "code,seats,link");
    assert.equal(lines[2], `${codes[1]},1,${ticketLink(url, hash, codes[1] as string, 1)}`);
    assert.equal(lines.pop(), "");
    assert.equal(lines.length, 3);
    assert.ok(
        lines.every((line) => line.split(",").length === 3 && !/["']|(^|,)[=+\-@\t]/.test(line)),
    );
});

function card(tag: string, name: string, more: Partial<Card> = {}): Card {
    const none = { line: null, web: null, mark: null, lists: false, alike: false, hidden: false };
    return {
        tag,
        key: tag,
        rev: 1,
        name,
        accounts: [],
        minute: 1,
        questions: [],
        ...none,
        ...more,
    };
}

test("cards are found by all that they say, and stand by name", () => {
    const account = { name: "anna@example.social", url: "https://x", mark: null, minute: null };
    const all = [
        card("1", "Zoë", { accounts: [account] }),
        card("2", "Anna", { alike: true, line: "Offene Netze" }),
        card("3", "Ben", { hidden: true }),
    ];
    const cards = new Map(all.map((each) => [each.tag, each]));
    const tags = (...search: [Parameters<typeof cardsFound>[1], string]) =>
        cardsFound(cards, ...search).map(({ tag }) => tag);
    assert.deepEqual(tags("all", ""), ["2", "3", "1"]);
    assert.deepEqual(tags("all", " ANNA"), ["2", "1"]);
    assert.deepEqual(tags("all", "netze"), ["2"]);
    assert.deepEqual(tags("alike", ""), ["2"]);
    assert.deepEqual(tags("hidden", "ben"), ["3"]);
    assert.deepEqual(tags("hidden", "anna"), []);
});
