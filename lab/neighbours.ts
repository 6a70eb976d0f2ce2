import { dirname } from "node:path";
import { UserError } from "../components/core/config/finding";
import { LAB_LABEL, type Room } from "./room";

/** The part of a Docker engine that is asked. */
export interface NetworkList {
  listNetworks(options: {
    filters: { label: string[] };
  }): Promise<{ Labels?: Record<string, string> | undefined }[]>;
}

/**
 * Refuses to bring up a stack whose name a lab of another folder has on the same Docker engine: their machines,
 * networks and data would have the same names. Throws a `UserError` that names the folder.
 */
export async function refuseNamesake({ stack, folder }: Room, docker: NetworkList): Promise<void> {
  const networks = await docker.listNetworks({ filters: { label: [`nodewright.stack=${stack}`] } });
  const other = networks.map(({ Labels }) => Labels?.[LAB_LABEL]).find((owner) => owner && owner !== folder);
  if (other === undefined) return;
  const project = dirname(dirname(dirname(other)));
  throw new UserError(
    `a lab "${stack}" of another folder is up, ${project}: take it down there (npm run lab:down), or bring up a stack of another name here (npm run lab -- --stack FILE)`,
  );
}
