import { startupScript } from "../startup-script";

/** What every machine has, a host's or a pool's. */

/**
 * OS Login lets people in by their Google identity, with IAM as the list and an audit log, and makes the machine
 * ignore every key in metadata. It leaves local users' authorized_keys alone ("You can configure an authorized_keys
 * file to provision access for a local user account even when OS Login is enabled", cloud.google.com/compute/docs/oslogin),
 * so the user that cloud-init makes, by which changes reach the host, logs in as before; its name is no OS Login one.
 */
export const METADATA = {
  "enable-oslogin": "TRUE",
  "block-project-ssh-keys": "TRUE",
  "serial-port-enable": "FALSE",
  "startup-script": startupScript(),
} as const;

/** Access is what IAM says of the account; scopes are the older, second lock, and must not be in its way. */
export const SCOPES = ["https://www.googleapis.com/auth/cloud-platform"];

const SHIELD = { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true } as const;

/** Bare metal has no hypervisor to move it while it runs or to give it a virtual TPM, and a network card of its own. */
export const hardwareArgs = (isBareMetal: boolean) =>
  isBareMetal
    ? { scheduling: { onHostMaintenance: "TERMINATE", automaticRestart: true } }
    : { shieldedInstanceConfig: SHIELD };

export const nicArgs = (isBareMetal: boolean) => (isBareMetal ? { nicType: "IDPF" } : {});
