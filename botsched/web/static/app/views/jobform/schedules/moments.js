/** Instants on the clock of a zone, as fields of the browser have them. */

/** "2027-01-31T18:30", of an instant in ISO 8601; empty for none. */
export function localIn(instant, timeZone) {
  if (!instant) return "";
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const text = new Intl.DateTimeFormat("sv-SE", { ...options, timeZone }).format(new Date(instant));
  return text.replace(" ", "T").replace(/:00$/, "");
}

/** Whether the browser knows a zone of this name. */
export function isZone(name) {
  try {
    return Boolean(name && new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

let zones;

/** The names of all zones, and UTC. */
export function allZones() {
  zones ??= [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
  return zones;
}
