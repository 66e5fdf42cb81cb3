// Makes identity.json: keys, tokens and signatures of the formats of server/identity/identity.h and
// server/wire/README.md, computed by noble, so that two implementations must agree on every byte.
//   node tests/protocol/make-identity.mjs > tests/protocol/identity.json
import { ed25519 } from "@noble/curves/ed25519.js";
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
const subkey = (number) =>
    blake2b(new Uint8Array(0), {
        key: secret.slice(0, 32),
        salt: concatBytes(u8(number), new Uint8Array(15)),
        personalization: concatBytes(utf8ToBytes("raute.1"), new Uint8Array(9)),
        dkLen: 32,
    });
const hash = (dkLen, ...parts) => blake2b(concatBytes(...parts), { dkLen });
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

const question = (name, talk, degree, text, edits) => {
    const salt = fixed(name, 16);
    const own = hmac(sha512, seed, concatBytes(L("raute.1/question"), event, salt)).slice(0, 32);
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
        },
        null,
        2,
    ) + "\n",
);
