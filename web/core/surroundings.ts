import { timer } from "./timer";

/* The world as the connection sees it; tests bring their own. */
export interface Surroundings {
    readonly origin: string; /* https://raute.example */
    fetch(url: string, init?: RequestInit): Promise<Response>;
    socket(url: string, protocol: string): WebSocket;
    after(ms: number, run: () => void): () => void;
    random(): number;
    now(): number;
    /* Runs when the network may have come back (true) or has surely gone (false). */
    watch(network: (back: boolean) => void): () => void;
}

export function browserSurroundings(): Surroundings {
    return {
        origin: location.origin,
        fetch: (url, init) => fetch(url, init),
        socket: (url, protocol) => new WebSocket(url, protocol),
        after: timer,
        random: Math.random,
        now: Date.now,
        watch(network) {
            const back = (): void => network(true);
            const gone = (): void => network(false);
            const visible = (): void => {
                if (document.visibilityState === "visible") {
                    network(true);
                }
            };
            addEventListener("online", back);
            addEventListener("offline", gone);
            document.addEventListener("visibilitychange", visible);
            return () => {
                removeEventListener("online", back);
                removeEventListener("offline", gone);
                document.removeEventListener("visibilitychange", visible);
            };
        },
    };
}
