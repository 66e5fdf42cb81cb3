/* Light, dark, or as the device: the reader's choice, kept in this browser. */

import { signal } from "@preact/signals";
import { store } from "../core/storage";

export type Theme = "auto" | "light" | "dark";

const kept = store().get("raute/theme");
export const theme = signal<Theme>(kept === "light" || kept === "dark" ? kept : "auto");

/* Called once by each page before its first drawing, and at each switch. */
export function applyTheme(): void {
    if (theme.value === "auto") {
        delete document.documentElement.dataset["theme"];
    } else {
        document.documentElement.dataset["theme"] = theme.value;
    }
}

export function switchTheme(wanted: Theme): void {
    theme.value = wanted;
    if (wanted === "auto") {
        store().remove("raute/theme");
    } else {
        store().set("raute/theme", wanted);
    }
    applyTheme();
}

/* What is seen now, whoever chose it. */
export function darkNow(): boolean {
    return theme.value === "auto"
        ? matchMedia("(prefers-color-scheme: dark)").matches
        : theme.value === "dark";
}
