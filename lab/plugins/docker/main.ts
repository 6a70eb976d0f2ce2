import { runPlugin } from "../run";
import { dockerProvider } from "./provider";

void runPlugin(dockerProvider());
