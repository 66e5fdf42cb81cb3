// How a ticket becomes a member that nobody can tell from others: RFC 9497 from a library. Written from
// server/wire/README.md alone.
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { label, u8 } from "./cards.mjs";
import { b64, unb64 } from "./keys.mjs";

const { voprf } = ristretto255_oprf;

// What one browser asks for: `seed` is lib/keys.mjs's.
export function seatsOf(seed, count = 1) {
  const derived = (name, at) =>
    hmac(sha512, seed.seed, Buffer.concat([label(`raute.1/${name}`), seed.event, u8(at)]));
  return Array.from({ length: count }, (_, at) => {
    const nonce = derived("pass-nonce", at).slice(0, 32);
    const input = Buffer.concat([label("raute.1/pass"), seed.event, nonce]);
    const random = derived("pass-blind", at).slice(0, 48);
    return { nonce, input, ...voprf.blind(input, () => random) };
  });
}

export const passCommand = (code, seats) => ({
  cmd: "pass",
  code,
  elements: seats.map(({ blinded }) => b64(blinded)),
});

// Throws unless the proof says that all were made with this key.
export function passesOf(seats, { elements, proof }, passKey) {
  const items = seats.map((seat, at) => ({ ...seat, evaluated: unb64(elements[at]) }));
  const outputs = voprf.finalizeBatch(items, unb64(passKey), unb64(proof));
  return outputs.map((output, at) => ({ nonce: b64(seats[at].nonce), output: b64(output) }));
}
