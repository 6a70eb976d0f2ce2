import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A transaction wrapper as far as its failures go: hands what it is sent to the chain at UPSTREAM and takes its time before and
 * after, so that whoever kills it hits transactions in every state. Writes down what it takes. Arguments: its port, UPSTREAM,
 * the file that it writes to.
 */
const [port, upstream = "", record = ""] = process.argv.slice(2);
const MOST_MS = 20;
const pause = () => sleep(Math.random() * MOST_MS);

createServer((request, response) => {
  void text(request).then(async (body) => {
    appendFileSync(record, `${body}\n`);
    await pause();
    const answer = await fetch(upstream, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const said = await answer.text();
    await pause();
    response.writeHead(200, { "content-type": "application/json" }).end(said);
  });
}).listen(Number(port), "127.0.0.1");
