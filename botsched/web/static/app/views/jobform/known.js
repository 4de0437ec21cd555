/** What the form needs to know: the job, and all that can be chosen. */

/** `ask` is `get` for this loading; `source` the id of the job to begin with; `names` of jobs are added to. */
export async function known(ask, source, names) {
  const [classes, files, secrets, profiles, tags, defaults, job, statistics] = await Promise.all([
    ask("/classes"),
    ask("/files"),
    ask("/secrets"),
    ask("/profiles"),
    ask("/tags"),
    ask("/defaults"),
    source ? ask(`/jobs/${source}`) : undefined,
    source ? ask(`/jobs/${source}/statistics`) : undefined,
  ]);
  await Promise.all([...(job?.then_run ?? []), ...(job?.on_failure_run ?? [])].map((id) => learn(ask, id, names)));
  return {
    job,
    classes: classes.classes,
    failures: classes.failures,
    files: files.files.map((file) => file.filename),
    secrets: secrets.secrets,
    secretsFault: secrets.fault,
    profiles: profiles.profiles,
    tags: tags.tags.map((tag) => tag.name),
    defaults: defaults.rules,
    mailDefaults: defaults.mail,
    timezone: defaults.timezone,
    median: statistics?.median_seconds ?? null,
  };
}

async function learn(ask, id, names) {
  if (names.has(id)) return;
  try {
    names.set(id, (await ask(`/jobs/${id}`)).name);
  } catch (error) {
    if (error.status !== 404) throw error;
  }
}
