import * as compute from "@pulumi/gcp/compute";
import * as projects from "@pulumi/gcp/projects";
import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import * as storage from "@pulumi/gcp/storage";
import * as pulumi from "@pulumi/pulumi";
import type { CloudRule } from "../cloud-rules";

export interface AccountArgs {
  project: pulumi.Input<string>;
  /** 6 to 30 characters, unique in the project. */
  accountId: pulumi.Input<string>;
  description: pulumi.Input<string>;
  network: pulumi.Input<string>;
  /** What machines that run as this account are let in to; nothing else is. */
  rules: readonly (CloudRule & { fullName: string })[];
  /** Bucket that they read. Default none. */
  bucket?: pulumi.Input<string>;
}

/** Who some machines are to the cloud: a service account with the least rights, and the firewall that aims at it. */
export class Account extends pulumi.ComponentResource {
  readonly email: pulumi.Output<string>;
  /** What a machine needs of it at its first boot. */
  readonly rights: pulumi.Resource[];

  constructor(name: string, args: AccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nodewright:gcp:Account", name, {}, opts);
    const account = new serviceaccount.Account(
      `${name}-account`,
      { accountId: args.accountId, displayName: args.description, project: args.project },
      { parent: this },
    );
    new projects.IAMMember(
      `${name}-writes-logs`,
      { project: args.project, role: "roles/logging.logWriter", member: account.member },
      { parent: this },
    );
    this.rights = this.mayRead(name, args.bucket, account.member);
    for (const { name: rule, fullName, protocol, port, sourceRanges } of args.rules)
      new compute.Firewall(
        `${name}-${rule}`,
        {
          name: fullName,
          network: args.network,
          direction: "INGRESS",
          sourceRanges,
          targetServiceAccounts: [account.email],
          allows: [{ protocol, ...(port === undefined ? {} : { ports: [String(port)] }) }],
        },
        { parent: this },
      );
    this.email = account.email;
    this.registerOutputs({ email: this.email });
  }

  private mayRead(
    name: string,
    bucket: pulumi.Input<string> | undefined,
    member: pulumi.Input<string>,
  ): pulumi.Resource[] {
    if (bucket === undefined) return [];
    return [
      new storage.BucketIAMMember(
        `${name}-reads-mirror`,
        { bucket, role: "roles/storage.objectViewer", member },
        { parent: this },
      ),
    ];
  }
}
