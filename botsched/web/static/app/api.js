/** The REST API: JSON there and back, and errors that can be shown as they are. */

const ROOT = "/api/v1";

/** What went wrong: `message` for people, `fields` by name, `status` 0 when no answer came. */
export class ApiError extends Error {
  constructor(status, message, fields = {}) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

/** Milliseconds by which the server's clock is ahead of ours, as far as it matters. */
export let clockOffset = 0;

/** The path below the API's root, with the parameters that have a value. */
export function address(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given).toString();
  return `${ROOT}${path}${query ? `?${query}` : ""}`;
}

export const get = (path, parameters, options) => request("GET", address(path, parameters), undefined, options);
export const post = (path, body) => request("POST", address(path), body);
export const put = (path, body) => request("PUT", address(path), body);
export const del = (path, body) => request("DELETE", address(path), body);

/** Ask, and return the answer as data, or as text when it is none. Throws ApiError. */
export async function request(method, url, body, options = {}) {
  const init = { method, headers: { Accept: "application/json" }, signal: options.signal };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(url, init);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "The server does not answer. Check the connection; what you did was not saved.");
  }
  noteClock(answer.headers.get("Date"));
  if (answer.status === 401) window.dispatchEvent(new Event("loggedout"));
  const data = await content(answer);
  if (!answer.ok) throw failure(answer, data);
  return data;
}

async function content(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  try {
    return type.includes("json") ? await answer.json() : await answer.text();
  } catch {
    throw new ApiError(0, "The connection broke while the server answered. Try again.");
  }
}

function failure(answer, data) {
  const message = data?.error ?? `The server answered ${answer.status} ${answer.statusText}.`;
  return new ApiError(answer.status, message, data?.fields ?? {});
}

function noteClock(date) {
  const ahead = Date.parse(date) - Date.now();
  if (!Number.isNaN(ahead)) clockOffset = Math.abs(ahead) < 2000 ? 0 : ahead;
}
