/* The drawings of all pages: one sprite, rendered once per page, and the small components that point into it. */

import type { ComponentChildren } from "preact";

const MARK =
    "M16 .2 31.8 16 16 31.8.2 16zM12.66 8.4h2.2l-.44 3.2h4.4l.44-3.2h2.2l-.44 3.2h3.2l-.31 2.2h-3.2l-.62 4.4h3.2l-.31 2.2h-3.2" +
    "l-.44 3.2h-2.2l.44-3.2h-4.4l-.44 3.2h-2.2l.44-3.2h-3.2l.31-2.2h3.2l.62-4.4h-3.2l.31-2.2h3.2zM14.11 13.8l-.62 4.4h4.4l.62-4.4z";

/* 24 grid, 1.75 stroke, round ends. */
const PATHS = {
    up: "M6 14.5 12 8.5l6 6",
    down: "M6 9.5l6 6 6-6",
    check: "m5 12.5 4.5 4.5L19 7.5",
    pencil: "m4 20 1-4.2L15.6 5.2a2 2 0 0 1 2.9 0l.3.3a2 2 0 0 1 0 2.9L8.2 19z",
    undo: "M8.5 6.5 4 11l4.5 4.5M4 11h10a5 5 0 0 1 5 5v2.5",
    warn: "M12 4 2.8 20h18.4zM12 10v4.6M12 17.3v.1",
    offline:
        "M4 4l16 16M2.8 9.6a14 14 0 0 1 4.6-2.8M11.4 5.7a14 14 0 0 1 9.8 3.9M6.2 13.2a9 9 0 0 1 4-2.2M15 11.8a9 9 0 0 1 2.8 1.4" +
        "M9.6 16.7a4 4 0 0 1 4.8 0M12 19.9v.1",
    pin: "M8.5 4h7l-1 6.2 3 2.8h-11l3-2.8zM12 13v7.5",
    merge: "M6 4v3.5c0 4.5 6 4 6 8.5v4.5M18 4v3.5c0 4.5-6 4-6 8.5",
    close: "M6 6l12 12M18 6 6 18",
    menu: "M4 7.5h16M4 12h16M4 16.5h16",
    out: "M7 17 17 7M9 7h8v8",
    copy: "M9 9h11v11H9zM15 9V4H4v11h5",
    turn: "M19.5 9A8 8 0 0 0 5 8.5M4.5 15A8 8 0 0 0 19 15.5M5 4v4.5h4.5M19 20v-4.5h-4.5",
} as const;

export type IconName = keyof typeof PATHS | "people" | "clock" | "search" | "more";

/* Stands once in each page, before everything that uses an icon. */
export function Sprite() {
    return (
        <svg class="sprite" aria-hidden="true">
            {Object.entries(PATHS).map(([name, path]) => (
                <symbol key={name} id={`i-${name}`} viewBox="0 0 24 24">
                    <path d={path} />
                </symbol>
            ))}
            <symbol id="i-people" viewBox="0 0 24 24">
                <circle cx="9" cy="8.5" r="3.2" />
                <path d="M3 19.5c0-3.2 2.6-5.3 6-5.3s6 2.1 6 5.3M15.6 5.5a3.2 3.2 0 0 1 0 6M17.4 14.6c2.2.7 3.6 2.4 3.6 4.9" />
            </symbol>
            <symbol id="i-clock" viewBox="0 0 24 24">
                <circle cx="12" cy="12" r="8.5" />
                <path d="M12 7.2V12l3.2 2" />
            </symbol>
            <symbol id="i-search" viewBox="0 0 24 24">
                <circle cx="10.5" cy="10.5" r="6" />
                <path d="m15 15 5 5" />
            </symbol>
            <symbol id="i-more" viewBox="0 0 24 24">
                <path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="2.6" />
            </symbol>
            <symbol id="mark" viewBox="0 0 32 32">
                <path fill-rule="evenodd" d={MARK} />
            </symbol>
            <symbol id="now" viewBox="0 0 24 24">
                <path class="now-ring" d="M12 1 23 12 12 23 1 12z" />
                <path class="now-core" d="M12 6 18 12 12 18 6 12z" />
            </symbol>
            <symbol id="rh" viewBox="0 0 16 16">
                <path d="M8 0 16 8 8 16 0 8z" />
            </symbol>
        </svg>
    );
}

function Use({ shape, look }: { shape: string; look: string }) {
    return (
        <svg class={look} aria-hidden="true">
            <use href={`#${shape}`} />
        </svg>
    );
}

export const Icon = ({ name }: { name: IconName }) => <Use shape={`i-${name}`} look="i" />;
export const Mark = () => <Use shape="mark" look="mark" />;
/* The right-of-way sign: stands only before what is being answered now. */
export const NowSign = () => <Use shape="now" look="now" />;
export const Rhombus = () => <Use shape="rh" look="rh" />;

/* One figure for a page that has nothing else to show: empty, full, dashed or with an exclamation mark. */
export function Figure({ kind }: { kind: "empty" | "full" | "missing" | "warn" }) {
    const shape = "M24 2 46 24 24 46 2 24z";
    const path: Record<typeof kind, ComponentChildren> = {
        empty: <path d={shape} />,
        full: <path fill="currentColor" d={shape} />,
        missing: <path stroke-dasharray="3 3.4" d={shape} />,
        warn: <path stroke-width="1.75" d={`${shape}M24 14v13M24 33v.1`} />,
    };
    return (
        <svg class="fig" viewBox="0 0 48 48" aria-hidden="true">
            {path[kind]}
        </svg>
    );
}
