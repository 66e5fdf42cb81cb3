/* The start page: /. With the create key in its fragment it also creates events. */

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/pages.css";
import "./start/start.css";
import { render } from "preact";
import { takeRoleKey } from "../core/storage";
import { loadLanguage } from "../core/words";
import { applyTheme } from "../parts/theme";
import { Start } from "./start/start";

async function start(root: HTMLElement): Promise<void> {
    applyTheme();
    const createKey = takeRoleKey("", "create");
    await loadLanguage();
    root.replaceChildren();
    render(<Start createKey={createKey} />, root);
}

const root = document.getElementById("app");
if (root !== null) {
    void start(root);
}
