import { runHere, sum } from "./run-suites";

/** Runs the suite that its argument names, and tells its parent what came of it. */
const [file = ""] = process.argv.slice(2);

runHere([file]).then((tallies) => {
  const end = () => process.exit(0);
  // A suite that left a socket or a child behind must not keep CI waiting.
  if (process.send) process.send(sum(tallies.values()), end);
  else end();
});
