/* Hands a file to the reader. */

const KEPT_MS = 60_000; /* browsers read it some time after the click */

export function saveFile(name: string, content: Blob): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
