/* Sheets that few people open: loaded, with their words, when the first of them is. */

import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Model } from "../../core/state";
import { loadMoreWords, t } from "../../core/words";
import { showToast } from "../../parts/toast";
import type { AudiencePage, Sheet } from "./page";

export interface SheetProps<K extends Sheet["kind"]> {
    readonly page: AudiencePage;
    readonly model: Model;
    readonly sheet: Extract<Sheet, { kind: K }>;
}

type Draw = FunctionComponent<SheetProps<Sheet["kind"]>>;
type Later = typeof import("./later");
type Pick = { readonly [K in Sheet["kind"]]: (later: Later) => FunctionComponent<SheetProps<K>> };

const pick: Pick = {
    card: (later) => later.CardSheet,
    claim: (later) => later.ClaimSheet,
    interest: (later) => later.InterestSheet,
    mine: (later) => later.MineSheet,
    device: (later) => later.DeviceSheet,
    ticket: (later) => later.TicketSheet,
    post: (later) => later.PostSheet,
    back: (later) => later.BackSheet,
    share: (later) => later.ShareSheet,
};

async function load(kind: Sheet["kind"]): Promise<Draw> {
    const [later] = await Promise.all([import("./later"), loadMoreWords()]);
    return pick[kind](later) as Draw;
}

/* Without network it says so and closes again; what is loaded once stays. */
export function LazySheet(props: SheetProps<Sheet["kind"]>) {
    const { page, sheet } = props;
    const [drawn, setDrawn] = useState<{ readonly Draw: Draw } | null>(null);
    useEffect(() => {
        load(sheet.kind).then(
            (Draw) => setDrawn({ Draw }),
            () => {
                page.sheet.value = null;
                showToast({ text: t("audience.sheet.unloaded") });
            },
        );
    }, []);
    return drawn === null ? null : <drawn.Draw {...props} />;
}
