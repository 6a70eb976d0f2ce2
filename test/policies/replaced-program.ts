import * as pulumi from "@pulumi/pulumi";
import { deploy, toldPlainly } from "../../stacks/deploy";

/**
 * The program of every stack, but with what protects machines from their user data taken away where a name is told: the
 * cloud then replaces them, as it does to programs that never had it.
 */
const names = (process.env.NODEWRIGHT_REPLACED ?? "").split(",");
pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) =>
  type === "digitalocean:index/droplet:Droplet" && names.includes(name)
    ? { props: { ...props, userData: "#cloud-config\n{}\n" }, opts: { ...opts, ignoreChanges: [] } }
    : undefined,
);

/** An output in plain text. */
const told = process.env.NODEWRIGHT_TOLD;

export = toldPlainly(deploy()).then((outputs) => (told === undefined ? outputs : { ...outputs, told }));
