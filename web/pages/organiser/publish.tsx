/* What leaves the room, and how soon. */

import type { EventInfo, Publish } from "../../core/protocol";
import { t, tn } from "../../core/words";
import { PolicyField, SelectField } from "./fields";
import { saveSettings, type SettingsProps } from "./settings";

const DELAYS = [0, 60, 300, 600, 1800, 3600]; /* seconds */

/* The usual ones, and the one that is set. */
function delays({ publish_delay }: EventInfo): number[] {
    return [...new Set([...DELAYS, publish_delay])].sort((a, b) => a - b);
}

function delayWords(seconds: number): string {
    if (seconds === 0) {
        return t("organiser.delay.none");
    }
    return seconds % 60 === 0
        ? tn("organiser.delay.minutes", seconds / 60)
        : tn("organiser.delay.seconds", seconds);
}

function policyWords(policy: Publish, { moderation }: EventInfo): string {
    return policy === "all" && moderation === "before"
        ? t("organiser.publish.all.before")
        : t(`organiser.publish.${policy}.says`);
}

export function Publishing({ connection, event }: SettingsProps) {
    return (
        <section class="sect" aria-labelledby="h-publish">
            <h2 id="h-publish">{t("organiser.publish")}</h2>
            <p>{t("organiser.publish.says")}</p>
            <div class="settings">
                <PolicyField
                    label={t("organiser.publish.which")}
                    options={(["off", "approved", "all"] as const).map((value) => ({
                        value,
                        title: t(`organiser.publish.${value}`),
                        says: policyWords(value, event),
                    }))}
                    value={event.publish}
                    save={(publish) => saveSettings({ connection, event }, { publish })}
                />
                <SelectField
                    label={t("organiser.delay")}
                    says={t(event.publish_delay === 0 ? "organiser.delay.none.says" : "organiser.delay.says")}
                    options={delays(event).map((seconds) => ({
                        value: String(seconds),
                        text: delayWords(seconds),
                    }))}
                    value={String(event.publish_delay)}
                    save={(seconds) =>
                        saveSettings({ connection, event }, { publish_delay: Number(seconds) })
                    }
                />
            </div>
        </section>
    );
}
