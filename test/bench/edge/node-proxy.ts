import { Agent, request as ask, createServer } from "node:http";

/** The alternative that a team writes first: one Node.js process that hands every body, batches too, to one node. */
const [port, upstream] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts);
    const calls = JSON.parse(body.toString()) as { method?: string } | { method?: string }[];
    const methods = (Array.isArray(calls) ? calls : [calls]).map(({ method }) => method);
    if (methods.some((method) => typeof method !== "string")) {
      response.writeHead(400).end();
      return;
    }
    const headers = { "content-type": "application/json", "content-length": body.length };
    const onward = ask({ port: upstream ?? 0, agent, method: "POST", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    onward.end(body);
  });
}).listen(port, "127.0.0.1");
