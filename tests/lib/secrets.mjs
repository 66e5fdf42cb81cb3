// The server's own keys, made again from an event's secret file, to know in a test what no stored row
// tells: which ballot is whose. From server/wire/README.md's rules, on a library of its own.
import { blake2b } from "@noble/hashes/blake2.js";

// crypto_kdf_derive_from_key of libsodium, context "raute.1\0".
function subkey(master, id) {
  const salt = new Uint8Array(16);
  salt[0] = id;
  const personalization = new Uint8Array(16);
  personalization.set(Buffer.from("raute.1"));
  return blake2b(new Uint8Array(0), { key: master, dkLen: 32, salt, personalization });
}

export function ballotOf(secret, memberToken, number) {
  const message = Buffer.alloc(20);
  memberToken.copy(message, 0, 0, 16);
  message.writeUInt32BE(number, 16);
  return Buffer.from(blake2b(message, { key: subkey(secret.subarray(0, 32), 2), dkLen: 16 }));
}

const ticketHash = (secret, bytes) =>
  Buffer.from(blake2b(bytes, { key: subkey(secret.subarray(0, 32), 5), dkLen: 16 }));

// What is stored of an admission code, and of the elements that it was used for.
export const ticketOf = (secret, code) => ticketHash(secret, Buffer.from(code.replaceAll("-", "")));
export const requestOf = (secret, elements) => ticketHash(secret, Buffer.concat(elements));

// How the row of a card that is not published is named, and with a question's number that of an interest.
export function sealedOf(secret, card, number = 0) {
  const message = Buffer.alloc(36);
  card.copy(message);
  message.writeUInt32BE(number, 32);
  return Buffer.from(blake2b(message, { key: subkey(secret.subarray(32), 6), dkLen: 16 }));
}
