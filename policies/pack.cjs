// What the engine loads: it knows neither TypeScript's types nor this project's settings of them.
require("../library/typescript.cjs");
require("./main.ts");
