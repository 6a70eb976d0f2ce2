import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { usersIn } from "../../../lab/docker/users";
import { temporaryFolders } from "./temporary";

const folder = temporaryFolders();

describe("the users of the labs' daemon", () => {
  it("are those that came and have not left, each once", () => {
    const [root, one, two] = [folder(), folder(), folder()];
    const users = usersIn(join(root, "users"));
    expect(users.all()).eql([]);
    for (const lab of [one, two, two]) users.add(lab);
    expect(users.all()).have.members([one, two]).and.length(2);
    users.remove(one);
    users.remove(one);
    expect(users.all()).eql([two]);
  });

  it("do not include labs whose folder has vanished, even if it comes back", () => {
    const root = folder();
    const lab = join(root, "lab");
    const users = usersIn(join(root, "users"));
    mkdirSync(lab);
    users.add(lab);
    rmdirSync(lab);
    expect(users.all()).eql([]);
    mkdirSync(lab);
    expect(users.all()).eql([]);
  });
});
