import { users as existingUsers } from "../accounts";
import { mustRun } from "../system";
import type { Step } from "./step";

/** Adds system users that are missing. An existing one is left as it is, and none is ever removed. */
export const users: Step = {
  name: "users",
  async plan({ system, bundle: { document } }) {
    const known = (await existingUsers(system)).map(({ name }) => name);
    return document.users
      .filter(({ name }) => !known.includes(name))
      .map(({ name, home }) => ({
        what: `add ${name}`,
        apply: async () => {
          const shape = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"];
          await mustRun(system, ["useradd", ...shape, "--home-dir", home, name]);
        },
      }));
  },
};
