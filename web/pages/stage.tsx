/* The stage's page, for a projector: shows, and takes nothing but f (full screen) and t (light or dark). */

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/card.css";
import "../styles/stage.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { connect, type Connection } from "../core/connection";
import { slugOfPage } from "../core/address";
import { takeRoleKey } from "../core/storage";
import { language, loadLanguage, t } from "../core/words";
import { EndedPage } from "../parts/ended";
import { Sprite } from "../parts/icon";
import { useOffline } from "../parts/notice";
import { applyTheme, darkNow, switchTheme } from "../parts/theme";
import { Board } from "./stage/board";

const POINTER_MS = 3000;

function toggleFullScreen(): void {
    if (document.fullscreenElement === null) {
        void document.documentElement.requestFullscreen?.();
    } else {
        void document.exitFullscreen();
    }
}

const toggleTheme = () => switchTheme(darkNow() ? "light" : "dark");

/* The screen stays on, where the browser lets a page ask for it (not over plain http). */
function keepAwake(): () => void {
    const ask = () => {
        if (document.visibilityState === "visible") {
            void navigator.wakeLock?.request("screen").catch(() => undefined); /* battery saving: its right */
        }
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => document.removeEventListener("visibilitychange", ask);
}

/* True while the pointer was moved lately; without it neither cursor nor controls are seen. */
function usePointer(): boolean {
    const [moving, setMoving] = useState(false);
    useEffect(() => {
        let timer: ReturnType<typeof setTimeout>;
        const moved = () => {
            setMoving(true);
            clearTimeout(timer);
            timer = setTimeout(() => setMoving(false), POINTER_MS);
        };
        addEventListener("pointermove", moved, { passive: true });
        addEventListener("focusin", moved);
        return () => {
            clearTimeout(timer);
            removeEventListener("pointermove", moved);
            removeEventListener("focusin", moved);
        };
    }, []);
    return moving;
}

function Stage({ connection }: { connection: Connection }) {
    const model = connection.state.model.value;
    const offlineSince = useOffline(connection);
    const pointer = usePointer();

    useEffect(keepAwake, []);
    useEffect(() => {
        const pressed = (event: KeyboardEvent) => {
            if (event.ctrlKey || event.metaKey || event.altKey) {
                return;
            }
            if (event.key === "f") {
                toggleFullScreen();
            } else if (event.key === "t") {
                toggleTheme();
            }
        };
        document.addEventListener("keydown", pressed);
        return () => document.removeEventListener("keydown", pressed);
    }, []);
    useEffect(() => {
        document.documentElement.classList.toggle("no-pointer", !pointer);
    }, [pointer]);
    useEffect(() => {
        if (model !== null) {
            document.title = `${t("stage.title")} – #${model.event.hashtags[0] ?? model.event.title}`;
        }
    }, [model?.event, language.value]);

    if (model === null) {
        return <p class="st-wait">{t(offlineSince === null ? "parts.loading" : "parts.reconnecting")}</p>;
    }
    return (
        <>
            <Board model={model} offlineSince={offlineSince} />
            <div class="st-controls" data-seen={pointer ? "" : undefined}>
                <button class="btn" type="button" aria-keyshortcuts="f" onClick={toggleFullScreen}>
                    {t("stage.full_screen")} <kbd aria-hidden="true">f</kbd>
                </button>
                <button class="btn" type="button" aria-keyshortcuts="t" onClick={toggleTheme}>
                    {t("stage.theme")} <kbd aria-hidden="true">t</kbd>
                </button>
            </div>
        </>
    );
}

function Page({ slug, connection }: { slug: string; connection: Connection | null }) {
    const ended = connection === null ? "no_key" : connection.ended.value;
    return (
        <>
            <Sprite />
            {connection === null || ended !== null ? (
                <EndedPage why={ended ?? "no_key"} slug={slug} />
            ) : (
                <Stage connection={connection} />
            )}
        </>
    );
}

async function start(root: HTMLElement): Promise<void> {
    const slug = slugOfPage();
    applyTheme();
    const key = takeRoleKey(slug, "stage");
    await loadLanguage();
    const connection =
        key === null ? null : connect({ slug, role: "stage", key, language: () => language.peek() });
    root.replaceChildren();
    render(<Page slug={slug} connection={connection} />, root);
}

const root = document.getElementById("app");
if (root !== null) {
    void start(root);
}
