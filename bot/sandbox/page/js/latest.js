// Runs an asynchronous job so that bursts of requests for it become at most one more run.

export function latest(job) {
  let running = null;
  let again = false;
  const run = async () => {
    try {
      do {
        again = false;
        await job();
      } while (again);
    } finally {
      // Here and not in a later callback: a request that came in between would be lost.
      running = null;
    }
  };
  return () => {
    if (running) again = true;
    else running = run();
    return running;
  };
}
