import { expect } from "chai";
import { read } from "./edge/load";

const REPORT = `Running 2s test @ http://127.0.0.1:1/
  Latency Distribution
     50%  574.00us
     99%    1.02s
  43197 requests in 2.07s, 6.00MB read
  Socket errors: connect 1, read 2, write 0, timeout 4
  Non-2xx or 3xx responses: 5
Requests/sec:  20827.20
`;

describe("a report of wrk", () => {
  it("is read with its units and every kind of error", () => {
    const { p50, ...rest } = read(REPORT);
    expect(p50).to.be.closeTo(0.574, 1e-9);
    expect(rest).to.deep.equal({ requests: 43_197, errors: 12, perSecond: 20_827.2, p99: 1_020 });
  });

  it("of a load without errors has none", () => {
    expect(read(REPORT.replace(/.*(errors|Non).*\n/g, "")).errors).to.equal(0);
  });
});
