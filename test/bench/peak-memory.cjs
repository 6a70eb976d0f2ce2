// Preloaded into every Node.js process of a bench's engine run (NODE_OPTIONS): the one that runs the program writes down
// what it took. Plain JavaScript: a TypeScript loader here would be part of what is measured.
const { readFileSync, writeFileSync } = require("node:fs");

const file = process.env.NODEWRIGHT_BENCH_PROGRAM;
if (file && /[/\\]cmd[/\\]run([/\\]index\.js)?$/.test(process.argv[1] ?? ""))
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    // Of this process image alone; getrusage's figure also counts what its parent was before it.
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    writeFileSync(
      file,
      JSON.stringify({
        programSeconds: process.uptime(),
        programCpuSeconds: (user + system) / 1e6,
        peakMegabytes: Number(peak) / 1024,
      }),
    );
  });
