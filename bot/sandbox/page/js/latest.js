// Runs an asynchronous job so that bursts of requests for it become at most one more run.

export function latest(job) {
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await job();
    } while (again);
  };
  return () => {
    if (running) again = true;
    else running = run().finally(() => (running = null));
    return running;
  };
}
