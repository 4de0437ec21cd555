/** What the server wrote into the page: who is logged in, and where; from which place on to hear. */

const { user, version, timezone, place, held } = document.documentElement.dataset;

export const session = Object.freeze({ user, version, timezone, place, held: held === "true" });
