import { runHere } from "./run-suites";

/** Runs the suites that its arguments name, and tells its parent what came of each. */
runHere(process.argv.slice(2)).then((tallies) => {
  const end = () => process.exit(0);
  // A suite that left a socket or a child behind must not keep CI waiting.
  if (process.send) process.send([...tallies], end);
  else end();
});
