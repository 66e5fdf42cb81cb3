// What everybody does on every page, in words: roles and the catalogue's sentences, never markup, so that
// the tests outlive a new look.
import { readFileSync } from "node:fs";
import { until } from "./bounded.mjs";
import { visit } from "./browser.mjs";
import { words } from "./words.mjs";

// The page's script has drawn it.
export async function ready(page) {
  await page.waitForLoadState("networkidle");
  await page.locator("h1").first().waitFor();
}

export class Visitor {
  // At a page that is open already.
  static at(page, language = "de") {
    return Object.assign(new this(), { page, t: words(language) });
  }

  static async visit(context, event, { language, address, expected } = {}) {
    const { role } = new this();
    const page = await visit(context, address ?? event.links[role], { expected });
    const visitor = this.at(page, language);
    if (visitor.viewport) {
      await visitor.page.setViewportSize(visitor.viewport);
    }
    await ready(visitor.page);
    return visitor;
  }

  button(key, values) {
    return this.page.getByRole("button", { name: this.t(key, values), exact: true });
  }

  // Where a question stands: its item in a list, or the place of the one being answered.
  row(text) {
    return this.page
      .getByRole("listitem")
      .or(this.page.getByRole("region", { name: this.t("parts.now") }))
      .filter({ hasText: text })
      .filter({ visible: true })
      .first();
  }

  // Strips that say how many new ones there are, which the page holds back under a reader's finger.
  fresh() {
    return this.page.getByRole("button", { name: this.freshPattern });
  }
  get freshPattern() {
    const pattern = (key) => this.t.like(key).source;
    return new RegExp(this.freshWords.map(pattern).join("|"));
  }

  async sees(text, seconds = 10) {
    await until(
      async () => {
        if (await this.page.getByText(text).filter({ visible: true }).first().isVisible()) {
          return true;
        }
        if (await this.fresh().first().isVisible()) {
          await this.fresh().first().click();
        }
        return false;
      },
      `${this.role} sees “${text}”`,
      seconds,
    );
  }

  async seesNot(text, seconds = 10) {
    await until(
      async () => (await this.page.getByText(text).filter({ visible: true }).count()) === 0,
      `${this.role} no longer sees “${text}”`,
      seconds,
    );
  }

  async says(key, values) {
    const pattern = this.t.like(key, values);
    await until(
      () => this.page.getByText(pattern).first().isVisible(),
      `${this.role} is told “${this.t(key, values)}”`,
    );
  }

  dialog(key) {
    return this.page.getByRole("dialog", { name: this.t(key), exact: true });
  }
  async close(key) {
    const sheet = this.dialog(key);
    await sheet.getByRole("button", { name: this.t("parts.close"), exact: true }).click();
    await sheet.waitFor({ state: "hidden" });
  }
  // What a button gives to keep.
  async saved(button) {
    const [download] = await Promise.all([this.page.waitForEvent("download"), button.click()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
  }
  // The way back that stands in the toast.
  async undo() {
    await this.page.getByRole("status").getByRole("button", { name: this.t("parts.undo") }).click();
  }

  // The name under a question.
  askedBy(text, name) {
    return this.row(text).getByText(this.t("parts.asked_by", { name }), { exact: true });
  }
}
