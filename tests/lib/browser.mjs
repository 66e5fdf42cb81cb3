// One Chromium per test file; a context is one person's browser. Every page is watched: whatever it
// asks of another host, says on its console or does against its content security policy is noted.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export const phone = { width: 390, height: 844 };
export const desk = { width: 1280, height: 800 };
export const projector = { width: 1920, height: 1080 };

export class Browser {
  static async launch() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({
      executablePath: process.env.RAUTE_CHROMIUM ?? "/usr/bin/chromium",
      args: flags,
      timeout: 30_000,
    });
    return browser;
  }

  // language `de` or `en`; bypassCSP only where axe is injected.
  async person({ language = "de", viewport = phone, dark = false, ...more } = {}) {
    const context = await this.chromium.newContext({
      locale: language === "de" ? "de-DE" : "en-GB",
      viewport,
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
      ...more,
    });
    context.setDefaultTimeout(10_000);
    context.setDefaultNavigationTimeout(15_000);
    return context;
  }

  close() {
    return this.chromium.close();
  }
}

// Opens an address in a new page of the context; `expected` is a pattern of console errors that the
// test provokes (a lost connection, say).
export async function visit(context, address, { expected } = {}) {
  const page = await context.newPage();
  page.trouble = [];
  page.sent = [];
  const home = new URL(address).host;
  const note = (what) => {
    if (!expected?.test(what)) {
      page.trouble.push(what);
    }
  };
  const mind = (url) => {
    const { protocol, host } = new URL(url);
    page.sent.push(url);
    if (!["data:", "blob:", "about:"].includes(protocol) && host !== home) {
      note(`request to another host: ${url}`);
    }
  };
  page.on("request", (request) => mind(request.url()));
  page.on("websocket", (socket) => {
    page.socket = socket;
    mind(socket.url());
  });
  page.on("pageerror", (error) => note(`page error: ${error}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      note(`console: ${message.text()} (${message.location().url})`);
    }
  });
  if (context.watchesPolicy !== true) {
    context.watchesPolicy = true;
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`),
      );
    });
  }
  await page.goto(address, { waitUntil: "load" });
  return page;
}

export function untroubled(...pages) {
  for (const page of pages) {
    assert.deepEqual(page.trouble, [], `trouble on ${page.url()}`);
  }
}

export async function cookieless(...contexts) {
  for (const context of contexts) {
    assert.deepEqual(await context.cookies(), [], "no cookies");
  }
}
