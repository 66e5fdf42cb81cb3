// What people do to show whose their accounts are: on their card, in the sheets about a question's post,
// on the way to their own server and back.
import assert from "node:assert/strict";
import { until } from "./bounded.mjs";
import { Audience } from "./audience.mjs";
import { ready } from "./visitor.mjs";

export class Owner extends Audience {
  async openCard() {
    await this.menu("audience.menu.card");
    await this.proofs().first().waitFor();
  }
  proofs() {
    return this.dialog("person.card").getByRole("listitem");
  }
  // Of an account, or of the web page; as it stands on the card.
  proof(name) {
    return this.proofs().filter({ hasText: name });
  }
  // `way`: "login", "link".
  way(way, name) {
    const label = `${this.t(`person.proof.${way}`)}: ${name}`;
    return this.dialog("person.card").getByRole("button", { name: label, exact: true });
  }
  async isMarked(mark, place) {
    await place.getByText(this.t(`parts.mark.${mark}`), { exact: true }).first().waitFor();
  }

  // At the server of one's own account, whose pages are not ours.
  async leave(button, origin) {
    await button.click();
    await this.page.waitForURL((url) => url.origin === origin, { timeout: 30_000 });
  }
  // By /oauth/callback to the event; nothing of the log-in stays in the address.
  async isBack({ url }) {
    await this.page.waitForURL(url, { timeout: 30_000 });
    await ready(this.page);
    assert.equal(this.page.url(), url);
  }
  // Or not so far: what the way back says instead.
  async isStopped(word, values) {
    const name = this.t(`callback.${word}`);
    await this.page.getByRole("heading", { name, exact: true }).waitFor({ timeout: 30_000 });
    await this.says(`callback.${word}.says`, values);
    assert.equal(new URL(this.page.url()).search, "");
  }

  // "Look", at what links to the card's address; what is said of it.
  async look(name) {
    const place = this.proof(name);
    await place.getByRole("button", { name: this.t("person.proof.look"), exact: true }).click();
    const said = place.getByRole("status").last();
    const looking = ["", this.t("person.proof.looking")];
    return until(async () => {
      const text = (await said.innerText()).trim();
      return !looking.includes(text) && text;
    }, "what the server found is said");
  }

  // Both by way of the clipboard, as people carry them.
  async copy(place, label) {
    const name = `${this.t("parts.copy")}: ${this.t(label)}`;
    await place.getByRole("button", { name, exact: true }).click();
    await place.getByText(this.t("parts.copied"), { exact: true }).first().waitFor();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  async openPost(text, name) {
    await this.openUnlink(text, name);
    const post = this.t("person.claim.post");
    await this.dialog("person.claim").getByRole("button", { name: post, exact: true }).click();
    return this.dialog("person.post.title");
  }
  async openShare(text) {
    const name = this.t("share.title");
    await this.row(text).getByRole("button", { name, exact: true }).click();
    return this.dialog("share.title");
  }
  async paste(sheet, address) {
    await sheet.getByRole("textbox", { name: this.t("person.found.posted") }).fill(address);
    const name = this.t("person.found.confirm");
    await sheet.getByRole("button", { name, exact: true }).click();
  }
}
