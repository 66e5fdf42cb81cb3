/* Not found: the server says it; here is only how it looks. */

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/audience.css";
import "./plain.css";
import { store } from "../core/storage";

const theme = store().get("raute/theme");
if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
}
