/* What anonymous means here: the text is the server's (privacy/de.html, en.html); here is only how it looks. */

import "../styles/tokens.css";
import "../styles/base.css";
import "./privacy/privacy.css";
import { store } from "../core/storage";

const theme = store().get("raute/theme");
if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
}
