/** Addresses of the list of executions, as its filters write them. */

export const ACTIVE = "scheduled,running,stopping";
export const UNSUCCESSFUL = "failed,timeout,scheduled error,lost";
export const RAN = "succeeded,failed,timeout,stopped";

/** The executions between two instants, or of the last 24 hours; other filters by name. */
export function executions({ from, to, ...filters }) {
  const period = from ? { range: "own", from: local(from, Math.floor), to: local(to, Math.ceil) } : {};
  return `/executions?${new URLSearchParams({ ...filters, ...period })}`;
}

/** On the viewer's clock, as the fields of the filters have it; in whole seconds. */
function local(instant, rounded) {
  const at = new Date(instant).getTime();
  const offset = new Date(at).getTimezoneOffset() * 60000;
  return new Date(rounded((at - offset) / 1000) * 1000).toISOString().slice(0, 19);
}
