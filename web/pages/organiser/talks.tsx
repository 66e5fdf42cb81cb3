/* The talks: add, rename, order, open and close, choose the one on stage. */

import { useState } from "preact/hooks";
import type { Connection, Result } from "../../core/connection";
import type { Talk } from "../../core/protocol";
import type { Model } from "../../core/state";
import { normalText } from "../../core/text";
import { t } from "../../core/words";
import { Icon } from "../../parts/icon";
import { showToast } from "../../parts/toast";
import { TextField } from "./fields";
import { failure } from "./links";

interface TalksProps {
    connection: Connection;
    model: Model;
}

function tellFailure(result: Result): void {
    if (!result.ok) {
        showToast({ text: failure(result) });
    }
}

export function Talks({ connection, model }: TalksProps) {
    return (
        <section class="sect" aria-labelledby="h-talks">
            <h2 id="h-talks">{t("organiser.talks")}</h2>
            <p>{t("organiser.talks.says")}</p>
            <ol class="talk-list">
                {model.talks.map((talk, place) => (
                    <TalkRow key={talk.id} connection={connection} model={model} talk={talk} place={place} />
                ))}
            </ol>
            <NewTalk connection={connection} />
        </section>
    );
}

function TalkRow({ connection, model, talk, place }: TalksProps & { talk: Talk; place: number }) {
    const current = talk.id === model.current;

    async function rename(text: string): Promise<string | null> {
        const result = await connection.command("talk_rename", { talk: talk.id, title: normalText(text) });
        return result.ok ? null : failure(result);
    }
    async function shift(by: 1 | -1) {
        const order = model.talks.map((each) => each.id);
        const other = order[place + by];
        if (other !== undefined) {
            order[place + by] = talk.id;
            order[place] = other;
            tellFailure(await connection.command("talk_order", { order }));
        }
    }
    async function select() {
        tellFailure(await connection.command("talk_select", { from: model.current, to: talk.id }));
    }
    async function toggle() {
        tellFailure(await connection.command("talk_open", { talk: talk.id, open: !talk.open }));
    }
    return (
        <li>
            <TextField
                label={t("organiser.talk.title", { n: place + 1 })}
                hideLabel
                value={talk.title}
                save={rename}
            />
            <div class="talk-acts">
                <span class="st">
                    {current && (
                        <>
                            <Icon name="check" />
                            {t("organiser.talk.on_stage")},{" "}
                        </>
                    )}
                    {t(talk.open ? "organiser.talk.is_open" : "organiser.talk.is_closed")}
                </span>
                {!current && (
                    <button class="btn" type="button" onClick={() => void select()}>
                        {t("organiser.talk.select")}
                        <span class="vh">: {talk.title}</span>
                    </button>
                )}
                <button class="btn" type="button" onClick={() => void toggle()}>
                    {t(talk.open ? "organiser.talk.close" : "organiser.talk.open")}
                    <span class="vh">: {talk.title}</span>
                </button>
                {model.talks.length > 1 && (
                    <>
                        <button
                            class="btn btn-icon"
                            type="button"
                            disabled={place === 0}
                            aria-label={t("organiser.talk.up", { title: talk.title })}
                            onClick={() => void shift(-1)}
                        >
                            <Icon name="up" />
                        </button>
                        <button
                            class="btn btn-icon"
                            type="button"
                            disabled={place === model.talks.length - 1}
                            aria-label={t("organiser.talk.down", { title: talk.title })}
                            onClick={() => void shift(1)}
                        >
                            <Icon name="down" />
                        </button>
                    </>
                )}
            </div>
        </li>
    );
}

function NewTalk({ connection }: { connection: Connection }) {
    const [title, setTitle] = useState("");
    const [error, setError] = useState<string | null>(null);

    async function add(event: Event) {
        event.preventDefault();
        const wanted = normalText(title);
        if (wanted === "") {
            return;
        }
        const result = await connection.command("talk_add", { title: wanted });
        if (result.ok) {
            setTitle("");
        }
        setError(result.ok ? null : failure(result));
    }
    return (
        <form class="new-talk" onSubmit={(event) => void add(event)}>
            <label class="lab" for="new-talk">
                {t("organiser.talk.new")}
            </label>
            <div class="setting-line">
                <input
                    class="field"
                    id="new-talk"
                    value={title}
                    aria-invalid={error !== null}
                    aria-describedby="new-talk-state"
                    onInput={(event) => setTitle(event.currentTarget.value)}
                />
                <button class="btn" type="submit">
                    {t("organiser.talk.add")}
                </button>
            </div>
            <p class="st" id="new-talk-state" role="status">
                {error !== null && (
                    <>
                        <Icon name="warn" />
                        {error}
                    </>
                )}
            </p>
        </form>
    );
}
