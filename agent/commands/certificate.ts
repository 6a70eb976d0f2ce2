import type { Command } from "commander";
import { keepCertificate } from "../edge-certificate/keep";
import { ensurePlaceholder } from "../edge-certificate/placeholder";
import { certificateSettings } from "../edge-certificate/settings";
import { say, system } from "./terminal";

/** What concerns the certificate of the host's public endpoint. Its units run these, as HAProxy's user. */
export function addCertificateCommands(program: Command): void {
  const certificate = program
    .command("certificate")
    .description("The certificate that HAProxy serves on this host; see docs/edge.md.");
  certificate
    .command("placeholder")
    .description("Write one of its own making where there is none, so that HAProxy can start.")
    .action(async () => {
      const { certificate: path } = await certificateSettings(system);
      if (await ensurePlaceholder(system, path)) say(`${path}: a placeholder, until there is a real one`);
    });
  certificate
    .command("keep")
    .description("Get certificates in time and hand them to HAProxy, until SIGTERM.")
    .action(async () => {
      for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => process.exit(0));
      await keepCertificate(system, await certificateSettings(system), say);
    });
}
