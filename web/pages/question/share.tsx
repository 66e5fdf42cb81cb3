/* The share panel over a question's page; all it needs to know stands on the page. */

import { render } from "preact";
import { codeAddress, randomCode } from "../../core/fragment";
import type { Language } from "../../core/protocol";
import type { Shared } from "../../core/share";
import { showLanguage } from "../../core/words";
import { Sprite } from "../../parts/icon";
import { SharePanel } from "../../parts/share";

function said(selector: string): string {
    return document.querySelector(selector)?.textContent?.trim() ?? "";
}

function sharedFromPage(): Shared {
    const address = document.querySelector<HTMLMetaElement>('meta[property="og:url"]')?.content;
    return {
        text: said("#app article .q-text"),
        hashtags: [said("#app .tag").replace(/^#/, "")],
        title: said("#app .top p"),
        url: codeAddress(address ?? location.origin + location.pathname, randomCode()),
    };
}

export async function openShare(language: Language): Promise<void> {
    await showLanguage(language);
    const place = document.createElement("div");
    document.body.append(place);
    const close = (): void => {
        render(null, place);
        place.remove();
    };
    render(
        <>
            <Sprite />
            <SharePanel shared={sharedFromPage()} onClose={close} />
        </>,
        place,
    );
}
