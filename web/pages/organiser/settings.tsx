/* Everything that can be set of an event, one field each, saved one by one. */

import type { Connection } from "../../core/connection";
import type { Commands } from "../../core/commands";
import type { EventInfo } from "../../core/protocol";
import { normalText } from "../../core/text";
import { t } from "../../core/words";
import { PolicyField, TextField, type Save } from "./fields";
import { HashtagsField, hashtagsFrom } from "./hashtags";
import { failure } from "./links";

const DAY_MINUTES = 24 * 60;
const EVENT_DAYS_MAX = 30;
/* As server/base/limits.h says. */
const RANGES = {
    release: { from: 0, to: 60 },
    ask_burst: { from: 1, to: 20 },
    ask_seconds: { from: 0, to: 3600 },
    retention: { from: 1, to: 365 },
} as const;
type NumberName = keyof typeof RANGES;
const UNITS = {
    release: "organiser.unit.seconds",
    ask_burst: "organiser.unit.questions",
    ask_seconds: "organiser.unit.seconds",
    retention: "organiser.unit.days",
} as const;

/* Unix minutes as a local-time field shows them, and back. */
export function localField(minute: number): string {
    const offset = new Date(minute * 60_000).getTimezoneOffset();
    return new Date((minute - offset) * 60_000).toISOString().slice(0, 16);
}

export function fromLocalField(text: string): number | null {
    const ms = new Date(text).getTime();
    return Number.isNaN(ms) ? null : Math.floor(ms / 60_000);
}

/* Minutes of this browser's time before UTC, when the event begins: for the times in posts. */
export function localOffset(start: number): number {
    return -new Date(start * 60_000).getTimezoneOffset();
}

export interface SettingsProps {
    connection: Connection;
    event: EventInfo;
}

/* The sentence of the refusal, or null when it is saved. */
export async function saveSettings(
    { connection, event }: SettingsProps,
    settings: Commands["settings"],
): Promise<string | null> {
    const offset = localOffset(settings.start ?? event.start);
    const along = offset === event.offset ? {} : { offset };
    const result = await connection.command("settings", { ...settings, ...along });
    if (result.ok) {
        return null;
    }
    const dates = "start" in settings || "end" in settings;
    return result.code === "bad_value" && dates ? t("organiser.bad_dates") : failure(result);
}

export function Settings({ connection, event }: SettingsProps) {
    const send = (settings: Commands["settings"]) => saveSettings({ connection, event }, settings);
    const saveStart: Save<string> = async (text) => {
        const start = fromLocalField(text);
        if (start === null) {
            return t("organiser.bad_dates");
        }
        const fits = event.end > start && event.end - start <= EVENT_DAYS_MAX * DAY_MINUTES;
        return send(fits ? { start } : { start, end: start + (event.end - event.start) });
    };
    const saveEnd: Save<string> = async (text) => {
        const end = fromLocalField(text);
        return end === null || end <= event.start ? t("organiser.bad_dates") : send({ end });
    };
    return (
        <section class="sect" aria-labelledby="h-settings">
            <h2 id="h-settings">{t("organiser.settings")}</h2>
            <p>{t("organiser.settings.says")}</p>
            <div class="settings">
                <TextField
                    label={t("organiser.field.title")}
                    value={event.title}
                    save={(text) => send({ title: normalText(text) })}
                />
                <HashtagsField event={event} save={(text) => send({ hashtags: hashtagsFrom(text) })} />
                <TextField
                    label={t("organiser.field.start")}
                    type="datetime-local"
                    value={localField(event.start)}
                    save={saveStart}
                />
                <TextField
                    label={t("organiser.field.end")}
                    says={t("organiser.field.end.says")}
                    type="datetime-local"
                    value={localField(event.end)}
                    save={saveEnd}
                />
                <PolicyField
                    label={t("organiser.field.moderation")}
                    options={(["before", "after"] as const).map((value) => ({
                        value,
                        title: t(`organiser.moderation.${value}`),
                        says: t(`organiser.moderation.${value}.says`),
                    }))}
                    value={event.moderation}
                    save={(moderation) => send({ moderation })}
                />
                <PolicyField
                    label={t("organiser.field.language")}
                    says={t("organiser.field.language.says")}
                    options={[
                        { value: "de", title: "Deutsch" },
                        { value: "en", title: "English" },
                    ]}
                    value={event.language}
                    save={(language) => send({ language })}
                />
                {(Object.keys(RANGES) as NumberName[]).map((name) => (
                    <NumberField key={name} name={name} value={event[name]} send={send} />
                ))}
            </div>
        </section>
    );
}

interface NumberFieldProps {
    name: NumberName;
    value: number;
    send: (settings: Commands["settings"]) => Promise<string | null>;
}

function NumberField({ name, value, send }: NumberFieldProps) {
    const { from, to } = RANGES[name];
    return (
        <TextField
            label={t(`organiser.field.${name}`)}
            says={t(`organiser.field.${name}.says`)}
            type="number"
            min={from}
            max={to}
            unit={t(UNITS[name])}
            value={String(value)}
            save={async (text) => {
                const wanted = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
                return wanted >= from && wanted <= to
                    ? send({ [name]: wanted })
                    : t("organiser.bad_range", { from, to });
            }}
        />
    );
}
