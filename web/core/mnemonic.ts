/* A seed as 24 English words (BIP39) and back. The list alone is most of this module: loaded when it is needed. */

import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";

/* 24 words for 32 bytes. */
export function wordsOfSeed(seed: Uint8Array): string[] {
    return entropyToMnemonic(seed, wordlist).split(" ");
}

/* However they were typed: capitals, numbers and commas between them do not matter. Null: not the words of a
 * seed; a mistaken word is found out 255 times in 256. */
export function seedOfWords(typed: string): Uint8Array | null {
    const words = typed.toLowerCase().match(/[a-z]+/g) ?? [];
    if (words.length !== 24) {
        return null;
    }
    try {
        return mnemonicToEntropy(words.join(" "), wordlist);
    } catch {
        return null;
    }
}
