/** What the server wrote into the page: who is logged in, and where. */

const { user, version, timezone, held } = document.documentElement.dataset;

export const session = Object.freeze({ user, version, timezone, held: held === "true" });
