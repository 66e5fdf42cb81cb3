/* The moderator's page: connection, desk, keys, and the three columns. */

import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/card.css";
import "../styles/moderator.css";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { connect, type Connection } from "../core/connection";
import { slugOfPage } from "../core/address";
import { takeRoleKey } from "../core/storage";
import { language, loadLanguage, t } from "../core/words";
import { EndedPage } from "../parts/ended";
import { Sprite } from "../parts/icon";
import { ConnectionNotice } from "../parts/notice";
import { applyTheme } from "../parts/theme";
import { Toast } from "../parts/toast";
import { ColumnView } from "./moderator/column";
import { COLUMNS } from "./moderator/columns";
import { ModeratorDesk } from "./moderator/desk";
import { Foot, Head, SearchBar } from "./moderator/head";
import { listenForKeys } from "./moderator/keys";
import { Panels, type PanelName } from "./moderator/panels";

function Desk({ desk, connection }: { desk: ModeratorDesk; connection: Connection }) {
    const [panel, setPanel] = useState<PanelName | null>(null);
    const model = desk.model.value;

    useEffect(() => {
        const touched = () => desk.touched();
        const stop = listenForKeys(desk, {
            openSearch: () => (desk.search.value ??= ""),
            openKeys: () => setPanel("keys"),
        });
        const kinds = ["pointermove", "pointerdown", "touchmove", "wheel"] as const;
        kinds.forEach((kind) => addEventListener(kind, touched, { passive: true }));
        return () => {
            stop();
            kinds.forEach((kind) => removeEventListener(kind, touched));
        };
    }, [desk]);
    useFocusOnSelection(desk);
    useEffect(() => {
        if (model !== null) {
            document.title = `${t("moderator.title")} – #${model.event.hashtags[0] ?? model.event.title}`;
        }
    }, [model?.event, language.value]);

    if (model === null) {
        return (
            <main class="says">
                <ConnectionNotice connection={connection} />
                <h1>{t("moderator.title")}</h1>
                <p>{t("parts.loading")}</p>
            </main>
        );
    }
    return (
        <>
            <div class="desk">
                <Head
                    desk={desk}
                    model={model}
                    onMenu={() => setPanel("menu")}
                    onTalks={() => setPanel("talks")}
                    onLeft={() => setPanel("left")}
                />
                <div class="bars">
                    <ConnectionNotice connection={connection} />
                    {desk.search.value !== null && <SearchBar desk={desk} />}
                </div>
                <main class="work">
                    <Tabs desk={desk} />
                    <div class="cols">
                        {COLUMNS.map((column) => (
                            <ColumnView key={column} desk={desk} column={column} />
                        ))}
                    </div>
                </main>
                <Foot onKeys={() => setPanel("keys")} />
            </div>
            <Toast look="undo" actionKey="u" />
            <Panels desk={desk} model={model} open={panel} onOpen={setPanel} />
        </>
    );
}

/* The selected row has the focus, unless the reader is writing or in a sheet. */
function useFocusOnSelection(desk: ModeratorDesk): void {
    const selection = desk.selection.value;
    useEffect(() => {
        if (selection === null) {
            return;
        }
        const row = document.getElementById(`${selection.column}-${selection.n}`);
        const at = document.activeElement;
        if (row !== null && !row.contains(at) && at?.closest("dialog, .search, form") == null) {
            row.focus({ preventScroll: true });
            row.scrollIntoView({ block: "nearest" });
        }
    }, [selection]);
}

function Tabs({ desk }: { desk: ModeratorDesk }) {
    const shown = desk.desk.value;
    return (
        <div class="tabs" role="tablist" aria-label={t("moderator.columns")}>
            {COLUMNS.map((column) => {
                const fresh = column === "incoming" ? (shown?.fresh.length ?? 0) : 0;
                return (
                    <button
                        key={column}
                        type="button"
                        role="tab"
                        aria-selected={desk.tab.value === column}
                        aria-controls={`col-${column}`}
                        onClick={() => desk.chooseTab(column)}
                    >
                        {t(`moderator.column.${column}`)}{" "}
                        <span class="num">{(shown?.[column].length ?? 0) + fresh}</span>
                    </button>
                );
            })}
        </div>
    );
}

function Page({ slug, desk, connection }: { slug: string; desk: ModeratorDesk; connection: Connection }) {
    const ended = connection.ended.value;
    return (
        <>
            <Sprite />
            {ended === null ? (
                <Desk desk={desk} connection={connection} />
            ) : (
                <EndedPage why={ended} slug={slug} />
            )}
        </>
    );
}

async function start(root: HTMLElement): Promise<void> {
    const slug = slugOfPage();
    applyTheme();
    const key = takeRoleKey(slug, "moderator");
    await loadLanguage();
    if (key === null) {
        render(
            <>
                <Sprite />
                <EndedPage why="no_key" slug={slug} />
            </>,
            root,
        );
        return;
    }
    const connection = connect({ slug, role: "moderator", key, language: () => language.peek() });
    const desk = new ModeratorDesk(connection);
    root.replaceChildren();
    render(<Page slug={slug} desk={desk} connection={connection} />, root);
}

const root = document.getElementById("app");
if (root !== null) {
    void start(root);
}
