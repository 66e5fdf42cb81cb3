/* The page of people: /e/SLUG/people, and /e/SLUG/people/TAG for one of them. The server's list stands
 * until all cards are here. */

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/pages.css";
import "../styles/card.css";
import "./plain.css";
import "../styles/people.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { slugOfPage } from "../core/address";
import { loadLanguage } from "../core/words";
import { applyTheme } from "../parts/theme";
import { App } from "./people/app";
import { PeoplePage } from "./people/page";

const PATIENCE_MS = 8_000; /* then the page says that the server does not answer */

function whenReady(page: PeoplePage): Promise<void> {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, PATIENCE_MS);
        const stop = effect(() => {
            if (page.ready.value || page.connection.ended.value !== null) {
                clearTimeout(timer);
                resolve();
                queueMicrotask(() => stop());
            }
        });
    });
}

async function start(root: HTMLElement): Promise<void> {
    applyTheme();
    const page = new PeoplePage(slugOfPage());
    await Promise.all([loadLanguage(), whenReady(page)]);
    root.replaceChildren();
    render(<App page={page} />, root);
}

const root = document.getElementById("app");
if (root !== null) {
    void start(root);
}
