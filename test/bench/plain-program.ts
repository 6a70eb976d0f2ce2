import { readFileSync } from "node:fs";
import { replay } from "../support/replay";
import type { Dump } from "./dump";

/** A program without any of this project's code, that registers what a dump has. */
replay((JSON.parse(readFileSync(process.env.NODEWRIGHT_BENCH_DUMP ?? "", "utf8")) as Dump).resources);
