// Requests' bodies and queries, read as the real servers read them.
import { Refusal } from "./refusal.mjs";

const BODY_LIMIT = 1 << 20;

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function pairs(text) {
  const decode = (part) => decodeURIComponent(part.replaceAll("+", " "));
  return text
    .split("&")
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    });
}

// `a[]=1&a[]=2` is the list a, as Rails has it; of a repeated name the last value counts.
export function gathered(entries) {
  const fields = {};
  for (const [name, value] of entries) {
    if (name.endsWith("[]")) {
      (fields[name.slice(0, -2)] ??= []).push(value);
    } else {
      fields[name] = value;
    }
  }
  return fields;
}

// How a body was written down (none, form, json, multipart, other), and its fields. Throws what it
// cannot read: not UTF-8, broken escapes, broken JSON.
export async function fieldsOf(type, bytes) {
  if (bytes.length === 0) {
    return ["none", {}];
  }
  const kind = type?.split(";")[0].trim().toLowerCase();
  if (kind === "application/json") {
    const value = JSON.parse(utf8.decode(bytes));
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw new Error("not an object");
    }
    return ["json", value];
  }
  if (kind === "application/x-www-form-urlencoded") {
    return ["form", gathered(pairs(utf8.decode(bytes)))];
  }
  if (kind === "multipart/form-data") {
    const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
    return ["multipart", gathered([...form.entries()])];
  }
  return ["other", {}];
}

export async function bytesOf(incoming) {
  const parts = [];
  let length = 0;
  for await (const part of incoming) {
    length += part.length;
    if (length > BODY_LIMIT) {
      throw new Refusal(413, { error: "Payload Too Large" });
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
