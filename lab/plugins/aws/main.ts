import { cloudProvider } from "../cloud/cloud-provider";
import { runPlugin } from "../run";
import { aws } from "./aws-cloud";

void runPlugin(cloudProvider(aws));
