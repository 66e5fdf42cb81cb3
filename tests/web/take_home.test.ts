import assert from "node:assert/strict";
import test from "node:test";
import { followable, followCsv, plainPage, takeHomeFile, vcards } from "../../web/core/take_home";
import { ABOUT, accountOf, askedOf, personOf, WORDS } from "./people";

/* RFC 6350 read the other way round: unfolded, split, unescaped. */
function readVcards(file: string): Record<string, string[]>[] {
    assert.ok(file === "" || file.endsWith("\r\n"), "every line ends with CRLF");
    for (const line of file.split("\r\n")) {
        assert.ok(Buffer.byteLength(line) <= 75, `too long: ${line}`);
        assert.doesNotMatch(line, /[\r\n\ufffd]/);
    }
    const cards: Record<string, string[]>[] = [];
    for (const line of file.replace(/\r\n /g, "").split("\r\n").slice(0, -1)) {
        const [, name = "", value = ""] = /^([A-Z]+)(?:;[^:]*)?:(.*)$/.exec(line) ?? [];
        if (name === "BEGIN") {
            cards.push({});
        }
        const read = value.replace(/\\(.)/g, (_, letter: string) =>
            letter === "n" ? "\n" : letter,
        );
        ((cards.at(-1) ?? {})[name] ??= []).push(read);
    }
    return cards;
}

const anna = personOf(
    {
        name: "Anna, geb. Lütten; \\o/",
        line: "Ich suche Vereine, die gemeinsam einen Server betreiben wollen: an der Küste, an der Warnow; überall. 🪢🪢🪢🪢🪢🪢🪢🪢",
        web: "https://anna.example/?a=1,2;b=3",
        accounts: [accountOf("anna@example.social", "login"), accountOf("anna.example.social")],
        mark: "link",
    },
    [askedOf(17, "Wer <b>zahlt</b> & wie viel?"), askedOf(18, 'Und "dann"?')],
);

test("the list for Mastodon: its header, fediverse accounts alone, nobody twice", () => {
    const ben = personOf({
        name: "Ben",
        accounts: [accountOf("ben@other.example:8443"), accountOf("anna@example.social")],
    });
    assert.equal(
        followCsv([anna, ben]),
        "Account address,Show boosts,Notify on new posts,Languages\n" +
            "anna@example.social,true,false,\nben@other.example:8443,true,false,\n",
    );
    assert.equal(followCsv([]).split("\n").length, 2);
});

test("X is no part of the fediverse", () => {
    const people = [personOf({ accounts: [accountOf("anna@x.com"), accountOf("anna@twitter.com")] })];
    assert.deepEqual(followable(people), []);
});

test("no cell of it is run by a spreadsheet", () => {
    const bad = [
        "-1@example.social",
        "=cmd@example.social",
        "+a@example.social",
        "a,b@example.social",
        '"@example.social',
        "@a@b.example",
    ];
    const people = bad.map((name) => personOf({ accounts: [accountOf(name)] }));
    assert.deepEqual(followable(people), []);
});

test("contacts say what the card says, whatever is written in it", () => {
    const [card, ...more] = readVcards(vcards([anna], ABOUT, WORDS));
    assert.equal(more.length, 0);
    assert.deepEqual(card?.["VERSION"], ["4.0"]);
    assert.deepEqual(card?.["FN"], [anna.card.name]);
    assert.deepEqual(card?.["URL"], [
        "https://anna.example/?a=1,2;b=3",
        "https://example.social/@anna",
        "https://bsky.app/profile/anna.example.social",
    ]);
    assert.deepEqual(card?.["NOTE"]?.[0]?.split("\n"), [
        anna.card.line,
        "@anna@example.social (bestätigt: login)",
        "@anna.example.social (nicht geprüft)",
        `#${ABOUT.hashtag}, ${ABOUT.title}`,
    ]);
    assert.deepEqual(card?.["UID"], ["raute-AQEBAQEBAQE"]);
    assert.match(card?.["REV"]?.[0] ?? "", /^\d{8}T\d{6}Z$/);
});

test("long lines are folded between letters, at every length", () => {
    for (let length = 0; length < 90; length++) {
        const name = `${"a".repeat(length)}${"ü".repeat(30)}${"🪢".repeat(20)}`;
        assert.deepEqual(readVcards(vcards([personOf({ name })], ABOUT, WORDS))[0]?.["FN"], [name]);
    }
});

test("nobody: a file all the same", () => {
    assert.equal(vcards([], ABOUT, WORDS), "");
    assert.match(plainPage([], ABOUT, WORDS), /<h1>/);
});

test("the page needs nothing but itself, and runs nothing that was written into it", () => {
    const bad = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&`;
    const eva = personOf(
        {
            name: bad,
            line: bad,
            web: `https://a.example/"><script>`,
            accounts: [accountOf("eva@example.social")],
        },
        [askedOf(1, bad)],
    );
    const page = plainPage(
        [anna, eva],
        { ...ABOUT, title: bad, hashtag: bad },
        { ...WORDS, made: bad, asked: bad },
    );
    const tags = [...page.matchAll(/<(\w+)([^>]*)>/g)].map(([, name = "", inside = ""]) => ({
        name,
        inside,
    }));
    const known = "html head meta title style body h1 h2 p a bdi small article ul li span".split(
        " ",
    );
    assert.deepEqual(
        tags.filter(({ name }) => !known.includes(name)),
        [],
    );
    for (const { name, inside } of tags.filter(({ inside }) =>
        /\b(src|on\w+|href|style|action)=/.test(inside),
    )) {
        assert.equal(name, "a");
        assert.match(inside, /^ href="https:\/\/[^"]*" rel="noopener noreferrer nofollow"$/);
    }
    assert.doesNotMatch(page, /url\(|@import/);
    assert.ok(page.includes("Wer &lt;b&gt;zahlt&lt;/b&gt; &amp; wie viel?"));
    assert.ok(page.includes("#17"));
});

test("each file has a name and a type that programs know", () => {
    const named = (["mastodon", "vcard", "page"] as const).map((format) =>
        takeHomeFile(format, [anna], ABOUT, WORDS),
    );
    assert.deepEqual(
        named.map(({ name, type }) => [name, type]),
        [
            ["following_accounts_hro.csv", "text/csv;charset=utf-8"],
            ["hro.vcf", "text/vcard;charset=utf-8"],
            ["hro.html", "text/html;charset=utf-8"],
        ],
    );
    assert.equal(new Set(named.map(({ content }) => content)).size, 3);
});
