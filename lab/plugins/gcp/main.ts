import { cloudProvider } from "../cloud/cloud-provider";
import { runPlugin } from "../run";
import { googleCloud } from "./cloud";

void runPlugin(cloudProvider(googleCloud));
