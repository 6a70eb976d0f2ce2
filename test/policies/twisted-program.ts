import * as pulumi from "@pulumi/pulumi";
import { deploy, toldPlainly } from "../../stacks/deploy";
import { isOf } from "./change";
import { twistsOf } from "./twists";

/** The program of every stack, with every mistake at once that a sample's mutations make by properties alone. */
const changes = twistsOf(pulumi.getStack()).flatMap((mutation) => mutation.changes ?? []);
pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
  const [change] = changes.filter((each) => isOf(each, { type, name }));
  if (!change) return undefined;
  return {
    props: change.props ? change.props(props) : props,
    opts: change.protect === undefined ? opts : { ...opts, protect: change.protect },
  };
});

export = toldPlainly(deploy());
