import type { AlertGroup } from "./alert";

const PROXY = ["proxy"];
const RPC = 'job="proxy",proxy="rpc"';

/** What clients of the public endpoint would meet. */
export const edge: AlertGroup = {
  name: "edge",
  alerts: [
    {
      name: "EdgeErrors",
      severity: "page",
      of: PROXY,
      expr: `sum by (host) (rate(haproxy_frontend_http_responses_total{${RPC},code="5xx"}[5m])) / sum by (host) (rate(haproxy_frontend_http_responses_total{${RPC}}[5m])) > 0.01`,
      minutes: 5,
      summary: "{{ $labels.host }}: {{ $value | humanizePercentage }} of the answers are errors of ours",
    },
    {
      name: "EdgeNoNode",
      severity: "page",
      of: PROXY,
      expr: 'sum by (host) (haproxy_server_status{job="proxy",proxy="reads",state="UP"}) == 0',
      minutes: 1,
      summary: "{{ $labels.host }}: no node passes its checks, whoever answers is asked",
    },
    {
      name: "EdgeAllBehind",
      severity: "page",
      of: PROXY,
      expr: "nodewright_edge_degraded == 1",
      minutes: 2,
      summary: "{{ $labels.host }}: every node is behind the chain, the freshest serves on",
    },
    {
      name: "EdgeCertificateEnds",
      severity: "page",
      of: PROXY,
      // A third of its time before the end another one is asked for.
      expr: "(nodewright_edge_certificate_expiry_timestamp_seconds - time()) / (nodewright_edge_certificate_expiry_timestamp_seconds - nodewright_edge_certificate_start_timestamp_seconds) < 0.2 or nodewright_edge_certificate_placeholder == 1",
      minutes: 60,
      summary: "{{ $labels.host }}: the certificate of the public endpoint ends, or is only a placeholder",
    },
  ],
};
