/* The share panel of a question in the list. */

import { publicAddress } from "../../core/address";
import type { Model } from "../../core/state";
import { SharePanel } from "../../parts/share";
import type { AudiencePage } from "./page";

export function Share({ page, model, n }: { page: AudiencePage; model: Model; n: number }) {
    const text = model.questions.get(n)?.text;
    if (text == null) {
        return null;
    }
    const { hashtags, slug, title } = model.event;
    const shared = { text, hashtags, title, url: publicAddress(model.url, slug, n) };
    return <SharePanel shared={shared} onClose={() => (page.sharing.value = null)} />;
}
