/**
 * Follows the output of apt-get and dpkg (C locale) and tells how far they are: "unpacking 214 of 301 packages".
 * Returns the function that takes each line of output. Counts start again with each transaction.
 */
export function packageProgress(progress: (line: string) => void): (line: string) => void {
  let total = 0;
  const counts = { downloading: 0, unpacking: 0, "setting up": 0 };
  const tell = (what: keyof typeof counts) => {
    counts[what] += 1;
    const known = total >= counts[what];
    progress(known ? `${what} ${counts[what]} of ${total} packages` : `${what} ${counts[what]} packages`);
  };
  return (line) => {
    const planned = /^\d+ upgraded, (\d+) newly installed/.exec(line);
    if (planned) {
      total = Number(planned[1]);
      Object.assign(counts, { downloading: 0, unpacking: 0, "setting up": 0 });
    } else if (/^Get:\d+ .* \[[\d.,]+ \w?B\]$/.test(line)) {
      if (total > 0) tell("downloading");
      else progress("reading package lists");
    } else if (line.startsWith("Unpacking ")) tell("unpacking");
    else if (line.startsWith("Setting up ")) tell("setting up");
    else if (line.startsWith("I: ")) progress(line.slice(3));
  };
}
