import { once } from "node:events";
import WebSocket from "ws";

const WINDOW = 16;

/** Calls on WebSockets, each with a few under way; answers how many were answered. */
export async function socketBurst(
  port: number,
  body: string,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<{ requests: number; errors: number; perSecond: number }> {
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const counts = await Promise.all(
    Array.from({ length: connections }, () => one(`ws://127.0.0.1:${port}/`, body, until)),
  );
  const sum = (figure: "requests" | "errors") => counts.reduce((all, each) => all + each[figure], 0);
  const requests = sum("requests");
  return { requests, errors: sum("errors"), perSecond: (requests * 1000) / (performance.now() - begun) };
}

async function one(url: string, body: string, until: number): Promise<{ requests: number; errors: number }> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  let [requests, errors, underWay] = [0, 0, 0];
  const fill = () => {
    while (underWay < WINDOW && performance.now() < until) {
      underWay += 1;
      socket.send(body);
    }
  };
  socket.on("message", (data) => {
    requests += 1;
    underWay -= 1;
    if (data.toString().includes('"error"')) errors += 1;
    fill();
    if (underWay === 0) socket.close();
  });
  fill();
  await once(socket, "close");
  return { requests, errors };
}
