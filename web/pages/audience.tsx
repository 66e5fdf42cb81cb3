/* The audience page: /e/SLUG. The server's list stands until the first snapshot is here. */

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/audience.css";
import "../styles/card.css";
import "./plain.css";
import "./audience/audience.css";
import "./audience/mine.css";
import "./audience/person.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { slugOfPage } from "../core/address";
import { loadLanguage } from "../core/words";
import { applyTheme } from "../parts/theme";
import { App } from "./audience/app";
import { AudiencePage } from "./audience/page";

const PATIENCE_MS = 8_000; /* then the page says that the server does not answer */

function whenReady(page: AudiencePage): Promise<void> {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, PATIENCE_MS);
        const stop = effect(() => {
            if (page.model !== null || page.connection.ended.value !== null) {
                clearTimeout(timer);
                resolve();
                queueMicrotask(() => stop());
            }
        });
    });
}

async function start(root: HTMLElement): Promise<void> {
    applyTheme();
    const page = new AudiencePage(slugOfPage());
    await Promise.all([loadLanguage(), whenReady(page)]);
    root.replaceChildren();
    render(<App page={page} />, root);
    /* After the first paint, and before anybody has typed a question. Without network: at the next try. */
    requestAnimationFrame(() => setTimeout(() => import("../core/signing").catch(() => undefined)));
}

const root = document.getElementById("app");
if (root !== null) {
    void start(root);
}
