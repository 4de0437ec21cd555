/** Deletes a file, after the viewer was told which jobs need it. */

import { del, get } from "../../api.js";
import { html, nothing } from "../../lib.js";
import { confirm } from "../../ui/dialog.js";
import { tell } from "../../ui/toast.js";
import { count, pathOf, users } from "./words.js";

/** Ask, and delete; resolves with whether it was done. */
export async function deleteFile(filename) {
  const { files } = await get("/files");
  const file = files.find((each) => each.filename === filename) ?? { used_by: [], used_by_count: 0 };
  const agreed = await confirm({
    title: "Delete this file?",
    body: html`<p><strong>${filename}</strong> is deleted for good.</p>${file.used_by_count ? warning(file) : nothing}`,
    action: "Delete",
  });
  if (!agreed) return false;
  await del(pathOf(filename));
  tell(`${filename} was deleted.`);
  return true;
}

function warning(file) {
  const fails = file.used_by_count === 1 ? "It fails" : "They fail";
  return html`<div class="alert alert-danger" role="alert">
    <strong>${count(file.used_by_count, "job")} ${file.used_by_count === 1 ? "uses" : "use"} it:</strong> ${users(file, 20)}.
    ${fails} from then on, until there is a file of this name again.
  </div>`;
}
