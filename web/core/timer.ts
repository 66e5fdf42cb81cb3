/* Runs it after a while; returns the way to call it off. */
export function timer(ms: number, run: () => void): () => void {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
}
