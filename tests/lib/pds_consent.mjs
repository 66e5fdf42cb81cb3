// What a person does on the PDS's own pages, from its authorize address until it sends them back:
// signs in, and lets the application in, or not. By kinds of fields alone, in any language.
import { within } from "./bounded.mjs";

// Its pages take their time on a busy machine.
const patient = { timeout: 30_000 };

export async function signInAndConsent(page, { handle, password }, { deny = false } = {}) {
  const there = new URL(page.url()).origin;
  const secret = page.locator('input[type="password"]');
  const submit = page.locator('form button[type="submit"]');
  await secret.waitFor(patient);
  const name = page.locator('input[name="username"]');
  if (await name.isEditable()) {
    await name.fill(handle); // else it came with the request, as login_hint
  }
  await secret.fill(password);
  await submit.click();
  await secret.waitFor({ state: "detached", ...patient });
  const away = page.waitForURL((url) => url.origin !== there, { waitUntil: "commit", ...patient });
  const said = deny ? page.locator('form button[type="button"]').last() : submit;
  await within(30, Promise.all([away, said.click()]), "the PDS sends the person back");
}
