/* The desk's sheets: menu, talks, all keys. */

import { Fragment } from "preact";
import type { Model } from "../../core/state";
import { t, type Word } from "../../core/words";
import { AboutLinks } from "../../parts/about";
import { Choice, LanguageSwitch, ThemeSwitch } from "../../parts/choice";
import { Icon } from "../../parts/icon";
import { Panel } from "../../parts/panel";
import type { ModeratorDesk } from "./desk";
import { lettersOn, switchLetters } from "./keys";
import { Left } from "./nets";
import { People } from "./people";

export type PanelName = "menu" | "talks" | "people" | "keys" | "left";

interface PanelsProps {
    desk: ModeratorDesk;
    model: Model;
    open: PanelName | null;
    onOpen: (panel: PanelName | null) => void;
}

export function Panels({ desk, model, open, onOpen }: PanelsProps) {
    const close = () => {
        desk.leavePerson();
        onOpen(null);
    };
    switch (desk.person.value === null ? open : "people") {
        case "menu":
            return (
                <Panel key="menu" title={t("parts.menu")} onClose={close}>
                    <Talks desk={desk} model={model} />
                    <section>
                        <button class="btn" type="button" onClick={() => onOpen("people")}>
                            <Icon name="people" />
                            {t("moderator.people")}
                        </button>
                    </section>
                    <section>
                        <LanguageSwitch />
                        <ThemeSwitch />
                    </section>
                    <Keys />
                    <section>
                        <AboutLinks slug={model.event.slug} />
                    </section>
                </Panel>
            );
        case "talks":
            return (
                <Panel key="talks" title={t("moderator.talks")} onClose={close}>
                    <Talks desk={desk} model={model} />
                </Panel>
            );
        case "people":
            return (
                <Panel key="people" title={t("moderator.people")} onClose={close}>
                    <People desk={desk} slug={model.event.slug} />
                </Panel>
            );
        case "keys":
            return (
                <Panel key="keys" title={t("moderator.keys")} onClose={close}>
                    <Keys hideHeading />
                </Panel>
            );
        case "left":
            return (
                <Panel key="left" title={t("moderator.left")} onClose={close}>
                    <Left desk={desk} model={model} />
                </Panel>
            );
        case null:
            return null;
    }
}

function Talks({ desk, model }: { desk: ModeratorDesk; model: Model }) {
    return (
        <section>
            <ul class="talks">
                {model.talks.map((talk) => (
                    <li key={talk.id}>
                        <h3>{talk.title}</h3>
                        <p class="small">
                            {t(talk.open ? "moderator.talks.open" : "moderator.talks.closed")}
                        </p>
                        <div class="acts">
                            {talk.id === model.current ? (
                                <span class="st">
                                    <Icon name="check" />
                                    {t("moderator.talks.stage")}
                                </span>
                            ) : (
                                <button
                                    class="btn"
                                    type="button"
                                    onClick={() => void desk.doing.selectTalk(talk.id)}
                                >
                                    {t("moderator.talks.put_on_stage")}
                                    <span class="vh">: {talk.title}</span>
                                </button>
                            )}
                            <button
                                class="btn"
                                type="button"
                                onClick={() => void desk.doing.openTalk(talk.id, !talk.open)}
                            >
                                {t(talk.open ? "moderator.talks.do_close" : "moderator.talks.do_open")}
                                <span class="vh">: {talk.title}</span>
                            </button>
                        </div>
                    </li>
                ))}
            </ul>
            {model.talks.length > 1 && (
                <Choice
                    label={t("moderator.talks.scope")}
                    showLabel
                    options={[
                        { value: "current", text: t("moderator.talks.scope.current") },
                        { value: "all", text: t("moderator.talks.scope.all") },
                    ]}
                    value={desk.scope.value}
                    onChange={(scope) => desk.chooseScope(scope)}
                />
            )}
        </section>
    );
}

const ALL_KEYS: readonly (readonly [readonly string[], Word])[] = [
    [["j", "k"], "moderator.key.select.long"],
    [["←", "→"], "moderator.key.columns"],
    [["a"], "moderator.key.approve"],
    [["d"], "moderator.key.decline"],
    [["1", "6"], "moderator.key.reason"],
    [["n"], "moderator.key.now"],
    [["e"], "moderator.key.answered"],
    [["w"], "moderator.key.answer"],
    [["p"], "moderator.key.pin"],
    [["h"], "moderator.key.hide"],
    [["s"], "moderator.key.send"],
    [["o"], "moderator.key.open"],
    [["c"], "moderator.key.warn"],
    [["r"], "moderator.key.restore"],
    [["m"], "moderator.key.more"],
    [["f"], "moderator.key.fresh"],
    [["u"], "moderator.key.undo"],
    [["/"], "moderator.key.search"],
    [["?"], "moderator.key.keys"],
    [["Esc"], "moderator.key.leave"],
];

function Keys({ hideHeading = false }) {
    return (
        <section class="keys">
            {!hideHeading && <h3>{t("moderator.keys.short")}</h3>}
            <label class="check">
                <input
                    type="checkbox"
                    checked={lettersOn.value}
                    onChange={(event) => switchLetters(event.currentTarget.checked)}
                />
                <span>
                    {t("moderator.keys.on")}
                    <small>{t("moderator.keys.on.says")}</small>
                </span>
            </label>
            <dl>
                {ALL_KEYS.map(([keys, word]) => (
                    <div key={word}>
                        <dt>
                            {keys.map((key) => (
                                <Fragment key={key}>
                                    {key === "6" && "–"}
                                    <kbd>{key}</kbd>
                                </Fragment>
                            ))}
                        </dt>
                        <dd>{t(word)}</dd>
                    </div>
                ))}
            </dl>
        </section>
    );
}
