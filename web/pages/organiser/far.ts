/* What people type to say which server or account they mean. Pure. */

import { normalText } from "../../core/text";

/* Copied texts carry invisible marks. */
const typed = (text: string): string => normalText(text).replace(/[\u200b-\u200f\u2060\ufeff]/g, "");

/* The host of a Mastodon server, from its name, an address on it or a handle "@anna@example.social"; with scheme where
   it is plain http, which only an operator's exception allows. "" when it can be none. */
export function serverFrom(text: string): string {
    const plain = typed(text).toLowerCase();
    const http = plain.startsWith("http://");
    const host = plain
        .replace(/^https?:\/\//, "")
        .replace(/[/?#].*$/, "")
        .replace(/^.*@/, "");
    let url: URL;
    try {
        url = new URL(`${http ? "http" : "https"}://${host}`);
    } catch {
        return "";
    }
    const named = /^[^.]+(\.[^.]+)+$|^localhost$|^\[/.test(url.hostname);
    return !named || url.pathname !== "/" ? "" : http ? url.origin : url.host;
}

/* A Bluesky handle or DID, from itself or the address of a profile. "" when it can be none: a handle is a whole domain. */
export function handleFrom(text: string): string {
    const plain = typed(text)
        .replace(/^at:\/\//, "")
        .replace(/^https?:\/\/[^/]+\/profile\/([^/?#]+).*$/, "$1")
        .replace(/^@/, "");
    if (/^did:[a-z]+:[\w.:%-]+$/.test(plain)) {
        return plain;
    }
    const handle = plain.toLowerCase();
    return /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(handle) ? handle : "";
}

/* An app password, as every server of that network makes them: not the account's own password, which is nobody's business
   here. "" when it is none. */
export function appPasswordFrom(text: string): string {
    const plain = typed(text).toLowerCase();
    return /^[a-z0-9]{4}(-[a-z0-9]{4}){3}$/.test(plain) ? plain : "";
}
