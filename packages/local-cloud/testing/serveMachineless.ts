import type { AddressInfo } from "node:net";
import { startMachinelessCloud } from "./machinelessCloud.ts";

// A cloud in a process of its own, which a test may kill or measure: `node serveMachineless.ts <folder>`. See cloudProcess.ts.

const cloud = await startMachinelessCloud("process", "vpc", process.argv[2] ?? "");
const server = cloud.server();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ endpoint: `http://127.0.0.1:${port}`, ...cloud.credentials })}\n`);
});
