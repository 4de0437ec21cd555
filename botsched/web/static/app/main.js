/** Starts the page. */

import { listen } from "./keyboard.js";
import { Backbone } from "./lib.js";
import { Router } from "./router.js";
import { stream } from "./stream.js";
import { Frame } from "./views/shell/frame.js";

const router = new Router(document.getElementById("view"));
new Frame(router).render();
listen(router);
Backbone.history.start({ pushState: true });
stream.start();
