import { cloudProvider } from "../cloud/cloud-provider";
import { runPlugin } from "../run";
import { digitalOcean } from "./cloud";

void runPlugin(cloudProvider(digitalOcean));
