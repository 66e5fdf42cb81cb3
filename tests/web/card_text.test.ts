/* What is typed into a card, brought into the form that is signed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { accountOf, checkDraft, draftOf, EMPTY, webOf } from "../../web/pages/audience/card_text";

test("accounts, however people write them", () => {
    const known: readonly (readonly [string, string])[] = [
        ["anna@example.social", "anna@example.social"],
        [" @Anna@Example.SOCIAL ", "anna@example.social"],
        ["acct:anna@example.social", "anna@example.social"],
        ["https://example.social/@Anna", "anna@example.social"],
        ["https://example.social/@anna@other.example", "anna@other.example"],
        ["https://example.social/users/anna", "anna@example.social"],
        ["https://example.social/@anna/", "anna@example.social"],
        ["anna@localhost:8443", "anna@localhost:8443"],
        ["anna@bücher.example", "anna@xn--bcher-kva.example"],
        ["@anna.bsky.social", "anna.bsky.social"],
        ["https://bsky.app/profile/Anna.bsky.social", "anna.bsky.social"],
        ["https://x.com/anna_hro", "anna_hro@x.com"],
        ["https://twitter.com/anna_hro", "anna_hro@x.com"],
    ];
    for (const [typed, account] of known) {
        assert.equal(accountOf(typed), account, typed);
    }
});

test("what can be no account", () => {
    for (const typed of [
        "",
        "anna",
        "@anna",
        "anna@",
        "@@example.social",
        "an na@example.social",
        "änna@example.social",
        "anna@exa mple.social",
        "anna@example.social/path",
        "192.0.2.1",
        "https://example.social/",
        "https://example.social/about",
        "https://bsky.app/",
        "https://bsky.app/profile/did:plc:abc",
        `${"a".repeat(190)}@example.social`,
    ]) {
        assert.equal(accountOf(typed), null, typed);
    }
});

test("web addresses", () => {
    assert.equal(webOf("example.org"), "https://example.org/");
    assert.equal(webOf(" https://Example.org/Über uns "), "https://example.org/%C3%9Cber%20uns");
    assert.equal(webOf("https://example.org/a|b"), "https://example.org/a%7Cb");
    for (const typed of ["anna", "javascript:alert(1)", "ftp://example.org", "https://anna@example.org/", "https://"]) {
        assert.equal(webOf(typed), null, typed);
    }
    assert.equal(webOf(`example.org/${"a".repeat(300)}`), null);
});

test("a draft, checked as a whole", () => {
    const draft = { ...EMPTY, name: "  Anna\n", accounts: ["@anna@example.social", "", "ANNA@example.social", "x"] };
    const { text, problems } = checkDraft(draft);
    assert.equal(text.name, "Anna");
    assert.deepEqual(text.accounts, ["anna@example.social"]);
    assert.deepEqual([...problems.keys()], ["account2", "account3"]);
    assert.deepEqual([...checkDraft(EMPTY).problems.keys()], ["name"]);
    const long = checkDraft({ ...EMPTY, name: "a".repeat(51), line: "b".repeat(141), web: "nowhere" });
    assert.deepEqual([...long.problems.keys()], ["name", "line", "web"]);
    assert.deepEqual(checkDraft({ ...EMPTY, name: "a".repeat(50), line: "ü".repeat(140) }).problems.size, 0);
});

test("a card becomes a draft with a place for an account, and the same card again", () => {
    const card = { name: "Anna", line: "", web: "", accounts: [], lists: true, shown: false };
    assert.deepEqual(draftOf(card).accounts, [""]);
    const { name, line, web, accounts, lists } = card;
    assert.deepEqual(checkDraft(draftOf(card)).text, { name, line, web, accounts, lists });
});
