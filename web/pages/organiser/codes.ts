/* Admission codes as they are handed out: as links, and as a file. Pure. */

import { gatedAddress } from "../../core/fragment";

/* Made together. */
export interface Batch {
    readonly codes: readonly string[]; /* XXXX-XXXX-XXXX-XXXX */
    readonly seats: number; /* of each code */
}

/* `url`: the event's public address; `keyHash`: 16 bytes. */
export function ticketLink(url: string, keyHash: Uint8Array, code: string, seats: number): string {
    return gatedAddress(url, keyHash, code.replace(/-/g, ""), seats);
}

/* One line per code, for a mail merge. Nothing in it needs quotes, and nothing begins like a formula. */
export function ticketsCsv({ codes, seats }: Batch, url: string, keyHash: Uint8Array): string {
    const lines = codes.map((code) => `${code},${seats},${ticketLink(url, keyHash, code, seats)}`);
    return ["code,seats,link", ...lines, ""].join("\r\n");
}
