import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { METHODS, type MethodClass } from "../../../components/core/edge/methods";
import type { DebianTree } from "../../support/debian-tree";
import { freePort } from "../../support/free-port";
import { type Running, start } from "./process";

/**
 * The proxy that EOS EVM ships (openresty with Lua) as far as it splits: each request's body read and parsed, its method looked
 * for in lists of names that are taken apart for each request, a batch passed whole, or refused where it holds a write. And
 * what the edge does beside, which it has as well or could have: a line of log in JSON for each request, limits by client, the
 * header for browsers, connections to nodes that are kept, as many workers as HAProxy has threads (one a core).
 */
const LISTS: readonly [name: string, classes: readonly MethodClass[]][] = [
  ["reads", ["read", "local"]],
  ["writes", ["write", "price"]],
  ["heavy", ["heavy"]],
];
const listOf = (classes: readonly MethodClass[]): string =>
  METHODS.filter((method) => classes.includes(method.class))
    .map(({ name }) => name)
    .join(",");

const SPLIT = `
  local function names(text)
    local found = {}
    for name in string.gmatch(text, '([^,]+)') do found[#found + 1] = name end
    return found
  end
  local function has(list, name)
    for _, each in ipairs(list) do if each == name then return true end end
    return false
  end
  local reads, writes, heavy = names(ngx.var.reads), names(ngx.var.writes), names(ngx.var.heavy)
  ngx.req.read_body()
  local body = ngx.req.get_body_data()
  if not body then
    local file = io.open(ngx.req.get_body_file(), 'rb')
    body = file:read('*a')
    file:close()
  end
  local ok, call = pcall(cjson.decode, body)
  if not ok then return ngx.exit(400) end
  local method = call.method
  if not method then
    for _, each in pairs(call) do
      if not each.method or has(writes, each.method) then return ngx.exit(400) end
    end
    ngx.var.target = 'heavy'
  elseif has(reads, method) then ngx.var.target = 'reader'
  elseif has(writes, method) then ngx.var.target = 'writer'
  elseif has(heavy, method) then ngx.var.target = 'heavy'
  else return ngx.exit(403) end`;

/** The fields of the edge's own log that nginx knows. */
const LOG = [
  ...['"time":"$time_iso8601"', '"client":"$remote_addr"', '"status":$status', '"seconds":$request_time'],
  ...['"backend":"$target"', '"server":"$upstream_addr"', '"bytes":$bytes_sent'],
].join(",");

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
const UPSTREAMS = ["reader", "writer", "heavy"];

function nginxText(tree: DebianTree, folder: string, port: number, upstream: number): string {
  const lua = join(tree.root, "usr/share/lua/5.1");
  const own = (name: string) => join(folder, `nginx-${port}-${name}`);
  return `
load_module ${join(tree.root, "usr/lib/nginx/modules/ndk_http_module.so")};
load_module ${join(tree.root, "usr/lib/nginx/modules/ngx_http_lua_module.so")};
daemon off; worker_processes auto; pid ${own("pid")}; error_log ${own("errors")}; user root;
events { worker_connections 4096; }
http {
  lua_package_path '${lua}/?.lua;${lua}/?/init.lua;;';
  lua_package_cpath '${join(tree.root, "usr/lib/x86_64-linux-gnu/lua/5.1")}/?.so;;';
  init_by_lua_block { cjson = require 'cjson' }
  log_format json escape=json '{${LOG}}';
  access_log ${own("log")} json;
  limit_req_zone $binary_remote_addr zone=requests:10m rate=1000000r/s;
  limit_conn_zone $binary_remote_addr zone=connections:10m;
  client_body_buffer_size 2m; client_max_body_size 2m; keepalive_requests 1000000;
${TEMPORARY.map((name) => `  ${name}_temp_path ${own(name)};`).join("\n")}
${UPSTREAMS.map((name) => `  upstream ${name} { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000; }`).join("\n")}
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      limit_req zone=requests burst=100000 nodelay; limit_conn connections 65535;
      add_header access-control-allow-origin * always;
      set $target reader;
${LISTS.map(([name, classes]) => `      set $${name} '${listOf(classes)}';`).join("\n")}
      access_by_lua_block {${SPLIT}
      }
      proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_pass http://$target;
    }
  }
}
`;
}

export async function nginxLua(tree: DebianTree, folder: string, upstream: number): Promise<Running> {
  const port = await freePort();
  const file = join(folder, `nginx-${port}.conf`);
  writeFileSync(file, nginxText(tree, folder, port, upstream));
  return start([tree.program("nginx"), "-c", file, "-e", join(folder, "nginx.log")], port, tree.env);
}
