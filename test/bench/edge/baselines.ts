import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { printHaproxy } from "../../../cloud-init/emit/haproxy";
import type { HaproxySection } from "../../../components/core/services/service";
import { anvilProgram } from "../../lab/stand-ins/anvil-program";
import type { DebianTree } from "../../support/debian-tree";
import { freePort } from "../../support/free-port";
import { type Running, start } from "./process";

const TSX = ["--require", "tsx/cjs"];
const program = (name: string) => join(__dirname, `${name}.ts`);

export const startNode = async (name: string, ...words: number[]): Promise<Running> => {
  const port = await freePort();
  return start([process.execPath, ...TSX, program(name), `${port}`, ...words.map(String)], port);
};

const plainSections = (port: number, upstream: number): HaproxySection[] => [
  {
    kind: "defaults",
    lines: [
      ["mode", "http"],
      ["timeout", "connect", "5s"],
      ["timeout", "client", "30s"],
      ["timeout", "server", "30s"],
    ],
  },
  {
    kind: "frontend",
    name: "all",
    lines: [
      ["bind", `127.0.0.1:${port}`],
      ["default_backend", "node"],
    ],
  },
  { kind: "backend", name: "node", lines: [["server", "node", `127.0.0.1:${upstream}`]] },
];

/** HAProxy that looks at nothing: what any HAProxy in the way costs. */
export async function plainHaproxy(tree: DebianTree, folder: string, upstream: number): Promise<Running> {
  const port = await freePort();
  const file = join(folder, `plain-${port}.cfg`);
  writeFileSync(file, printHaproxy(plainSections(port, upstream)));
  return start([tree.program("haproxy"), "-f", file], port, tree.env);
}

/** The routing of the proxy that EOS EVM ships (openresty with Lua): by method, a batch whole, with a write refused. */
const SPLIT = [
  "ngx.req.read_body()",
  "local body = ngx.req.get_body_data()",
  "if not body then local file = ngx.req.get_body_file(); if file then local f = io.open(file, 'rb'); body = f:read('*a'); f:close() end end",
  "local ok, call = pcall(cjson.decode, body)",
  "if not ok then return ngx.exit(400) end",
  "local function is_write(m) return m == 'eth_sendRawTransaction' or m == 'eth_gasPrice' end",
  "if call.method then",
  "  if is_write(call.method) then ngx.var.target = 'writer' else ngx.var.target = 'reader' end",
  "else",
  "  for _, each in ipairs(call) do if is_write(each.method) then return ngx.exit(403) end end",
  "  ngx.var.target = 'reader'",
  "end",
];

const nginxText = (tree: DebianTree, folder: string, port: number, upstream: number): string => {
  const lua = (version: string) => join(tree.root, "usr/share/lua", version);
  return [
    `load_module ${join(tree.root, "usr/lib/nginx/modules/ndk_http_module.so")};`,
    `load_module ${join(tree.root, "usr/lib/nginx/modules/ngx_http_lua_module.so")};`,
    `daemon off; master_process off; pid ${folder}/nginx-${port}.pid; error_log ${folder}/nginx.log; user root;`,
    "events { worker_connections 4096; }",
    "http {",
    `  lua_package_path '${lua("5.1")}/?.lua;${lua("5.1")}/?/init.lua;;';`,
    `  lua_package_cpath '${join(tree.root, "usr/lib/x86_64-linux-gnu/lua/5.1")}/?.so;;';`,
    "  init_by_lua_block { cjson = require 'cjson' }",
    "  access_log off; client_body_buffer_size 2m; client_max_body_size 2m; keepalive_requests 1000000;",
    ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `  ${name}_temp_path ${folder}/nginx-${name};`,
    ),
    `  upstream reader { server 127.0.0.1:${upstream}; keepalive 256; }`,
    `  upstream writer { server 127.0.0.1:${upstream}; keepalive 256; }`,
    `  server { listen 127.0.0.1:${port} backlog=1024; set $target reader;`,
    `    location / { rewrite_by_lua_block { ${SPLIT.join("\n")} }`,
    "      proxy_http_version 1.1; proxy_set_header Connection ''; proxy_pass http://$target; } }",
    "}",
    "",
  ].join("\n");
};

export async function nginxLua(tree: DebianTree, folder: string, upstream: number): Promise<Running> {
  const port = await freePort();
  const file = join(folder, `nginx-${port}.conf`);
  mkdirSync(join(folder, "nginx-logs"), { recursive: true });
  writeFileSync(file, nginxText(tree, folder, port, upstream));
  return start([tree.program("nginx"), "-c", file, "-e", join(folder, "nginx.log")], port, tree.env);
}

/** A real EVM client, with a block a second. */
export async function anvil(): Promise<Running> {
  const { path, remove } = await anvilProgram();
  const port = await freePort();
  const running = await start([path, "--port", `${port}`, "--block-time", "1", "--silent"], port);
  return { ...running, stop: () => running.stop().finally(remove) };
}
