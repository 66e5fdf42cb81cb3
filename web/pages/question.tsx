/* One question's page is the server's; here is how it looks, and a way to carry it on. */

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/audience.css";
import "./plain.css";
import { takeCarried } from "../core/fragment";
import { store } from "../core/storage";

takeCarried(); /* a share link's code is not to be copied on */

const theme = store().get("raute/theme");
if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
}

/* In the page's own language, which is the server's choice. Everything behind the button comes with its tap. */
async function offerShare(main: Element): Promise<void> {
    const german = document.documentElement.lang === "de";
    const { default: words } = await (german ? import("words:de") : import("words:en"));
    const button = document.createElement("button");
    button.className = "btn";
    button.type = "button";
    button.textContent = words["share.title"] ?? "";
    button.addEventListener("click", () => {
        void import("./question/share").then(({ openShare }) => openShare(german ? "de" : "en"));
    });
    const place = document.createElement("p");
    place.append(button);
    main.append(place); /* last, so that nothing moves */
}

const main = document.querySelector("#app article")?.parentElement;
if (main) {
    void offerShare(main).catch(() => undefined);
}
