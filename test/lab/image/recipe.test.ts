import { expect } from "chai";
import { dockerfileOf } from "../../../lab/image/docker-build";
import { HOST_IMAGE, imageTag, recipeHash } from "../../../lab/image/recipe";

describe("the recipe of the host image", () => {
  it("gives the image its name, and another name for any change", () => {
    expect(imageTag(HOST_IMAGE)).match(/^nodewright-host:[0-9a-f]{16}$/);
    expect(recipeHash({ ...HOST_IMAGE })).equal(recipeHash(HOST_IMAGE));
    const changed = { ...HOST_IMAGE, files: { ...HOST_IMAGE.files, "/etc/motd": "" } };
    expect(recipeHash(changed)).not.equal(recipeHash(HOST_IMAGE));
  });

  it("names nothing twice, and paths that are absolute", () => {
    const { packages, steps, files } = HOST_IMAGE;
    const masked = steps.find((step) => step.includes("mask")) ?? [];
    for (const list of [packages, masked]) expect(new Set(list).size).equal(list.length);
    for (const path of Object.keys(files)) expect(path).match(/^\/[\w./-]+$/);
  });

  it("becomes a Dockerfile where no Debian system can be made", () => {
    const lines = dockerfileOf({
      suite: "bookworm",
      variant: "minbase",
      base: "debian:bookworm-slim",
      packages: ["systemd", "curl"],
      excluded: ["/usr/share/doc/*"],
      files: { "/etc/motd": "hello\n" },
      steps: [["systemctl", "mask", "a b.service"]],
      start: ['CMD ["/lib/systemd/systemd"]'],
    });
    expect(lines.split("\n")).eql([
      "FROM debian:bookworm-slim",
      "ENV DEBIAN_FRONTEND=noninteractive",
      "RUN printf 'path-exclude=/usr/share/doc/*\\n' > /etc/dpkg/dpkg.cfg.d/nodewright && " +
        "apt-get update && apt-get install --yes --no-install-recommends systemd curl",
      "COPY overlay/etc/motd /etc/motd",
      'RUN ["systemctl","mask","a b.service"]',
      "ENV DEBIAN_FRONTEND=",
      'CMD ["/lib/systemd/systemd"]',
      "",
    ]);
  });
});
