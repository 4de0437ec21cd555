// What changes on the server, as Backbone events:
//
//   execution  {execution_id, job_id, state}      output  {execution_id, next}
//   job        {job_id, change}                   hold, file, log, mail  {}
//   reset      {}  too much was missed: fetch all anew
//   state      {state}: "connecting", "connected", "disconnected" (for more than a moment) or
//              "refused" (the login does not hold any more: the page is to be reloaded)
//
// Several changes of one thing may come as one. All tabs of a browser share one connection.

import { Backbone, _ } from "./lib.js";
import { session } from "./session.js";
import { open } from "./stream/sharing.js";

export const stream = _.extend({ state: "connecting", start }, Backbone.Events);

function start() {
  const shared = open(session.place, { told, became });
  window.addEventListener("pagehide", shared.close);
  // The stream itself may not be told: a browser whose login was refused asks for another one first.
  window.addEventListener("loggedout", () => {
    shared.close();
    became("refused");
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload(); // it heard nothing while it was put away
  });
}

function told({ kind, news }) {
  if (kind === "reset") stream.trigger("reset", {});
  for (const { type, ...data } of news) stream.trigger(type, data);
}

function became(state) {
  if (state === stream.state || stream.state === "refused") return;
  stream.state = state;
  stream.trigger("state", { state });
}
