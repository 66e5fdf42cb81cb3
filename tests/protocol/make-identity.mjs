// Makes identity.json: keys, tokens and signatures of the formats of server/identity/identity.h and
// server/wire/README.md, computed by noble, so that two implementations must agree on every byte.
//   node tests/protocol/make-identity.mjs > tests/protocol/identity.json
import { ed25519, ristretto255_oprf } from "@noble/curves/ed25519.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const base64 = (bytes) => Buffer.from(bytes).toString("base64url");
/** `length` bytes that look random and are the same each time. */
const fixed = (name, length) => sha512(utf8ToBytes(name)).slice(0, length);

const u8 = (value) => Uint8Array.of(value);
const u32 = (value) => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value);
    return bytes;
};
const L = (label) => concatBytes(u8(label.length), utf8ToBytes(label));
const T = (text) => {
    const bytes = utf8ToBytes(text);
    return concatBytes(u8(bytes.length >> 8), u8(bytes.length & 255), bytes);
};

const event = fixed("event", 16);
const seed = fixed("seed", 32);
const secret = fixed("secret", 64);

/** crypto_kdf of libsodium: BLAKE2b with the number as salt and the context as personalization. */
const subkey = (number, master = secret.slice(0, 32)) =>
    blake2b(new Uint8Array(0), {
        key: master,
        salt: concatBytes(u8(number), new Uint8Array(15)),
        personalization: concatBytes(utf8ToBytes("raute.1"), new Uint8Array(9)),
        dkLen: 32,
    });
const hash = (dkLen, ...parts) => blake2b(concatBytes(...parts), { dkLen });
const sha = (length, ...parts) => sha512(concatBytes(...parts)).slice(0, length);
const D = (label, x) => hmac(sha512, seed, concatBytes(L(label), event, x));
const keyedHash = (key, ...parts) => blake2b(concatBytes(...parts), { dkLen: 16, key });

const id = fixed("member", 16);
const mac = keyedHash(subkey(1), L("raute.1/member"), event, id);
const member = { id: base64(id), token: base64(concatBytes(id, mac)) };

const ballots = [1, 17, 256, 20000, 4294967295].map((number) => ({
    number,
    ballot: base64(keyedHash(subkey(2), id, u32(number))),
}));

const roles = ["organiser", "moderator", "stage"].map((role, index) => {
    const key = fixed(role, 16);
    return {
        role,
        key: base64(key),
        hash: base64(hash(32, L("raute.1/role"), event, u8(index + 1), key)),
    };
});

const questionSecret = (name) => D("raute.1/question", fixed(name, 16)).slice(0, 32);
const cardSecret = (index) => D("raute.1/card", u8(index)).slice(0, 32);

const question = (name, talk, degree, text, edits) => {
    const salt = fixed(name, 16);
    const own = questionSecret(name);
    const key = ed25519.getPublicKey(own);
    const sign = (label, ...fields) =>
        base64(ed25519.sign(concatBytes(L(label), event, key, ...fields), own));
    return {
        name,
        salt: base64(salt),
        key: base64(key),
        forgotten: base64(hash(16, L("raute.1/forgotten"), event, key)),
        talk,
        degree,
        text,
        ask: sign("raute.1/ask", salt, u32(talk), u8(degree), T(text)),
        edits: edits.map(([rev, edited]) => ({
            rev,
            text: edited,
            edit: sign("raute.1/edit", u32(rev), T(edited)),
            withdraw: sign("raute.1/withdraw", u32(rev)),
            to: rev % 3,
            degree: sign("raute.1/degree", u32(rev), u8(rev % 3)),
        })),
    };
};

const questions = [
    question("plain", 1, 0, "Why is the sky blue?", [
        [1, "Why is the sky dark at night?"],
        [2, "Why?"],
    ]),
    question("German", 2, 1, "Warum heißt das Programm „Raute“?", [[1, "Weshalb Größe über 255?"]]),
    question("emoji and right-to-left", 200, 2, "👩🏾‍🔬 שלום 🇩🇪", [[256, "لماذا؟"]]),
    question("one letter, greatest numbers", 4294967295, 255, "?", [[4294967295, "!"]]),
    question("longest", 65536, 0, "€".repeat(1000), [[65536, "x".repeat(3000)]]),
];

const card = (about, index, rev, says) => {
    const own = cardSecret(index);
    const key = ed25519.getPublicKey(own);
    const sign = (label, ...fields) =>
        base64(ed25519.sign(concatBytes(L(label), event, key, u32(rev), ...fields), own));
    const { name, line, web, accounts, lists } = says;
    return {
        about,
        index,
        key: base64(key),
        forgotten: base64(hash(16, L("raute.1/forgotten"), event, key)),
        rev,
        ...says,
        sig: sign(
            "raute.1/card",
            ...[name, line, web].map(T),
            u8(accounts.length),
            ...accounts.map(T),
            u8(lists ? 1 : 0),
        ),
        delete: sign("raute.1/card-delete"),
    };
};

const cards = [
    card("everything", 0, 1, {
        name: "Anna Beispiel",
        line: "I work on open networks",
        web: "https://anna.example/about",
        accounts: ["anna@social.example", "anna.example"],
        lists: true,
    }),
    card("name only", 1, 1, { name: "B", line: "", web: "", accounts: [], lists: false }),
    card("five accounts, not ASCII", 2, 7, {
        name: "Jürgen Größe",
        line: "Hier wegen „Raute“ 👩🏾‍🔬 · שלום",
        web: "https://xn--grsse-lua.example/über",
        accounts: [1, 2, 3, 4, 5].map((at) => `jürgen${at}@xn--grsse-lua.example`),
        lists: false,
    }),
    card("longest, greatest numbers", 255, 4294967295, {
        name: "€".repeat(66),
        line: "x".repeat(600),
        web: `https://example/${"y".repeat(284)}`,
        accounts: [1, 2, 3, 4, 5].map((at) => `${"z".repeat(190)}${at}@e.example`.slice(-200)),
        lists: true,
    }),
];

const claim = (q, c, rev, minute) => {
    const [byQuestion, byCard] = [questionSecret(questions[q].name), cardSecret(cards[c].index)];
    const keys = [byQuestion, byCard].map((own) => ed25519.getPublicKey(own));
    const text = sha(32, L("raute.1/text"), event, T(questions[q].text));
    const sign = (own, label, ...fields) =>
        ed25519.sign(concatBytes(L(label), event, ...keys, u32(rev), ...fields), own);
    const sig = sign(byQuestion, "raute.1/claim-question", u32(minute), text);
    return {
        question: q,
        card: c,
        rev,
        minute,
        hash: base64(text),
        sig: base64(sig),
        card_sig: base64(sign(byCard, "raute.1/claim-card", u32(minute), text)),
        unclaim: base64(sign(byQuestion, "raute.1/unclaim-question")),
        card_unclaim: base64(sign(byCard, "raute.1/unclaim-card")),
        forgotten: base64(hash(16, L("raute.1/forgotten"), event, sig)),
    };
};

const claims = [
    claim(0, 0, 1, 29384756),
    claim(1, 0, 2, 29384757),
    claim(2, 2, 257, 1),
    claim(4, 3, 4294967295, 4294967295),
];

const interest = (c, number, minute, scope) => {
    const own = cardSecret(cards[c].index);
    const key = ed25519.getPublicKey(own);
    const message = concatBytes(
        L("raute.1/interest"),
        event,
        key,
        u32(number),
        u32(minute),
        u8(scope),
    );
    return {
        card: c,
        number,
        minute,
        scope,
        sig: base64(ed25519.sign(message, own)),
        row: base64(keyedHash(subkey(6, secret.slice(32)), key, u32(number))),
    };
};

const interests = [
    interest(0, 17, 29384756, 1),
    interest(0, 17, 29384757, 0),
    interest(2, 256, 1, 2),
    interest(3, 4294967295, 4294967295, 2),
];

const code = (q, c, name, account) => {
    const secrets = [questionSecret(questions[q].name), cardSecret(cards[c].index)];
    const keys = secrets.map((own) => ed25519.getPublicKey(own));
    const salt = fixed(name, 16);
    return {
        question: q,
        card: c,
        salt: base64(salt),
        account,
        code: base64(sha(16, L("raute.1/code"), event, ...keys, salt, T(account))),
    };
};

const codes = [
    code(0, 0, "first code", "anna@social.example"),
    code(0, 0, "second code", "anna.example"),
    code(2, 2, "third code", "jürgen1@xn--grsse-lua.example"),
];

/** A gated event with one ticket of `seats` seats, from the code to the members' ids. */
const passes = (ticket, seats) => {
    const { voprf } = ristretto255_oprf;
    const info = concatBytes(utf8ToBytes("raute.1/pass"), event);
    const { secretKey, publicKey } = voprf.deriveKeyPair(subkey(3), info);
    const asked = Array.from({ length: seats }, (_, index) => {
        const nonce = D("raute.1/pass-nonce", u8(index)).slice(0, 32);
        const random = D("raute.1/pass-blind", u8(index)).slice(0, 48);
        const input = concatBytes(L("raute.1/pass"), event, nonce);
        return { nonce, input, ...voprf.blind(input, () => random) };
    });
    /* the library makes its scalar r of r − 1 */
    const scalar = concatBytes(fixed("proof", 31), u8(7));
    const below = concatBytes(u8(scalar[0] - 1), scalar.slice(1), new Uint8Array(16));
    const elements = asked.map(({ blinded }) => blinded);
    const { evaluated, proof } = voprf.blindEvaluateBatch(
        secretKey,
        publicKey,
        elements,
        () => below,
    );
    const answered = asked.map((each, at) => ({ ...each, evaluated: evaluated[at] }));
    const outputs = voprf.finalizeBatch(answered, publicKey, proof);
    return {
        secret: base64(secretKey),
        public: base64(publicKey),
        key_hash: base64(sha(16, L("raute.1/pass-key"), event, publicKey)),
        ticket,
        ticket_hash: base64(keyedHash(subkey(5), utf8ToBytes(ticket))),
        request_hash: base64(keyedHash(subkey(5), ...elements)),
        random: base64(scalar),
        proof: base64(proof),
        seats: answered.map((each, at) => ({
            nonce: base64(each.nonce),
            blind: base64(each.blind),
            element: base64(each.blinded),
            evaluated: base64(each.evaluated),
            output: base64(outputs[at]),
            member: base64(keyedHash(subkey(4), each.nonce)),
        })),
    };
};

process.stdout.write(
    JSON.stringify(
        {
            seed: base64(seed),
            event: base64(event),
            secret: base64(secret),
            member,
            ballots,
            roles,
            questions,
            cards,
            claims,
            interests,
            codes,
            passes: [passes("0123456789ABCDEF", 1), passes("GHJKMNPQRSTVWXYZ", 16)],
        },
        null,
        2,
    ) + "\n",
);
